"""T-CMP-02: thirty days to prove the payment in full, and half of the documented loss."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only

DAY_0 = at("2025-03-02T08:00:00Z")
NOW = DAY_0 + 300 * DAY
CASE = "K-1"


def qar(minor: int, currency: str = "QAR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def filed(loss: dict[str, Any] | None = None, case: str = CASE) -> Fact:
    body = {"complainant_role": "worker", "country": "QA", "channel": "embassy"} | ({"loss": loss} if loss else {})
    return fact("complaint.complaint_filed", DAY_0, id=f"filed-{case}", source="/office/QA/mol", refs=Refs(case=case), body=body)


def step(name: str, day: float = 10, case: str | None = CASE, id: str | None = None, **body: Any) -> Fact:
    return fact(f"complaint.complaint_{name}", DAY_0 + round(day * DAY), id=id or name, source="/office/QA/mol", refs=Refs(case=case),
                body=body)  # fmt: skip


def proof(*facts: Fact, as_of: Instant = NOW) -> Outcome:
    return only("T-CMP-02", journey(*facts), as_of, f"{CASE}:proof")


def award(*facts: Fact, as_of: Instant = NOW) -> Outcome:
    return only("T-CMP-02", journey(*facts), as_of, f"{CASE}:award")


@pytest.mark.covers("T-CMP-02", "plain", "boundary")
def test_thirty_days_for_the_proof() -> None:
    facts = filed(), step("settled", award=qar(1000), paid=True)
    waiting = proof(*facts, as_of=DAY_0 + 40 * DAY)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DAY_0 + 40 * DAY + 1
    found = proof(*facts, as_of=DAY_0 + 40 * DAY + 1)
    assert isinstance(found, Finding)
    assert (found.reason, found.since, found.evidence) == ("payment_not_proved", DAY_0 + 40 * DAY, ("filed-K-1", "settled"))
    assert (found.policy_rows, found.destination, found.parties) == (("T-CMP-02.default",), "QA", ("QA:office:mol",))


@pytest.mark.covers("T-CMP-02", "look_alike", "boundary")
@pytest.mark.parametrize(("paid", "kind"), [
    ({"payment_proof": True}, Clear), ({"payment_proof": True, "paid_amount": qar(1000)}, Clear),
    ({"payment_proof": True, "paid_amount": qar(999)}, Finding), ({"payment_proof": False, "paid_amount": qar(1000)}, Finding),
    ({"payment_proof": True, "paid_amount": qar(1000, "NPR")}, Insufficient), ({"paid": True}, Finding),
])  # fmt: skip
def test_full_proof_and_nothing_less(paid: dict[str, Any], kind: type) -> None:
    assert isinstance(proof(filed(), step("settled", award=qar(1000), **paid)), kind)


@pytest.mark.covers("T-CMP-02", "late")
def test_proved_late_it_ends() -> None:
    facts = filed(), step("settled", award=qar(1000)), step("enforced", 60, payment_proof=True, paid_amount=qar(1000))
    assert isinstance(proof(*facts[:2], as_of=DAY_0 + 60 * DAY), Finding)
    assert isinstance(proof(*facts, as_of=DAY_0 + 59 * DAY), Finding)
    assert isinstance(proof(*facts, as_of=DAY_0 + 60 * DAY), Clear)


@pytest.mark.covers("T-CMP-02", "missing")
def test_a_part_that_is_proved_of_an_award_that_nobody_stated_is_insufficient() -> None:
    assert isinstance(proof(filed(), step("settled", payment_proof=True, paid_amount=qar(10))), Insufficient)


@pytest.mark.covers("T-CMP-02", "plain", "boundary")
@pytest.mark.parametrize(("awarded", "kind"), [(500, Clear), (499, Finding), (1000, Clear), (0, Finding)])
def test_half_of_the_documented_loss_is_enough_and_less_is_not(awarded: int, kind: type) -> None:
    found = award(filed(qar(1000)), step("settled", award=qar(awarded), payment_proof=True))
    assert isinstance(found, kind)
    if isinstance(found, Finding):
        assert (found.reason, found.since, found.evidence) == ("award_below_loss", DAY_0 + 10 * DAY, ("filed-K-1", "settled"))


@pytest.mark.covers("T-CMP-02", "look_alike")
def test_a_decision_awards_too_and_one_against_the_worker_awards_nothing() -> None:
    assert isinstance(award(filed(qar(1000)), step("decided", upheld=True, award=qar(300))), Finding)
    assert judge("T-CMP-02", journey(filed(qar(1000)), step("decided", upheld=False)), NOW) == []


@pytest.mark.covers("T-CMP-02", "missing")
@pytest.mark.parametrize(("loss", "awarded", "missing"), [
    (None, qar(1000), "the documented loss"), (qar(1000), None, "what was awarded, in the currency of the loss"),
    (qar(1000), qar(100, "NPR"), "what was awarded, in the currency of the loss"),
])  # fmt: skip
def test_what_cannot_be_compared_is_insufficient(loss: dict[str, Any] | None, awarded: dict[str, Any] | None, missing: str) -> None:
    settled = step("settled", payment_proof=True, award=awarded) if awarded else step("settled", payment_proof=True)
    found = award(filed(loss), settled)
    assert isinstance(found, Insufficient)
    assert found.missing == missing


def test_the_last_settlement_counts() -> None:
    again = filed(qar(1000)), step("settled", award=qar(100)), step("settled", 20, id="better", award=qar(900), payment_proof=True)
    assert isinstance(award(*again), Clear)
    assert isinstance(proof(*again), Clear)


def test_each_case_has_its_own_issues_and_a_step_of_either_is_in_doubt() -> None:
    both = filed(case="K-1"), filed(case="K-2")
    said = {each.issue: type(each) for each in judge("T-CMP-02", journey(*both, step("settled", award=qar(10))), NOW)}
    assert said == {"K-1:proof": Finding, "K-1:award": Insufficient}
    other = fact("complaint.complaint_settled", DAY_0 + DAY, source="/office/QA/mol", body={"award": qar(10)})
    assert {type(each) for each in judge("T-CMP-02", journey(*both, other), NOW)} == {Insufficient}


@pytest.mark.covers("T-CMP-02", "missing")
def test_a_settlement_of_a_complaint_that_is_not_here() -> None:
    (found,) = judge("T-CMP-02", journey(step("settled", award=qar(10))), NOW)
    assert isinstance(found, Insufficient)
    assert found.missing == "the complaint that was settled"
