"""An erased dossier leaves a partition as if its events had never come, whatever comes again, and also after a crash half-way."""

from __future__ import annotations

import re
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from streams.domain.erasures import Order, event_digest
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.outputs import Entry, Statement
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store import keys as k
from streams.store.kv import MemoryStore
from tests.support.linking_histories import histories
from tests.support.reopening import Logged, opened, stands

NOW = 1_800_000_000_000
TABLES = (k.GROUP, k.CLUSTER, k.FACT, k.TOKEN, k.CARRIER, k.WEAK, k.WEAK_GROUP, k.COUNT, k.CONTRIBUTION, k.DIGEST, k.ENTRY, k.DUE,
          k.JOURNEY_CLUSTER, k.PARTY, k.ASKED, k.OWN, k.OWN_GROUP, k.STATEMENT, k.TOLD)  # fmt: skip


def context() -> Context:
    return Context(catalogue(), default(), Standings(), lambda audience: True)


def order(subject: str) -> Order:
    return Order(id="a" * 32, home="NP", subject=subject, basis="court", officer="p", at=NOW)


class Kept:
    """A partition with what it delivered."""

    def __init__(self, facts: list[Fact], random: Random) -> None:
        self.partition, self.log, self.entries = Partition(MemoryStore(), context()), Logged(), list[Entry]()
        random.shuffle(facts)
        for start in range(0, len(facts), 3):
            self.take(self.partition.accept([Frame("NP", tuple(facts[start : start + 3]))], NOW))

    def take(self, outbox: Outbox) -> Outbox:
        self.log += [*outbox.facts, *outbox.heard]
        self.entries += outbox.entries
        return outbox

    def one(self, random: Random) -> str:
        """A dossier of a worker that has facts now."""
        live = [entry.subject for subject in self.partition.subjects() if subject.startswith("journey:")
                and (entry := self.partition.entry(subject)) is not None and entry.digest]  # fmt: skip
        assume(live)
        return random.choice(sorted(live))


def whole(facts: list[Fact]) -> set[tuple[object, ...]]:
    partition = Partition(MemoryStore(), context())
    partition.accept([Frame("NP", tuple(facts))], NOW)
    return stands(partition)


def tokens_of(facts: list[Fact]) -> set[str]:
    return {token for each in facts for token in (*each.strong, *each.weak)}


def left(facts: list[Fact], events: tuple[str, ...]) -> list[Fact]:
    return [each for each in facts if event_digest(each.source, each.event_id) not in events]


@settings(max_examples=80, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_what_is_left_is_as_if_it_had_never_come(facts: list[Fact], random: Random) -> None:
    kept = Kept(facts, random)
    subject = kept.one(random)
    outbox = kept.take(kept.partition.accept([Frame("NP", orders=(order(subject),))], NOW))
    (line,) = outbox.journal
    assert line.facts
    assert len(line.facts) == len(outbox.husks)
    expected = whole(left(facts, line.events))
    assert stands(kept.partition) == expected
    random.shuffle(facts)
    again = kept.partition.accept([Frame("NP", tuple(facts)), Frame("NP", orders=(order(subject),))], NOW)
    assert (again.entries, again.facts, again.journal) == ([], [], [])
    assert {husk.fact for husk in again.husks} == set(line.facts)
    assert stands(kept.partition) == expected


@settings(max_examples=80, deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.integers(0, 6), st.booleans())
def test_a_crash_after_the_journal_is_made_good(facts: list[Fact], random: Random, lost: int, receipts: bool) -> None:
    """Bodies still on `facts`, entries still with what they said: whoever opens the partition carries the journal out."""
    kept = Kept(facts, random)
    subject = kept.one(random)
    before = len(kept.entries)
    bodies = [*kept.log]
    (line,) = kept.take(kept.partition.accept([Frame("NP", orders=(order(subject),))], NOW)).journal
    entries = kept.entries[: max(before, len(kept.entries) - lost)]
    emptied = [each for each in kept.log if isinstance(each, Statement) or each[1].id not in line.facts]
    log = emptied if len(entries) > before or random.random() < 0.5 else bodies  # these come before the entries
    partition, _ = opened(context(), log, entries, NOW, receipts, [line])
    assert stands(partition) == whole(left(facts, line.events))
    for name in line.subjects:
        entry = partition.entry(name)
        assert entry is not None
        assert entry.erased
        assert not any(each.summary or each.evidence for each in entry.published)


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_nothing_in_the_store_names_it_any_more(facts: list[Fact], random: Random) -> None:
    """Neither its event ids nor its identifiers, but for those that other facts name too."""
    kept = Kept(facts, random)
    (line,) = kept.partition.accept([Frame("NP", orders=(order(kept.one(random)),))], NOW).journal
    kept.partition.flush()
    remaining = left(facts, line.events)
    named = {name for each in remaining for name in (each.event_id, each.corrects)}
    gone = [each for each in facts if event_digest(each.source, each.event_id) in line.events]
    tokens = tokens_of(gone) - tokens_of(remaining)
    events = {each.event_id for each in gone} - named
    rows = [key + b" " + value for table in TABLES for key, value in kept.partition.store.scan(table.encode())]
    for name in tokens | events:
        whole_name = re.compile(re.escape(name.encode()) + rb"(?![0-9a-z])")
        assert not [row for row in rows if whole_name.search(row)], name
