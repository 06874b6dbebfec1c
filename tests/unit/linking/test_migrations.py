"""Which journey an event belongs to: the papers that it names, else its date."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.linking.gather import journey_id
from streams.linking.home import link
from tests.support.builders import fact

REGISTERED, OFFERED, DEPARTED = "recruitment.worker_registered", "recruitment.contract_offered", "deployment.departed"
HOME, ENDED, WAGE = "deployment.repatriation_done", "deployment.contract_ended", "deployment.wage_paid"
FEE, FILED, AUTHENTICATED = "recruitment.fee_declared", "complaint.complaint_filed", "oversight.contract_authenticated_destination"


def event(id: str, type: str, day: str, *, body: dict[str, Any] | None = None, recorded: str | None = None, **refs: str) -> Fact:
    return fact(type, day, id=id, worker=["passport:NP:a"], refs=Refs(**refs), body=body, recorded=recorded)


def journeys(*facts: Fact) -> list[list[str]]:
    """Event ids by journey, in order of their openings."""
    (person,) = link("NP", facts).people
    return [[f.event_id for f in journey.facts] for journey in person.journeys]


FIRST = (event("r1", REGISTERED, "2023-01-01"), event("d1", DEPARTED, "2023-02-01", contract="C1"), event("h1", HOME, "2024-02-01"))


def test_a_return_closes_and_a_registration_opens_the_next() -> None:
    assert journeys(*FIRST, event("r2", REGISTERED, "2024-05-01")) == [["r1", "d1", "h1"], ["r2"]]


def test_what_follows_a_closing_stays_with_the_closed_journey() -> None:
    after = (event("c1", FILED, "2024-03-01", case="K1"), event("back", "deployment.returnee_registered", "2024-03-02"))
    assert journeys(*FIRST, *after, event("r2", REGISTERED, "2024-05-01")) == [["r1", "d1", "h1", "c1", "back"], ["r2"]]


@pytest.mark.parametrize("type", [OFFERED, "oversight.contract_registered_origin", "visa.visa_issued", "visa.clearance_issued", DEPARTED])
def test_a_step_towards_departure_opens_the_next_without_a_registration(type: str) -> None:
    assert journeys(*FIRST, event("new", type, "2024-05-01")) == [["r1", "d1", "h1"], ["new"]]


def test_a_second_registration_while_the_journey_is_open_belongs_to_it() -> None:
    assert journeys(FIRST[0], event("again", REGISTERED, "2023-01-05"), FIRST[1]) == [["r1", "again", "d1"]]


def test_papers_of_the_first_journey_draw_late_events_to_it() -> None:
    late = (event("w1", WAGE, "2024-06-01", contract="C1"), event("c1", FILED, "2024-06-02", contract="C1", case="K1"),
            event("s1", "complaint.complaint_settled", "2024-07-01", case="K1"))  # fmt: skip
    assert journeys(*FIRST, event("r2", REGISTERED, "2024-05-01"), *late) == [["r1", "d1", "h1", "w1", "c1", "s1"], ["r2"]]


def test_a_late_closing_of_the_first_does_not_close_the_second() -> None:
    second = (event("r2", REGISTERED, "2024-05-01"), event("x1", ENDED, "2024-06-01", contract="C1"), event("o2", OFFERED, "2024-07-01"))
    assert journeys(*FIRST, *second) == [["r1", "d1", "h1", "x1"], ["r2", "o2"]]


def test_a_fee_for_the_next_contract_paid_before_its_registration_goes_with_that_contract() -> None:
    fee = event("f2", FEE, "2024-04-01", contract="C2")
    second = (event("r2", REGISTERED, "2024-05-01"), event("o2", OFFERED, "2024-05-10", contract="C2"))
    assert journeys(*FIRST, fee, *second) == [["r1", "d1", "h1"], ["f2", "r2", "o2"]]


def test_back_registration_of_the_old_contract_opens_nothing() -> None:
    late = event("late", "oversight.contract_registered_origin", "2024-03-01", contract="C1")
    assert journeys(*FIRST, late) == [["r1", "d1", "h1", "late"]]


def test_a_demand_decides_only_while_one_journey_has_it() -> None:
    one = (event("r1", REGISTERED, "2023-01-01", demand="NP:dofe:1"), event("h1", HOME, "2024-02-01"))
    late = event("w", WAGE, "2024-08-01", demand="NP:dofe:1")
    assert journeys(*one, event("r2", REGISTERED, "2024-05-01", demand="NP:dofe:2"), late) == [["r1", "h1", "w"], ["r2"]]
    assert journeys(*one, event("r2", REGISTERED, "2024-05-01", demand="NP:dofe:1"), late) == [["r1", "h1"], ["r2", "w"]]


@pytest.mark.parametrize(("moment", "numbers"), [("2025-01-01T18:14:59Z", 1), ("2025-01-01T18:15:00Z", 2)])
def test_a_registration_after_the_planned_end_opens_the_next(moment: str, numbers: int) -> None:
    """The end date's whole local day is included: Nepal's 1 January ends at 18:15Z."""
    contract = event("o1", OFFERED, "2023-01-10", body={"end": "2025-01-01", "country": "NP"})
    assert len(journeys(FIRST[0], contract, event("r2", REGISTERED, moment))) == numbers


def test_the_contract_stated_last_gives_the_planned_end_and_months_do_too() -> None:
    first = event("o1", OFFERED, "2023-01-10", body={"end": "2024-01-01", "country": "QA"})
    longer = event("o2", AUTHENTICATED, "2023-03-10", body={"start": "2023-01-31", "months": 25, "country": "QA"})
    assert journeys(first, event("r2", REGISTERED, "2024-06-01")) == [["o1"], ["r2"]]
    assert journeys(first, longer, event("r2", REGISTERED, "2024-06-01")) == [["o1", "o2", "r2"]]
    assert journeys(first, longer, event("r2", REGISTERED, "2025-03-01")) == [["o1", "o2"], ["r2"]]


def test_of_one_day_the_closing_comes_first() -> None:
    assert journeys(FIRST[0], event("x", ENDED, "2024-02-01"), event("r2", REGISTERED, "2024-02-01"))[1] == ["r2"]


def test_an_event_dated_in_the_future_moves_no_clock() -> None:
    wild = event("wild", HOME, "2023-06-01", recorded="2023-01-15")
    assert len(journeys(FIRST[0], wild, event("o", OFFERED, "2023-07-01"))) == 1


def test_ids_come_from_the_root_of_the_opening_event_and_a_retracted_opening_gives_way() -> None:
    facts = [*FIRST, event("r2", REGISTERED, "2024-05-01"), event("o2", OFFERED, "2024-06-01")]
    (person,) = link("NP", facts).people
    assert [j.id for j in person.journeys] == [journey_id("NP", "/office/NP/kathmandu", name) for name in ("r1", "r2")]
    gone = fact(REGISTERED, "2024-05-01", id="no", worker=["passport:NP:a"], corrects="r2", retracted=True)
    (person,) = link("NP", [*facts, gone]).people
    assert [j.id for j in person.journeys] == [journey_id("NP", "/office/NP/kathmandu", name) for name in ("r1", "o2")]
    assert [j.closed for j in person.journeys] == [True, False]
