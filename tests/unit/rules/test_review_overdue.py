"""T-TRI-04: twelve calendar months for a corridor, twenty-four for a policy."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import Key
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import CORRIDOR, DESTINATION, outcome, said

LEFT: tuple[tuple[str, Key, int], ...] = (("corridor.departures", ("2024-01-31",), 3),)


def review(time: str, place: str = CORRIDOR, attended: tuple[str, ...] = ("G", "W", "E"), id: str | None = None, **body: object) -> Fact:
    kind = "corridor" if place == CORRIDOR else "policy"
    return said("oversight.review_completed", time, place, id=id, **{"subject_kind": kind, "attended": list(attended), **body})


def corridor(as_of: str | int, *facts: Fact, heard: tuple[tuple[str, Key, int], ...] = LEFT) -> Outcome | None:
    return outcome("T-TRI-04", CORRIDOR, as_of, *facts, heard=heard)


def policy(as_of: str | int, *facts: Fact) -> Outcome | None:
    return outcome("T-TRI-04", DESTINATION, as_of, *facts)


@pytest.mark.covers("T-TRI-04", "plain", "boundary")
def test_twelve_calendar_months_for_a_corridor_the_last_day_included() -> None:
    over = at("2026-02-28T18:15:00Z")
    reviewed = review("2025-02-28T06:00:00Z", id="review")
    before = corridor(over - 1, reviewed)
    assert isinstance(before, Clear)
    assert before.next_at == over
    found = corridor(over, reviewed)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("review_overdue", ("review",), ("T-TRI-04.default",))
    assert found.since == over - 1


def test_a_leap_years_last_day_is_the_months_last() -> None:
    """From the twenty-ninth of February to the twenty-eighth."""
    assert isinstance(corridor(at("2025-02-28T18:14:59Z"), review("2024-02-29T06:00:00Z")), Clear)
    assert isinstance(corridor(at("2025-02-28T18:15:00Z"), review("2024-02-29T06:00:00Z")), Finding)


@pytest.mark.covers("T-TRI-04", "plain", "boundary")
def test_never_reviewed_the_months_run_from_the_first_departure() -> None:
    over = at("2025-01-31T18:15:00Z")
    assert isinstance(corridor(over - 1), Clear)
    found = corridor(over)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("never_reviewed", ("ev-2024-01-31-0", "ev-2024-01-31-1", "ev-2024-01-31-2"))


def test_or_from_the_first_agreement() -> None:
    signed = said("oversight.bla_signed", "2023-05-01", agreement="A", corridor="NP-QA")
    assert isinstance(corridor("2024-05-03", signed), Finding)
    assert corridor("2024-05-03", heard=()) is None


def test_what_an_office_counted_tells_of_the_corridor_too() -> None:
    body = {"corridor": "NP-QA", "departures": 5, "from": "2023-01-01", "until": "2023-01-31"}
    found = corridor("2024-01-03", said("oversight.departures_reported", "2023-02-01", id="report", **body), heard=())
    assert isinstance(found, Finding)
    assert found.evidence == ("report",)


@pytest.mark.parametrize("attended", [("G", "E"), ("G", "W"), ("W", "E")])
def test_a_review_without_one_of_the_three_is_none(attended: tuple[str, ...]) -> None:
    assert isinstance(corridor("2025-02-02", review("2024-12-01", attended=attended)), Finding)


@pytest.mark.covers("T-TRI-04", "look_alike")
def test_a_later_review_that_lacked_someone_takes_nothing_from_one_in_time() -> None:
    assert isinstance(corridor("2025-06-01", review("2024-12-01"), review("2025-03-01", attended=("G", "E"))), Clear)
    assert isinstance(corridor("2025-06-01", review("2025-03-01", attended=("G", "E"))), Finding)


@pytest.mark.covers("T-TRI-04", "boundary", "missing")
def test_of_which_nobody_said_who_attended_it_is_insufficient_as_long_as_it_would_be_in_time() -> None:
    silent = review("2024-12-01T06:00:00Z", attended=())
    over = at("2025-12-01T18:15:00Z")
    found = corridor(over - 1, silent)
    assert isinstance(found, Insufficient)
    assert found.next_at == over
    assert isinstance(corridor(over, silent), Finding)


def test_a_review_told_late_ends_the_finding() -> None:
    assert isinstance(corridor("2025-02-02", review("2024-12-01", recorded="2025-02-01")), Clear)


@pytest.mark.covers("T-TRI-04", "plain", "boundary")
def test_a_policy_has_twenty_four_months() -> None:
    changed = said("oversight.policy_changed", "2022-11-01", DESTINATION, id="law", policy="L-1", **{"from": "2023-01-01"})
    over = at("2025-01-01T21:00:00Z")
    assert isinstance(policy(over - 1, changed), Clear)
    found = policy(over, changed)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("never_reviewed", ("law",))
    assert isinstance(policy("2025-06-01", changed, review("2023-07-01", DESTINATION)), Clear)
    assert isinstance(policy("2025-07-02", changed, review("2023-07-01", DESTINATION)), Finding)


@pytest.mark.covers("T-TRI-04", "missing")
def test_a_corridors_review_is_none_of_the_policy() -> None:
    other = said("oversight.review_completed", "2025-01-01", DESTINATION, CORRIDOR, subject_kind="corridor", attended=["G", "W", "E"])
    assert isinstance(policy("2025-06-01", other), Insufficient)


def test_a_country_of_which_nothing_of_the_kind_is_known_is_not_judged() -> None:
    assert policy("2025-06-01", said("oversight.inspection_done", "2025-01-01", DESTINATION)) is None


@pytest.mark.covers("T-TRI-04", "late")
def test_a_review_told_late_withdraws_the_alert() -> None:
    late = review("2025-01-10", recorded="2025-05-01")
    assert lately("T-TRI-04", [review("2024-02-28")], [late], "2025-03-02", "2025-05-02") == ("raised", "withdrawn")
