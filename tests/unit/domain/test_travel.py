"""A worker who travels home neither left nor came, and no rule takes the journey home for the one to work."""

from __future__ import annotations

from dataclasses import replace

from streams.domain.outcomes import Finding
from streams.domain.standings import Standings
from streams.domain.travel import arrival, arrivals, departure, departures
from streams.rules.evaluation import evaluate
from streams.rules.policy import default
from streams.rules.registry import catalogue
from tests.support.builders import at, fact, journey

OUT = fact("deployment.departed", "2025-03-01", worker=["passport:NP:a"], body={"country": "QA"})
IN = fact("deployment.arrived", "2025-03-02", worker=["passport:NP:a"], body={"country": "QA"})
BACK = fact("deployment.departed", "2025-01-10", worker=["passport:NP:a"], body={"country": "NP"})
HOME = fact("deployment.arrived", "2025-01-11", worker=["passport:NP:a"], body={"country": "NP"})
NOBODY_KNOWS = fact("deployment.departed", "2025-02-01", worker=["passport:NP:a"])


def test_the_journey_to_work_is_the_one_that_counts() -> None:
    view = journey(BACK, HOME, OUT, IN)
    assert (departure(view), arrival(view)) == (OUT, IN)
    assert (departures(view), arrivals(view)) == ((OUT,), (IN,))
    assert view.destination == "QA"


def test_one_that_names_no_country_is_taken_as_such() -> None:
    assert departure(journey(BACK, NOBODY_KNOWS, OUT)) == NOBODY_KNOWS


def test_whose_origin_nobody_stated_is_not_at_home_where_the_event_is_kept() -> None:
    view = replace(journey(IN, id="journey:QA:0000000000000001"), person="")
    assert (arrival(view), view.destination) == (IN, "QA")


def test_a_worker_of_whom_only_the_way_home_is_known_is_no_case_of_any_rule() -> None:
    view = journey(BACK, HOME)
    assert view.destination == ""
    judged = evaluate(view, Standings(), default(), at("2026-01-01"), catalogue()).judged
    assert not [each.rule.id for each in judged if isinstance(each.outcome, Finding)]
    assert [each.rule.id for each in evaluate(journey(OUT), Standings(), default(), at("2026-01-01"), catalogue()).judged
            if isinstance(each.outcome, Finding)]  # fmt: skip
