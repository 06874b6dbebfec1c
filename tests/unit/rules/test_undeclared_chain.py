"""T-CHN-05: departed, paid, and nobody declared; and ten workers in seven days who were all hired directly."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.fees import COSTS, FEES, ILLEGITIMATE
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import MemorySums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.undeclared_chain import BEHIND, DIRECT, tell_direct_hires
from tests.support.builders import at, fact, journey
from tests.support.fees import AGENCY, BEGAN, OTHER, edge, fee, refund
from tests.support.judging import judge

GONE = BEGAN + 60 * DAY
DEPARTED = fact("deployment.departed", GONE, id="gone", body={"country": "QA"})


def said(*facts: Fact, as_of: str | int = "2025-01-01") -> Outcome:
    (found,) = judge("T-CHN-05", journey(*facts), at(as_of))
    return found


@pytest.mark.covers("T-CHN-05", "plain")
def test_departed_and_paid_and_nobody_declared() -> None:
    found = said(DEPARTED, fee(1, id="paid"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("paid_and_nobody_declared", ("gone", "paid"), ("T-CHN-05.default",))
    assert (found.parties, found.destination, found.since) == ((AGENCY,), "QA", GONE)
    assert found.due_at == answer_by(GONE, "P3", "NP")


@pytest.mark.covers("T-CHN-05", "look_alike", "late")
def test_a_declared_recruiter_ends_it_also_when_declared_late() -> None:
    assert isinstance(said(DEPARTED, fee(1), edge(None, AGENCY)), Clear)
    late = edge(None, AGENCY, 90)
    assert isinstance(said(DEPARTED, fee(1)), Finding)
    assert isinstance(said(DEPARTED, fee(1), late), Clear)
    before = said(DEPARTED, fee(1), late, as_of=BEGAN + 90 * DAY - 1)
    assert isinstance(before, Finding)
    assert before.next_at == BEGAN + 90 * DAY


def test_an_employer_is_no_recruiter_nor_is_who_passes_a_worker_to_itself() -> None:
    assert isinstance(said(DEPARTED, fee(1), edge(None, "QA:cr:9", role="employer")), Finding)
    assert isinstance(said(DEPARTED, fee(1), edge(OTHER, OTHER)), Finding)


@pytest.mark.covers("T-CHN-05", "missing")
def test_a_link_that_does_not_say_to_whom_is_insufficient() -> None:
    assert isinstance(said(DEPARTED, fee(1), edge(None, None)), Insufficient)


@pytest.mark.covers("T-CHN-05", "boundary", "missing")
def test_not_before_departure() -> None:
    assert isinstance(said(fee(1)), Clear)
    assert isinstance(said(fee(1), fact("deployment.arrived", GONE)), Insufficient)
    before = said(DEPARTED, fee(1), as_of=GONE - 1)
    assert isinstance(before, Clear)
    assert before.next_at == GONE
    assert isinstance(said(DEPARTED, fee(1), as_of=GONE), Finding)


@pytest.mark.parametrize("code", [*FEES, *ILLEGITIMATE])
def test_each_kind_that_somebody_takes_for_recruiting(code: str) -> None:
    assert isinstance(said(DEPARTED, fee(1, code=code)), Finding)


@pytest.mark.covers("T-CHN-05", "look_alike")
@pytest.mark.parametrize("code", COSTS)
def test_other_costs_need_no_recruiter(code: str) -> None:
    assert isinstance(said(DEPARTED, fee(9_000_000, code=code)), Clear)


@pytest.mark.covers("T-CHN-05", "look_alike", "boundary")
def test_who_paid_nothing_of_the_kind_may_have_gone_by_own_effort() -> None:
    assert isinstance(said(DEPARTED, fee(500, payer="employer")), Clear)
    assert isinstance(said(DEPARTED, fee(0)), Clear)
    assert isinstance(said(DEPARTED, fee(500), refund(500)), Clear)
    assert isinstance(said(DEPARTED, fee(500), refund(499)), Finding)


@pytest.mark.covers("T-CHN-05", "missing")
def test_an_unknown_amount_is_a_payment_and_unknown_payers_and_fees_are_insufficient() -> None:
    assert isinstance(said(DEPARTED, fee(None)), Finding)
    assert isinstance(said(DEPARTED, fee(500, payer=None, by="agency")), Insufficient)
    assert isinstance(said(DEPARTED), Insufficient)


ORDER = "NP:dofe:D-1"
SUBMITTED = fact("recruitment.demand_submitted", BEGAN - 9 * DAY, subjects=(f"demand:{ORDER}",),
                 body={"employer": "QA:cr:9", "agency": AGENCY, "country": "QA"})  # fmt: skip


def order(days: list[int], *facts: Fact) -> SumsView:
    """A job order to which a journey each told of a registration on these days after 1 March."""
    sums = MemorySums()
    for number, day in enumerate(days):
        sums.add(DIRECT.name, (f"2024-03-{1 + day:02d}",), f"reg-{number}", f"journey:NP:{number}")
    for each in facts:
        for key in BEHIND.keys(each, f"demand:{ORDER}"):
            sums.add(BEHIND.name, key, each.event_id, each.id)
    return SumsView(id=f"demand:{ORDER}", sums=sums, types=frozenset({"recruitment.demand_submitted"}))


def alike(*days: int, as_of: str = "2025-01-01") -> Outcome | None:
    found = judge("T-CHN-05", order(list(days), SUBMITTED), at(as_of))
    return found[0] if found else None


@pytest.mark.covers("T-CHN-05", "plain")
def test_ten_direct_hires_in_seven_days_for_one_job_order() -> None:
    found = alike(*[0] * 5, *[4] * 4, 7, 29)
    assert isinstance(found, Finding)
    assert (found.reason, len(found.evidence), found.policy_rows) == ("direct_hires_alike", 10, ("T-CHN-05.default",))
    assert (found.parties, found.destination, found.authority) == ((AGENCY, "QA:cr:9"), "QA", "NP")
    assert found.since == at("2024-03-07T18:15:00Z")  # 8 March in Kathmandu


@pytest.mark.covers("T-CHN-05", "boundary")
def test_nine_or_ten_in_eight_days_are_none() -> None:
    assert isinstance(alike(*[0] * 9), Clear)
    assert isinstance(alike(0, *[8] * 9), Clear)
    assert isinstance(alike(0, *[8] * 9, 15), Finding)
    assert alike() is None


def test_those_to_come_are_not_counted_yet() -> None:
    found = alike(*[0] * 9, 5, as_of="2024-03-05")
    assert isinstance(found, Clear)
    assert found.next_at == at("2024-03-05T18:15:00Z")
    assert isinstance(alike(5, as_of="2024-03-05"), Clear)


def registered(day: float = 0, **said: Any) -> Fact:
    details = {name: said.pop(name) for name in ("id", "refs") if name in said}
    return fact("recruitment.worker_registered", BEGAN + round(day * DAY), body={"channel": "direct", "demand": ORDER} | said, **details)


def test_a_journey_tells_its_order_once() -> None:
    assert list(tell_direct_hires(journey(registered(id="one"), registered(3, id="again")))) == [
        (f"demand:{ORDER}", DIRECT.name, ("2024-03-01",), ("one",))
    ]
    by_reference = registered(id="one", demand=None, refs=Refs(demand=ORDER))
    assert [about for about, *_ in tell_direct_hires(journey(by_reference))] == [f"demand:{ORDER}"]


@pytest.mark.parametrize("said", [{"channel": "agency"}, {"channel": None}, {"demand": None}])
def test_others_tell_nothing(said: dict[str, Any]) -> None:
    assert list(tell_direct_hires(journey(registered(**said)))) == []
