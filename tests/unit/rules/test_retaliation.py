"""T-RTL-01: what follows the worker's own complaint within ninety days."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support import places
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge, only
from tests.support.lately import lately

DAY_0 = at("2025-03-02T08:00:00Z")
NOW = DAY_0 + 300 * DAY
CASE = "K-1"
ACTS = {
    "absconding_report": ("complaint.absconding_report_received", {}),
    "dismissal": ("deployment.worker_dismissed", {"reason": "misconduct"}),
    "transfer": ("deployment.employer_transferred", {"from_employer": "QA:cr:1", "to_employer": "QA:cr:2"}),
    "eviction": ("deployment.worker_evicted", {}),
}


def filed(day: float = 0, role: str | None = "worker", case: str | None = CASE, **body: Any) -> Fact:
    said = {"complainant_role": role, "country": "QA", "employer": "QA:cr:1", "channel": "embassy", **body}
    return fact("complaint.complaint_filed", DAY_0 + round(day * DAY), id=f"filed-{day}", source="/office/QA/mol", refs=Refs(case=case),
                body={name: value for name, value in said.items() if value is not None})  # fmt: skip


def act(name: str, day: float, **body: Any) -> Fact:
    kind, own = ACTS[name]
    return fact(kind, DAY_0 + round(day * DAY), id=name, source="/office/QA/mol", body={"employer": "QA:cr:1", **own, **body})


def wage(name: str, month: int, paid: bool = False, period: bool = True) -> Fact:
    """Of the month ending on the last day of February (0), March (1), ...; due on the fifth, paid on the fourth."""
    ends, due = ("2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31")[month], f"2025-0{month + 3}-05"
    starts = ends[:8] + "01"
    body = {"employer": "QA:cr:1"} | ({"period_start": starts, "period_end": ends} if period else {})
    kind = "deployment.wage_paid" if paid else "deployment.wage_due"
    moment = f"2025-0{month + 3}-04" if paid else f"2025-0{month + 3}-01"
    return fact(kind, moment, id=name, source="/office/QA/wps", body=body if paid else body | {"due": due})


def outcome(*facts: Fact, as_of: Instant = NOW, issue: str = CASE) -> Outcome:
    return only("T-RTL-01", journey(*facts), as_of, issue)


@pytest.mark.covers("T-RTL-01", "plain")
@pytest.mark.parametrize("name", ACTS)
def test_each_act_after_the_complaint(name: str) -> None:
    found = outcome(filed(), act(name, 20))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == (name, tuple(sorted(("filed-0", name))), DAY_0 + 20 * DAY)
    assert (found.policy_rows, found.destination, found.parties) == (("T-RTL-01.default",), "QA", ("QA:cr:1",))


@pytest.mark.parametrize("kind", ["threat", "wage_stop", "other"])
def test_a_report_of_retaliation_of_any_kind(kind: str) -> None:
    found = outcome(filed(), fact("complaint.retaliation_reported", DAY_0 + DAY, body={"kind": kind}))
    assert isinstance(found, Finding)
    assert found.reason == kind


@pytest.mark.covers("T-RTL-01", "boundary")
def test_ninety_days_and_not_a_millisecond_more() -> None:
    ms = 1 / DAY
    assert isinstance(outcome(filed(), act("dismissal", 90)), Finding)
    assert isinstance(outcome(filed(), act("dismissal", 90 + ms)), Clear)
    assert isinstance(outcome(filed(), act("dismissal", 0)), Finding)  # of the same instant
    assert isinstance(outcome(filed(), act("dismissal", -ms)), Clear)


def test_another_complaint_begins_the_days_again() -> None:
    said = judge("T-RTL-01", journey(filed(), filed(60, case="K-2"), act("eviction", 100)), NOW)
    assert [(type(each), each.issue) for each in said] == [(Clear, "K-1"), (Finding, "K-2")]


@pytest.mark.covers("T-RTL-01", "look_alike")
@pytest.mark.parametrize("role", ["employer", "agency", "family", "union", "ngo"])
def test_anothers_complaint_is_not_the_workers_own(role: str) -> None:
    assert judge("T-RTL-01", journey(filed(role=role), act("dismissal", 5)), NOW) == []


@pytest.mark.covers("T-RTL-01", "boundary", "missing")
def test_who_filed_it_is_not_known() -> None:
    assert isinstance(outcome(filed(role=None), act("dismissal", 5)), Insufficient)
    assert isinstance(outcome(filed(role=None), act("dismissal", 90)), Insufficient)
    for far in (90 + 1 / DAY, -1 / DAY):
        assert judge("T-RTL-01", journey(filed(role=None), act("dismissal", far)), NOW) == []
    assert judge("T-RTL-01", journey(filed(role=None)), NOW) == []


@pytest.mark.covers("T-RTL-01", "missing")
def test_a_report_of_retaliation_for_a_complaint_that_is_not_here() -> None:
    found = outcome(fact("complaint.retaliation_reported", DAY_0, body={"kind": "threat"}), issue="")
    assert isinstance(found, Insufficient)


@pytest.mark.covers("T-RTL-01", "look_alike")
@pytest.mark.parametrize(("asked", "kind"), [("worker", Clear), ("authority", Clear), ("employer", Finding), (None, Finding)])
def test_a_move_that_the_worker_asked_for_is_a_way_out(asked: str | None, kind: type) -> None:
    assert isinstance(outcome(filed(), act("transfer", 5, **({"asked_by": asked} if asked else {}))), kind)


def test_a_contract_that_ends_by_dismissal_is_one_and_at_its_end_is_none() -> None:
    def ended(reason: str) -> Outcome:
        return outcome(filed(), fact("deployment.contract_ended", DAY_0 + DAY, body={"reason": reason}))

    assert isinstance(ended("dismissed"), Finding)
    assert isinstance(ended("completed"), Clear)


def test_several_acts_are_one_finding_by_the_first() -> None:
    found = outcome(filed(), act("eviction", 30), act("absconding_report", 10))
    assert isinstance(found, Finding)
    assert (found.reason, found.since, len(found.evidence)) == ("absconding_report", DAY_0 + 10 * DAY, 3)
    assert found.summary == "After a complaint of their own the worker was reported as absconded, put out of the housing."


DUE = at("2025-03-05T20:59:59.999Z")  # the last instant of the fifth in Qatar


@pytest.mark.covers("T-RTL-01", "plain", "boundary")
def test_wages_that_were_paid_and_stop_a_week_after_the_next_is_due() -> None:
    """The wage of January was paid before the complaint; the one due three days after it never is."""
    facts = filed(), wage("paid", 0, paid=True), wage("due", 0), wage("due-2", 1)
    before = fact("deployment.wage_paid", DAY_0 - 27 * DAY, id="before", body={"period_start": "2025-01-01", "period_end": "2025-01-31"})
    unpaid = filed(), before, wage("due", 0)
    waiting = outcome(*unpaid, as_of=DUE + 7 * DAY)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DUE + 7 * DAY + 1
    found = outcome(*unpaid, as_of=DUE + 7 * DAY + 1)
    assert isinstance(found, Finding)
    assert (found.reason, found.since, found.evidence) == ("wage_stop", DUE, ("before", "due", "filed-0"))
    assert isinstance(outcome(*facts, as_of=DUE + 8 * DAY), Clear)  # it was paid
    second = outcome(*facts)  # and the next was not
    assert isinstance(second, Finding)
    assert second.evidence == ("due-2", "filed-0", "paid")


@pytest.mark.covers("T-RTL-01", "late")
def test_paid_late_it_ends() -> None:
    before = fact("deployment.wage_paid", DAY_0 - 27 * DAY, body={"period_end": "2025-01-31"})
    late = fact("deployment.wage_paid", DUE + 20 * DAY, body={"period_start": "2025-02-01", "period_end": "2025-02-28"})
    assert isinstance(outcome(filed(), before, wage("due", 0), late, as_of=DUE + 19 * DAY), Finding)
    assert isinstance(outcome(filed(), before, wage("due", 0), late, as_of=DUE + 20 * DAY), Clear)


def test_a_payment_without_a_period_is_for_the_wage_of_its_month() -> None:
    before = fact("deployment.wage_paid", DAY_0 - 27 * DAY)
    assert isinstance(outcome(filed(), before, wage("due", 0)), Finding)
    assert isinstance(outcome(filed(), before, wage("due", 0), wage("paid", 0, paid=True, period=False)), Clear)


@pytest.mark.covers("T-RTL-01", "look_alike")
def test_wages_that_had_stopped_before_are_what_the_complaint_is_about() -> None:
    owed = fact("deployment.wage_due", DAY_0 - 30 * DAY, source="/office/QA/wps", id="owed",
                body={"period_start": "2025-01-01", "period_end": "2025-01-31", "due": "2025-02-05"})  # fmt: skip
    assert isinstance(outcome(filed(), owed, wage("due", 0)), Clear)


@pytest.mark.covers("T-RTL-01", "missing")
def test_without_any_wage_before_nobody_knows_whether_they_stopped() -> None:
    assert isinstance(outcome(filed(), wage("due", 0), as_of=DUE), Clear)
    found = outcome(filed(), wage("due", 0))
    assert isinstance(found, Insufficient)
    assert found.missing == "whether wages were paid before the complaint"


@pytest.mark.covers("T-RTL-01", "late")
def test_late_evidence_of_an_act_is_found_when_it_comes_and_a_correction_ends_it() -> None:
    late = fact("deployment.worker_evicted", DAY_0 + DAY, id="late", recorded=DAY_0 + 100 * DAY)
    undone = fact("deployment.worker_evicted", DAY_0 + DAY, id="never", corrects="late", retracted=True, recorded=DAY_0 + 120 * DAY)
    assert isinstance(outcome(filed(), late), Finding)
    assert isinstance(outcome(filed(), late, undone), Clear)
    assert evaluation("T-RTL-01", journey(filed(), late), NOW).next_due is None


def on_employer(as_of: Instant, *told: tuple[str, int, int]) -> Outcome | None:
    """What the employer's own dossier says, told of (day, days after the complaint, how many workers), none of whom agreed to it."""
    heard = [("retaliation.after_complaint", (day, gap, 0, 0), many) for day, gap, many in told]
    return places.outcome("T-RTL-01", "party:QA:cr:1", as_of, heard=heard)


@pytest.mark.covers("T-RTL-01", "boundary")
def test_five_workers_of_one_employer_within_ninety_days_of_each_other_and_of_their_complaints() -> None:
    ends = at("2025-05-30T21:00:00Z")  # the ninetieth day after 1 March is over in Doha
    five = ("2025-03-01", 90, 4), ("2025-05-30", 90, 1)
    assert isinstance(on_employer(ends - 1, *five), Finding)
    assert isinstance(on_employer(ends, *five), Clear)
    assert isinstance(on_employer(ends - 1, five[0]), Clear)
    assert isinstance(on_employer(ends - 1, five[0], ("2025-05-30", 91, 1)), Clear)


@pytest.mark.covers("T-RTL-01", "late")
def test_a_payment_told_late_withdraws_the_alert() -> None:
    before = fact("deployment.wage_paid", DAY_0 - 27 * DAY, body={"period_end": "2025-01-31"})
    late = fact("deployment.wage_paid", DUE, body={"period_start": "2025-02-01", "period_end": "2025-02-28"}, recorded=DUE + 20 * DAY)
    assert lately("T-RTL-01", [filed(), before, wage("due", 0)], [late], DUE + 8 * DAY, DUE + 21 * DAY) == ("raised", "withdrawn")
