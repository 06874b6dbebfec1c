"""T-RTL-01: a worker complained, and was reported as absconded, dismissed, moved, put out of the housing or paid no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from streams.domain.cases import CONSENT, FILED, Case, cases, channel, handled_in, is_own, own_filings
from streams.domain.employment import FOREVER
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, end_of_day, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, told
from streams.domain.views import JourneyView, SumsView, evidence, once_a_view
from streams.rules import employer_level
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days
from streams.rules.pay_periods import DUE, PAID
from streams.rules.policy import Policy, Row
from streams.rules.registry import Told, also, journey_rule

ABSCONDING = "complaint.absconding_report_received"
REPORTED = "complaint.retaliation_reported"
DISMISSED, ENDED = "deployment.worker_dismissed", "deployment.contract_ended"
TRANSFERRED, EVICTED = "deployment.employer_transferred", "deployment.worker_evicted"
ACTS = (ABSCONDING, REPORTED, DISMISSED, ENDED, TRANSFERRED, EVICTED)

_REASONS = {ABSCONDING: "absconding_report", DISMISSED: "dismissal", ENDED: "dismissal", TRANSFERRED: "transfer", EVICTED: "eviction"}
_SUMMARIES = {
    "absconding_report": "reported as absconded", "dismissal": "dismissed", "transfer": "moved to another employer",
    "eviction": "put out of the housing", "wage_stop": "paid no more", "threat": "threatened", "other": "retaliated against",
}  # fmt: skip
TOLD = told("retaliation.after_complaint")


def _is_act(fact: Fact) -> bool:
    """Not a contract that ended otherwise, nor a move that the worker or an authority asked for: that is a way out."""
    if fact.type == ENDED:
        return fact.text("reason") == "dismissed"
    return fact.type != TRANSFERRED or fact.text("asked_by") in (None, "employer")


def _reason(act: Fact) -> str:
    return _REASONS.get(act.type) or act.text("kind") or "other"


@dataclass(frozen=True)
class Answer:
    """What followed one of the worker's own filings until the next: acts, and wages that fell due."""

    filing: Fact
    case: Case
    acts: tuple[Fact, ...]
    dues: tuple[Fact, ...]


@once_a_view
def answered(view: JourneyView) -> tuple[Answer, ...]:
    """Each act and each due wage with the last of the worker's complaints before it; one of the same instant comes after it."""
    mine = own_filings(view)
    ends = [*(fact.time for fact, _ in mine[1:]), FOREVER]
    acts, dues = [fact for fact in view.of(*ACTS) if _is_act(fact)], view.of(DUE)
    return tuple(
        Answer(filing, case, tuple(act for act in acts if filing.time <= act.time < end),
               tuple(due for due in dues if filing.time <= _due(due) < end))
        for (filing, case), end in zip(mine, ends[: len(mine)], strict=True)
    )  # fmt: skip


def _due(due: Fact) -> Instant:
    """The last instant of the day on which a wage falls due, where it is paid."""
    day = due.text("due")
    return end_of_day(day, due.jurisdiction) - 1 if day else due.time


