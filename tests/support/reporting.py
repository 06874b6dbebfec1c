"""Reports in tests: journeys and events put where the sink puts them, and the figures read through the command."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
from click.testing import CliRunner, Result

from consumers.warehouse.store import Warehouse
from infra.cli.report import report
from streams.domain.facts import Fact
from streams.domain.facts import encode as encode_fact
from streams.domain.outputs import Alert, Journey, encode
from tests.support.builders import at, fact
from tests.support.filling import store
from tests.support.published import Published
from tests.support.sinking import alert

Body = dict[str, Any] | Callable[[int], dict[str, Any]]
Step = tuple[str, str, Body]  # event type, when, body (or body of the journey's number)
Row = dict[str, Any]
TIME = "2025-03-01"


@dataclass
class Bench:
    """A database that is filled by hand. Numbers are drawn in order, so that every event and journey is another."""

    place: Warehouse
    numbers: count[int] = field(default_factory=count)

    def journeys(self, corridor: str, many: int, *steps: Step, given: Iterable[Fact] = ()) -> list[Journey]:
        """So many journeys on a corridor, 'NP-QA' ('NP-' has no known destination), each with these events of its own and facts `given`."""
        origin, _, destination = corridor.partition("-")
        found = [self._journey(origin, destination, n, steps, given) for n in range(many)]
        self.facts(*(each for _, facts in found for each in facts))
        store(self.place, "journeys", [(journey.id, encode(journey)) for journey, _ in found])
        return [journey for journey, _ in found]

    def _journey(
        self, origin: str, destination: str, n: int, steps: tuple[Step, ...], given: Iterable[Fact]
    ) -> tuple[Journey, list[Fact]]:  # fmt: skip
        number = next(self.numbers)
        worker = [f"passport:{origin}:{number:032x}"]
        facts = [fact(kind, when, id=f"ev-{number}-{place}", source=f"/office/{origin}/labour", worker=worker, origin=origin,
                      body=body(n) if callable(body) else body) for place, (kind, when, body) in enumerate(steps)]  # fmt: skip
        facts += given
        journey = Journey(
            id=f"journey:{origin}:{number:016x}", revision=(1, 1), home=origin, destination=destination, status="open",
            opened_at=min((each.time for each in facts), default=at(TIME)),
            steps=tuple((each.type, each.time, each.event_id) for each in sorted(facts, key=lambda each: each.key)), missing=(), unknown=(),
            identities=1, offices=(), demand=None, person=f"person-{number}",
        )  # fmt: skip
        return journey, facts

    def events(self, source: str, type: str, many: int, body: Body, time: str = TIME, **more: Any) -> list[Fact]:
        """So many events of an office, '/office/QA/mol', that are of no journey."""
        made = [fact(type, time, id=f"ev-{next(self.numbers)}", source=source, body=body(n) if callable(body) else body, **more)
                for n in range(many)]  # fmt: skip
        self.facts(*made)
        return made

    def command(self, statement: str) -> None:
        """A statement of an analyst who may write."""
        client = self.place._connect()
        client.command(statement)
        client.close()

    def query(self, statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """What a query answers."""
        client = self.place._connect()
        found = [tuple(row) for row in client.query(statement, parameters).result_rows]
        client.close()
        return found

    def facts(self, *facts: Fact) -> None:
        """Each at the worker's home, or at the office's."""
        store(self.place, "facts", [(f"{each.worker.origin if each.worker else each.jurisdiction}|{each.id}", encode_fact(each))
                                    for each in facts])  # fmt: skip

    def silent(self, office: str) -> None:
        """An open alert that an office, 'QA:office:mol', is silent."""
        self.alerts(msgspec.structs.replace(
            alert(next(self.numbers), "focal-office.XX"), rule="T-OFF-01@1", subject=f"party:{office}", home=office[:2], since=at(TIME),
        ))  # fmt: skip

    def alerts(self, *alerts: Alert) -> None:
        """Each with its audience."""
        by: dict[str, list[Alert]] = defaultdict(list)
        for each in alerts:
            by[each.audience].append(each)
        for audience, each_of in by.items():
            store(self.place, f"alerts.{audience}", [(each.id, encode(each)) for each in each_of])

    def published(self, told: Published) -> None:
        """What an evaluation published."""
        store(self.place, "facts", [(f"{home}|{each.id}", encode_fact(each)) for home, each in told.facts])
        store(self.place, "journeys", [(each.id, encode(each)) for each in told.journeys])
        self.alerts(*told.alerts)


def called(*arguments: str) -> Result:
    """`fairpassage report` with these arguments."""
    return CliRunner().invoke(report, list(arguments))


def rows(name: str, *arguments: str, **where: Any) -> list[Row]:
    """The rows of a report, read through the command, of which these columns have these values."""
    until = () if "--until" in arguments else ("--until", "2026-12-31")
    said = called(name, *arguments, *until, "--format", "json")
    assert said.exit_code == 0, said.output
    return [row for row in json.loads(said.stdout)["rows"] if all(row[column] == value for column, value in where.items())]


def row(name: str, *arguments: str, **where: Any) -> Row:
    """The only such row."""
    found = rows(name, *arguments, **where)
    assert len(found) == 1, found
    return found[0]


def figures(found: Row, *names: str) -> tuple[Any, ...]:
    """Some of a row's values, decimals to three digits."""
    return tuple(round(found[name], 3) if isinstance(found[name], float) else found[name] for name in names)


def withheld(name: str, found: Iterable[Row]) -> bool:
    """Whether these rows are there, say that they are suppressed, and show no figure."""
    shown = {"suppressed", "silent_offices", "incomplete"}
    described = json.loads(called("--json").stdout)["reports"]
    columns = next(each["columns"] for each in described if each["id"] == name)
    figures_of = list(columns)[list(columns).index("n") :]
    listed = list(found)
    return bool(listed) and all(each["suppressed"] and all(each[column] is None for column in figures_of if column not in shown)
                               for each in listed)
