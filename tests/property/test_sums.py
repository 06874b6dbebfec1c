"""Sums in the store, kept up fact by fact and taken back by corrections, equal the refold of the whole set."""

from __future__ import annotations

from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from streams.domain.corrections import in_force
from streams.domain.facts import Fact, Was
from streams.domain.outputs import Statement
from streams.domain.places import home, kind
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, MemorySums, Sums, refold
from streams.domain.sums import told as only_told
from streams.dossiers import ledger
from streams.dossiers.context import Context
from streams.dossiers.ledger import StoredSums
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact
from tests.support.ledgers import AGENCIES, DEMANDS, MEASURES, SUBJECTS, ledgers


def kept(facts: list[Fact], each_written: bool = False) -> MemoryStore:
    """A partition's store after these facts, each home's copy of each; `each_written` before the next comes."""
    partition = Partition(MemoryStore(), Context(catalogue(), default(), Standings(), lambda audience: True))
    for each in facts:
        for place in ("BD", "QA"):
            partition.record(place, each, Touched())
            if each_written:
                partition.flush()
    partition.flush()
    assert isinstance(partition.store, MemoryStore)
    return partition.store


Told = dict[tuple[str, Key], tuple[int, tuple[str, ...]]]


def told(sums: Sums, measures: tuple[Measure, ...]) -> Told:
    """Every key with its count and evidence; that each is found by prefix and as the last of it is looked at on the way."""
    found: Told = {}
    for measure in measures:
        keys = list(sums.keys(measure.name))
        assert keys == sorted(keys)
        assert sums.last(measure.name) == (keys[-1] if keys else None)
        assert sums.first(measure.name) == (keys[0] if keys else None)
        assert [sums.latest(measure.name, most) for most in (1, 3)] == [keys[-1:], keys[-3:]]
        for key in keys:
            found[measure.name, key] = sums.count(measure.name, key), sums.evidence(measure.name, key)
            for length in range(len(key) + 1):
                within = [each for each in keys if each[:length] == key[:length]]
                assert list(sums.keys(measure.name, key[:length])) == within
                assert (sums.first(measure.name, key[:length]), sums.last(measure.name, key[:length])) == (within[0], within[-1])
                assert sums.since(measure.name, key[:length]) == [each for each in keys if each >= key[:length]]
                assert sums.since(measure.name, key[:length], 2) == [each for each in keys if each >= key[:length]][:2]
    return found


