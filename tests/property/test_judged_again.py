"""Judging what came since is judging all of it: an evaluation that goes on from an earlier one says the same as one from nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.policy import default
from streams.rules.registry import Catalogue, Rule, catalogue
from tests.support.builders import at, fact, journey
from tests.support.histories import BEGIN, journeys

ID = "journey:BD:0000000000000001"


def said(found: Evaluation) -> bytes:
    return msgspec.msgpack.encode(([(each.rule.ref, type(each.outcome).__name__, each.outcome) for each in found.judged], found.next_due))


@settings(max_examples=300, deadline=None)
@given(journeys(), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 70)), min_size=2, max_size=6))
def test_going_on_from_an_earlier_evaluation_is_evaluating_anew(facts: list[Fact], steps: list[tuple[int, int]]) -> None:
    """Facts come in the order of the history, at instants that only go forward; some steps bring none."""
    rules, empty = catalogue(), Standings()
    before: Evaluation | None = None
    for many, days in sorted(steps):
        as_of: Instant = BEGIN + days * DAY
        if before is not None and as_of < before.as_of:
            as_of = before.as_of
        view = journey(*facts[:many], id=ID)
        if not view.known:
            continue
        before = evaluate(view, empty, default(), as_of, rules, before)
        assert said(before) == said(evaluate(view, empty, default(), as_of, rules))


def counting(ran: list[str]) -> Catalogue:
    """The catalogue, which notes the rules that run."""

    def noted(rule: Rule) -> Rule:
        def check(*given: Any) -> Iterable[Outcome]:
            ran.append(rule.id)
            return rule.check(*given)

        return replace(rule, check=check)

    return Catalogue(noted(rule) for rule in catalogue())


LEFT = fact("deployment.departed", "2024-06-01", worker=["passport:BD:a"], origin="BD", body={"country": "QA"})
CAME = fact("deployment.arrived", "2024-06-02", worker=["passport:BD:a"], origin="BD", body={"country": "QA"})
HEALTHY = fact("recruitment.medical_done", "2024-05-02", worker=["passport:BD:a"], origin="BD", body={"fit": True})
NOW = at("2024-06-20")


def test_only_rules_that_read_what_came_run_again() -> None:
    ran: list[str] = []
    rules = counting(ran)
    first = evaluate(journey(LEFT, CAME, id=ID), Standings(), default(), NOW, rules)
    assert {"T-CON-01", "T-PDO-01", "T-CON-02"} <= set(ran)
    ran.clear()
    evaluate(journey(LEFT, CAME, HEALTHY, id=ID), Standings(), default(), NOW, rules, first)
    assert not {"T-CON-01", "T-PDO-01", "T-CON-02"} & set(ran)


def test_all_run_again_when_a_standing_came_a_fact_left_or_time_went_back() -> None:
    ran: list[str] = []
    rules, known = counting(ran), Standings()
    first = evaluate(journey(LEFT, CAME, id=ID), known, default(), NOW, rules)
    whole = sorted(ran)
    for view, standings, as_of in (
        (journey(LEFT, CAME, id=ID), Standings([fact("licensing.agency_registered", "2024-01-01", body={"holder": "BD:bmet:1"})]), NOW),
        (journey(CAME, LEFT, id=ID), known, NOW - DAY),
    ):
        ran.clear()
        evaluate(view, standings, default(), as_of, rules, first)
        assert sorted(ran) == whole
    ran.clear()
    evaluate(journey(LEFT, id=ID), known, default(), NOW, rules, first)
    assert "T-CON-01" in ran


def test_a_rule_that_is_due_runs_again() -> None:
    ran: list[str] = []
    rules = counting(ran)
    first = evaluate(journey(LEFT, CAME, id=ID), Standings(), default(), NOW, rules)
    ran.clear()
    evaluate(journey(LEFT, CAME, id=ID), Standings(), default(), NOW + 30 * DAY, rules, first)
    assert "T-CON-02" in ran
    assert "T-CON-01" not in ran
