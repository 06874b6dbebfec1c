"""T-FEE-04: the worker's figure above the payee's, by more than a fifth of it and more than 100 US dollars (13,390 rupees in 2024)."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.deadlines import answer_by
from tests.support.builders import at, journey
from tests.support.fees import AGENCY, BEGAN, BROKER, OTHER, bound_for, edge, fee, refund
from tests.support.judging import judge

HUNDRED = 1_339_000  # 100 US dollars in paisa
THEIRS = 10_000_000  # 100,000 rupees


def books(minor: int | None, payee: str | None = AGENCY, day: float = 1, currency: str = "NPR", **said: object) -> Fact:
    """What the agency declares to have taken."""
    return fee(minor, payee, day, currency, **{"by": "agency", **said})


def outcomes(*facts: Fact, as_of: str | int = "2025-01-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-FEE-04", journey(*facts), at(as_of))}


def said(*facts: Fact, of: str = AGENCY, as_of: str | int = "2025-01-01") -> Outcome:
    return outcomes(*facts, as_of=as_of)[of]


@pytest.mark.covers("T-FEE-04", "plain", "boundary")
def test_above_a_fifth_and_above_a_hundred_dollars() -> None:
    found = said(fee(THEIRS * 12 // 10 + 1, id="paid"), books(THEIRS, id="book"), bound_for("QA"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("more_paid_than_declared", ("book", "paid"))
    assert (found.policy_rows, found.parties) == (("T-FEE-04.default", "T-FEE-05.2024"), (AGENCY,))
    assert (found.since, found.due_at) == (BEGAN + DAY, answer_by(BEGAN + DAY, "P3", "NP"))
    assert isinstance(said(fee(THEIRS * 12 // 10), books(THEIRS)), Clear)  # exactly a fifth


@pytest.mark.covers("T-FEE-04", "boundary")
def test_a_gap_of_a_hundred_dollars_is_not_above_it() -> None:
    assert isinstance(said(fee(1_000_000 + HUNDRED), books(1_000_000)), Clear)
    assert isinstance(said(fee(1_000_000 + HUNDRED + 1), books(1_000_000)), Finding)


@pytest.mark.covers("T-FEE-04", "plain")
def test_the_legal_fee_on_the_receipt_and_ten_times_as_much_paid() -> None:
    assert isinstance(said(fee(THEIRS), books(1_000_000)), Finding)
    assert isinstance(said(fee(1_000_000), books(THEIRS)), Clear)


@pytest.mark.covers("T-FEE-04", "missing")
def test_a_declared_zero_is_a_figure_and_silence_is_none() -> None:
    assert isinstance(said(fee(THEIRS), books(0)), Finding)
    assert isinstance(said(fee(THEIRS)), Insufficient)
    assert isinstance(said(books(THEIRS)), Insufficient)


def test_all_kinds_are_added_up_on_both_sides() -> None:
    assert isinstance(said(fee(THEIRS), books(THEIRS // 2), books(THEIRS // 2, day=2, code="medical")), Clear)
    assert isinstance(said(fee(THEIRS // 2), fee(THEIRS, day=3, code="travel"), books(THEIRS // 2)), Finding)


def test_each_payee_answers_for_its_own() -> None:
    found = outcomes(fee(THEIRS), books(THEIRS), fee(THEIRS, OTHER, 2), books(1, OTHER), fee(THEIRS, "NP:clinic:1", 3, code="medical"))
    assert {issue: type(each) for issue, each in found.items()} == {AGENCY: Clear, OTHER: Finding, "NP:clinic:1": Insufficient}


def test_an_agency_answers_for_the_sub_agent_that_brought_the_worker_to_it() -> None:
    chain = edge(None, BROKER, role="subagent"), edge(BROKER, AGENCY, role="agency"), edge(AGENCY, OTHER, role="destination_agency")
    found = outcomes(fee(THEIRS, BROKER), books(1_000_000), books(1_000_000, OTHER), *chain)
    assert {issue: type(each) for issue, each in found.items()} == {AGENCY: Finding, OTHER: Insufficient}
    alone = outcomes(fee(THEIRS, BROKER), books(1_000_000))
    assert {issue: type(each) for issue, each in alone.items()} == {AGENCY: Insufficient, BROKER: Insufficient}
    own = outcomes(fee(THEIRS, BROKER), books(THEIRS, BROKER), books(1_000_000), *chain)
    assert isinstance(own[BROKER], Clear)


def test_net_of_refunds_that_have_happened() -> None:
    facts = fee(THEIRS), books(1_000_000), refund(THEIRS - 1_000_000, payer=AGENCY)
    assert isinstance(said(*facts), Clear)
    before = said(*facts, as_of=BEGAN + 10 * DAY - 1)
    assert isinstance(before, Finding)
    assert before.next_at == BEGAN + 10 * DAY
    assert isinstance(said(fee(THEIRS), books(1_000_000), refund(THEIRS, payer=OTHER)), Finding)
    assert isinstance(said(fee(THEIRS), books(1_000_000), refund(THEIRS)), Insufficient)  # by nobody knows whom


@pytest.mark.covers("T-FEE-04", "missing")
def test_other_currencies_and_unknown_amounts_are_insufficient_where_they_could_decide() -> None:
    assert isinstance(said(fee(THEIRS), books(100, currency="USD")), Insufficient)
    assert isinstance(said(fee(None), books(THEIRS)), Insufficient)
    assert isinstance(said(fee(THEIRS), books(None)), Insufficient)
    assert isinstance(said(fee(THEIRS), fee(None, day=2), books(1_000_000)), Finding)
    assert isinstance(said(fee(50_000_000, day=-3_000), books(100, day=-3_000)), Insufficient)  # no rates are kept for 2015


def test_a_payee_whom_nobody_names() -> None:
    assert isinstance(said(fee(THEIRS, None), books(1_000_000, None), of=""), Finding)
    assert isinstance(said(fee(THEIRS), books(1_000_000, None)), Finding)
    assert isinstance(said(fee(THEIRS), books(THEIRS, None)), Clear)
    two = fee(THEIRS), fee(THEIRS, OTHER, 2)
    assert {type(each) for each in outcomes(*two, books(THEIRS, None)).values()} == {Insufficient}
    assert {type(each) for each in outcomes(*two, books(1_000_000, None)).values()} == {Finding}  # whichever it is of


@pytest.mark.covers("T-FEE-04", "look_alike")
def test_what_the_employer_paid_is_no_gap() -> None:
    assert isinstance(said(fee(THEIRS, payer="employer"), fee(1_000_000), books(1_000_000)), Clear)
    assert outcomes(fee(THEIRS, payer="employer")) == {}


@pytest.mark.covers("T-FEE-04", "look_alike")
def test_one_payment_told_to_two_offices_is_no_gap() -> None:
    assert isinstance(said(fee(THEIRS), fee(THEIRS, source="/office/QA/kathmandu"), books(THEIRS)), Clear)


@pytest.mark.covers("T-FEE-04", "late")
def test_a_correction_ends_it() -> None:
    assert isinstance(said(fee(THEIRS), books(1_000_000, id="typed")), Finding)
    assert isinstance(said(fee(THEIRS), books(1_000_000, id="typed"), books(THEIRS, id="right", corrects="typed")), Clear)