@settings(max_examples=100, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_sums_in_the_store_equal_the_refold_in_any_order(facts: list[Fact], random: Random) -> None:
    again = facts + random.choices(facts, k=len(facts) // 2)
    random.shuffle(again)
    store = kept(again)
    for subject in SUBJECTS:
        measures = MEASURES[kind(subject)]
        assert told(StoredSums(store, subject), measures) == told(refold(in_force(facts), subject, measures, facts), measures), subject


@settings(max_examples=60, deadline=None)
@given(ledgers(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_so_they_do_when_they_are_too_large_for_memory(facts: list[Fact], large: int, random: Random) -> None:
    again = facts + random.choices(facts, k=len(facts) // 2)
    random.shuffle(again)
    with patch.object(ledger, "_MOST_LARGE", large), patch.object(ledger, "_MOST_SMALL", 2):
        store = kept(again, each_written=True)
        for subject in SUBJECTS:
            measures = MEASURES[kind(subject)]
            assert told(StoredSums(store, subject), measures) == told(refold(in_force(facts), subject, measures, facts), measures), subject


@settings(max_examples=150, deadline=None)
@given(ledgers())
def test_all_taken_back_leaves_nothing_but_what_an_office_did(facts: list[Fact]) -> None:
    gone = [fact(each.type, each.time, id=f"gone-{number}", source=each.source, corrects=each.event_id, retracted=True,
                 recorded=at("2025-01-01"), was=Was("BD", each.subjects), origin="BD") for number, each in enumerate(facts)]  # fmt: skip
    store = kept(facts + gone)
    for subject in SUBJECTS:
        assert told(StoredSums(store, subject), tuple(each for each in MEASURES[kind(subject)] if not each.every)) == {}


_KEYS = st.lists(st.tuples(st.sampled_from(("a", "ab", "é", "")), st.sampled_from((-1, 0, 1, 256))), max_size=4, unique=True)
_HEARD = st.lists(st.tuples(st.sampled_from(("demand:BD:bmet:D-1", "party:QA:cr:1")), st.integers(0, 5), _KEYS), max_size=8)


@settings(max_examples=150, deadline=None)
@given(_HEARD, st.randoms(use_true_random=False))
def test_of_what_one_dossier_tells_another_the_greatest_revision_is_kept(heard: list[tuple[str, int, list[Key]]], random: Random) -> None:
    """Whatever the order, and as often as it is heard; a teller never says two things under one revision."""
    said = {(teller, n): keys for teller, n, keys in heard}
    statements = [
        Statement(teller=teller, about="party:QA:cr:2", revision=(1, n), keys=tuple(("told", key, ("ev-1", f"ev-{n}")) for key in keys))
        for (teller, n), keys in said.items()
    ]
    again = statements * 2
    random.shuffle(again)
    partition = Partition(MemoryStore(), Context((), default(), Standings(), lambda audience: True))
    for each in again:
        partition.hear(each, Touched())
    partition.flush()
    expected = MemorySums()
    for teller in {each.teller for each in statements}:
        last = max((each for each in statements if each.teller == teller), key=lambda each: each.revision)
        for name, key, events in last.keys:
            for event in events:
                expected.add(name, key, event, teller)
    measure = only_told("told")
    assert told(StoredSums(partition.store, "party:QA:cr:2"), (measure,)) == told(expected, (measure,))


def registered(agency: str, demand: str, **details: Any) -> Fact:
    return fact("recruitment.worker_registered", "2024-06-01", source="/office/BD/bmet", body={"agency": agency, "demand": demand},
                subjects=(f"demand:{demand}", f"party:{agency}"), **details)  # fmt: skip


WAS = Was("BD", (f"demand:{DEMANDS[0]}", f"party:{AGENCIES[0]}"))
MOVED = [registered(AGENCIES[0], DEMANDS[0], id="ev-1"), registered(AGENCIES[0], DEMANDS[1], id="ev-2", corrects="ev-1", was=WAS)]


def processed(facts: list[Fact], demand: str) -> list[Key]:
    return list(StoredSums(kept(facts), f"demand:{demand}").keys("order.processed"))


def test_what_a_correction_moves_to_another_demand_is_no_longer_of_the_first() -> None:
    for order in (MOVED, MOVED[::-1]):
        assert processed(order, DEMANDS[0]) == []
        assert [key[-1] for key in processed(order, DEMANDS[1])] == [AGENCIES[0]]


def test_a_take_back_that_is_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StoredSums, "take_back", lambda *given: None)
    assert processed(MOVED, DEMANDS[0]) != []


# Facts that these histories seldom make whole: visas, arrivals, visits and attestations of named parties. Their rules' own tests do.
SELDOM = frozenset({
    "order.direct_hires", "employer.arrivals", "employer.visa_blocks", "employer.visas", "employer.signs", "employer.divisions",
    "attestation.employers", "attestation.nameless", "party.spot_checks", "party.findings", "inspectors.trainings", "inspectors.months",
    "inspectors.at_work",
})  # fmt: skip


LOOK = settings(max_examples=1_000, deadline=None, database=None, derandomize=True, phases=[Phase.generate])


def _met(kind_of: str, measure: Measure) -> None:
    """Looks for a history of a measure's own types that it counts; NoSuchExample when a thousand have none."""

    def counts(facts: list[Fact]) -> bool:
        known, of = in_force(facts), [subject for subject in SUBJECTS if kind(subject) == kind_of]
        return any(next(refold(known, subject, (measure,), facts).keys(measure.name), None) is not None for subject in of)

    find(ledgers(tuple(sorted(measure.reads))), counts, settings=LOOK)


def test_every_subject_and_measure_is_reached() -> None:
    """The histories meet each measure of demands and parties that a fact can contribute to; places and cases have histories of
    their own, and what watches report is `test_watch_reports.py`'s.
    """
    for each in ("demand", "party"):
        for measure in MEASURES[each]:
            if measure.reads and not measure.name.startswith("watch.") and measure.name not in SELDOM:
                _met(each, measure)
    assert {home(subject) for subject in SUBJECTS} == {"BD", "QA"}
