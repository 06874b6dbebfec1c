"""T-WAG-01: seven, fifteen and thirty days after the due day, and five per cent."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge, only
from tests.support.lately import lately

MAY, JUNE = "2025-05-01/2025-05-31", "2025-06-01/2025-06-30"
DUE = at("2025-06-07T21:00:00Z") - 1  # the end of 7 June in Qatar
LATE = DUE + 7 * DAY
CONTRACT = "oversight.contract_authenticated_destination"


def qar(minor: int, currency: str = "QAR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def due(amount: int | None = 120_000, period: str = MAY, on: str = "2025-06-07", **details: Any) -> Fact:
    first, last = period.split("/")
    body: dict[str, Any] = {"employer": "QA:cr:1", "period_start": first, "period_end": last, "due": on}
    if amount is not None:
        body["amount"] = qar(amount, details.pop("currency", "QAR"))
    return fact("deployment.wage_due", "2025-05-31T21:00:00Z", id=details.pop("id", "due"), source="/office/QA/mol", body=body, **details)


def paid(moment: str | int, amount: int = 120_000, period: str | None = MAY, less: int | None = None, **details: Any) -> Fact:
    body: dict[str, Any] = {"amount": qar(amount, details.pop("currency", "QAR"))}
    if period is not None:
        body |= dict(zip(("period_start", "period_end"), period.split("/"), strict=False))
    if less is not None:
        body["deductions"] = qar(less)
    return fact("deployment.wage_paid", moment, id=details.pop("id", "paid"), source="/office/QA/mol", body=body, **details)


def contract(wage: int = 120_000, **body: Any) -> Fact:
    return fact(CONTRACT, "2025-03-20", id="paper", body={"country": "QA", "wage": qar(wage), "wage_period": "month", **body})


def outcome(*facts: Fact, as_of: str | int = "2025-12-01", issue: str = MAY) -> Outcome:
    return only("T-WAG-01", journey(*facts), at(as_of), issue)


def test_paid_on_the_due_day_is_in_time() -> None:
    assert isinstance(outcome(due(), paid(DUE)), Clear)


@pytest.mark.covers("T-WAG-01", "plain", "boundary")
def test_seven_days_after_the_end_of_the_due_day_are_in_time_and_a_millisecond_more_is_not() -> None:
    assert isinstance(outcome(due(), paid(LATE)), Clear)
    found = outcome(due(), paid(LATE + 1))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.since, found.evidence) == ("paid_late", "P3", DUE, ("due", "paid"))
    assert (found.policy_rows, found.parties) == (("T-WAG-01.QA",), ("QA:cr:1",))


@pytest.mark.covers("T-WAG-01", "plain", "boundary")
def test_due_and_not_paid_is_a_clock_with_three_tiers() -> None:
    waiting = outcome(due(), as_of=LATE)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == LATE + 1
    third = DUE + 30 * DAY + 1
    said = []
    for moment, severity, again in (
        (LATE + 1, "P3", DUE + 15 * DAY + 1), (DUE + 15 * DAY + 1, "P3", third), (third - 1, "P3", third), (third, "P2", None),
    ):  # fmt: skip
        found = outcome(due(), as_of=moment)
        assert isinstance(found, Finding)
        assert (found.reason, found.severity, found.next_at) == ("not_paid", severity, again)
        assert evaluation("T-WAG-01", journey(due()), moment).next_due == again
        said.append(found.summary)
    assert len(set(said)) == 3


def test_lateness_stands_when_it_is_paid_later() -> None:
    found = outcome(due(), paid(DUE + 31 * DAY))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.next_at) == ("paid_late", "P2", None)


@pytest.mark.covers("T-WAG-01", "boundary")
@pytest.mark.parametrize(("amount", "verdict"), [(120_000, Clear), (114_000, Clear), (113_999, Finding), (60_000, Finding)])
def test_exactly_five_per_cent_short_is_in_full(amount: int, verdict: type) -> None:
    assert isinstance(outcome(due(), paid(DUE, amount)), verdict)


def test_short_it_waits_for_the_rest_and_then_says_so() -> None:
    half = paid(DUE, 60_000)
    assert isinstance(outcome(due(), half, as_of=LATE), Clear)
    found = outcome(due(), half, as_of=LATE + 1)
    assert isinstance(found, Finding)
    assert found.reason == "paid_short"


def test_partial_payments_add_up() -> None:
    parts = [paid(DUE, 60_000, id="one"), paid(DUE + 2 * DAY, 60_000, id="two")]
    assert isinstance(outcome(due(), *parts), Clear)
    late = outcome(due(), parts[0], paid(DUE + 10 * DAY, 60_000, id="late"))
    assert isinstance(late, Finding)
    assert (late.reason, late.evidence) == ("paid_late", ("due", "late", "one"))


@pytest.mark.covers("T-WAG-01", "look_alike")
def test_payments_for_parts_of_the_period_belong_to_it() -> None:
    first, second = paid(DUE, 60_000, "2025-05-01/2025-05-15", id="one"), paid(DUE, 60_000, "2025-05-16/2025-05-31", id="two")
    assert isinstance(outcome(due(), first, second), Clear)


@pytest.mark.covers("T-WAG-01", "look_alike")
def test_the_stated_prorated_due_counts_not_the_contract() -> None:
    assert isinstance(outcome(contract(), due(60_000), paid(DUE, 60_000)), Clear)
    assert isinstance(outcome(contract(), due(0)), Clear)


def test_without_a_stated_amount_the_contract_tells_it() -> None:
    assert isinstance(outcome(contract(), due(None), paid(DUE)), Clear)
    found = outcome(contract(), due(None), paid(DUE, 100_000))
    assert isinstance(found, Finding)
    assert found.evidence == ("due", "paid", "paper")
    assert isinstance(outcome(contract(wage=30_000, wage_period="week"), due(None), paid(DUE, 124_000)), Clear)


def test_a_period_that_began_before_arrival_is_owed_in_part() -> None:
    arrived = fact("deployment.arrived", "2025-05-20T09:00:00Z", body={"country": "QA"})
    assert isinstance(outcome(arrived, contract(), due(None), paid(DUE, 47_000)), Clear)
    assert isinstance(outcome(arrived, contract(), due(None), paid(DUE, 44_000)), Finding)


@pytest.mark.covers("T-WAG-01", "missing")
def test_amount_unknown_or_in_another_currency() -> None:
    assert isinstance(outcome(due(None), paid(DUE)), Insufficient)
    assert isinstance(outcome(due(), paid(DUE, currency="USD")), Insufficient)
    assert isinstance(outcome(due(None), paid(LATE + 1)), Finding)
    assert isinstance(outcome(due(None)), Finding)


def test_deductions_count_as_far_as_a_contract_agrees() -> None:
    kept = paid(DUE, 100_000, less=20_000)
    assert isinstance(outcome(due(), kept), Insufficient)
    assert isinstance(outcome(contract(deductions=qar(20_000)), due(), kept), Clear)
    assert isinstance(outcome(contract(deductions=qar(5_000)), due(), kept), Finding)
    assert isinstance(outcome(due(), paid(DUE, 80_000, less=20_000)), Finding)


@pytest.mark.covers("T-WAG-01", "missing")
def test_a_payment_without_a_wage_due_may_have_been_late() -> None:
    assert isinstance(outcome(contract(), paid(DUE)), Insufficient)
    short = contract(), paid("2025-06-02T09:00:00Z", 100_000)
    limit = at("2025-06-02T09:00:00Z") + 7 * DAY
    waiting = outcome(*short, as_of=limit)
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == limit + 1
    found = outcome(*short, as_of=limit + 1)
    assert isinstance(found, Finding)
    assert found.reason == "paid_short"
    assert isinstance(outcome(paid(DUE, 100_000)), Insufficient)


def test_a_contract_in_cents_of_cents_is_no_short_wage() -> None:
    assert isinstance(outcome(contract(wage=12_000_000), paid(DUE)), Insufficient)


@pytest.mark.covers("T-WAG-01", "missing")
def test_a_payment_of_an_unknown_period_may_be_the_missing_one() -> None:
    loose = paid(DUE, period=None)
    said = {each.issue: type(each) for each in judge("T-WAG-01", journey(due(), loose), at("2025-12-01"))}
    assert said == {"": Insufficient, MAY: Insufficient}


def test_one_such_payment_stands_for_one_wage_the_oldest() -> None:
    june = due(period=JUNE, on="2025-07-07", id="june")
    said = {each.issue: type(each) for each in judge("T-WAG-01", journey(due(), june, paid(DUE, period=None)), at("2025-12-01"))}
    assert said == {"": Insufficient, MAY: Insufficient, JUNE: Finding}


def test_such_a_payment_that_came_too_late_or_is_too_small_excuses_nothing() -> None:
    assert isinstance(outcome(due(), paid(LATE + 1, period=None)), Finding)
    assert isinstance(outcome(due(), paid(DUE, 50_000, period=None)), Finding)
    assert isinstance(outcome(due(), paid(DUE, 60_000, id="half"), paid(DUE, 60_000, period=None)), Insufficient)


def test_a_payment_that_states_its_first_day_is_for_that_wage() -> None:
    first_only = fact("deployment.wage_paid", DUE, body={"amount": qar(120_000), "period_start": "2025-05-01"})
    assert isinstance(outcome(due(), first_only), Clear)


def test_a_payment_for_several_periods_is_for_none_of_them_alone() -> None:
    both = paid(DUE, 240_000, "2025-05-01/2025-06-30")
    june = due(period=JUNE, on="2025-07-07", id="june")
    assert isinstance(outcome(due(), june, both), Insufficient)


def test_each_period_has_its_own_outcome() -> None:
    facts = due(), paid(DUE), due(period=JUNE, on="2025-07-07", id="june")
    assert isinstance(outcome(*facts), Clear)
    assert isinstance(outcome(*facts, issue=JUNE), Finding)


@pytest.mark.covers("T-WAG-01", "late")
def test_a_payment_corrected_late_ends_it() -> None:
    wrong = paid(LATE + DAY)
    right = paid(DUE, id="right", corrects="paid", recorded="2025-08-01")
    assert isinstance(outcome(due(), wrong), Finding)
    assert isinstance(outcome(due(), wrong, right), Clear)


def test_the_due_day_is_a_day_where_the_work_is() -> None:
    malaysia = fact("deployment.arrived", "2025-03-10", body={"country": "MY"})
    ends = at("2025-06-07T16:00:00Z") - 1
    assert isinstance(outcome(malaysia, due(), paid(ends + 7 * DAY)), Clear)
    assert isinstance(outcome(malaysia, due(), paid(ends + 7 * DAY + HOUR)), Finding)


def test_without_wages_there_is_nothing_to_say() -> None:
    assert judge("T-WAG-01", journey(contract()), at("2025-12-01")) == []


@pytest.mark.covers("T-WAG-01", "late")
def test_a_payment_in_time_that_is_told_late_withdraws_the_alert() -> None:
    late = paid(DUE, recorded=LATE + 30 * DAY)
    assert lately("T-WAG-01", [due()], [late], LATE + DAY, LATE + 31 * DAY) == ("raised", "withdrawn")
    stands = paid(LATE + 2 * DAY, recorded=LATE + 30 * DAY)
    assert lately("T-WAG-01", [due()], [stands], LATE + DAY, LATE + 31 * DAY) == ("raised", "updated")
