"""T-CON-02: not authenticated at destination in the days after arrival."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, only

CAME = "2025-03-10T18:00:00Z"
DUE = at(CAME) + 30 * DAY
DEPARTED = fact("deployment.departed", "2025-03-10T09:00:00Z", body={"country": "QA"})
ARRIVED = fact("deployment.arrived", CAME, id="came", source="/office/QA/mol", body={"country": "QA"})


def authenticated(moment: str | int, **details: str) -> Fact:
    return fact("oversight.contract_authenticated_destination", moment, body={"country": "QA"}, **details)  # type: ignore[arg-type]


def outcome(*facts: Fact, as_of: str | int = "2025-06-01") -> Outcome:
    return only("T-CON-02", journey(*facts), at(as_of))


@pytest.mark.covers("T-CON-02", "plain")
def test_thirty_days_after_arrival() -> None:
    found = outcome(DEPARTED, ARRIVED)
    assert isinstance(found, Finding)
    assert (found.evidence, found.since, found.destination) == (("came",), DUE, "QA")
    assert found.policy_rows == ("T-CON-02.QA",)


@pytest.mark.covers("T-CON-02", "boundary")
def test_the_last_instant_is_in_time_and_the_wait_says_until_when() -> None:
    waiting = outcome(ARRIVED, as_of=DUE)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DUE + 1
    assert isinstance(outcome(ARRIVED, as_of=DUE + 1), Finding)
    assert evaluation("T-CON-02", journey(ARRIVED), DUE).next_due == DUE + 1


@pytest.mark.covers("T-CON-02", "look_alike")
@pytest.mark.parametrize("moment", [DUE - 20 * DAY, DUE, DUE + 40 * DAY])
def test_authenticated_in_time_or_late_ends_it(moment: int) -> None:
    assert isinstance(outcome(ARRIVED, authenticated(moment)), Clear)


def test_late_it_stands_until_then() -> None:
    assert isinstance(outcome(ARRIVED, authenticated(DUE + 5 * DAY), as_of=DUE + 5 * DAY - 1), Finding)


@pytest.mark.covers("T-CON-02", "look_alike", "boundary")
@pytest.mark.parametrize("step", ["deployment.repatriation_done", "deployment.returnee_registered"])
def test_home_before_it_was_due(step: str) -> None:
    assert isinstance(outcome(ARRIVED, fact(step, DUE)), Clear)
    assert isinstance(outcome(ARRIVED, fact(step, DUE + 1)), Finding)


def test_a_return_from_an_earlier_stay_ends_nothing() -> None:
    earlier = fact("deployment.returnee_registered", "2025-01-10")
    assert isinstance(outcome(earlier, DEPARTED, ARRIVED), Finding)
    assert isinstance(outcome(earlier, ARRIVED), Finding)


def test_turned_back_before_the_arrival_was_recorded_is_home() -> None:
    assert isinstance(outcome(DEPARTED, ARRIVED, fact("deployment.repatriation_done", "2025-03-10T12:00:00Z")), Clear)


def test_asked_to_go_home_is_not_home() -> None:
    assert isinstance(outcome(ARRIVED, fact("deployment.repatriation_requested", "2025-03-20")), Finding)


def test_a_registration_at_origin_is_no_authentication() -> None:
    assert isinstance(outcome(ARRIVED, fact("oversight.contract_registered_origin", "2025-03-01")), Finding)


@pytest.mark.covers("T-CON-02", "late")
def test_an_arrival_corrected_to_a_later_day_moves_the_clock() -> None:
    later = fact(ARRIVED.type, "2025-05-20", source=ARRIVED.source, body=ARRIVED.body, corrects="came", recorded="2025-05-21")
    assert isinstance(outcome(ARRIVED), Finding)
    assert isinstance(outcome(ARRIVED, later), Clear)


@pytest.mark.covers("T-CON-02", "missing")
def test_departed_and_no_arrival_is_insufficient_and_neither_is_no_duty() -> None:
    assert isinstance(outcome(DEPARTED), Insufficient)
    assert isinstance(outcome(DEPARTED, as_of="2025-03-10"), Clear)


def test_a_destination_without_a_row_of_its_own_has_thirty_days() -> None:
    there = fact("deployment.arrived", CAME, body={"country": "OM"})
    assert isinstance(outcome(there, as_of=DUE), Clear)
    assert isinstance(outcome(there, as_of=DUE + 1), Finding)
