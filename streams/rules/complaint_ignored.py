"""T-CMP-01: a worker's complaint was not acknowledged, or not followed up, in the time that the office has for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.domain.cases import ANSWERED, CONSENT, ENDED, FILED, FOLLOWED, REFERRED, Case, answers, cases, channel, handled_in, own_filings
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, told
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules import employer_level
from streams.rules.deadlines import answer_by, working_days_after
from streams.rules.parameters import days, optional, weekend, when, working_days
from streams.rules.policy import Policy, Row
from streams.rules.registry import Told, also, journey_rule

COMPLAINANTS = ("worker", "family", "employer", "agency", "union", "ngo")
CONTRACTS = ("oversight.contract_registered_origin", "oversight.contract_authenticated_destination")
# Domestic cleaners and helpers are employed by households: the occupation tells the sector where no contract states it.
_HOUSEHOLD_ISCO, _HOUSEHOLD_ISIC = "9111", "9700"

TOLD = told("complaint.not_followed_up")

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


def tell_employer(view: JourneyView) -> Iterator[Told]:
    """Of each employer complained of, the worker's first complaint that nobody followed up."""
    named: set[str] = set()
    for filing, case in own_filings(view):
        about = employer_level.complained_of(view, filing)
        if about and about not in named and not case.of(*FOLLOWED):
            named.add(about)
            yield employer_level.tell(view, TOLD.name, about, local_day(filing.time, handled_in(filing)).isoformat(), 0, case, filing)


@journey_rule(
    "T-CMP-01", version=1, reads=(FILED, *ANSWERED, *CONSENT, *CONTRACTS), severity="P3",
    audience=("embassy", "focal-office", "oversight-restricted"), action="refer", recommendations=("B5", "B9"), indicators=(),
    weak=True, confidential=True, tells=tell_employer,
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
    one; a step made up late ends the finding. Closing counts only when the worker confirmed it, or cannot, which is on paper;
    having gone home is no reason. One issue per case. A step that names no case is of the only one open then; while several
    are, it is Insufficient for each that it could answer. The focal office hears of the process alone, without worker or
    content; a union or organisation through which the worker complained hears instead of the embassy.
    """
    filings, steps = view.of(FILED), answers(view)
    for case in cases(view):
        yield _judge(view, policy, as_of, case)
    if not filings and steps:
        yield Insufficient(missing="the complaint that was answered", evidence=evidence(steps))


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
            "T-CMP-01", local_day(filing.time, handled_in(filing)), jurisdiction=handled_in(filing),
            role=filing.text("complainant_role") or "", severity=filing.text("severity") or "",
            isic=filing.text("isic") or _sector(view),
        )  # fmt: skip
        if row is not None:
            return filing, row
    return filed[0], None


def _judge(view: JourneyView, policy: Policy, as_of: Instant, case: Case) -> Outcome:
    filing, row = _clock(view, policy, case.filed)
    shown = evidence((*case.filed, *case.own, *case.doubtful))
    if row is None:
        if any(each.text("complainant_role") is None for each in case.filed):
            return Insufficient(issue=case.id, missing="who filed the complaint", evidence=shown)
        return Clear(issue=case.id, evidence=shown)
    types, may_be = ({step.type for step in steps} for steps in (case.own, case.doubtful))
    waiting = [duty for duty in _duties(row, filing, case.own) if not duty.met_by & types]
    late = [duty for duty in waiting if as_of > duty.due]
    next_at = min((duty.due + 1 for duty in waiting if duty not in late), default=None)
    if not late:
        return Clear(issue=case.id, evidence=shown, next_at=next_at)
    missed = next((duty for duty in late if not duty.met_by & may_be), None)
    if missed is None:
        return Insufficient(issue=case.id, missing="which case a step belongs to", evidence=shown, next_at=next_at)
    return _finding(view, case, filing, row, missed, shown)


def _duties(row: Row, filing: Fact, steps: Sequence[Fact]) -> Iterator[Duty]:
    """Each step of the row's ladder, in order."""
    yield Duty("not_acknowledged", filing.time + row.whole("ack_days") * DAY, ANSWERED)
    yield Duty("not_followed_up", filing.time + row.whole("follow_up_days") * DAY, FOLLOWED)
    if "settle_days" in row.values:
        settled = filing.time + row.whole("settle_days") * DAY
        due = working_days_after(settled, row.whole("refer_working_days"), row.texts("weekend"), handled_in(filing))
        yield Duty("not_settled_or_referred", due, ENDED | {REFERRED})
    referred = next((step for step in steps if step.type == REFERRED), None)
    if referred is not None and "decide_days" in row.values:
        yield Duty("not_decided", referred.time + row.whole("decide_days") * DAY, ENDED)


def _finding(view: JourneyView, case: Case, filing: Fact, row: Row, duty: Duty, shown: tuple[str, ...]) -> Finding:
    elsewhere = handled_in(filing) if handled_in(filing) != view.origin else ""
    return Finding(
        issue=case.id,
        reason=duty.reason,
        summary=_SUMMARIES[duty.reason],
        evidence=shown,
        policy_rows=(row.id,),
        since=duty.due,
        due_at=answer_by(duty.due, "P3", view.destination or elsewhere),
        destination=view.destination or elsewhere,
        parties=(filing.office,),
        channel=channel(view, case),
    )


@also(
    "T-CMP-01", "party", measures=(TOLD,), audience=("labour-inspectorate",), action="inspect", weak=False, tells=None,
    next_step="Inspect the employer; speak with many workers alone, and say of none that there was a complaint.",
)  # fmt: skip
def employer_complained_of(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """On the employer complained of: workers' complaints that nobody followed up in the general time of the jurisdiction.

    The inspectorate hears once one of the workers has agreed to it, as long as that holds, or once so many workers are
    concerned as T-RTL-01's policy row says. Each journey counts as one worker; below that number none is told.
    """
    newest = view.sums.last(TOLD.name)
    if newest is None:
        return
    row, used = employer_level.limits(policy, str(newest[0]), view.home), set[str]()

    def begins(key: Key) -> Instant | None:
        term = policy.row("T-CMP-01", str(key[0]), jurisdiction=view.home, role="worker", severity="", isic="")
        if term is None:
            return None
        used.add(term.id)
        return employer_level.after(str(key[0]), term.whole("follow_up_days"), view.home)

    heard = employer_level.Heard(view, TOLD, row, as_of, begins)
    yield from employer_level.judge(view, heard, row, "P3", "complaints_not_followed_up", "complained of this employer in vain.",
                                    tuple(sorted(used)))  # fmt: skip
