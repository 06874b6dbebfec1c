"""Time, of corridors, countries, sectors and parties: next due is never later than the first instant at which an outcome changes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import FUTURE, Fact
from streams.domain.instants import DAY, HOUR, Instant
from streams.domain.standings import Standings
from streams.domain.sums import Key
from streams.domain.views import SumsView
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.policy import default
from streams.rules.registry import catalogue
from tests.property.test_rules_time import measures
from tests.support.builders import sums
from tests.support.histories import BEGIN, places
from tests.support.places import told

# Days after an event on which a limit of the catalogue falls, or the day before or after it.
_OFFSETS = (0, 1, 14, 15, 30, 31, 90, 91, 180, 181, 364, 365, 366, 367, 729, 730, 731)
_MIDNIGHTS = (18 * HOUR, 21 * HOUR)  # in Dhaka and Doha
_SPAN = 1_300  # days
# Of whom each rule's outcomes are looked for: every rule over them is reached.
SUBJECTS = ("place:BD-QA", "place:BD", "place:QA", "place:QA/41", "place:QA/97", "party:QA:cr:1", "party:QA:site:1")
Heard = list[tuple[str, Key, int]]


def moments(facts: list[Fact]) -> list[Instant]:
    """Around each event, and around midnight so many days after it, and every eighth day."""
    found = {BEGIN + days * DAY for days in range(0, _SPAN, 8)}
    for fact in facts:
        found |= {fact.recorded - FUTURE + step for step in (-1, 0, 1)}
        found |= {fact.time + days * DAY + step for days in _OFFSETS for step in (0, 1)}
        found |= {fact.time - fact.time % DAY + hour + days * DAY + step for hour in _MIDNIGHTS for days in _OFFSETS for step in (-1, 0)}
    return sorted(found)


def said(evaluation: Evaluation) -> bytes:
    return msgspec.msgpack.encode([
        (each.rule.ref, type(each.outcome).__name__, msgspec.structs.replace(each.outcome, next_at=None)) for each in evaluation.judged
    ])  # fmt: skip


def view_of(subject: str, facts: list[Fact], heard: Heard) -> SumsView:
    known = sums(subject, measures(subject.partition(":")[0]), *facts)
    for measure, key, many in heard:
        told(known, measure, key, many)
    return known


def changes_are_announced(subject: str, facts: list[Fact], heard: Heard) -> None:
    view, standings, rules = view_of(subject, facts, heard), Standings(facts), catalogue()
    before: tuple[Instant, Evaluation] | None = None
    for moment in moments(facts):
        now = evaluate(view, standings, default(), moment, rules)
        if before is not None and said(before[1]) != said(now):
            due = before[1].next_due
            assert due is not None, f"nothing was due at {before[0]}, and {said(now)!r} at {moment}"
            assert before[0] < due <= moment, (subject, before[0], due, moment)
        before = moment, now


@pytest.mark.timeout(300)
@pytest.mark.parametrize("subject", SUBJECTS)
@settings(max_examples=8, deadline=None)
@given(history=places())
def test_it_is_looked_at_again_no_later_than_it_changes(subject: str, history: tuple[list[Fact], Heard]) -> None:
    changes_are_announced(subject, *history)


@settings(max_examples=60, deadline=None)
@given(history=places(), days=st.integers(0, _SPAN))
def test_no_history_is_too_odd_to_be_judged(history: tuple[list[Fact], Heard], days: int) -> None:
    facts, heard = history
    for subject in SUBJECTS:
        evaluate(view_of(subject, facts, heard), Standings(facts), default(), BEGIN + days * DAY, catalogue())


def test_the_histories_reach_every_rule_over_places_and_what_is_told() -> None:
    seen: set[str] = set()

    @settings(max_examples=150, deadline=None, database=None)
    @given(history=places())
    def look(history: tuple[list[Fact], Any]) -> None:
        facts, heard = history
        for subject in SUBJECTS:
            found = evaluate(view_of(subject, facts, heard), Standings(facts), default(), BEGIN + 900 * DAY, catalogue())
            seen.update(each.rule.id for each in found.judged)

    look()
    assert seen >= {"T-BLA-01", "T-BLA-02", "T-TRI-01", "T-TRI-02", "T-TRI-03", "T-TRI-04", "T-INS-02", "T-INS-03", "T-INS-04", "T-INS-05",
                    "T-SPT-01", "T-FPO-01", "T-EMB-01"}  # fmt: skip
