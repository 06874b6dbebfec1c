"""T-CON-04: recorded more than seven days after it was due, judged by the first record."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only

LEFT, CAME = at("2025-03-10T09:00:00Z"), at("2025-03-10T18:00:00Z")
DEPARTED = fact("deployment.departed", LEFT, id="left", body={"country": "QA"})
ARRIVED = fact("deployment.arrived", CAME, id="came", body={"country": "QA"})
AS_OF = at("2025-09-01")
REGISTERED, AUTHENTICATED = "oversight.contract_registered_origin", "oversight.contract_authenticated_destination"


def at_origin(*facts: Fact) -> Outcome:
    return only("T-CON-04", journey(DEPARTED, ARRIVED, *facts), AS_OF, "origin")


def at_destination(*facts: Fact) -> Outcome:
    return only("T-CON-04", journey(DEPARTED, ARRIVED, *facts), AS_OF, "destination")


@pytest.mark.covers("T-CON-04", "plain", "boundary")
def test_seven_days_after_departure_is_in_time_and_a_millisecond_more_is_not() -> None:
    assert isinstance(at_origin(fact(REGISTERED, LEFT - DAY, recorded=LEFT + 7 * DAY)), Clear)
    found = at_origin(fact(REGISTERED, LEFT - DAY, id="reg", recorded=LEFT + 7 * DAY + 1))
    assert isinstance(found, Finding)
    assert (found.since, found.evidence, found.parties) == (LEFT, ("left", "reg"), ("NP:office:kathmandu",))


@pytest.mark.covers("T-CON-04", "plain", "boundary")
def test_at_destination_it_counts_from_thirty_days_after_arrival() -> None:
    due = CAME + 30 * DAY
    assert isinstance(at_destination(fact(AUTHENTICATED, due, recorded=due + 7 * DAY)), Clear)
    assert isinstance(at_destination(fact(AUTHENTICATED, due, recorded=due + 7 * DAY + 1)), Finding)


@pytest.mark.covers("T-CON-04", "look_alike")
def test_corrected_late_but_recorded_in_time() -> None:
    first = fact(REGISTERED, LEFT - 3 * DAY, id="reg", recorded=LEFT)
    again = fact(REGISTERED, LEFT - 2 * DAY, corrects="reg", recorded=LEFT + 60 * DAY)
    assert isinstance(at_origin(first, again), Clear)


def test_recorded_late_stays_late_though_corrected_to_an_earlier_time() -> None:
    first = fact(REGISTERED, LEFT + 8 * DAY, id="reg", recorded=LEFT + 8 * DAY + HOUR)
    again = fact(REGISTERED, LEFT - 2 * DAY, corrects="reg", recorded=LEFT + 60 * DAY)
    assert isinstance(at_origin(first, again), Finding)


@pytest.mark.covers("T-CON-04", "late")
def test_a_retracted_first_record_counts_for_nothing() -> None:
    first = fact(REGISTERED, LEFT - 3 * DAY, id="reg", recorded=LEFT)
    gone = fact(REGISTERED, LEFT - 3 * DAY, corrects="reg", retracted=True, recorded=LEFT + DAY)
    second = fact(REGISTERED, LEFT + 20 * DAY, recorded=LEFT + 20 * DAY)
    assert isinstance(at_origin(first, second), Clear)
    assert isinstance(at_origin(first, gone, second), Finding)
    assert isinstance(at_origin(first, gone), Insufficient)


@pytest.mark.covers("T-CON-04", "look_alike")
def test_of_two_registrations_the_first_record_judges() -> None:
    facts = fact(REGISTERED, LEFT - DAY, recorded=LEFT), fact(REGISTERED, LEFT + 40 * DAY, recorded=LEFT + 40 * DAY)
    assert isinstance(at_origin(*facts), Clear)


@pytest.mark.covers("T-CON-04", "late")
def test_a_departure_corrected_to_a_later_day_moves_the_due_date() -> None:
    late = fact(REGISTERED, LEFT + 10 * DAY, recorded=LEFT + 10 * DAY)
    moved = fact("deployment.departed", LEFT + 9 * DAY, corrects="left", recorded=LEFT + 11 * DAY, body={"country": "QA"})
    assert isinstance(at_origin(late), Finding)
    assert isinstance(at_origin(late, moved), Clear)


def test_home_before_it_was_due_has_no_duty_at_destination() -> None:
    home = fact("deployment.repatriation_done", CAME + 20 * DAY)
    assert isinstance(at_destination(home, fact(AUTHENTICATED, CAME + 60 * DAY)), Clear)


def test_a_record_still_to_be_made_is_not_late_yet() -> None:
    made = LEFT + 40 * DAY
    view = journey(DEPARTED, ARRIVED, fact(REGISTERED, LEFT - DAY, recorded=made), fact(AUTHENTICATED, CAME, recorded=CAME + 50 * DAY))
    before = only("T-CON-04", view, made - 1, "origin")
    assert isinstance(before, Insufficient)
    assert before.next_at == made
    assert isinstance(only("T-CON-04", view, made, "origin"), Finding)
    assert isinstance(only("T-CON-04", view, made, "destination"), Insufficient)
    assert isinstance(only("T-CON-04", view, CAME + 50 * DAY, "destination"), Finding)


def test_a_return_from_an_earlier_stay_ends_no_duty_at_destination() -> None:
    earlier, late = fact("deployment.returnee_registered", LEFT - 60 * DAY), fact(AUTHENTICATED, CAME + 40 * DAY)
    assert isinstance(at_destination(earlier, late), Finding)


@pytest.mark.covers("T-CON-04", "missing")
def test_what_was_never_registered_is_insufficient_not_late() -> None:
    assert isinstance(at_origin(), Insufficient)
    assert isinstance(at_destination(), Insufficient)


@pytest.mark.parametrize("issue", ["origin", "destination"])
def test_nothing_is_due_before_departure(issue: str) -> None:
    offered = fact(REGISTERED, LEFT - 10 * DAY)
    assert [type(each) for each in judge("T-CON-04", journey(offered), AS_OF)] == [Clear, Clear]
    assert isinstance(only("T-CON-04", journey(offered), AS_OF, issue), Clear)
