"""T-RET-01: thirty days after registration at home."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.lately import lately

HOME = at("2025-10-10T07:00:00Z")
DUE = HOME + 30 * DAY
RETURNED = fact("deployment.returnee_registered", HOME, id="home", body={"country": "QA"})


def said(as_of: Instant, *facts: Fact) -> Outcome:
    return only("T-RET-01", journey(*facts), as_of)


@pytest.mark.covers("T-RET-01", "plain", "boundary")
def test_thirty_days_are_in_time_and_a_millisecond_more_is_not() -> None:
    waiting = said(DUE, RETURNED)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DUE + 1
    found = said(DUE + 1, RETURNED)
    assert isinstance(found, Finding)
    assert (found.evidence, found.policy_rows, found.since) == (("home",), ("T-RET-01.default",), DUE)
    assert (found.destination, found.parties) == ("QA", ("NP:office:kathmandu",))


@pytest.mark.covers("T-RET-01", "look_alike")
@pytest.mark.parametrize(("kind", "declined"), [("referred", False), ("referred", True), ("enrolled", None), ("outcome", None)])
def test_an_offer_that_was_declined_and_a_later_step_stand_for_the_referral(kind: str, declined: bool | None) -> None:
    step = fact(f"deployment.reintegration_{kind}", DUE, body={} if declined is None else {"declined": declined})
    assert isinstance(said(DUE + 60 * DAY, RETURNED, step), Clear)


@pytest.mark.covers("T-RET-01", "late")
def test_an_offer_made_late_ends_it_then() -> None:
    late = fact("deployment.reintegration_referred", DUE + 10 * DAY)
    assert isinstance(said(DUE + 9 * DAY, RETURNED, late), Finding)
    assert isinstance(said(DUE + 10 * DAY, RETURNED, late), Clear)


@pytest.mark.covers("T-RET-01", "late")
def test_the_first_registration_counts_and_a_correction_of_its_date_moves_the_end() -> None:
    again = fact("deployment.returnee_registered", HOME + 20 * DAY)
    assert isinstance(said(DUE + 1, RETURNED, again), Finding)
    moved = fact("deployment.returnee_registered", HOME + 5 * DAY, corrects="home", recorded=HOME + 6 * DAY)
    assert isinstance(said(DUE + 1, RETURNED, moved), Clear)
    assert isinstance(said(DUE + 5 * DAY + 1, RETURNED, moved), Finding)


@pytest.mark.covers("T-RET-01", "missing")
def test_sent_home_and_never_registered_is_insufficient() -> None:
    home = fact("deployment.repatriation_done", HOME)
    assert isinstance(said(HOME, home), Insufficient)
    assert isinstance(said(HOME + DAY, home, fact("deployment.reintegration_referred", HOME + DAY)), Clear)


@pytest.mark.covers("T-RET-01", "look_alike")
def test_who_never_came_home_is_no_returnee() -> None:
    assert judge("T-RET-01", journey(fact("deployment.arrived", HOME)), HOME + 100 * DAY) == []


@pytest.mark.covers("T-RET-01", "late")
def test_an_offer_told_late_withdraws_the_alert() -> None:
    offered = fact("deployment.reintegration_referred", HOME + DAY, recorded=DUE + 20 * DAY)
    assert lately("T-RET-01", [RETURNED], [offered], DUE + DAY, DUE + 21 * DAY) == ("raised", "withdrawn")
