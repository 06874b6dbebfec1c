"""T-CMP-01: a worker's complaint was not acknowledged or not followed up in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.views import JourneyView
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge, only
from tests.support.policies import loaded

DAY_0 = at("2025-03-02T08:00:00Z")  # a Sunday
CASE = "K-1"


def filed(case: str | None = CASE, role: str = "worker", country: str = "OM", day: float = 0, **body: Any) -> Fact:
    return fact("complaint.complaint_filed", DAY_0 + round(day * DAY), refs=Refs(case=case), source="/office/OM/mol", id=f"filed-{case}",
                body={"complainant_role": role, "country": country, **body})  # fmt: skip


def step(name: str, day: float, case: str | None = CASE, **body: Any) -> Fact:
    kind = name if "." in name else f"complaint.complaint_{name}"
    return fact(kind, DAY_0 + round(day * DAY), refs=Refs(case=case), source="/office/OM/mol", body=body)


def outcome(*facts: Fact, day: float, case: str = CASE) -> Outcome:
    return only("T-CMP-01", journey(*facts), DAY_0 + round(day * DAY), case)


def reason(found: Outcome) -> str:
    assert isinstance(found, Finding), found
    return found.reason


MS = 1 / DAY


@pytest.mark.covers("T-CMP-01", "plain", "boundary")
def test_three_days_to_acknowledge() -> None:
    waiting = outcome(filed(), day=3)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DAY_0 + 3 * DAY + 1
    found = outcome(filed(), day=3 + MS)
    assert reason(found) == "not_acknowledged"
    assert isinstance(found, Finding)
    assert (found.since, found.parties, found.evidence) == (DAY_0 + 3 * DAY, ("OM:office:mol",), ("filed-K-1",))


@pytest.mark.covers("T-CMP-01", "boundary")
def test_acknowledged_at_the_last_instant_waits_for_the_follow_up() -> None:
    waiting = outcome(filed(), step("acknowledged", 3), day=10)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DAY_0 + 30 * DAY + 1
    assert reason(outcome(filed(), step("acknowledged", 3), day=30 + MS)) == "not_followed_up"


@pytest.mark.covers("T-CMP-01", "late")
def test_acknowledged_late_ends_it_then() -> None:
    late = filed(), step("acknowledged", 10)
    assert reason(outcome(filed(), day=10)) == "not_acknowledged"
    assert reason(outcome(*late, day=9)) == "not_acknowledged"
    assert isinstance(outcome(*late, day=10), Clear)


@pytest.mark.covers("T-CMP-01", "boundary")
@pytest.mark.parametrize(("severity", "days"), [("P1", 7), ("P2", 21), ("P3", 30)])
def test_the_graver_the_sooner(severity: str, days: int) -> None:
    facts = filed(severity=severity), step("acknowledged", 1)
    assert isinstance(outcome(*facts, day=days), Clear)
    assert reason(outcome(*facts, day=days + MS)) == "not_followed_up"


@pytest.mark.covers("T-CMP-01", "look_alike")
@pytest.mark.parametrize("later", ["followed_up", "settled", "referred", "decided", "enforced", "complaint.hearing_held"])
def test_a_later_step_stands_for_the_missing_earlier_one(later: str) -> None:
    assert isinstance(outcome(filed(), step(later, 2), day=300), Clear)


def test_closing_counts_only_where_the_worker_confirmed_it() -> None:
    assert isinstance(outcome(filed(), step("closed", 2, confirmed_by_worker=True), day=60), Clear)
    for said in ({}, {"confirmed_by_worker": False}, {"reason": "repatriated"}):
        assert reason(outcome(filed(), step("closed", 2, **said), day=60)) == "not_acknowledged"


@pytest.mark.covers("T-CMP-01", "look_alike")
@pytest.mark.parametrize("role", ["employer", "agency", "family", "union"])
def test_complaints_of_others_have_no_clock_unless_a_row_says_so(role: str) -> None:
    assert isinstance(outcome(filed(role=role), day=300), Clear)


@pytest.mark.covers("T-CMP-01", "missing")
def test_who_filed_is_unknown() -> None:
    assert isinstance(outcome(filed(role=""), day=300), Insufficient)


@pytest.mark.covers("T-CMP-01", "plain", "boundary")
def test_qatar_conciliation_referral_and_decision() -> None:
    """Seven days, then three working days: Sunday 2 March + 7 d is Sunday the 9th; the 12th is the third working day after."""
    facts = [filed(country="QA"), step("acknowledged", 1)]
    assert isinstance(outcome(*facts, day=7), Clear)
    assert reason(outcome(*facts, day=7 + MS)) == "not_followed_up"
    facts.append(step("followed_up", 5))
    last = at("2025-03-12T21:00:00Z") - 1  # the end of Wednesday in Qatar
    assert isinstance(only("T-CMP-01", journey(*facts), last, CASE), Clear)
    assert reason(only("T-CMP-01", journey(*facts), last + 1, CASE)) == "not_settled_or_referred"
    facts.append(step("referred", 9, to="committee"))
    assert isinstance(outcome(*facts, day=30), Clear)
    assert reason(outcome(*facts, day=30 + MS)) == "not_decided"
    assert isinstance(outcome(*facts, step("decided", 40), day=50), Clear)


def test_qatar_a_weekend_is_no_working_day() -> None:
    """Filed on Thursday 27 February: seven days later is Thursday 6 March, and the third working day is Tuesday the 11th."""
    facts = [filed(country="QA", day=-3), step("acknowledged", -2), step("followed_up", 0)]
    last = at("2025-03-11T21:00:00Z") - 1
    assert isinstance(only("T-CMP-01", journey(*facts), last, CASE), Clear)
    assert isinstance(only("T-CMP-01", journey(*facts), last + 1, CASE), Finding)


def test_qatar_a_holiday_is_no_working_day() -> None:
    """Filed on Thursday 20 March: 7 d is Thursday the 27th; Eid is from Sunday the 30th to Tuesday, and the third day is Sunday the 6th."""
    facts = [filed(country="QA", day=18), step("acknowledged", 19), step("followed_up", 20)]
    last = at("2025-04-06T21:00:00Z") - 1
    assert isinstance(only("T-CMP-01", journey(*facts), last, CASE), Clear)
    assert reason(only("T-CMP-01", journey(*facts), last + 1, CASE)) == "not_settled_or_referred"


def test_a_row_may_have_another_weekend(tmp_path: Path) -> None:
    """Friday and Saturday are worked, Sunday is not: three working days after Thursday 6 March are over on Monday the 10th."""
    policy = loaded(tmp_path, """
