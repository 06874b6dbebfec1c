"""Judging what came since is judging all of it: an evaluation that goes on from an earlier one says the same as one from nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.dossiers import journeys as journeys_of
from streams.dossiers import partition
from streams.evaluate import evaluate_events
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.policy import default
from streams.rules.registry import Catalogue, Rule, catalogue
from tests.support.builders import at, fact, journey
from tests.support.histories import BEGIN, journeys
from tests.support.simulated import simulated

ID = "journey:BD:0000000000000001"


def said(found: Evaluation) -> bytes:
    outcomes = [(each.rule.ref, type(each.outcome).__name__, each.outcome) for each in found.judged]
    return msgspec.msgpack.encode((outcomes, found.next_due, sorted(found.told)))


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


def registered(holder: str) -> Fact:
    return fact("licensing.agency_registered", "2024-01-01", body={"holder": holder, "jurisdiction": "BD"}, subjects=[f"party:{holder}"])


def test_all_run_again_when_a_standing_that_was_asked_for_came_a_fact_left_or_time_went_back() -> None:
    ran: list[str] = []
    rules, known = counting(ran), Standings()
    recruited = fact("recruitment.recruiter_declared", "2024-03-01", worker=["passport:BD:a"], origin="BD",
                     body={"organisation": "BD:bmet:1", "declared_by": "worker"})  # fmt: skip
    seen = journey(LEFT, CAME, recruited, id=ID)
    first = evaluate(seen, known, default(), NOW, rules)
    whole = sorted(ran)
    for standings, as_of in ((Standings([registered("BD:bmet:1")]), NOW), (known, NOW - DAY)):
        ran.clear()
        evaluate(seen, standings, default(), as_of, rules, first)
        assert sorted(ran) == whole
    ran.clear()
    evaluate(seen, Standings([registered("BD:bmet:2")]), default(), NOW, rules, first)
    assert "T-CHN-02" not in ran  # nobody asked about that agency
    ran.clear()
    first = evaluate(journey(LEFT, CAME, id=ID), known, default(), NOW, rules)
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


def test_every_dossier_of_simulated_corridors_is_judged_as_if_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule and kind of dossier, a few events at a time, with standings that come between."""
    kept = Counter[str]()

    def checked(view: JourneyView | SumsView, *given: Any) -> Evaluation:
        found = evaluate(view, *given)
        assert said(found) == said(evaluate(view, *given[:4])), view.id
        kept[view.id.partition(":")[0]] += len(given) > 4 and given[4] is not None
        return found

    monkeypatch.setattr(partition, "evaluate", checked)
    monkeypatch.setattr(journeys_of, "evaluate", checked)
    run = simulated(40, "again", 3)
    evaluate_events(run.sealed(), default(), run.as_of, batch=7)
    assert all(kept[kind] > 100 for kind in ("journey", "demand", "party", "place", "case")), kept
