"""T-DOC-01: the end of the day of the residence permit, or thirty days after entry; then the passport is the worker's."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, only

CAME = "2025-03-10T18:00:00Z"
ENTRY_DUE = at(CAME) + 30 * DAY
DAY_ENDS = at("2025-03-20T21:00:00Z") - 1  # Qatar is three hours ahead
ARRIVED = fact("deployment.arrived", CAME, id="came", source="/office/QA/mol", body={"country": "QA"})
PERMIT = fact("deployment.residence_issued", "2025-03-20T07:00:00Z", id="permit", source="/office/QA/mol", body={"country": "QA"})
CONTRACT = fact("oversight.contract_authenticated_destination", "2025-03-12", body={"country": "QA", "employer": "QA:cr:1"})


def has_it(holder: str, moment: str | int, document: str = "passport", reason: str | None = None, **details: Any) -> Fact:
    body = {"document": document, "holder": holder} | ({"reason": reason} if reason else {})
    return fact("deployment.document_custody", moment, source="/office/QA/mol", body=body, **details)


def outcome(*facts: Fact, as_of: str | int = "2025-06-01") -> Outcome:
    return only("T-DOC-01", journey(*facts), at(as_of))


@pytest.mark.covers("T-DOC-01", "plain")
def test_an_employer_keeps_it_after_the_permit_is_issued() -> None:
    found = outcome(ARRIVED, PERMIT, CONTRACT, has_it("employer", "2025-03-15", id="kept"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == ("held_by_employer", ("came", "kept", "permit"), DAY_ENDS)
    assert (found.policy_rows, found.parties, found.destination) == (("T-DOC-01.QA",), ("QA:cr:1",), "QA")


@pytest.mark.covers("T-DOC-01", "boundary")
def test_the_local_day_of_the_permit_is_grace_and_the_next_instant_is_not() -> None:
    facts = ARRIVED, PERMIT, has_it("employer", "2025-03-15")
    waiting = outcome(*facts, as_of=DAY_ENDS)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DAY_ENDS + 1
    assert isinstance(outcome(*facts, as_of=DAY_ENDS + 1), Finding)
    assert evaluation("T-DOC-01", journey(*facts), DAY_ENDS).next_due == DAY_ENDS + 1


@pytest.mark.covers("T-DOC-01", "plain", "boundary")
def test_without_a_permit_thirty_days_after_entry() -> None:
    facts = ARRIVED, has_it("employer", "2025-03-15")
    assert isinstance(outcome(*facts, as_of=ENTRY_DUE), Clear)
    found = outcome(*facts, as_of=ENTRY_DUE + 1)
    assert isinstance(found, Finding)
    assert found.since == ENTRY_DUE


def test_a_permit_after_thirty_days_gives_no_more_time() -> None:
    late = fact(PERMIT.type, "2025-05-01", body={"country": "QA"})
    assert isinstance(outcome(ARRIVED, late, has_it("employer", "2025-03-15"), as_of="2025-04-20"), Finding)


def test_a_permit_issued_before_entry_counts_from_entry() -> None:
    early = fact(PERMIT.type, "2025-03-01", body={"country": "QA"})
    facts = ARRIVED, early, has_it("employer", at(CAME) + HOUR)
    assert isinstance(outcome(*facts, as_of=at("2025-03-10T21:00:00Z") - 1), Clear)
    assert isinstance(outcome(*facts, as_of="2025-03-10T21:00:00Z"), Finding)


def test_taken_later_it_is_withheld_at_once_and_since_then() -> None:
    found = outcome(ARRIVED, PERMIT, has_it("worker", "2025-03-15"), has_it("employer", "2025-05-01", id="taken"))
    assert isinstance(found, Finding)
    assert found.since == at("2025-05-01")


def test_handed_back_the_finding_ends_and_taken_again_it_returns() -> None:
    kept, back = has_it("employer", "2025-04-01"), has_it("worker", "2025-05-01")
    assert isinstance(outcome(ARRIVED, PERMIT, kept, back, as_of="2025-04-20"), Finding)
    assert isinstance(outcome(ARRIVED, PERMIT, kept, back), Clear)
    again = outcome(ARRIVED, PERMIT, kept, back, has_it("agency", "2025-05-20"))
    assert isinstance(again, Finding)
    assert (again.reason, again.since, again.parties) == ("held_by_agency", at("2025-05-20"), ())


def test_seen_twice_it_is_withheld_since_the_first_time() -> None:
    found = outcome(ARRIVED, PERMIT, has_it("other", "2025-04-01", id="one"), has_it("employer", "2025-05-01", id="two"))
    assert isinstance(found, Finding)
    assert (found.since, found.evidence) == (at("2025-04-01"), ("came", "one", "permit", "two"))


@pytest.mark.covers("T-DOC-01", "look_alike", "missing")
@pytest.mark.parametrize(("holder", "reason", "verdict"), [
    ("embassy", "renewal", Clear), ("embassy", None, Insufficient), ("embassy", "other", Finding),
    ("employer", "renewal", Finding), ("employer", "written_request", Clear), ("employer", "other", Finding),
    ("someone", None, Finding), ("worker", None, Clear),
])  # fmt: skip
def test_who_has_it_and_why(holder: str, reason: str | None, verdict: type) -> None:
    assert isinstance(outcome(ARRIVED, PERMIT, has_it(holder, "2025-04-01", reason=reason)), verdict)


def test_a_written_request_excuses_only_where_the_law_says_so() -> None:
    came = fact("deployment.arrived", CAME, body={"country": "MY"})
    found = outcome(came, has_it("employer", "2025-04-01", reason="written_request"))
    assert isinstance(found, Finding)
    assert found.policy_rows == ("T-DOC-01.default",)


@pytest.mark.covers("T-DOC-01", "look_alike", "missing")
@pytest.mark.parametrize("document", ["permit", "contract", "phone"])
def test_another_document_is_not_the_passport(document: str) -> None:
    assert isinstance(outcome(ARRIVED, PERMIT, has_it("employer", "2025-04-01", document)), Insufficient)
    assert isinstance(outcome(ARRIVED, PERMIT, has_it("worker", "2025-03-30"), has_it("employer", "2025-04-01", document)), Clear)


def test_who_had_it_before_entry_says_nothing_of_now() -> None:
    assert isinstance(outcome(ARRIVED, PERMIT, has_it("worker", "2025-03-01")), Insufficient)
    assert isinstance(outcome(ARRIVED, PERMIT, has_it("agency", "2025-03-01")), Insufficient)


@pytest.mark.covers("T-DOC-01", "missing")
def test_without_custody_or_without_entry_and_permit_it_is_insufficient() -> None:
    assert isinstance(outcome(ARRIVED, PERMIT), Insufficient)
    assert isinstance(outcome(has_it("employer", "2025-04-01")), Insufficient)
    assert isinstance(outcome(PERMIT, has_it("employer", "2025-04-01")), Finding)


@pytest.mark.covers("T-DOC-01", "late")
def test_a_correction_that_comes_late_ends_it() -> None:
    kept = has_it("employer", "2025-04-01", id="kept")
    right = has_it("worker", "2025-04-01", corrects="kept", recorded="2025-05-10")
    assert isinstance(outcome(ARRIVED, PERMIT, kept), Finding)
    assert isinstance(outcome(ARRIVED, PERMIT, kept, right), Clear)
