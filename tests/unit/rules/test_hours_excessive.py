"""T-HRS-01: four weeks above sixty hours, fourteen days without rest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, only
from tests.support.lately import lately

FIRST = date(2025, 5, 4)
ARRIVED = fact("deployment.arrived", "2025-05-03T21:00:00Z", id="came", source="/office/QA/mol", body={"country": "QA"})
CONTRACT = fact("oversight.contract_authenticated_destination", "2025-05-05", body={"country": "QA", "employer": "QA:cr:1"})


def week(number: int, hours: float, rest: float | None = 1.0, shift: int = 0, **details: Any) -> Fact:
    start = FIRST + timedelta(days=7 * number + shift)
    body = {"week_start": start.isoformat(), "hours": hours} | ({} if rest is None else {"rest_days": rest})
    moment = at((start + timedelta(days=7)).isoformat())
    return fact("deployment.hours_recorded", moment, id=details.pop("id", f"w{number}"), source="/office/QA/mol", body=body, **details)


def ended(number: int) -> int:
    """The first instant after a week, in Qatar."""
    return at((FIRST + timedelta(days=7 * (number + 1))).isoformat()) - 3 * HOUR


def outcome(issue: str, *facts: Fact, as_of: str | int | None = None) -> Outcome:
    return only("T-HRS-01", journey(ARRIVED, *facts), at("2025-12-01") if as_of is None else at(as_of), issue)


def hours(*facts: Fact, **details: Any) -> Outcome:
    return outcome("hours", *facts, **details)


def rest(*facts: Fact, **details: Any) -> Outcome:
    return outcome("rest", *facts, **details)


@pytest.mark.covers("T-HRS-01", "plain")
def test_four_weeks_running_above_sixty_hours() -> None:
    found = hours(CONTRACT, *(week(number, 71) for number in range(6)))
    assert isinstance(found, Finding)
    assert (found.evidence, found.since) == (("w0", "w1", "w2", "w3"), at("2025-06-01"))
    assert (found.policy_rows, found.parties, found.destination) == (("T-HRS-01.default",), ("QA:cr:1",), "QA")


@pytest.mark.covers("T-HRS-01", "boundary")
@pytest.mark.parametrize(("last", "verdict"), [(60.0, Clear), (60.5, Finding)])
def test_sixty_hours_are_within_the_limit_in_every_week(last: float, verdict: type) -> None:
    weeks = [week(0, 71), week(1, 71), week(2, 71), week(3, last), week(4, 48)]
    assert isinstance(hours(*weeks), verdict)


@pytest.mark.covers("T-HRS-01", "look_alike")
def test_three_weeks_and_a_shorter_one_are_no_four() -> None:
    weeks = [week(0, 48), week(1, 71), week(2, 71), week(3, 71), week(4, 50), week(5, 71), week(6, 71), week(7, 71), week(8, 48)]
    assert isinstance(hours(*weeks), Clear)


@pytest.mark.covers("T-HRS-01", "missing")
def test_a_week_that_nobody_recorded_is_insufficient_where_it_could_make_four() -> None:
    assert isinstance(hours(week(0, 48), week(1, 71), week(3, 71), week(4, 71), week(5, 48)), Insufficient)
    assert isinstance(hours(week(0, 48), week(1, 71), week(3, 71), week(4, 48)), Clear)
    assert isinstance(hours(week(0, 48), week(5, 48)), Insufficient)


@pytest.mark.covers("T-HRS-01", "boundary")
def test_the_fourth_week_is_waited_for_until_it_is_over() -> None:
    three = [week(number, 71) for number in range(3)]
    waiting = hours(*three, as_of=ended(3) - 1)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == ended(3)
    assert isinstance(hours(*three, as_of=ended(3)), Insufficient)
    assert evaluation("T-HRS-01", journey(ARRIVED, *three), ended(3) - 1).next_due == ended(3)


@pytest.mark.covers("T-HRS-01", "look_alike")
def test_weeks_before_arrival_and_after_the_end_are_not_worked() -> None:
    three = [week(number, 71) for number in range(3)]
    over = fact("deployment.contract_ended", "2025-05-24", body={"country": "QA"})
    assert isinstance(hours(*three, over), Clear)
    unknown = only("T-HRS-01", journey(*three), ended(2), "hours")
    assert isinstance(unknown, Insufficient)


def test_weeks_that_begin_on_another_day_do_not_run_on() -> None:
    weeks = [week(0, 71), week(1, 71), week(2, 71, shift=1), week(3, 71, shift=1), week(4, 48, shift=1)]
    assert isinstance(hours(*weeks), Insufficient)


@pytest.mark.covers("T-HRS-01", "missing")
def test_two_records_of_one_week_that_contradict_are_unknown() -> None:
    weeks = [week(0, 71), week(1, 71), week(2, 71), week(3, 71), week(4, 48)]
    assert isinstance(hours(*weeks, week(3, 50, id="other")), Insufficient)
    assert isinstance(hours(*weeks, week(3, 65, id="other")), Finding)


def test_a_late_correction_of_one_week_ends_it() -> None:
    weeks = [week(0, 71), week(1, 71), week(2, 71), week(3, 71), week(4, 48)]
    right = week(3, 48, id="right", corrects="w3", recorded="2025-08-01")
    assert isinstance(hours(*weeks, right), Clear)


@pytest.mark.covers("T-HRS-01", "plain", "look_alike", "boundary")
def test_fourteen_days_without_rest() -> None:
    found = rest(week(0, 50, 0), week(1, 50, 0), week(2, 50))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("no_day_of_rest", ("w0", "w1"))
    assert isinstance(rest(week(0, 50, 0), week(1, 50, 1), week(2, 50, 0), week(3, 50)), Clear)
    assert isinstance(rest(week(0, 50, 0), week(1, 50, 0.5), week(2, 50)), Clear)


@pytest.mark.covers("T-HRS-01", "missing")
def test_rest_that_nobody_recorded() -> None:
    assert isinstance(rest(week(0, 50, 0), week(1, 50, None), week(2, 50)), Insufficient)
    assert isinstance(rest(week(0, 50, 0), week(2, 50)), Insufficient)
    assert isinstance(rest(week(0, 50, 0), week(1, 0, None), week(2, 50)), Clear)


def test_each_issue_has_its_own_outcome() -> None:
    weeks = [week(number, 71, 1) for number in range(4)]
    assert isinstance(hours(*weeks), Finding)
    assert isinstance(rest(*weeks), Clear)


def test_without_records_there_is_nothing_to_say() -> None:
    assert evaluation("T-HRS-01", journey(ARRIVED), at("2025-12-01")).judged == ()


@pytest.mark.covers("T-HRS-01", "late")
def test_the_correction_of_one_week_withdraws_the_alert() -> None:
    weeks = [week(0, 71), week(1, 71), week(2, 71), week(3, 71), week(4, 48)]
    right = week(3, 48, id="right", corrects="w3", recorded="2025-08-01")
    assert lately("T-HRS-01", [ARRIVED, *weeks], [right], "2025-07-01", "2025-08-02") == ("raised", "withdrawn")
