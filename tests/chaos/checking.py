"""What a run should have given against what it gave, on plain values: nothing here is of the pipeline.

The wanted side is `evaluate` on the published lines, and what the publisher was acknowledged. The found side is what the
topics and ClickHouse hold. A difference is a fault; what may be there twice is counted and is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Place = tuple[str, int, int]  # topic, partition, offset
Finding = tuple[str, str, str, str, tuple[str, ...]]  # subject, alert id, rule, reason, evidence
Heard = tuple[str, str, str, str, tuple[str, ...]]  # audience, alert id, rule, reason, evidence
Journey = tuple[str, str, tuple[str, ...]]  # id, status, rules with an open finding
Revision = tuple[int, int]
Name = tuple[str, str]  # audience, alert id
K = TypeVar("K")

# What may follow what, as one audience hears of one alert. It may come in, or be addressed again, while the alert is open.
NEXT: Mapping[str, frozenset[str]] = {
    "": frozenset({"raised", "updated"}),
    "raised": frozenset({"updated", "withdrawn", "superseded"}),
    "updated": frozenset({"updated", "withdrawn", "superseded"}),
    "withdrawn": frozenset({"raised", "updated"}),
    "superseded": frozenset({"raised", "updated"}),
}
OPEN = frozenset({"raised", "updated"})


@dataclass(frozen=True)
class Said:
    """One record of an alert as it stands on its topic: `raised_at` in ms, `content` stands for its bytes."""

    revision: Revision
    status: str
    content: bytes
    raised_at: int = 0


@dataclass(frozen=True)
class Wanted:
    """Fact ids, open findings, open alerts, journeys that no other replaced, and where the bad records stand."""

    facts: frozenset[str]
    findings: frozenset[Finding]
    alerts: frozenset[Heard]
    journeys: frozenset[Journey]
    rejected: frozenset[Place]


@dataclass
class Found:
    """What topics and ClickHouse hold.

    `facts` (topic) are the different contents under each key, 'home|id', and `copies` such keys in ClickHouse; `late` the revisions
    that an owner which was no more announced, by alert; `uncommitted` how many records of a (group, topic, partition) no group has
    worked off; `twice` rows of ClickHouse that its readers see twice, by table.
    """

    stored: frozenset[str] = frozenset()
    copies: frozenset[bytes] = frozenset()
    journeys: frozenset[Journey] = frozenset()
    facts: Mapping[bytes, Collection[bytes]] = field(default_factory=dict)
    findings: frozenset[Finding] = frozenset()
    alerts: frozenset[Heard] = frozenset()
    stored_alerts: frozenset[Heard] = frozenset()
    letters: frozenset[Place] = frozenset()
    stored_letters: frozenset[Place] = frozenset()
    histories: Mapping[Name, Sequence[Said]] = field(default_factory=dict)
    stored_histories: Mapping[Name, Collection[Revision]] = field(default_factory=dict)
    late: Mapping[Name, Collection[Revision]] = field(default_factory=dict)
    uncommitted: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    twice: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """What differs, how often, and what those are, sorted; of some kinds one of them stands for all."""

    what: str
    number: int
    members: tuple[str, ...]

    @property
    def example(self) -> str:
        """One of them."""
        return self.members[0]


def check(wanted: Wanted, found: Found) -> list[Difference]:
    """Every kind of difference; none when the run was as it should be."""
    pairs: tuple[tuple[str, str, frozenset[object], frozenset[object]], ...] = (
        ("events lost", "events that nobody published", wanted.facts, found.stored),
        ("copies of events missing in ClickHouse", "copies of events in ClickHouse alone", frozenset(found.facts), found.copies),
        ("journeys missing in ClickHouse", "journeys that `evaluate` does not have", wanted.journeys, found.journeys),
        ("findings missing", "findings that `evaluate` does not make", wanted.findings, found.findings),
        ("open alerts missing", "open alerts that `evaluate` does not raise", wanted.alerts, found.alerts),
        ("open alerts missing in ClickHouse", "alerts open in ClickHouse alone", found.alerts, found.stored_alerts),
        ("dead letters missing", "dead letters of good records", wanted.rejected, found.letters),
        ("dead letters missing in ClickHouse", "dead letters in ClickHouse alone", found.letters, found.stored_letters),
    )
    differences = [each for less, more, should, is_ in pairs for each in (*_some(less, should - is_), *_some(more, is_ - should))]
    differences += _some("facts with two contents", {key for key, contents in found.facts.items() if len(set(contents)) > 1})
    differences += _some("histories that cannot be", [f"{name}: {why}" for name, why in illegal(found.histories, found.late)])
    differences += _some("revisions missing in ClickHouse", set(_untold(found)))
    differences += [Difference("records not committed", number, (str(where),)) for where, number in _not_none(found.uncommitted)]
    differences += [Difference(f"rows of {table} seen twice", number, (table,)) for table, number in _not_none(found.twice)]
    return differences


def _not_none(counts: Mapping[K, int]) -> list[tuple[K, int]]:
    return [(what, number) for what, number in counts.items() if number]


def _some(what: str, members: Collection[object]) -> list[Difference]:
    return [Difference(what, len(members), tuple(sorted(map(str, members))))] if members else []


def illegal(histories: Mapping[Name, Sequence[Said]], late: Mapping[Name, Collection[Revision]]) -> Iterable[tuple[Name, str]]:
    """(alert, why) of each history that no order of owners could have made."""
    for name, history in histories.items():
        if why := _illegal(history, late.get(name, ())):
            yield name, why


def _illegal(history: Sequence[Said], late: Collection[Revision]) -> str:
    """'' for a history that may be. A record may come again, the same to the byte.

    Where an owner that was no more spoke late, what it said and how the next one took it back are in no order: there the
    statuses are judged by what stands at the end, as every reader does.
    """
    first: dict[Revision, bytes] = {}
    before = Said((-1, -1), "", b"")
    for said in history:
        if said.revision in first:
            if first[said.revision] != said.content:
                return f"two contents under revision {said.revision}"
            continue
        first[said.revision] = said.content
        if said.revision in late:
            continue
        if said.revision < before.revision:
            return f"{said.revision} came after {before.revision}"
        if not late and said.status not in NEXT[before.status]:
            return f"{said.status} after {before.status or 'nothing'}"
        if not late and before.status in OPEN and said.raised_at != before.raised_at:
            return f"raised at {before.raised_at}, and again at {said.raised_at} while it was open"
        before = said
    return ""


def _untold(found: Found) -> Iterable[str]:
    for name, history in found.histories.items():
        if missing := {said.revision for said in history} - set(found.stored_histories.get(name, ())):
            yield f"{name}: {min(missing)}"
