"""T-CMP-01: a worker's complaint was not acknowledged, or not followed up, in the time that the office has for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, working_days_after
from streams.rules.parameters import days, optional, weekend, when, working_days
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

FILED = "complaint.complaint_filed"
REFERRED = "complaint.complaint_referred"
CLOSED = "complaint.complaint_closed"
ENDED = frozenset({"complaint.complaint_settled", "complaint.complaint_decided", "complaint.complaint_enforced", CLOSED})
FOLLOWED = ENDED | {REFERRED, "complaint.complaint_followed_up", "complaint.hearing_held"}
ANSWERED = FOLLOWED | {"complaint.complaint_acknowledged"}

COMPLAINANTS = ("worker", "family", "employer", "agency", "union", "ngo")
CONTRACTS = ("oversight.contract_registered_origin", "oversight.contract_authenticated_destination")
# Domestic cleaners and helpers are employed by households: the occupation tells the sector where no contract states it.
_HOUSEHOLD_ISCO, _HOUSEHOLD_ISIC = "9111", "9700"

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


@dataclass(frozen=True)
class Steps:
    """What was done about a case, in order of time: for certain, and perhaps."""

    own: list[Fact] = field(default_factory=list)
    doubtful: list[Fact] = field(default_factory=list)


@journey_rule(
    "T-CMP-01", version=1, reads=(FILED, *ANSWERED), audience=("embassy", "focal-office", "oversight-restricted"),
    severity="P3", action="refer", recommendations=("B5", "B9"), indicators=(), weak=True, confidential=True,
    next_step="Ask the office that received the complaint what was done; take it up with the next instance.",
    basis="Qatar: conciliation, referral and decision in the days that the law gives (S88); Saudi Arabia: settlement, then court (S89)",
    parameters={
        "ack_days": days(), "follow_up_days": days(), "settle_days": optional(days()),
        "refer_working_days": when(working_days(), "settle_days"), "weekend": optional(when(weekend(), "settle_days")),
        "decide_days": optional(days()),
    },
    selectors=("jurisdiction", "role", "severity", "isic"), roles=COMPLAINANTS, default_row=False,
)  # fmt: skip
def complaint_ignored(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker's complaint was not acknowledged within 3 days, or not followed up within the days of its policy row.

    The row is found by jurisdiction, complainant's role, severity and sector; where no row names a role, its complaints
    have no clock here. Working days are those of the country that handles it. A later step stands for a missing earlier
    one; a step made up late ends the finding. Closing counts only when the worker confirmed it. One issue per case. A step
    that names no case is of the only one open then; while several are, it is Insufficient for each that it could answer.
    The focal office hears of the process alone, without worker or content.
    """
    filings, steps = view.of(FILED), tuple(fact for fact in view.of(*ANSWERED) if _counts(fact))
    cases: dict[str, list[Fact]] = defaultdict(list)
    for filing in filings:
        cases[_case(view, filing)].append(filing)
    taken = {case: Steps() for case in cases}
    for step in steps:
        _attribute(step, cases, taken)
    for case, filed in sorted(cases.items()):
        yield _judge(view, policy, as_of, case, filed, taken[case])
    if not filings and steps:
        yield Insufficient(missing="the complaint that was answered", evidence=evidence(steps))


def _counts(step: Fact) -> bool:
    """Closing a complaint needs the worker's confirmation (domain.md 5, must-not 10)."""
    return step.type != CLOSED or step.flag("confirmed_by_worker") is True


def _case(view: JourneyView, filing: Fact) -> str:
    return filing.refs.case or f"event:{view.root(filing)}"


def _attribute(step: Fact, cases: Mapping[str, Sequence[Fact]], taken: Mapping[str, Steps]) -> None:
    """A step is of the case that it names; else of the only one open then. Where it may be of several it is in doubt.

    Case numbers are an office's own: what an office says of another number is not about the case that it numbered itself,
    and what another office says of a number unknown here may be about it.
    """
    named = taken.get(step.refs.case or "")
    if named is not None:
        named.own.append(step)
        return
    may = {case: filed[0] for case, filed in cases.items() if _may_be_of(step, filed[0])}
    still = {case: filing for case, filing in may.items() if not any(each.type in ENDED for each in taken[case].own)} or may
    sure = len(still) == 1 and (step.refs.case is None or next(iter(still.values())).refs.case is None)
    for case in still:
        (taken[case].own if sure else taken[case].doubtful).append(step)


