"""T-FEE-03: one kind of fee paid to two payees, and a sum above twice what the corridor usually costs."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.fees import CODES
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.deadlines import answer_by
from tests.support.builders import at, journey
from tests.support.fees import AGENCY, BEGAN, BROKER, OTHER, bound_for, edge, fee, refund
from tests.support.judging import judge

KIND = "recruitment_service"


def outcomes(*facts: Fact, origin: str = "NP", as_of: str | int = "2025-01-01") -> dict[str, Outcome]:
    found = judge("T-FEE-03", journey(*facts, id=f"journey:{origin}:0000000000000001"), at(as_of))
    return {each.issue: each for each in found}


def kind(*facts: Fact, of: str = KIND) -> Outcome:
    return outcomes(*facts)[of]


@pytest.mark.covers("T-FEE-03", "plain", "boundary")
def test_one_kind_paid_to_two_payees() -> None:
    found = kind(fee(100, id="one"), fee(100, OTHER, 4, id="two"), bound_for("QA"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("paid_to_several", ("one", "two"), ("T-FEE-03.NP",))
    assert (found.parties, found.since) == ((AGENCY, OTHER), BEGAN + 4 * DAY)
    assert (found.due_at, found.destination) == (answer_by(BEGAN + 4 * DAY, "P3", "NP"), "QA")


@pytest.mark.covers("T-FEE-03", "look_alike")
def test_two_kinds_to_two_payees_and_one_kind_twice_to_one_are_not_stacked() -> None:
    assert isinstance(kind(fee(100), fee(100, OTHER, code="medical")), Clear)
    assert isinstance(kind(fee(100), fee(100, day=3)), Clear)
    assert isinstance(kind(fee(100, "NP:dofe:LT-1"), fee(100, "NP:dofe:lt 1", 3)), Clear)


@pytest.mark.parametrize("code", [code for code in CODES if code not in ("travel", "lodging", "equipment")])
def test_each_kind_is_an_issue_of_its_own(code: str) -> None:
    found = outcomes(fee(100, code=code), fee(100, OTHER, 2, code=code))
    assert isinstance(found[code], Finding)
    assert set(found) == {code, "sum"}


@pytest.mark.covers("T-FEE-03", "look_alike")
@pytest.mark.parametrize("code", ["travel", "lodging", "equipment"])
def test_what_is_bought_from_many_is_no_stack(code: str) -> None:
    assert set(outcomes(fee(100, code=code), fee(100, OTHER, 2, code=code))) == {"sum"}


def test_a_person_and_the_organisation_that_the_person_works_for_are_one() -> None:
    works = edge(None, None, person=BROKER, organisation=AGENCY, role="agency")
    assert isinstance(kind(fee(100), fee(100, BROKER, 2)), Finding)
    assert isinstance(kind(fee(100), fee(100, BROKER, 2), works), Clear)


def test_a_sub_agents_fee_that_the_agency_after_it_declares_may_be_one_payment() -> None:
    chain = edge(None, BROKER, role="subagent"), edge(BROKER, AGENCY, role="agency")
    assert isinstance(kind(fee(100, BROKER), fee(100, AGENCY, 2, by="agency"), *chain), Insufficient)
    assert isinstance(kind(fee(100, BROKER), fee(100, AGENCY, 2), *chain), Finding)


def test_a_public_office_is_no_payee_of_the_chain() -> None:
    both = fee(100, code="administrative"), fee(100, "NP:office:dofe", 1, code="administrative")
    assert isinstance(kind(*both, of="administrative"), Clear)


def test_who_gave_all_back_took_nothing() -> None:
    both = fee(100), fee(100, OTHER, 2)
    assert isinstance(kind(*both, refund(100, payer=OTHER)), Clear)
    assert isinstance(kind(*both, refund(99, payer=OTHER)), Finding)
    assert isinstance(kind(*both, refund(100)), Insufficient)  # nobody knows by whom
    assert isinstance(kind(*both, refund(100, payer=OTHER, code="medical")), Finding)


def test_what_others_paid_and_a_declared_zero_do_not_count() -> None:
    assert isinstance(kind(fee(100), fee(100, OTHER, payer="employer")), Clear)
    assert isinstance(kind(fee(100), fee(0, OTHER)), Clear)


@pytest.mark.covers("T-FEE-03", "missing")
def test_of_unknown_amount_it_is_paid_all_the_same_and_to_nobody_knows_whom_is_insufficient() -> None:
    assert isinstance(kind(fee(100), fee(None, OTHER)), Finding)
    assert isinstance(kind(fee(100), fee(100, None)), Insufficient)
    assert isinstance(kind(fee(100), fee(100, OTHER, payer=None, by="agency")), Insufficient)


def total(minor: int, *others: Fact, origin: str = "BD", to: str = "OM", currency: str = "BDT") -> Outcome:
    return outcomes(bound_for(to), fee(minor, currency=currency), *others, origin=origin)["sum"]


@pytest.mark.covers("T-FEE-03", "plain", "boundary")
def test_exactly_twice_is_not_above_and_all_kinds_add_up() -> None:
    usual = 30_804_700
    assert isinstance(total(2 * usual), Clear)
    found = total(2 * usual, fee(1, OTHER, 3, "BDT", code="travel"))
    assert isinstance(found, Finding)
    assert (found.reason, found.policy_rows, found.since) == ("twice_the_usual", ("T-FEE-03.BD-OM",), BEGAN + 3 * DAY)
    assert isinstance(total(2 * usual + 1, refund(1, currency="BDT")), Clear)
    assert isinstance(total(2 * usual, to="SG"), Clear)  # dearer usually


@pytest.mark.covers("T-FEE-03", "missing")
def test_a_corridor_without_a_published_figure_is_insufficient() -> None:
    assert isinstance(total(99_000_000, origin="ET", to="SA", currency="ETB"), Insufficient)


def test_a_figure_in_dollars_is_compared_at_the_rate_of_the_day() -> None:
    """1,050 US dollars at 133.9 rupees: twice is 281,190 rupees."""
    found = total(28_119_001, origin="NP", to="QA", currency="NPR")
    assert isinstance(found, Finding)
    assert found.policy_rows == ("T-FEE-03.NP", "T-FEE-05.2024")
    assert isinstance(total(28_119_000, origin="NP", to="QA", currency="NPR"), Clear)
    assert isinstance(outcomes(fee(99_000_000, day=-3_000))["sum"], Insufficient)  # no rates are kept for 2015
    assert isinstance(total(99_000_000, origin="NP", to="QA", currency="JPY"), Insufficient)


def test_an_unknown_amount_is_insufficient_where_it_could_decide() -> None:
    assert isinstance(total(100, fee(None, day=2)), Insufficient)
    assert isinstance(total(99_000_000, fee(None, day=2)), Finding)


def test_nothing_paid_says_nothing() -> None:
    assert outcomes(bound_for("QA"), edge(None, AGENCY)) == {}


@pytest.mark.covers("T-FEE-03", "late")
def test_a_payee_put_right_late_ends_it_and_one_named_late_begins_it() -> None:
    first, typed = fee(100), fee(100, OTHER, 2, id="typed")
    right = fee(100, AGENCY, 2, id="right", corrects="typed", recorded="2024-09-01")
    assert isinstance(kind(first, typed), Finding)
    assert isinstance(kind(first, typed, right), Clear)
    unnamed, named = fee(100, None, 2, id="unnamed"), fee(100, OTHER, 2, id="named", corrects="unnamed", recorded="2024-09-01")
    assert isinstance(kind(first, unnamed), Insufficient)
    assert isinstance(kind(first, unnamed, named), Finding)
