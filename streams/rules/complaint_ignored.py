"""T-CMP-01: a worker's complaint was not acknowledged, or not followed up, in the time that the office has for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, working_days_after
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

FILED = "complaint.complaint_filed"
REFERRED = "complaint.complaint_referred"
CLOSED = "complaint.complaint_closed"
ENDED = frozenset({"complaint.complaint_settled", "complaint.complaint_decided", "complaint.complaint_enforced", CLOSED})
FOLLOWED = ENDED | {REFERRED, "complaint.complaint_followed_up", "complaint.hearing_held"}
ANSWERED = FOLLOWED | {"complaint.complaint_acknowledged"}

CONTRACTS = ("oversight.contract_registered_origin", "oversight.contract_authenticated_destination")

_SUMMARIES = {
    "not_acknowledged": "A complaint was not acknowledged in time.",
    "not_followed_up": "A complaint was acknowledged and not followed up in time.",
    "not_settled_or_referred": "A complaint was neither settled nor referred in time.",
    "not_decided": "A complaint that was referred was not decided in time.",
}


@dataclass(frozen=True)
class Duty:
    """One step that is due: what counts as taken, and the last instant that is in time. A later step stands for it."""

    reason: str
    due: Instant
    met_by: frozenset[str]


@journey_rule(
    "T-CMP-01", version=1, reads=(FILED, *ANSWERED), audience=("embassy", "focal-office", "oversight-restricted"),
    severity="P3", action="refer", recommendations=("B5", "B9"), indicators=(), weak=True, confidential=True,
    next_step="Ask the office that received the complaint what was done; take it up with the next instance.",
    basis="Qatar: conciliation, referral and decision in the days that the law gives (S88); Saudi Arabia: settlement, then court (S89)",
)  # fmt: skip
def complaint_ignored(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker's complaint was not acknowledged within 3 days, or not followed up within the days of its policy row.

    The row is found by jurisdiction, complainant's role, severity and sector; where no row names a role, its complaints
    have no clock here. A later step stands for a missing earlier one; a step made up late ends the finding. Closing
    counts only when the worker confirmed it. One issue per case. A step that names no case, while several are open, is
    Insufficient for each. The focal office hears of the process alone, without worker or content.
    """
    filings, steps = view.of(FILED), tuple(fact for fact in view.of(*ANSWERED) if _counts(fact))
    cases: dict[str, list[Fact]] = defaultdict(list)
    for filing in filings:
        cases[_case(view, filing)].append(filing)
    for case, filed in sorted(cases.items()):
        own = tuple(step for step in steps if step.refs.case == case)
        loose = tuple(step for step in steps if step.refs.case not in cases)
        yield _judge(view, policy, as_of, case, filed[0], own if len(cases) > 1 else (*own, *loose), bool(loose) and len(cases) > 1)
    if not filings and steps:
        yield Insufficient(missing="the complaint that was answered", evidence=evidence(steps))


def _counts(step: Fact) -> bool:
    """Closing a complaint needs the worker's confirmation (domain.md 5, must-not 10)."""
    return step.type != CLOSED or step.flag("confirmed_by_worker") is True


def _case(view: JourneyView, filing: Fact) -> str:
    return filing.refs.case or f"event:{view.root(filing)}"


def _sector(view: JourneyView) -> str:
    """The contract employer's sector, ISIC; '' when no contract tells."""
    return next((isic for fact in reversed(view.of(*CONTRACTS)) if (isic := fact.text("employer_isic"))), "")


def _judge(
    view: JourneyView, policy: Policy, as_of: Instant, case: str, filing: Fact, steps: Sequence[Fact], doubtful: bool
) -> Outcome:
    jurisdiction = filing.text("country") or filing.jurisdiction
    role, shown = filing.text("complainant_role"), evidence((filing, *steps))
    if role is None:
        return Insufficient(issue=case, missing="who filed the complaint", evidence=shown)
    row = policy.row(
        "T-CMP-01", local_day(filing.time, jurisdiction), jurisdiction=jurisdiction, role=role,
        severity=filing.text("severity") or "", isic=filing.text("isic") or _sector(view),
    )  # fmt: skip
    if row is None:
        return Clear(issue=case, evidence=shown)
    taken = {step.type for step in steps}
    waiting = [duty for duty in _duties(row, filing, steps, jurisdiction) if not duty.met_by & taken]
    late = [duty for duty in waiting if as_of > duty.due]
    if not late:
        return Clear(issue=case, evidence=shown, next_at=min((duty.due + 1 for duty in waiting), default=None))
    if doubtful:
        return Insufficient(issue=case, missing="which case a step belongs to", evidence=shown)
    return _finding(view, case, filing, row, late[0], shown, jurisdiction)


def _duties(row: Row, filing: Fact, steps: Sequence[Fact], jurisdiction: str) -> Iterator[Duty]:
    """Each step of the row's ladder, in order."""
    yield Duty("not_acknowledged", filing.time + row.whole("ack_days") * DAY, ANSWERED)
    yield Duty("not_followed_up", filing.time + row.whole("follow_up_days") * DAY, FOLLOWED)
    if "settle_days" in row.values:
        settled = filing.time + row.whole("settle_days") * DAY
        weekend = row.texts("weekend")
        due = working_days_after(settled, row.whole("refer_working_days"), weekend, jurisdiction)
        yield Duty("not_settled_or_referred", due, ENDED | {REFERRED})
    referred = next((step for step in steps if step.type == REFERRED), None)
    if referred is not None and "decide_days" in row.values:
        yield Duty("not_decided", referred.time + row.whole("decide_days") * DAY, ENDED)


def _finding(
    view: JourneyView, case: str, filing: Fact, row: Row, duty: Duty, shown: tuple[str, ...], jurisdiction: str
) -> Finding:
    elsewhere = jurisdiction if jurisdiction != view.origin else ""
    return Finding(
        issue=case,
        reason=duty.reason,
        summary=_SUMMARIES[duty.reason],
        evidence=shown,
        policy_rows=(row.id,),
        since=duty.due,
        due_at=answer_by(duty.due, "P3"),
        destination=view.destination or elsewhere,
        parties=(filing.office,),
    )
