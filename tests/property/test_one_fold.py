"""One fold: any order, duplication and batching of a set gives the same bytes of every entry, and equal alerts to each audience."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain import frames
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY, Instant
from streams.domain.outputs import OPEN, Alert, Entry, decode_alert, encode
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import fact
from tests.support.histories import BEGIN, journeys, orders
from tests.support.ledgers import ledgers

HOMES = ("BD", "QA")


def entry_bytes(entry: Entry) -> bytes:
    """Of what is published, all but when and in which order it was: no revision, no times of raising, no history, and so nobody who was
    told of it once and is not now.
    """
    standing = [msgspec.structs.replace(each, raised_at=0, changed_at=0, status="raised", former=())
                for each in entry.published if each.status in OPEN]  # fmt: skip
    return encode((entry.subject, entry.home, entry.digest, entry.next_due, entry.unknown, standing, entry.told))


def alert_bytes(alert: Alert) -> bytes:
    return encode(msgspec.structs.replace(alert, revision=(0, 0), raised_at=0, changed_at=0, status="raised"))


def _says(entry: Entry) -> bool:
    return bool(entry.unknown or entry.told or entry.next_due is not None or any(each.status in OPEN for each in entry.published))


class Live:
    """A partition that hears its own statements, as in service, and the last alert that each audience got."""

    def __init__(self) -> None:
        self.partition = Partition(MemoryStore(), Context(catalogue(), default(), Standings(), lambda audience: True))
        self.alerts: dict[tuple[str, str], Alert] = {}

    def told(self, facts: list[Fact], as_of: Instant) -> None:
        waiting = [Frame(home, tuple(facts)) for home in HOMES]
        while waiting:
            outbox = self.partition.accept([waiting.pop()], as_of)
            waiting += [Frame(home, (each,)) for home, each in outbox.passed]
            for topic, _, value in outbox.announced():
                if topic == "feed":
                    waiting.append(frames.decode(value))
                elif topic.startswith("alerts."):
                    alert = decode_alert(value)
                    self.alerts[alert.audience, alert.id] = alert

    def entries(self) -> dict[str, bytes]:
        """Bytes by subject. History are an entry without a fact set, whose journey another took over, and one of a demand or
        party of which nothing is said any more: in another order nobody would have looked at it.
        """
        found = [entry for subject in self.partition.subjects() if (entry := self.partition.entry(subject)) is not None]
        return {entry.subject: entry_bytes(entry) for entry in found
                if entry.digest and (entry.subject.startswith("journey:") or _says(entry))}  # fmt: skip

    def open_alerts(self) -> dict[tuple[str, str], bytes]:
        return {key: alert_bytes(alert) for key, alert in self.alerts.items() if alert.status in OPEN}


def in_batches(facts: list[Fact], size: int, as_of: Instant) -> Live:
    live = Live()
    for first in range(0, len(facts), size):
        live.told(facts[first : first + size], as_of)
    return live


_instants = st.integers(0, 70).map(lambda days: BEGIN + days * DAY)


@settings(max_examples=150, deadline=None)
@given(journeys(), orders() | ledgers(), _instants, st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_order_and_duplication_gives_the_same_bytes(
    journey: list[Fact], order: list[Fact], as_of: Instant, size: int, random: Random
) -> None:
    facts = [*journey, *order]
    again = facts + random.choices(facts, k=len(facts) // 2)
    random.shuffle(again)
    whole, pieces = in_batches(facts, len(facts), as_of), in_batches(again, size, as_of)
    assert pieces.entries() == whole.entries()
    assert pieces.open_alerts() == whole.open_alerts()


@settings(max_examples=50, deadline=None)
@given(journeys(), orders() | ledgers())
def test_all_of_it_once_more_changes_nothing(journey: list[Fact], order: list[Fact]) -> None:
    facts, as_of = [*journey, *order], BEGIN + 70 * DAY
    live = in_batches(facts, 3, as_of)
    before, revisions = live.entries(), {key: alert.revision for key, alert in live.alerts.items()}
    live.told(facts[::-1], as_of)
    assert live.entries() == before
    assert {key: alert.revision for key, alert in live.alerts.items()} == revisions


def test_an_entry_that_tells_the_order_of_arrival_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the facts of a digest taken as they came, two orders of the same set differ."""
    left = [fact("deployment.departed", BEGIN + n * DAY, id=f"ev-{n}", source="/office/BD/bmet", worker=["national_id:BD:a"], origin="BD",
                 body={"country": "QA"}) for n in range(2)]  # fmt: skip
    assert in_batches(left, 1, BEGIN + 60 * DAY).entries() == in_batches(left[::-1], 1, BEGIN + 60 * DAY).entries()
    seen: list[str] = []

    def as_they_came(facts: object) -> str:
        seen.extend(each.id for each in facts if each.id not in seen)  # type: ignore[attr-defined]
        return "".join(seen)

    monkeypatch.setattr("streams.dossiers.journeys.digest", as_they_came)
    first = in_batches(left, 1, BEGIN + 60 * DAY).entries()
    seen.clear()
    assert in_batches(left[::-1], 1, BEGIN + 60 * DAY).entries() != first
