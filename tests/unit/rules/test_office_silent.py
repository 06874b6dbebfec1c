"""T-OFF-01: an office that fell silent."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.views import SumsView
from streams.rules.office_silent import HOURS, INSTANTS
from tests.support.builders import at, fact, sums
from tests.support.judging import evaluation, judge
from tests.support.lately import lately

OFFICE = "party:NP:office:kathmandu"
START = at("2025-01-01T07:12:34.567Z")


def beat(recorded: int, office: str = "kathmandu", **details: int) -> Fact:
    return fact("oversight.office_heartbeat", details.get("time", recorded), recorded=recorded, source=f"/office/NP/{office}",
                subjects=(f"party:NP:office:{office}", OFFICE))  # fmt: skip


def every(hours: float, many: int, begin: int = START) -> list[Fact]:
    return [beat(begin + round(n * hours * HOUR)) for n in range(many)]


def view(facts: list[Fact]) -> SumsView:
    return sums(OFFICE, (HOURS, INSTANTS), *facts)


def outcome(facts: list[Fact], as_of: int) -> Outcome:
    (found,) = judge("T-OFF-01", view(facts), as_of)
    return found


@pytest.mark.covers("T-OFF-01", "plain", "boundary")
@pytest.mark.parametrize(("hours", "limit"), [(1, 48), (12, 48), (24, 48), (25, 50), (30, 60), (48, 96), (168, 336)])
def test_twice_the_usual_interval_and_48_hours_at_least(hours: float, limit: int) -> None:
    facts = every(hours, 30)
    last = max(each.recorded for each in facts)
    waiting = outcome(facts, last + limit * HOUR)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == last + limit * HOUR + 1
    found = outcome(facts, last + limit * HOUR + 1)
    assert isinstance(found, Finding)
    assert (found.since, found.origin, found.parties) == (last + limit * HOUR, "NP", ("NP:office:kathmandu",))
    assert found.evidence == (facts[-1].event_id,)


def test_one_long_outage_in_thirty_does_not_change_what_is_usual() -> None:
    facts = every(24, 30)
    facts += every(24, 5, facts[-1].recorded + 10 * DAY)
    assert isinstance(outcome(facts, facts[-1].recorded + 48 * HOUR + 1), Finding)


@pytest.mark.covers("T-OFF-01", "look_alike")
def test_records_in_bursts_are_one_sign_of_life() -> None:
    """Forty records within the hour, once a week: the week is what is usual."""
    facts = [beat(START + week * 7 * DAY + n * 60_000) for week in range(12) for n in range(40)]
    last = max(each.recorded for each in facts)
    assert isinstance(outcome(facts, last + 13 * DAY), Clear)
    assert isinstance(outcome(facts, last + 14 * DAY + HOUR), Finding)


@pytest.mark.covers("T-OFF-01", "boundary")
def test_an_office_of_which_one_record_is_known_has_48_hours() -> None:
    assert isinstance(outcome(every(1, 1), START + 48 * HOUR), Clear)
    assert isinstance(outcome(every(1, 1), START + 48 * HOUR + 1), Finding)


@pytest.mark.covers("T-OFF-01", "look_alike")
def test_any_event_is_a_sign_of_life_and_a_corrected_one_too() -> None:
    silent = every(24, 10)
    last = silent[-1].recorded
    paper = fact("recruitment.worker_registered", last - 90 * DAY, recorded=last + 30 * HOUR, subjects=(OFFICE,), id="late-paper")
    gone = fact(paper.type, paper.time, corrects="late-paper", retracted=True, recorded=last + 40 * HOUR, subjects=(OFFICE,))
    assert isinstance(outcome([*silent, paper], last + 60 * HOUR), Clear)
    assert isinstance(outcome([*silent, paper, gone], last + 85 * HOUR), Clear)


@pytest.mark.covers("T-OFF-01", "plain")
def test_what_another_office_says_of_it_is_no_sign_of_life() -> None:
    silent = every(24, 10)
    other = beat(silent[-1].recorded + 50 * HOUR, office="pokhara")
    assert isinstance(outcome([*silent, other], silent[-1].recorded + 60 * HOUR), Finding)


@pytest.mark.covers("T-OFF-01", "boundary")
def test_an_event_dated_ahead_moves_no_clock() -> None:
    silent = every(24, 10)
    last = silent[-1].recorded
    ahead = beat(last + 30 * HOUR, time=last + 55 * HOUR)
    assert isinstance(outcome([*silent, ahead], last + 50 * HOUR), Finding)
    at_24 = beat(last + 30 * HOUR, time=last + 54 * HOUR)
    assert isinstance(outcome([*silent, at_24], last + 50 * HOUR), Clear)


def test_a_record_time_years_ahead_moves_no_clock_until_it_can_be_believed() -> None:
    silent = every(24, 10)
    last = silent[-1].recorded
    wrong_clock = beat(last + 400 * DAY)
    found = outcome([*silent, wrong_clock], last + 60 * HOUR)
    assert isinstance(found, Finding)
    assert found.next_at is not None
    assert isinstance(outcome([*silent, wrong_clock], found.next_at), Clear)
    assert isinstance(outcome([*silent, wrong_clock], found.next_at - 1), Finding)


@pytest.mark.covers("T-OFF-01", "missing")
def test_an_office_of_which_nothing_can_be_believed_is_insufficient() -> None:
    wrong_clock = beat(START + 400 * DAY)
    found = outcome([wrong_clock], START)
    assert isinstance(found, Insufficient)
    assert found.next_at == wrong_clock.recorded // HOUR * HOUR
    assert isinstance(outcome([beat(START, time=START + 25 * HOUR), wrong_clock], START + 60 * HOUR), Insufficient)


def test_a_silence_is_seen_as_of_an_instant_before_the_office_came_back() -> None:
    silent = every(24, 10)
    last = silent[-1].recorded
    back = beat(last + 60 * HOUR)
    found = outcome([*silent, back], last + 59 * HOUR)
    assert isinstance(found, Finding)
    assert found.next_at is not None
    assert last + 59 * HOUR < found.next_at <= back.recorded
    assert isinstance(outcome([*silent, back], found.next_at), Clear)


def test_it_ends_when_the_office_is_back() -> None:
    silent = every(24, 10)
    last = silent[-1].recorded
    assert isinstance(outcome([*silent, beat(last + 70 * HOUR)], last + 71 * HOUR), Clear)


def test_parties_that_are_no_offices_have_no_outcome() -> None:
    agency = sums("party:NP:dofe:12", (HOURS, INSTANTS), *every(24, 3))
    assert evaluation("T-OFF-01", agency, START + 90 * DAY).judged == ()


@pytest.mark.covers("T-OFF-01", "late")
def test_a_record_that_arrives_late_withdraws_the_alert() -> None:
    """Recorded within the silence, and delivered days afterwards."""
    silent = every(24, 10)
    last = silent[-1].recorded
    assert lately("T-OFF-01", silent, [beat(last + 40 * HOUR)], last + 50 * HOUR, last + 80 * HOUR) == ("raised", "withdrawn")
