"""Shortcuts of the rule core say what the plain way says: groups, journeys, policy rows, rules that run, an office's usual interval."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.corrections import Root, groups, in_force, root_of, winners
from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant
from streams.domain.standings import Standings
from streams.domain.sums import MemorySums, Sums
from streams.domain.views import JourneyView, SumsView
from streams.dossiers.ledger import StoredSums
from streams.linking.migrations import _scanned, assign, order
from streams.rules import office_silent
from streams.rules.evaluation import _those_that_run
from streams.rules.office_silent import HOURS, INSTANTS
from streams.rules.policy import Policy, default
from streams.rules.registry import Catalogue, Rule, catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import journey
from tests.support.histories import BEGIN, journeys
from tests.support.linking_histories import histories


def plain_groups(facts: list[Fact]) -> dict[Root, list[Fact]]:
    """Each fact with all that corrections tie it to, found by looking again until nothing more is tied."""
    known = list({fact.id: fact for fact in facts}.values())
    found: list[list[Fact]] = []
    for fact in known:
        names = {(fact.source, fact.event_id), (fact.source, fact.corrects or fact.event_id)}
        tied = [each for each in found if names & {(f.source, n) for f in each for n in (f.event_id, f.corrects or f.event_id)}]
        found = [each for each in found if each not in tied] + [[*(f for each in tied for f in each), fact]]
    return {(each[0].source, root_of(each)): sorted(each, key=known.index) for each in found}


@settings(max_examples=120, deadline=None)
@given(histories())
def test_groups_are_what_corrections_tie(facts: list[Fact]) -> None:
    expected = plain_groups(facts)
    assert groups(facts) == expected
    assert in_force(facts) == tuple(sorted((f for each in expected.values() for f in winners(each)), key=lambda f: f.key))
    alone = [fact for fact in facts if fact.corrects is None]
    assert groups(alone) == plain_groups(alone)


@settings(max_examples=120, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_journeys_without_a_scan_are_those_of_the_scan(facts: list[Fact], random: Random) -> None:
    """Also of each beginning of a history, most of which have one journey."""
    later = random.sample(facts, len(facts) // 4)
    told = [fact for fact in facts if fact not in later]
    for size in range(len(told) + 1):
        listed = sorted(told[:size], key=order)
        assert assign(listed, later) == _scanned(listed, [fact for fact in listed if not fact.implausible] or listed, later)


@settings(max_examples=50, deadline=None)
@given(journeys(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_a_view_at_an_instant_is_the_view_made_for_it(facts: list[Fact], days: int, random: Random) -> None:
    view, instant = journey(*facts), BEGIN + days * 24 * HOUR
    made = replace(view, until=instant)
    looked_at = view.at(instant)
    assert (looked_at, looked_at.facts, looked_at.next_fact) == (made, made.facts, made.next_fact)
    assert looked_at.facts == tuple(f for f in in_force(facts) if not f.implausible and f.time <= instant)
    for types in (tuple(random.sample(sorted(view.types), min(3, len(view.types)))), (), ("no.such",)):
        assert looked_at.of(*types) == tuple(fact for fact in made.facts if fact.type in types)
    assert all(view.root(fact) == root[1] for root, members in plain_groups(facts).items() for fact in members)


def plainly_runs(rule: Rule, view: JourneyView | SumsView) -> bool:
    if isinstance(view, SumsView):
        return rule.kind == view.kind and not rule.combines and (not (rule.reads or rule.heard) or bool(rule.reads & view.types))
    if rule.combines or rule.kind != "journey" or (not view.person and not rule.weak):
        return False
    return bool(view.reviews) or not rule.reads or bool(rule.reads & view.types)


_TYPES = st.frozensets(st.sampled_from(sorted(set().union(*(rule.reads for rule in catalogue())))), max_size=3)


@settings(max_examples=60, deadline=None)
@given(_TYPES, st.sampled_from(("demand", "party", "place")), journeys(), st.sampled_from(("", "person-1")))
def test_the_rules_that_run_are_those_that_read_what_is_there(types: frozenset[str], kind: str, facts: list[Fact], who: str) -> None:
    for view in (SumsView(f"{kind}:BD:x:1", MemorySums(), types), replace(journey(*facts), person=who)):
        assert list(_those_that_run(catalogue(), view)) == [rule for rule in catalogue() if plainly_runs(rule, view)]
    assert Catalogue(catalogue()) == catalogue()


_COUNTRY = st.sampled_from(("NP", "BD", "PH", "QA", "SA", "US", ""))
_CODE = st.sampled_from(("", "9", "9111", "9700", "5322", "78", "7820"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted({row.rule for row in default().all()})), st.dates(), _COUNTRY, _COUNTRY, _CODE,
       st.sampled_from(("agency", "worker", "employer", "subagent")))  # fmt: skip
def test_a_policy_row_is_the_first_that_matches(rule: str, day: object, origin: str, other: str, code: str, role: str) -> None:
    context = {"origin": origin, "destination": other, "jurisdiction": other, "isco": code, "isic": code, "role": role, "severity": "P1"}
    for policy in (default(), Policy(default().all()[::-1])):
        expected = next((row for row in policy.rows(rule) if row.matches(str(day), context)), None)
        assert policy.row(rule, str(day), **context) == policy.row(rule, str(day), **context) == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(journeys(), max_size=2), st.randoms(use_true_random=False))
def test_standings_by_type_are_those_of_all(listed: list[list[Fact]], random: Random) -> None:
    """However they came, and whatever was asked before."""
    facts = [fact for found in listed for fact in found]
    standings = Standings()
    for fact in random.sample(facts, len(facts)):
        standings.add(fact)
        for subject in {*fact.subjects, "party:BD:bmet:unknown"}:
            everything = Standings(iter(standings)).of(subject)
            types = tuple({each.type for each in facts if random.random() < 0.3})
            assert standings.of(subject, *types) == (tuple(e for e in everything if e.type in types) if types else everything)


def plain_usual(instants: list[Instant], as_of: Instant) -> Instant:
    """The 95th percentile of every interval, each looked up."""
    begun = sorted({at // HOUR for at in instants if at // HOUR <= as_of // HOUR})
    newest = begun[-1] // 240
    hours: list[int] = []
    for block in range(newest, max(newest - 110, -1), -1):
        hours = [hour for hour in begun if hour // 240 == block] + hours
        if len(hours) >= 200:
            break
    ends = {hour: (min(a for a in instants if a // HOUR == hour), max(a for a in instants if a // HOUR == hour)) for hour in hours}
    gaps = sorted(ends[b][0] - ends[a][1] if b - a >= 24 else (b - a) * HOUR for a, b in pairwise(hours))
    return gaps[ceil(0.95 * len(gaps)) - 1] if gaps else 0


@st.composite
def _records(draw: st.DrawFn) -> list[Instant]:
    """An office that records every so many hours, about; in bursts, with outages, for up to eight years."""
    every = draw(st.sampled_from((1, 6, 20, 23, 24, 25, 26, 48, 168, 700)))
    spread, burst = draw(st.sampled_from((0, 1, HOUR, 2 * HOUR, 30 * HOUR))), draw(st.sampled_from((1, 1, 3, 40)))
    random = Random(draw(st.integers(0, 1 << 30)))
    at, found = BEGIN - draw(st.integers(0, 30)) * HOUR, list[Instant]()
    for _ in range(draw(st.integers(1, 280 if burst < 40 else 30))):
        at += every * HOUR + random.randint(0, spread) + (random.random() < 0.05) * random.randint(0, 90) * 24 * HOUR
        found += [at + random.randint(0, HOUR) for _ in range(burst)]
    return found


def _summed(instants: list[Instant]) -> Iterator[Sums]:
    for sums in (MemorySums(), StoredSums(MemoryStore(), "party:NP:office:x")):
        for number, at in enumerate(instants):
            sums.add(HOURS.name, (at // HOUR // 240, at // HOUR), f"ev-{number}", f"f-{number}")
            sums.add(INSTANTS.name, (at // HOUR, at), f"ev-{number}", f"f-{number}")
        yield sums


@settings(max_examples=150, deadline=None)
@given(_records(), st.integers(0, 3))
def test_an_offices_usual_interval_is_that_of_all_looked_up(instants: list[Instant], quarters: int) -> None:
    """Where it can decide: not where the 48 hours do."""
    row = default().require("T-OFF-01", "2025-01-01", jurisdiction="NP")
    as_of = sorted(instants)[max(0, bisect_right(range(4), quarters) * len(instants) // 4 - 1)] + HOUR
    for sums in _summed(instants):
        hours, _ = office_silent._recent(sums, as_of)
        found, expected = office_silent._usual(sums, hours, row), plain_usual(instants, as_of)
        least = row.whole("min_hours") * HOUR
        assert max(least, round(row.number("factor") * found)) == max(least, round(row.number("factor") * expected))
        if row.number("factor") * expected > least:
            assert found == expected


def test_a_percentile_that_is_off_by_one_rank_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_silent, "ceil", lambda number: ceil(number) - 1)
    with pytest.raises(AssertionError):
        test_an_offices_usual_interval_is_that_of_all_looked_up()
