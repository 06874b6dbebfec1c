"""T-RET-02: home, and wages are still owed."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.lately import lately

HOME = at("2025-10-10T07:00:00Z")
NOW = HOME + 100 * DAY


def money(minor: int, currency: str = "QAR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def home(outstanding: int | None = None) -> Fact:
    body = {"country": "QA", "cause": "contract_end"} | ({} if outstanding is None else {"outstanding": money(outstanding)})
    return fact("deployment.repatriation_done", HOME, id="home", source="/office/QA/mol", body=body)


def owed(minor: int, day: int, employer: str | None = "QA:cr:1", id: str = "owed") -> Fact:
    body = {"amount": money(minor)} | ({"employer": employer} if employer else {})
    return fact("deployment.wages_outstanding", HOME + day * DAY, id=id, body=body)


def paid(minor: int, day: int, currency: str = "QAR", employer: str = "QA:cr:1") -> Fact:
    return fact("deployment.wage_paid", HOME + day * DAY, body={"amount": money(minor, currency), "employer": employer})


def outcome(*facts: Fact, as_of: Instant = NOW) -> Outcome:
    return only("T-RET-02", journey(*facts), as_of)


@pytest.mark.covers("T-RET-02", "plain", "boundary")
def test_any_amount_owed_at_the_return() -> None:
    found = outcome(home(1), as_of=HOME)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since, found.destination) == ("wages_outstanding", ("home",), HOME, "QA")
    assert isinstance(outcome(home(0)), Clear)


@pytest.mark.covers("T-RET-02", "plain")
def test_what_an_office_said_on_its_own() -> None:
    found = outcome(home(), owed(1000, -3))
    assert isinstance(found, Finding)
    assert (found.evidence, found.parties) == (("home", "owed"), ("QA:cr:1",))
    assert isinstance(outcome(home(), owed(0, -3)), Clear)
    assert isinstance(outcome(home(), owed(1000, 10)), Finding)  # found out afterwards


@pytest.mark.covers("T-RET-02", "look_alike")
@pytest.mark.parametrize(("facts", "kind"), [
    ((home(0), owed(1000, -3)), Clear), ((home(1000), owed(0, -3)), Finding), ((home(1000), owed(0, 10)), Clear),
    ((home(0), owed(1000, 10)), Finding), ((home(), owed(1000, -9), owed(0, -3, id="then")), Clear),
    ((home(), owed(1000, -9), owed(0, -3, "QA:cr:2", id="other")), Finding),
])  # fmt: skip
def test_the_last_word_counts_for_each_employer(facts: tuple[Fact, ...], kind: type) -> None:
    assert isinstance(outcome(*facts), kind)


@pytest.mark.covers("T-RET-02", "boundary")
@pytest.mark.parametrize(("payment", "kind"), [
    (paid(1000, 20), Clear), (paid(999, 20), Finding), (paid(1000, -1), Finding), (paid(1000, 20, "NPR"), Finding),
    (paid(1000, 20, employer="QA:cr:9"), Clear),
])  # fmt: skip
def test_what_was_paid_since_ends_it(payment: Fact, kind: type) -> None:
    """The total on leaving names no employer, so that any may have paid of it."""
    assert isinstance(outcome(home(1000), payment), kind)


def test_another_employers_payment_does_not() -> None:
    assert isinstance(outcome(home(), owed(1000, -3), paid(1000, 20, employer="QA:cr:9")), Finding)
    assert isinstance(outcome(home(), owed(1000, -3), paid(600, 20), paid(400, 30)), Clear)


@pytest.mark.covers("T-RET-02", "late")
def test_paid_late_it_was_a_finding_until_then() -> None:
    assert isinstance(outcome(home(1000), paid(1000, 20), as_of=HOME + 19 * DAY), Finding)
    assert isinstance(outcome(home(1000), paid(1000, 20), as_of=HOME + 20 * DAY), Clear)


@pytest.mark.covers("T-RET-02", "missing")
def test_nobody_said_whether_wages_were_outstanding() -> None:
    assert isinstance(outcome(home()), Insufficient)


@pytest.mark.covers("T-RET-02", "look_alike")
def test_who_has_not_gone_home_is_not_repatriated() -> None:
    assert judge("T-RET-02", journey(owed(1000, 0)), NOW) == []


@pytest.mark.covers("T-RET-02", "late")
def test_a_payment_told_late_withdraws_the_alert() -> None:
    assert lately("T-RET-02", [home(1000)], [paid(1000, 20)], HOME + DAY, NOW) == ("raised", "withdrawn")
