"""Late evidence and an alert: a partition that is told first without it and then with it, and what becomes of the finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import structs

from schemas.catalogue import event_type
from streams.domain import frames
from streams.domain.facts import Fact, Identifier, Was, Worker
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.domain.outputs import OPEN, Alert, Entry, Published, decode_alert
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import Catalogue, catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at

WORKER = Worker("NP", (Identifier("passport", "NP", "a"),))


class Keeper:
    """A partition with one rule, of every home; what it keeps of each dossier, and the alerts in the order of delivery."""

    def __init__(self, rule: str) -> None:
        self._rules = [each for each in catalogue() if each.id == rule]
        self._standings = Standings()
        self._partition = Partition(MemoryStore(), Context(Catalogue(self._rules), default(), self._standings, lambda audience: True))
        self._facts: dict[str, Fact] = {}
        self._entries: dict[str, Entry] = {}
        self.sent: list[Alert] = []

    def told(self, facts: Iterable[Fact], now: Instant) -> list[Published]:
        """What the rule's findings are after these facts and what came due, each as its dossier keeps it, by issue."""
        came, touched = defaultdict[str, list[Fact]](list), set[str]()
        for fact in map(self._as_told, facts):
            if fact.worker is None and event_type(fact.type).standing:
                touched |= self._standings.add(fact)
            for each in _homes(fact):
                came[each].append(fact)
        self._take(self._partition.accept([Frame(each, tuple(here)) for each, here in sorted(came.items())], now), now)
        self._take(self._partition.sweep(sorted(touched), now), now)
        self._take(self._partition.tick(now), now)
        return sorted((each for entry in self._entries.values() for each in entry.published), key=lambda each: each.issue)

    def _as_told(self, fact: Fact) -> Fact:
        """As intake has it: a journey's facts are one worker's, and a correction says where what it corrects was."""
        if any(rule.kind == "journey" for rule in self._rules) and not fact.subjects and fact.worker is None:
            fact = structs.replace(fact, worker=WORKER)
        if fact.corrects is not None and fact.was is None:
            root = self._facts[fact.corrects]
            fact = structs.replace(fact, was=Was(root.worker.origin if root.worker else None, root.subjects))
        self._facts[fact.event_id] = fact
        return fact

    def _take(self, outbox: Outbox, now: Instant) -> None:
        self._entries |= {entry.subject: entry for entry in outbox.entries}
        for topic, _, value in outbox.announced():
            if topic.startswith("alerts."):
                self.sent.append(decode_alert(value))
            elif topic == "feed":
                self._take(self._partition.accept([frames.decode(value)], now), now)


def _homes(fact: Fact) -> Iterator[str]:
    yield from {home(subject) for subject in (*fact.subjects, *(fact.was.subjects if fact.was else ()))}
    if fact.worker is not None and fact.worker.origin not in map(home, fact.subjects):
        yield fact.worker.origin or ""


def lately(
    rule: str, before: Iterable[Fact], late: Iterable[Fact], now: str | Instant, then: str | Instant, issue: str | None = None
) -> tuple[str, str]:  # fmt: skip
    """The status of the one open finding of a rule (of an issue) when it is told `before`, and when it is told `late` as well.

    Both states are kept: it is the same alert, raised when it was; what was withdrawn still says why it was raised; and each
    audience that heard of it first hears of the change, as a greater revision.
    """
    keeper = Keeper(rule)
    (first,) = [each for each in keeper.told(before, at(now)) if each.status in OPEN and issue in (None, each.issue)]
    heard = {alert.audience for alert in keeper.sent if alert.id == first.alert}
    assert heard == set(first.audiences)
    (last,) = [each for each in keeper.told(late, at(then)) if each.alert == first.alert]
    assert last.raised_at == first.raised_at == at(now)
    if last.status == "withdrawn":
        assert (last.reason, last.summary, last.evidence, last.since) == (first.reason, first.summary, first.evidence, first.since)
        assert last.changed_at == at(then)
    for audience in heard:
        told = [alert for alert in keeper.sent if (alert.id, alert.audience) == (first.alert, audience)]
        assert (told[0].status, told[-1].status) == (first.status, last.status)
        assert [each.revision for each in told] == sorted({each.revision for each in told})
    return first.status, last.status
