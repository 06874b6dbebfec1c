"""Time, of corridors, countries, sectors and parties: next due is never later than the first instant at which an outcome changes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

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
# The dossiers that the events of a theme are about.
SUBJECTS = {
    "agreements": ("place:BD-QA",), "committees": ("place:BD-QA", "place:QA"), "offices": ("place:BD-QA", "place:QA"),
    "inspections": ("place:QA", "place:QA/41", "place:QA/97"), "visits": ("party:QA:cr:1", "party:QA:site:1"),
    "workplaces": ("party:QA:cr:1",),
}  # fmt: skip
# What each theme leads to.
REACHED = {
    "agreements": {("T-BLA-01", "Finding"), ("T-BLA-01", "Clear"), ("T-BLA-02", "Finding"), ("T-BLA-02", "Clear"), ("T-TRI-04", "Finding")},
    "committees": {("T-TRI-01", "Finding"), ("T-TRI-02", "Finding"), ("T-TRI-02", "Clear"), ("T-TRI-03", "Finding"), ("T-TRI-03", "Clear"),
                   ("T-TRI-04", "Finding"), ("T-TRI-04", "Clear")},
    "offices": {("T-FPO-01", "Finding"), ("T-FPO-01", "Clear"), ("T-EMB-01", "Finding")},
    "inspections": {("T-INS-02", "Finding"), ("T-INS-02", "Clear"), ("T-INS-04", "Finding"), ("T-INS-04", "Clear")},
    "visits": {("T-INS-03", "Finding"), ("T-INS-03", "Clear"), ("T-INS-03", "Insufficient")},
    "workplaces": {("T-INS-05", "Finding"), ("T-INS-05", "Clear"), ("T-SPT-01", "Finding"), ("T-SPT-01", "Clear")},
}  # fmt: skip
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


def changes_are_announced(subject: str, facts: list[Fact], heard: Heard) -> set[tuple[str, str]]:
    """(rule, outcome) of all that was said meanwhile."""
    view, standings, rules = view_of(subject, facts, heard), Standings(facts), catalogue()
    before: tuple[Instant, Evaluation] | None = None
    seen: set[tuple[str, str]] = set()
    for moment in moments(facts):
        now = evaluate(view, standings, default(), moment, rules)
        if before is not None and said(before[1]) != said(now):
            due = before[1].next_due
            assert due is not None, f"nothing was due at {before[0]}, and {said(now)!r} at {moment}"
            assert before[0] < due <= moment, (subject, before[0], due, moment)
        before = moment, now
        seen |= {(each.rule.id, type(each.outcome).__name__) for each in now.judged}
    return seen


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", SUBJECTS)
def test_it_is_looked_at_again_no_later_than_it_changes_and_every_rule_is_reached(theme: str) -> None:
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(history=places(theme))
    def look(history: tuple[list[Fact], Heard]) -> None:
        for subject in SUBJECTS[theme]:
            seen.update(changes_are_announced(subject, *history))

    look()
    assert seen >= REACHED[theme]
