"""T-FEE-02: a payment that may never be asked for, whatever its amount."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.fees import COSTS, FEES, ILLEGITIMATE
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, journey
from tests.support.fees import AGENCY, BEGAN, OTHER, bound_for, fee, refund
from tests.support.judging import judge


def outcomes(*facts: Fact, as_of: str | int = "2025-01-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-FEE-02", journey(*facts), at(as_of))}


@pytest.mark.covers("T-FEE-02", "plain", "boundary")
@pytest.mark.parametrize("code", ILLEGITIMATE)
def test_each_kind_from_the_smallest_amount_on_and_of_unknown_amount(code: str) -> None:
    for amount in (1, None):
        found = outcomes(fee(amount, code=code, id="paid"), bound_for("QA"))[code]
        assert isinstance(found, Finding)
        assert (found.reason, found.evidence, found.policy_rows) == (f"paid_{code}", ("paid",), ("T-FEE-02.default",))
        assert (found.parties, found.since, found.due_at) == ((AGENCY,), BEGAN, BEGAN + 3 * DAY)
    assert isinstance(outcomes(fee(0, code=code))[code], Clear)


@pytest.mark.covers("T-FEE-02", "look_alike")
@pytest.mark.parametrize("code", [*FEES, *COSTS])
def test_other_kinds_are_not_looked_at(code: str) -> None:
    assert outcomes(fee(9_000_000, code=code)) == {}


def test_each_kind_is_an_issue_of_its_own() -> None:
    found = outcomes(fee(100, code="bribe"), fee(100, OTHER, code="bond", day=3), fee(0, code="collateral"))
    assert {issue: type(each) for issue, each in found.items()} == {"bribe": Finding, "bond": Finding, "collateral": Clear}


@pytest.mark.covers("T-FEE-02", "look_alike", "boundary")
def test_a_deposit_that_was_given_back_in_full_is_no_harm_any_more() -> None:
    paid = fee(500, code="bond")
    assert isinstance(outcomes(paid, refund(500, code="bond"))["bond"], Clear)
    assert isinstance(outcomes(paid, refund(499, code="bond"))["bond"], Finding)
    assert isinstance(outcomes(paid, refund(500, code="recruitment_service"))["bond"], Finding)
    before = outcomes(paid, refund(500, code="bond"), as_of=BEGAN + 10 * DAY - 1)["bond"]
    assert isinstance(before, Finding)
    assert before.next_at == BEGAN + 10 * DAY


@pytest.mark.covers("T-FEE-02", "missing")
def test_what_cannot_be_told_to_be_given_back_in_full_is_insufficient() -> None:
    assert isinstance(outcomes(fee(None, code="bond"), refund(499, code="bond"))["bond"], Insufficient)
    assert isinstance(outcomes(fee(500, code="bond"), refund(5, code="bond", currency="USD"))["bond"], Insufficient)


@pytest.mark.parametrize("payer", ["employer", "agency"])
def test_a_bribe_is_one_whoever_pays_and_another_payer_costs_the_worker_nothing(payer: str) -> None:
    assert isinstance(outcomes(fee(500, code="bribe", payer=payer))["bribe"], Finding)
    assert isinstance(outcomes(fee(500, code="kickback", payer=payer, by="agency"))["kickback"], Finding)
    for code in ("bond", "collateral", "visa_purchase", "illicit_recovery"):
        assert isinstance(outcomes(fee(500, code=code, payer=payer))[code], Clear)
    assert isinstance(outcomes(fee(500, code="bond", payer="family"))["bond"], Finding)


@pytest.mark.covers("T-FEE-02", "missing")
def test_who_paid_being_unknown_is_insufficient() -> None:
    assert isinstance(outcomes(fee(500, code="bond", payer=None, by="agency"))["bond"], Insufficient)
    assert isinstance(outcomes(fee(500, code="bribe", payer=None, by="agency"))["bribe"], Finding)
    assert isinstance(outcomes(fee(500, code="bond", payer=None))["bond"], Finding)
    assert isinstance(outcomes(fee(500, code="illicit_recovery", payer=None, by="agency"))["illicit_recovery"], Finding)


@pytest.mark.covers("T-FEE-02", "late")
def test_a_retraction_ends_it() -> None:
    typed = fee(500, code="bribe", id="typed")
    assert isinstance(outcomes(typed)["bribe"], Finding)
    assert outcomes(typed, fee(500, code="bribe", id="never", corrects="typed", retracted=True)) == {}
