"""T-PEN-01: a penalty on a worker within 180 days of their complaint, a finding or an alert."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import judge, only
from tests.support.lately import lately

DAY_0 = at("2025-03-02T08:00:00Z")
NOW = DAY_0 + 400 * DAY


def filed(role: str | None = "worker", **body: Any) -> Fact:
    said = {"complainant_role": role, "country": "QA", "channel": "embassy", **body}
    return fact("complaint.complaint_filed", DAY_0, id="filed", source="/office/QA/mol", refs=Refs(case="K-1"),
                body={name: value for name, value in said.items() if value is not None})  # fmt: skip


def penalty(day: float, kind: str = "fine", on: str | None = "worker", source: str = "/office/QA/moi", id: str = "penalty") -> Fact:
    body = {"kind": kind} | ({"on_kind": on} if on else {})
    return fact("complaint.sanction_imposed", DAY_0 + round(day * DAY), id=id, source=source, body=body)


def outcome(*facts: Fact, as_of: Instant = NOW, issue: str = "penalty") -> Outcome:
    return only("T-PEN-01", journey(*facts), as_of, issue)


@pytest.mark.covers("T-PEN-01", "plain")
@pytest.mark.parametrize("kind", ["fine", "deportation", "blacklist", "fee", "suspension", "other"])
def test_any_penalty_after_the_workers_own_complaint(kind: str) -> None:
    found = outcome(filed(), penalty(20, kind))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == (kind, ("filed", "penalty"), DAY_0 + 20 * DAY)
    assert (found.policy_rows, found.destination, found.channel) == (("T-PEN-01.default",), "QA", "")


@pytest.mark.covers("T-PEN-01", "boundary")
def test_180_days_and_not_a_millisecond_more() -> None:
    ms = 1 / DAY
    assert isinstance(outcome(filed(), penalty(180)), Finding)
    assert isinstance(outcome(filed(), penalty(180 + ms)), Clear)
    assert isinstance(outcome(filed(), penalty(-ms)), Clear)


@pytest.mark.covers("T-PEN-01", "look_alike")
@pytest.mark.parametrize("role", ["employer", "agency", "family"])
def test_anothers_complaint_is_not_the_workers_own(role: str) -> None:
    assert isinstance(outcome(filed(role), penalty(20)), Clear)


@pytest.mark.covers("T-PEN-01", "look_alike")
def test_a_sanction_on_the_employer_is_no_penalty_on_the_worker() -> None:
    assert judge("T-PEN-01", journey(filed(), penalty(20, on="employer")), NOW) == []


@pytest.mark.covers("T-PEN-01", "missing")
def test_on_whom_it_was_or_whose_complaint_it_was_is_not_known() -> None:
    assert isinstance(outcome(filed(), penalty(20, on=None)), Insufficient)
    assert isinstance(outcome(filed(None), penalty(20)), Insufficient)
    assert isinstance(outcome(penalty(20, on=None)), Clear)


def test_a_return_home_counts_where_it_is_a_deportation() -> None:
    def home(cause: str) -> Fact:
        return fact("deployment.repatriation_done", DAY_0 + 30 * DAY, id="home", source="/office/QA/moi",
                    body={"country": "QA", "cause": cause, "outstanding": {"minor": 0, "currency": "QAR"}})  # fmt: skip

    found = outcome(filed(), home("deportation"), issue="home")
    assert isinstance(found, Finding)
    assert found.reason == "deportation"
    assert judge("T-PEN-01", journey(filed(), home("contract_end")), NOW) == []


@pytest.mark.covers("T-PEN-01", "plain")
@pytest.mark.parametrize("kind", ["oversight.finding_recorded", "complaint.retaliation_reported"])
def test_after_a_finding_about_the_worker(kind: str) -> None:
    assert isinstance(outcome(fact(kind, DAY_0, body={"kind": "threat", "finding": "F-1"}), penalty(10)), Finding)


ARRIVED = fact("deployment.arrived", DAY_0 - 60 * DAY, id="came", source="/office/QA/mol", body={"country": "QA"})
HELD = fact("deployment.document_custody", DAY_0 - 5 * DAY, id="held", source="/office/QA/mol",
            body={"document": "passport", "holder": "employer"})  # fmt: skip


@pytest.mark.covers("T-PEN-01", "plain")
def test_after_an_alert_of_this_system() -> None:
    """The passport is with the employer: T-DOC-01, whose rows and evidence are named."""
    contract = fact("oversight.contract_authenticated_destination", DAY_0 - 59 * DAY, body={"country": "QA", "employer": "QA:cr:1"})
    found = outcome(ARRIVED, contract, HELD, penalty(10))
    assert isinstance(found, Finding)
    assert {"came", "held", "penalty"} <= set(found.evidence)
    assert {"T-PEN-01.default", "T-DOC-01.QA"} <= set(found.policy_rows)


@pytest.mark.covers("T-PEN-01", "look_alike")
def test_without_complaint_finding_or_alert_it_is_a_penalty_like_others() -> None:
    assert isinstance(outcome(penalty(10)), Clear)


def test_what_is_found_only_later_was_no_alert_when_the_penalty_came() -> None:
    later = fact(HELD.type, DAY_0 + 50 * DAY, body=HELD.body)
    assert isinstance(outcome(fact("recruitment.worker_registered", DAY_0 - 90 * DAY), later, penalty(10)), Clear)


@pytest.mark.covers("T-PEN-01", "late")
def test_a_complaint_that_is_told_late_makes_it_one() -> None:
    late = structs.replace(filed(), recorded=DAY_0 + 60 * DAY)
    assert isinstance(outcome(penalty(10)), Clear)
    assert isinstance(outcome(late, penalty(10)), Finding)


def test_the_state_that_penalises_is_not_told() -> None:
    found = outcome(filed(), penalty(10, "blacklist", source="/office/NP/dofe"))
    assert isinstance(found, Finding)
    assert found.channel == "oversight-restricted"


def test_a_correction_ends_it() -> None:
    undone = fact("complaint.sanction_imposed", DAY_0 + 10 * DAY, id="undone", source="/office/QA/moi", corrects="penalty",
                  retracted=True, recorded=DAY_0 + 50 * DAY)  # fmt: skip
    assert judge("T-PEN-01", journey(filed(), penalty(10), undone), NOW) == []


@pytest.mark.covers("T-PEN-01", "late")
def test_a_penalty_that_is_taken_back_late_withdraws_the_alert() -> None:
    undone = fact("complaint.sanction_imposed", DAY_0 + 10 * DAY, source="/office/QA/moi", corrects="penalty", retracted=True,
                  recorded=DAY_0 + 50 * DAY)  # fmt: skip
    assert lately("T-PEN-01", [filed(), penalty(10)], [undone], DAY_0 + 11 * DAY, DAY_0 + 51 * DAY) == ("raised", "withdrawn")
