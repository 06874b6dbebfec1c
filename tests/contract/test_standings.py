"""Standings: every type is found by its subject, and has its days, which are whole days of the country, first and last."""

from __future__ import annotations

import pytest

from schemas.catalogue import event_type, event_types
from schemas.examples import example
from schemas.subjects import office, subjects
from schemas.validate import check
from streams.domain.instants import end_of_day, start_of_day
from streams.domain.standings import valid_at
from streams.publishers.identity import seal
from tests.support.builders import at, fact
from tests.support.simulated import KEY

STANDINGS = sorted(each.name for each in event_types() if each.standing)
FIRST, LAST = ("valid_from", "from"), ("valid_until", "until", "expires")
# What holds from its own instant on, until the next word on the same, or was done at that instant.
WITHOUT_DAYS = {
    "licensing.employer_capacity_declared", "oversight.demand_attested", "oversight.action_item_done", "oversight.committee_met",
    "oversight.dialogue_held", "oversight.embassy_budget_reported", "oversight.embassy_staffing_reported", "oversight.review_completed",
}  # fmt: skip
# Whose standings the issue names, by what a rule looks them up with.
LOOKED_UP = {
    "licensing.agency_": "party:", "licensing.officer_": "place:", "licensing.intelligence_": "party:", "oversight.bla_": "place:",
    "oversight.mou_": "place:", "oversight.union_": "place:", "oversight.focal_": "place:", "oversight.demand_": "demand:",
}  # fmt: skip


def days_of(name: str) -> tuple[list[str], list[str]]:
    dates = {field.name for field in event_type(name).fields if field.type == "date"}
    return [each for each in FIRST if each in dates], [each for each in LAST if each in dates]


@pytest.mark.parametrize("name", STANDINGS)
def test_a_standing_has_days_or_is_of_an_instant(name: str) -> None:
    first, last = days_of(name)
    assert bool(first or last) == (name not in WITHOUT_DAYS)
    assert (len(first), len(last)) <= (1, 1)


@pytest.mark.parametrize("name", sorted(set(STANDINGS) - WITHOUT_DAYS))
def test_its_days_are_whole_days_of_the_country_first_and_last(name: str) -> None:
    first, last = days_of(name)
    body = {**dict.fromkeys(first, "2025-03-02"), **dict.fromkeys(last, "2025-03-04")}
    paper = fact(name, "2025-03-01T12:00:00Z", body=body)
    begins = start_of_day("2025-03-02", "NP") if first else at("2025-03-01T12:00:00Z")
    assert [valid_at(paper, instant, "NP") for instant in (begins - 1, begins)] == [False, True]
    end = end_of_day("2025-03-04", "NP")
    assert [valid_at(paper, instant, "NP") for instant in (end - 1, end)] == [True, not last]


@pytest.mark.parametrize("name", STANDINGS)
def test_it_is_found_by_a_subject_beside_the_office_that_published_it(name: str) -> None:
    said = example(name)
    assert set(subjects(said)) - {f"party:{office(said['source'])}"}


@pytest.mark.parametrize(("prefix", "subject"), sorted(LOOKED_UP.items()))
def test_it_is_found_by_whom_or_what_it_is_about(prefix: str, subject: str) -> None:
    named = [name for name in STANDINGS if name.startswith(prefix)]
    assert named
    for name in named:
        assert any(each.startswith(subject) and ":office:" not in each for each in subjects(example(name))), name


@pytest.mark.parametrize("name", sorted(name for name in STANDINGS if all(days_of(name))))
def test_one_that_ends_before_it_begins_is_refused_with_field_and_remedy(name: str) -> None:
    """A day is within it: the last may be the first."""
    (first,), (last,) = days_of(name)
    said = {**seal(example(name), KEY), "time": at("2025-03-01"), "recordedat": at("2025-03-01")}
    said["body"] = said["body"] | {first: "2025-03-02", last: "2025-03-01"}
    (problem,) = check(said, at("2026-01-01"))
    assert (problem.field, problem.reason) == (f"body.{last}", "ends_before_it_begins")
    assert problem.remedy == f"{last} is before {first}: correct one"
    said["body"][last] = "2025-03-02"
    assert check(said, at("2026-01-01")) == []
