"""Everything that an evaluation hands over to be delivered, in order: what any reader of any topic could see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from schemas.examples import example
from streams.domain import facts
from streams.domain.facts import Fact
from streams.domain.instants import Instant, parse
from streams.domain.outputs import Alert, Entry, Journey, decode_alert, decode_journey, encode
from streams.dossiers.context import Outbox
from streams.evaluate import Evaluated, Evaluator
from streams.publishers.identity import seal
from streams.rules.policy import default
from streams.rules.registry import Rule
from tests.support.simulated import KEY, Simulated, simulated

# Who has no right to a journey (domain.md 5, must-not 1), said here once more and not read from the code.
WITHOUT_RIGHT = frozenset({"labour-inspectorate", "licensing-authority", "focal-office", "tripartite-committee", "regional-network"})
UNION, NOTE, CASE, CATEGORY = "GEFONT-liaison", "she told us that the manager beats them", "EMB-2025-311", "violence"


@dataclass
class Published:
    """Alerts, journeys and entries in the order of delivery, the facts of each home, and every record's bytes by topic."""

    alerts: list[Alert] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    records: dict[str, list[bytes]] = field(default_factory=dict)

    def without_right(self) -> list[Alert]:
        """Alerts for audiences that may read no journey."""
        return [alert for alert in self.alerts if alert.audience.partition(".")[0] in WITHOUT_RIGHT]


class Watching(Evaluator):
    """An evaluation that keeps what is delivered as it goes; events are taken in pieces, so that alerts change on the way."""

    def __init__(self, as_of: Instant, declared: Callable[[str], bool] = lambda _: True, rules: tuple[Rule, ...] = ()) -> None:
        super().__init__(default(), as_of, declared, rules)
        self.published = Published()

    def in_pieces(self, events: Iterable[Mapping[str, Any]], size: int) -> Evaluated:
        """So many events at a time, each piece as of the latest record so far, and what came due by then."""
        last, listed, now = self._as_of, list(events), 0
        for first in range(0, len(listed), size):
            piece = listed[first : first + size]
            self._as_of = now = min(last, max(now, *(event["recordedat"] for event in piece)))
            self.add(piece)
            for home in sorted(self._partitions):
                self._take(self._partitions[home].tick(now))
        self._as_of = last
        return self.finish()

    def _take(self, outbox: Outbox) -> None:
        told = self.published
        told.entries += outbox.entries
        told.facts += outbox.facts
        told.records.setdefault("facts", []).extend(facts.encode(fact) for _, fact in outbox.facts)
        told.records.setdefault("findings", []).extend(encode(entry) for entry in outbox.entries)
        for topic, _, value in outbox.announced():
            told.records.setdefault(topic, []).append(value)
            if topic == "journeys":
                told.journeys.append(decode_journey(value))
            elif topic.startswith("alerts."):
                told.alerts.append(decode_alert(value))
        super()._take(outbox)


def sensitive() -> list[dict[str, Any]]:
    """A complaint with a narrative, about violence, and a worker told of a union, as they leave the office."""
    filed, informed = example("complaint.complaint_filed"), example("deployment.worker_informed_of_union")
    filed["body"] |= {"note": NOTE, "category": CATEGORY}
    assert (filed["refs"]["case"], informed["body"]["union"]) == (CASE, UNION)
    sealed = [seal({**each, "source": "/office/QA/mol"}, KEY) for each in (filed, informed)]
    return [{**each, "time": parse(each["time"]), "recordedat": parse(each["recordedat"])} for each in sealed]


@dataclass(frozen=True)
class Watched:
    """A simulated run, its events as they left the offices, and all that was published of them."""

    run: Simulated
    events: tuple[dict[str, Any], ...]
    published: Published
    result: Evaluated

    @property
    def busy(self) -> list[dict[str, Any]]:
        """The events without the offices' beats, which are four in five: for what is run again."""
        return [event for event in self.events if event["type"] != "oversight.office_heartbeat"]


@cache
def watched(workers: int = 120, seed: str = "7", per_rule: int = 2) -> Watched:
    """A run of every rule's abuses and look-alikes with what is most sensitive added, in the order of arrival, once a process."""
    run = simulated(workers, seed, per_rule)
    events = [*run.sealed(), *sensitive()]
    watching = Watching(max(run.as_of, parse("2025-12-01T00:00:00Z")))
    result = watching.in_pieces(events, 200)
    return Watched(run, tuple(events), watching.published, result)
