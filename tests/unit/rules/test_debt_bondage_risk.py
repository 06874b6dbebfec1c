"""T-FEE-05: loans with interest in months of pay (3 warn, 6 alert, 12 critical), and deductions above half of the pay."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.fees import AGENCY, BEGAN, fee, loan, money
from tests.support.judging import judge

PAY = 100_000  # 1,000 riyal a month
FIRM = "QA:cr:9"
REGISTERED, AUTHENTICATED = "oversight.contract_registered_origin", "oversight.contract_authenticated_destination"


def contract(minor: int | None = PAY, kind: str = REGISTERED, day: float = 30, currency: str = "QAR", **said: Any) -> Fact:
    body = {"country": "QA", "employer": FIRM, "isco": "9313", "wage": money(minor, currency), "wage_period": "month", **said}
    details = {name: body.pop(name) for name in ("id", "corrects", "retracted") if name in body}
    return fact(kind, BEGAN + round(day * DAY), body={k: v for k, v in body.items() if v is not None}, **details)


def wage(kind: str, minor: int, deducted: int | None = None, *, period: bool = True, currency: str = "QAR", **said: Any) -> Fact:
    dates = {"period_start": "2024-07-01", "period_end": "2024-07-31"} if period else {}
    body = {"employer": FIRM, "amount": money(minor), "deductions": money(deducted, currency), **dates} | said
    body["amount"] = money(minor, "QAR")
    return fact(f"deployment.wage_{kind}", BEGAN + 150 * DAY, body={k: v for k, v in body.items() if v is not None}, id=f"wage-{kind}")


def owed(minor: int, day: float = 0, **said: Any) -> Fact:
    """A loan in the currency of the pay, without interest."""
    return loan(minor, day, "QAR", **said)


def outcomes(*facts: Fact, as_of: str | int = "2025-01-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-FEE-05", journey(*facts), at(as_of))}


def debt(*facts: Fact, as_of: str | int = "2025-01-01") -> Outcome:
    return outcomes(*facts, as_of=as_of)["debt"]


@pytest.mark.covers("T-FEE-05", "plain", "boundary")
@pytest.mark.parametrize(("limit", "reason", "severity"), [(3, "debt_heavy", "P3"), (6, "debt_high", "P2"), (12, "debt_critical", "P1")])
def test_each_tier_begins_above_its_months(limit: int, reason: str, severity: str) -> None:
    found = debt(owed(limit * PAY + 1, id="loan"), contract(id="paper"), fee(100))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.evidence) == (reason, severity, ("loan", "paper"))
    assert (found.policy_rows, found.since, found.parties) == (("T-FEE-05.2024",), BEGAN, (AGENCY,))
    exact = debt(owed(limit * PAY), contract())
    assert isinstance(exact, Clear) if limit == 3 else isinstance(exact, Finding) and exact.reason != reason


def test_loans_add_up() -> None:
    found = debt(owed(2 * PAY), owed(PAY + 1, 5), contract())
    assert isinstance(found, Finding)
    assert found.since == BEGAN + 5 * DAY


@pytest.mark.covers("T-FEE-05", "look_alike")
def test_interest_runs_over_the_loans_term() -> None:
    """29.4 % of 250,000 in one year are 73,500, in half a year 36,750."""
    assert isinstance(debt(owed(250_000, rate=29.4, months=12), contract()), Finding)
    assert isinstance(debt(owed(250_000, rate=29.4, months=6), contract()), Clear)
    assert isinstance(debt(owed(250_000, rate=60.0, months=6), contract()), Finding)
    assert isinstance(debt(owed(250_000, rate=0.0, months=60), contract()), Clear)


@pytest.mark.covers("T-FEE-05", "boundary")
def test_a_rate_that_nobody_states_is_the_usual_one() -> None:
    assert isinstance(debt(owed(231_840, rate=None, months=12), contract()), Finding)  # 300,000 with 29.4 %
    assert isinstance(debt(owed(231_840, rate=None, months=12), contract(300_000)), Clear)
    assert isinstance(debt(owed(231_839, rate=None, months=12), contract()), Clear)


@pytest.mark.covers("T-FEE-05", "missing")
def test_a_term_that_nobody_states_is_insufficient_where_interest_could_decide() -> None:
    assert isinstance(debt(owed(PAY, rate=None, months=None), contract()), Insufficient)
    assert isinstance(debt(owed(PAY, rate=0.0, months=None), contract()), Clear)
    found = debt(owed(4 * PAY, rate=29.4, months=None), contract())
    assert isinstance(found, Finding)
    assert found.reason == "debt_heavy"  # without interest it is so already


@pytest.mark.covers("T-FEE-05", "boundary")
def test_two_currencies_are_compared_at_the_rate_of_the_loans_day() -> None:
    """133.9 rupees and 3.64 riyal to the dollar: 3,000 riyal are 110,357.14 rupees."""
    assert isinstance(debt(loan(11_035_715), contract()), Finding)
    assert isinstance(debt(loan(11_035_714), contract()), Clear)
    assert isinstance(debt(loan(11_035_715, 300), contract()), Finding)
    assert isinstance(debt(loan(11_035_715, 310), contract(), as_of="2025-03-01"), Clear)  # 139 rupees in 2025


def test_a_rate_that_policy_does_not_have_is_insufficient() -> None:
    assert isinstance(debt(loan(99_000_000, currency="JPY"), contract()), Insufficient)
    assert isinstance(debt(loan(99_000_000, -3_000), contract(day=-2_990)), Insufficient)  # none are kept for 2015


def test_dinars_have_three_decimals() -> None:
    """90 dinar at 0.307, in 2024: three months are 117,762 rupees."""
    paper = contract(90_000, currency="KWD", country="KW")
    assert isinstance(debt(loan(11_776_300), paper), Finding)
    assert isinstance(debt(loan(11_776_200), paper), Clear)


@pytest.mark.covers("T-FEE-05", "missing")
def test_no_pay_or_a_pay_in_doubt_is_insufficient() -> None:
    assert isinstance(debt(owed(9 * PAY)), Insufficient)
    assert isinstance(debt(owed(9 * PAY), contract(None)), Insufficient)
    assert isinstance(debt(owed(9 * PAY), contract(PAY * 100)), Insufficient)  # a hundred times what is usual (T-DQ-01)
    assert isinstance(debt(owed(9 * PAY), contract(wage_period="piece")), Insufficient)


def test_the_pay_is_that_of_the_contract_in_force() -> None:
    better = contract(300_000, day=10)
    assert isinstance(debt(owed(4 * PAY), better, contract(PAY, AUTHENTICATED, 60)), Finding)
    assert isinstance(debt(owed(4 * PAY), contract(PAY), contract(300_000, AUTHENTICATED, 60)), Clear)
    assert isinstance(debt(owed(4 * PAY), better, contract(PAY, "deployment.contract_amended", 90)), Finding)
    assert isinstance(debt(owed(4 * PAY), contract(PAY, "recruitment.contract_offered")), Finding)
    assert isinstance(debt(owed(4 * PAY), contract(PAY * 100, AUTHENTICATED, 60), contract(PAY)), Finding)  # that one is a slip
    assert isinstance(debt(owed(4 * PAY), contract(1_200_000, wage_period="year")), Finding)


@pytest.mark.covers("T-FEE-05", "look_alike")
def test_a_loan_told_to_two_offices_is_one_and_two_contents_are_in_doubt() -> None:
    assert isinstance(debt(owed(2 * PAY), owed(2 * PAY, source="/office/QA/kathmandu"), contract()), Clear)
    assert isinstance(debt(owed(2 * PAY), owed(2 * PAY), contract()), Finding)
    assert isinstance(debt(owed(PAY, id="one"), owed(9 * PAY, id="one"), contract()), Insufficient)


@pytest.mark.covers("T-FEE-05", "late")
def test_a_correction_ends_it() -> None:
    assert isinstance(debt(owed(9 * PAY, id="typed"), contract()), Finding)
    assert isinstance(debt(owed(9 * PAY, id="typed"), owed(PAY, id="right", corrects="typed"), contract()), Clear)


def test_no_loan_and_no_deductions_say_nothing() -> None:
    assert outcomes(contract(), fee(100), wage("paid", PAY)) == {}


def deductions(*facts: Fact) -> Outcome:
    return outcomes(*facts)["deductions"]


@pytest.mark.covers("T-FEE-05", "plain", "boundary")
def test_agreed_deductions_above_half_of_the_pay() -> None:
    found = deductions(contract(deductions=money(PAY // 2 + 1, "QAR"), id="paper"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.severity) == ("deductions_too_high", ("paper",), "P2")
    assert (found.parties, found.policy_rows, found.since) == ((FIRM,), ("T-FEE-05.2024",), BEGAN + 30 * DAY)
    assert isinstance(deductions(contract(deductions=money(PAY // 2, "QAR"))), Clear)
    assert isinstance(deductions(contract(None, deductions=money(PAY, "QAR"))), Insufficient)
    assert isinstance(deductions(contract(deductions=money(PAY, "NPR"))), Insufficient)


def test_what_was_deducted_is_held_against_what_was_due() -> None:
    found = deductions(wage("due", PAY), wage("paid", 30_000, 50_001))
    assert isinstance(found, Finding)
    assert found.evidence == ("wage-due", "wage-paid")
    assert isinstance(deductions(wage("due", PAY), wage("paid", 30_000, 50_000)), Clear)


def test_without_what_was_due_pay_and_deductions_together_are_the_pay() -> None:
    assert isinstance(deductions(wage("paid", 40_000, 40_001, period=False)), Finding)
    assert isinstance(deductions(wage("paid", 40_000, 40_000)), Clear)
    assert isinstance(deductions(wage("paid", 40_000, 40_001, currency="USD")), Insufficient)


def test_debt_and_deductions_are_two_issues() -> None:
    found = outcomes(owed(9 * PAY), contract(deductions=money(90_000, "QAR")))
    assert {issue: type(each) for issue, each in found.items()} == {"debt": Finding, "deductions": Finding}