id = "trial"
rule = "T-CMP-01"
role = "worker"
source = "a test"
ack_days = 3
follow_up_days = 7
settle_days = 7
refer_working_days = 3
weekend = ["SU"]
""")
    facts = [filed(country="QA", day=-3), step("acknowledged", -2), step("followed_up", 0)]
    last = at("2025-03-10T21:00:00Z") - 1
    assert isinstance(only("T-CMP-01", journey(*facts), last, CASE, policy), Clear)
    assert isinstance(only("T-CMP-01", journey(*facts), last + 1, CASE, policy), Finding)


def test_saudi_arabia_gives_21_days_and_domestic_workers_five_and_ten() -> None:
    for isic, days in (("", 21), ("9700", 5)):
        facts = [filed(country="SA", isic=isic), step("acknowledged", 1), step("followed_up", 2)]
        assert isinstance(outcome(*facts, day=days), Clear)
        assert reason(outcome(*facts, day=days + MS)) == "not_settled_or_referred"
    referred = [filed(country="SA", isic="9700"), step("referred", 5)]
    assert isinstance(outcome(*referred, day=15), Clear)
    assert reason(outcome(*referred, day=15 + MS)) == "not_decided"


def test_a_household_contract_says_that_it_is_domestic_work() -> None:
    contract = fact("oversight.contract_registered_origin", DAY_0 - 90 * DAY, body={"country": "SA", "employer_isic": "9700"})
    facts = [contract, filed(country="SA"), step("acknowledged", 1)]
    assert isinstance(outcome(*facts, day=6), Finding)
    assert isinstance(outcome(*facts[1:], day=6), Clear)


def test_one_issue_per_case() -> None:
    facts = filed("K-1"), filed("K-2"), step("settled", 1, "K-2")
    first, second = judge("T-CMP-01", journey(*facts), DAY_0 + 40 * DAY)
    assert (reason(first), type(second)) == ("not_acknowledged", Clear)


@pytest.mark.covers("T-CMP-01", "missing")
def test_a_step_that_names_no_case_belongs_to_the_only_one_and_else_is_insufficient() -> None:
    assert isinstance(outcome(filed(), step("settled", 1, None), day=40), Clear)
    both = judge("T-CMP-01", journey(filed("K-1"), filed("K-2"), step("settled", 1, None)), DAY_0 + 40 * DAY)
    assert [type(each) for each in both] == [Insufficient, Insufficient]


def test_a_complaint_without_a_case_number_is_its_own_issue_through_corrections() -> None:
    again = fact("complaint.complaint_filed", DAY_0 + DAY, corrects="filed-None", source="/office/OM/mol", recorded=DAY_0 + 2 * DAY,
                 body={"complainant_role": "worker", "country": "OM"})  # fmt: skip
    for facts, due in (((filed(None),), 3), ((filed(None), again), 4)):
        found = outcome(*facts, day=20, case="event:filed-None")
        assert isinstance(found, Finding)
        assert found.since == DAY_0 + due * DAY


@pytest.mark.covers("T-CMP-01", "late")
def test_a_retracted_complaint_has_no_clock() -> None:
    gone = fact("complaint.complaint_filed", DAY_0, corrects="filed-K-1", retracted=True, source="/office/OM/mol", recorded=DAY_0 + DAY)
    assert reason(outcome(filed(), day=40)) == "not_acknowledged"
    assert judge("T-CMP-01", journey(filed(), gone), DAY_0 + 40 * DAY) == []


@pytest.mark.covers("T-CMP-01", "missing")
def test_an_answer_without_a_complaint_is_insufficient() -> None:
    assert isinstance(outcome(step("acknowledged", 1), day=40, case=""), Insufficient)


def test_it_runs_on_an_anonymous_call() -> None:
    weak = JourneyView(id="journey:NP:00000000000000aa", known=(filed(),))
    assert isinstance(only("T-CMP-01", weak, DAY_0 + 4 * DAY, CASE), Finding)
    assert evaluation("T-CMP-01", weak, DAY_0).next_due == DAY_0 + 3 * DAY + 1


def test_a_step_that_names_no_case_belongs_to_what_was_filed_by_then_and_is_open() -> None:
    again = fact("complaint.complaint_filed", DAY_0 + 50 * DAY, id="again", source="/office/OM/mol",
                 body={"complainant_role": "worker", "country": "OM"})  # fmt: skip
    first, second = judge("T-CMP-01", journey(filed(None), step("settled", 5, None), again), DAY_0 + 60 * DAY)
    assert reason(first) == "not_acknowledged"
    assert (first.issue, type(second)) == ("event:again", Clear)
    ended = filed("K-1"), step("settled", 2, "K-1"), filed("K-2"), step("acknowledged", 3, None)
    assert [type(each) for each in judge("T-CMP-01", journey(*ended), DAY_0 + 20 * DAY)] == [Clear, Clear]


def test_a_step_before_the_complaint_does_not_answer_it_but_one_of_the_same_day_may() -> None:
    assert reason(outcome(filed(), step("acknowledged", -1, None), day=4)) == "not_acknowledged"
    assert isinstance(outcome(filed(), step("acknowledged", -0.3, None), day=4), Clear)


def test_a_step_of_another_case_of_the_same_office_answers_nothing_here() -> None:
    assert reason(outcome(filed("K-1"), step("settled", 1, "K-2"), day=40)) == "not_acknowledged"


def test_what_another_office_did_under_its_own_number_is_insufficient_for_what_it_could_answer() -> None:
    elsewhere = fact("complaint.complaint_acknowledged", DAY_0 + DAY, refs=Refs(case="E-9"), source="/office/NP/embassy-muscat")
    waiting = outcome(filed(), elsewhere, day=20)
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == DAY_0 + 30 * DAY + 1
    assert reason(outcome(filed(), elsewhere, day=31)) == "not_followed_up"


def test_an_employers_filing_under_the_same_case_does_not_hide_the_workers() -> None:
    both = filed(role="employer"), fact("complaint.complaint_filed", DAY_0 + DAY, refs=Refs(case=CASE), source="/office/OM/mol",
                                        body={"complainant_role": "worker", "country": "OM"})  # fmt: skip
    assert isinstance(outcome(*both, day=4), Clear)
    assert reason(outcome(*both, day=4 + MS)) == "not_acknowledged"


def test_a_domestic_worker_is_known_by_occupation_where_no_contract_tells_the_sector() -> None:
    facts = [filed(country="SA"), step("acknowledged", 1)]
    told = fact("oversight.contract_registered_origin", DAY_0 - 90 * DAY, body={"country": "SA", "isco": "9111"})
    assert isinstance(outcome(told, *facts, day=6), Finding)
    cleaner = fact("oversight.contract_registered_origin", DAY_0 - 90 * DAY, body={"country": "SA", "isco": "9112"})
    assert isinstance(outcome(cleaner, *facts, day=6), Clear)