def _may_be_of(step: Fact, filing: Fact) -> bool:
    """Not where the step came before the complaint, by the local day: many a step is known by its day alone."""
    if local_day(step.time, step.jurisdiction) < local_day(filing.time, step.jurisdiction):
        return False
    return step.refs.case is None or filing.refs.case is None or step.source != filing.source


def _sector(view: JourneyView) -> str:
    """The contract employer's sector, ISIC; that of households where only the occupation says so; '' when no contract tells."""
    for fact in reversed(view.of(*CONTRACTS)):
        if isic := fact.text("employer_isic"):
            return isic
        if (fact.text("isco") or "").startswith(_HOUSEHOLD_ISCO):
            return _HOUSEHOLD_ISIC
    return ""


def _clock(view: JourneyView, policy: Policy, filed: Sequence[Fact]) -> tuple[Fact, Row | None]:
    """The first filing of a case that a row gives time for, and that row: an employer's filing before it hides no worker's."""
    for filing in filed:
        row = policy.row(
            "T-CMP-01", local_day(filing.time, _handled_in(filing)), jurisdiction=_handled_in(filing),
            role=filing.text("complainant_role") or "", severity=filing.text("severity") or "",
            isic=filing.text("isic") or _sector(view),
        )  # fmt: skip
        if row is not None:
            return filing, row
    return filed[0], None


def _handled_in(filing: Fact) -> str:
    return filing.text("country") or filing.jurisdiction


def _judge(view: JourneyView, policy: Policy, as_of: Instant, case: str, filed: Sequence[Fact], taken: Steps) -> Outcome:
    filing, row = _clock(view, policy, filed)
    shown = evidence((*filed, *taken.own, *taken.doubtful))
    if row is None:
        if any(each.text("complainant_role") is None for each in filed):
            return Insufficient(issue=case, missing="who filed the complaint", evidence=shown)
        return Clear(issue=case, evidence=shown)
    types, may_be = ({step.type for step in steps} for steps in (taken.own, taken.doubtful))
    waiting = [duty for duty in _duties(row, filing, taken.own) if not duty.met_by & types]
    late = [duty for duty in waiting if as_of > duty.due]
    next_at = min((duty.due + 1 for duty in waiting if duty not in late), default=None)
    if not late:
        return Clear(issue=case, evidence=shown, next_at=next_at)
    missed = next((duty for duty in late if not duty.met_by & may_be), None)
    if missed is None:
        return Insufficient(issue=case, missing="which case a step belongs to", evidence=shown, next_at=next_at)
    return _finding(view, case, filing, row, missed, shown)


def _duties(row: Row, filing: Fact, steps: Sequence[Fact]) -> Iterator[Duty]:
    """Each step of the row's ladder, in order."""
    yield Duty("not_acknowledged", filing.time + row.whole("ack_days") * DAY, ANSWERED)
    yield Duty("not_followed_up", filing.time + row.whole("follow_up_days") * DAY, FOLLOWED)
    if "settle_days" in row.values:
        settled = filing.time + row.whole("settle_days") * DAY
        due = working_days_after(settled, row.whole("refer_working_days"), row.texts("weekend"), _handled_in(filing))
        yield Duty("not_settled_or_referred", due, ENDED | {REFERRED})
    referred = next((step for step in steps if step.type == REFERRED), None)
    if referred is not None and "decide_days" in row.values:
        yield Duty("not_decided", referred.time + row.whole("decide_days") * DAY, ENDED)


def _finding(view: JourneyView, case: str, filing: Fact, row: Row, duty: Duty, shown: tuple[str, ...]) -> Finding:
    elsewhere = _handled_in(filing) if _handled_in(filing) != view.origin else ""
    return Finding(
        issue=case,
        reason=duty.reason,
        summary=_SUMMARIES[duty.reason],
        evidence=shown,
        policy_rows=(row.id,),
        since=duty.due,
        due_at=answer_by(duty.due, "P3", view.destination or elsewhere),
        destination=view.destination or elsewhere,
        parties=(filing.office,),
    )
