"""A population in ClickHouse without a broker: what offices publish, the journeys that linking makes of it, and watches over both.

What a watch reports goes back the same way, so that a second run sees what the first one said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

from clickhouse_connect.driver.client import Client

from consumers.warehouse.store import Warehouse
from consumers.watches.headers import Watch, watches
from consumers.watches.running import Ran, Runner
from streams.domain.facts import encode as encode_fact
from streams.domain.instants import Instant
from streams.domain.outputs import OPEN, Alert, Published, encode
from streams.publishers.reading import Ready, Refused
from streams.rules.policy import Policy, default
from tests.support.builders import at
from tests.support.filling import store
from tests.support.published import Watching

_serial = count(1)


def told(
    type: str, time: str | Instant, body: Mapping[str, Any] | None = None, *, who: str = "", origin: str | None = "NP", id: str = "",
    source: str = "/office/QA/mol", refs: Mapping[str, str] | None = None, recorded: str | Instant | None = None, weak: bool = False,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """An event as intake decodes it; `who` is the worker's passport, or their telephone where the event is `weak`."""
    moment = at(time)
    event: dict[str, Any] = {
        "id": id or f"ev-{next(_serial):05}", "source": source, "type": type, "time": moment,
        "recordedat": at(recorded) if recorded is not None else moment, "evidence": "documented", "body": dict(body or {}),
        "refs": dict(refs or {}), **more,
    }  # fmt: skip
    if who:
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        kind = "phone" if weak else "passport"
        event["worker"] = {"origin": origin, "identifiers": [{"kind": kind, "country": origin or "NP", "digest": digest}], "languages": []}
    return event


def the(watch: str, harm: str = "") -> Watch:
    """A watch by its id, or by its file's name."""
    (found,) = [each for each in watches() if each.id == watch and harm in ("", each.harm)]
    return found


class Taking:
    """The runner's publisher: takes what is ready."""

    def __init__(self, into: list[Ready]) -> None:
        self._into = into

    def publish(self, rows: Iterable[Ready | Refused], refused: Callable[[Refused], None], step: Callable[[int], None]) -> None:
        for row in rows:
            if isinstance(row, Ready):
                self._into.append(row)
            else:
                refused(row)


class Population:
    """Offices, streams and ClickHouse, one after the other; `judge` runs a watch on it and delivers what it reports."""

    def __init__(self, place: Warehouse, connect: Callable[[], Client]) -> None:
        self.place, self.connect = place, connect
        self._watching = Watching(at("2199-01-01"))
        self._facts = self._journeys = 0
        self.delivered: list[Ready] = []

    def publish(self, *events: Mapping[str, Any]) -> None:
        """Events, in any order; returns when ClickHouse has them and the journeys they make."""
        self._watching.add(events)
        self._watching.finish()
        published = self._watching.published
        store(self.place, "facts", [(f"{home}|{fact.id}", encode_fact(fact)) for home, fact in published.facts[self._facts :]])
        store(self.place, "journeys", [(each.id, encode(each)) for each in published.journeys[self._journeys :]])
        self._facts, self._journeys = len(published.facts), len(published.journeys)

    def judge(
        self, watch: str, now: str | Instant, policy: Policy | None = None, lacking: str = "", dry: bool = False, harm: str = "",
        keep: bool = True, overrides: Mapping[str, Any] | None = None,
    ) -> Ran:  # fmt: skip
        """One run of a watch; what it reports has come back when it returns, unless it is not to be kept."""
        self.delivered = []
        runner = Runner(self.connect, policy or default(), lambda: lacking, None if dry else lambda: Taking(self.delivered), overrides)
        (ran,) = runner.run([the(watch, harm)], at(now))
        if keep:
            self.publish(*(each.event for each in self.delivered))
        return ran

    def reports(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What the last run reported: body by subject's name and issue."""
        found = {}
        for row in self.delivered:
            body = row.event["body"]
            name = next(body[field] for field in ("party", "demand", "corridor", "jurisdiction") if body.get(field))
            found[name, body.get("issue") or ""] = {key: value for key, value in body.items() if value is not None}
        return found

    def findings(self, watch: str) -> dict[tuple[str, str], Published]:
        """What the dossiers say now of a watch's findings, by subject and issue."""
        entries = self._watching.result.entries.values()
        return {(entry.subject, each.issue): each for entry in entries for each in entry.published
                if each.status in OPEN and each.rule.startswith(f"{watch}@")}  # fmt: skip

    def alerts(self, watch: str) -> list[Alert]:
        """Its alerts, as each audience reads them now."""
        return [each for each in self._watching.result.alerts.values() if each.rule.startswith(f"{watch}@")]