def tell_employer(view: JourneyView) -> Iterator[Told]:
    """Of each employer complained of, the act that followed a complaint soonest; a stop of wages is told by its own rule."""
    soonest: dict[str, tuple[int, Fact, Case]] = {}
    for each in answered(view):
        for act in each.acts:
            about = employer_level.complained_of(view, each.filing)
            gap = -(-(act.time - each.filing.time) // DAY)
            if about and (about not in soonest or gap < soonest[about][0]):
                soonest[about] = gap, act, each.case
    for about, (gap, act, case) in sorted(soonest.items()):
        day = local_day(act.time, view.destination or act.jurisdiction).isoformat()
        yield employer_level.tell(view, TOLD.name, about, day, gap, case, act)


@journey_rule(
    "T-RTL-01", version=1, reads=(FILED, *ACTS, DUE, PAID, *CONSENT), audience=("embassy", "oversight-restricted"), severity="P1",
    action="verify", recommendations=("A6", "B5"), indicators=("intimidation and threats",), confidential=True, tells=tell_employer,
    next_step="Reach the worker in safety; ask that the report or the dismissal be set aside while the complaint is open.",
    basis="P29 Art. 4(2): no penalty for what the worker was made to do; reports of absconding as a means of retaliation (S30)",
    parameters={
        "days": days(), "wage_stop_days": days(), "inspectorate_workers": count("workers"), "inspectorate_days": days(),
    },
    selectors=("jurisdiction",),
)  # fmt: skip
def retaliation(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """After the worker's own complaint, within the days of the policy row, the worker was reported as absconded, dismissed,
    moved to another employer, evicted, threatened, or paid no more.

    Only a complaint that the worker filed counts; an act counts for the last one before it. A move that the worker or an
    authority asked for is a way out, and no retaliation; a report of retaliation is one whatever its kind. Wages stopped if
    one fell due after the complaint and neither it nor a later one was paid, days after it, where wages had been paid until
    the complaint; paid late, that ends. One issue per case. Unknown complainants, or what was paid before, are Insufficient.
    """
    found: dict[str, list[tuple[Answer, Row]]] = {}
    for each in answered(view):
        found.setdefault(each.case.id, []).append((each, _row(each.filing, policy)))
    for case, after in sorted(found.items()):
        yield _judge(view, case, after, as_of)
    yield from _unknown(view, policy)


def _row(filing: Fact, policy: Policy) -> Row:
    place = handled_in(filing)
    return policy.require("T-RTL-01", local_day(filing.time, place), jurisdiction=place)


def _unknown(view: JourneyView, policy: Policy) -> Iterator[Outcome]:
    """Acts that may answer a complaint of which nobody said whose it is, or that is not here."""
    for case in cases(view):
        doubtful = [] if case.by_worker else [fact for fact in case.filed if fact.text("complainant_role") is None]
        acts = [act for act in view.of(*ACTS) if _is_act(act) and any(_within(act, filing, _row(filing, policy)) for filing in doubtful)]
        if acts:
            yield Insufficient(issue=case.id, missing="who filed the complaint", evidence=evidence((*doubtful, *acts)))
    if not any(is_own(fact) for fact in view.of(FILED)) and (reports := view.of(REPORTED)):
        yield Insufficient(missing="the complaint that was retaliated against", evidence=evidence(reports))


def _judge(view: JourneyView, issue: str, after: list[tuple[Answer, Row]], as_of: Instant) -> Outcome:
    signs: list[Sign] = []
    rows: list[str] = []
    waiting: list[Instant] = []
    doubt: tuple[Fact, ...] = ()
    for each, row in after:
        acts = [Sign(act.time, _reason(act), (each.filing, act)) for act in each.acts if _within(act, each.filing, row)]
        stop = _stopped(view, each, row, as_of)
        waiting += stop.next_at
        doubt = doubt or stop.doubt
        if acts or stop.signs:
            rows.append(row.id)
        signs += acts + stop.signs
    next_at = min(waiting, default=None)
    if signs:
        return _finding(view, after[0][0].case, sorted(signs, key=lambda sign: (sign.at, sign.reason)), tuple(sorted(set(rows))), next_at)
    if doubt:
        missing = "whether wages were paid before the complaint"
        return Insufficient(issue=issue, missing=missing, evidence=evidence(doubt), next_at=next_at)
    return Clear(issue=issue, evidence=evidence(each.filing for each, _ in after), next_at=next_at)


@dataclass(frozen=True)
class Sign:
    """One thing that was done to the worker, and the facts that show it."""

    at: Instant
    reason: str
    facts: tuple[Fact, ...]


@dataclass
class Stop:
    """What wages say: a stop, or facts that leave it open, and when it may change."""

    signs: list[Sign] = field(default_factory=list)
    doubt: tuple[Fact, ...] = ()
    next_at: list[Instant] = field(default_factory=list)


def _until(filing: Fact, row: Row) -> Instant:
    return filing.time + row.whole("days") * DAY


def _within(act: Fact, filing: Fact, row: Row) -> bool:
    """Whether an act came after a complaint, in the days of the row; one of the same instant did."""
    return filing.time <= act.time <= _until(filing, row)


def _stopped(view: JourneyView, each: Answer, row: Row, as_of: Instant) -> Stop:
    """Wages that fell due since a complaint, and neither they nor any later were paid, although wages had been paid before."""
    paid, grace = view.of(PAID), row.whole("wage_stop_days") * DAY
    dues = [due for due in each.dues if _due(due) <= _until(each.filing, row) and not any(_answers(fact, due) for fact in paid)]
    late = [due for due in dues if as_of > _due(due) + grace]
    found = Stop(next_at=[_due(due) + grace + 1 for due in dues if due not in late])
    before = _paid_before(view, each.filing)
    if late and before is None:
        found.doubt = (each.filing, *late)
    elif late and before:
        found.signs.append(Sign(_due(late[0]), "wage_stop", (each.filing, before[0], *late)))
    return found


def _paid_before(view: JourneyView, filing: Fact) -> tuple[Fact, ...] | None:
    """What shows that the last wage that fell due before a complaint had been paid by then; with none, any payment.

    () where it had not been paid, None where nothing tells.
    """
    dues = [due for due in view.of(DUE) if _due(due) < filing.time]
    if not dues:
        return view.of(PAID) or None
    return tuple(fact for fact in view.of(PAID) if fact.time < filing.time and _answers(fact, dues[-1]))


def _answers(paid: Fact, due: Fact) -> bool:
    """Whether a wage was paid for the period of one that fell due, or a later: by the period that it names, else by its time.

    Without a period, what is paid nearer to the period's beginning than to the due day is the wage of the one before.
    """
    period = paid.text("period_end")
    if period is not None:
        return period >= (due.text("period_end") or period)
    start = due.text("period_start")
    return start is None or 2 * paid.time >= start_of_day(start, due.jurisdiction) + _due(due)


def _finding(view: JourneyView, case: Case, signs: list[Sign], rows: tuple[str, ...], next_at: Instant | None) -> Finding:
    done = [_SUMMARIES[reason] for reason in dict.fromkeys(sign.reason for sign in signs)]
    employers = {name for sign in signs for fact in sign.facts for name in [fact.text("from_employer") or fact.text("employer")] if name}
    return Finding(
        issue=case.id,
        reason=signs[0].reason,
        summary=f"After a complaint of their own the worker was {', '.join(done)}.",
        evidence=evidence(fact for sign in signs for fact in sign.facts),
        policy_rows=rows,
        since=signs[0].at,
        due_at=answer_by(signs[0].at, "P1"),
        next_at=next_at,
        destination=view.destination or handled_in(case.filed[0]),
        parties=tuple(sorted(employers)),
        channel=channel(view, case),
    )


@also(
    "T-RTL-01", "party", measures=(TOLD,), audience=("labour-inspectorate",), action="inspect", tells=None,
    next_step="Inspect the employer; speak with many workers alone, and say of none that there was a complaint.",
)  # fmt: skip
def employer_retaliates(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """On the employer complained of: workers met retaliation after their complaints, without a word of which.

    The inspectorate hears once one of them has agreed to it, as long as that holds, or once so many workers are concerned as
    the policy row says. Each journey counts as one worker; below that number none is told. A stop of wages is not counted.
    """
    newest = view.sums.last(TOLD.name)
    if newest is None:
        return
    row = employer_level.limits(policy, str(newest[0]), view.home)

    def begins(key: Key) -> Instant | None:
        return start_of_day(str(key[0]), view.home) if int(key[1]) <= row.whole("days") else None

    heard = employer_level.Heard(view, TOLD, row, as_of, begins)
    says = "met retaliation by this employer after a complaint."
    yield from employer_level.judge(view, heard, row, "P1", "retaliation_by_employer", says)
