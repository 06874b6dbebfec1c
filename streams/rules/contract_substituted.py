"""T-CON-03: the contract that a worker gets is worse than the one promised at origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from streams.domain.employment import (
    ACKNOWLEDGED,
    AMENDED,
    ARRIVED,
    AUTHENTICATED,
    CLOSING,
    REGISTERED,
    TRANSFERRED,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.permits import SECONDED, seconded_to
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrivals
from streams.domain.views import JourneyView, evidence, once_a_view
from streams.rules.contract_terms import TERMS, Term
from streams.rules.deadlines import answer_by
from streams.rules.employments import Employment, employments
from streams.rules.parameters import count, days, more_than, percent
from streams.rules.pay_against_contract import lower_pay, more_deducted
from streams.rules.pay_periods import DUE, PAID
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

_SUMMARIES = {
    "wage_lower": "The wage is lower than in the contract promised at origin.",
    "wage_materially_lower": "The wage is much lower than in the contract promised at origin.",
    "job_changed": "The job is another than in the contract promised at origin, and no promotion.",
    "employer_changed": "The employer is another than in the contract promised at origin, without a transfer or permit.",
    "hours_longer": "The working week is much longer than in the contract promised at origin.",
    "country_changed": "The work is in another country than in the contract promised at origin.",
    "site_changed": "The work is at another site than in the contract promised at origin.",
    "duration_changed": "The contract lasts longer or shorter than the one promised at origin.",
    "rest_days_fewer": "There are fewer days of rest than in the contract promised at origin.",
    "deductions_more": "More is deducted from the wage than the contract promised at origin allows.",
}


@dataclass(frozen=True)
class Said:
    """What one employment shows of one term: `reason` "" is no harm, None unknown; `since` when it began; `papers` or the pay say so."""

    reason: str | None
    shown: tuple[Fact, ...]
    since: Instant = 0
    row: Row | None = None
    next_at: Instant | None = None
    named: tuple[Fact, ...] = ()
    papers: bool = True


@journey_rule(
    "T-CON-03", version=1,
    reads=(REGISTERED, ACKNOWLEDGED, AUTHENTICATED, AMENDED, DEPARTED, ARRIVED, TRANSFERRED, SECONDED, DUE, PAID, *CLOSING),
    audience=("embassy", "labour-inspectorate"), severity="P2", action="verify", recommendations=("A5", "B14"),
    indicators=("deception",), standings=(SECONDED,),
    next_step="Compare the papers with the worker, and have the employer give what was promised; the worker pays nothing for it.",
    basis="C189 Art. 8(1) and GCM 22(d): the contract agreed before departure; Nepal: Foreign Employment Act s. 55 (S10b)",
    parameters={
        "wage_percent": percent(), "material_percent": more_than("wage_percent", percent()), "hours_percent": percent(),
        "unit_ratio": count("times", least=2), "settled_days": days(), "stated_periods": count("pay periods"),
    }, selectors=("origin", "destination"),
)  # fmt: skip
def contract_substituted(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The destination's contract, an amendment or the pay is worse than the contract registered or acknowledged at origin.

    One issue per term: wage (a month's, more than 5 % lower; 10 % and more is material), job (another ISCO sub-major group that
    is no promotion), employer (spellings are one), hours (more than 10 % longer), place (another country), site (another one),
    duration (any change), rest (fewer days), deductions (more). What is better is no finding.

    Promised is what the latest paper of the origin states that was there at departure; one made up later counts only where none
    was. The latest paper decides: terms that are restored end the finding. Pay shows a lower wage where a whole month without
    a stated due was paid below it, all that came in 30 days counted, or two months running fell due below it (one may be
    prorated); less paid than fell due is T-WAG-01's. What is deducted is compared too. A lawful transfer begins another
    employment: papers of the new employer are compared among themselves. A secondment permit to the employer, late too, excuses
    employer and site. Papers or terms that are missing, and other currencies or units, are Insufficient.
    """
    known = employments(view)
    if not known:
        if papers := view.of(AUTHENTICATED, AMENDED):
            yield Insufficient(missing="the contract at origin", evidence=evidence(papers))
        return
    if not any(each.papers for each in known) and not view.of(DUE, PAID):
        if arrived := arrivals(view):
            yield Insufficient(missing="the contract at destination", evidence=evidence((*arrived, *known[0].promised)))
        return
    for term in TERMS:
        said = [each for job in known for each in _said(view, standings, policy, as_of, term, job)]
        if any(each.papers for each in said) or any(each.reason for each in said):
            yield _outcome(view, term, said)


def _said(
    view: JourneyView, standings: Standings, policy: Policy, as_of: Instant, term: Term, job: Employment
) -> Iterator[Said]:  # fmt: skip
    """What the papers show of a term, and for wage and deductions the pay; nothing where no paper need state it and none does."""
    promised = next((fact for fact in reversed(job.promised) if term.states(fact)), None)
    papers = [fact for fact in job.papers if term.states(fact)]
    if promised is not None and papers:
        yield _by_papers(view, standings, policy, term, promised, papers)
    elif papers or (promised is not None and job.papers) or (term.core and (job.papers or job.at_origin)):
        yield Said(None, (*job.promised, *job.papers))
    if promised is not None and term.issue in ("wage", "deductions"):
        country, row = view.destination or promised.jurisdiction, _row(view, policy, promised)
        shown = (lower_pay(view, job, promised, row, country, as_of) if term.issue == "wage"
                 else more_deducted(view, job, promised, country))  # fmt: skip
        if shown.reason or shown.next_at is not None:
            yield Said(shown.reason, (promised, *shown.facts), shown.since, row, shown.next_at, (promised,), papers=False)


def _row(view: JourneyView, policy: Policy, fact: Fact) -> Row:
    return _row_on(view, policy, local_day(fact.time, view.destination or fact.jurisdiction).isoformat())


@once_a_view
def _row_on(view: JourneyView, policy: Policy, day: str) -> Row:
    """The row of a day: every term asks for that of every paper."""
    return policy.require("T-CON-03", day, origin=view.origin, destination=view.destination)


def _by_papers(
    view: JourneyView, standings: Standings, policy: Policy, term: Term, promised: Fact, papers: Sequence[Fact]
) -> Said:  # fmt: skip
    """The latest paper decides; a harm began with the first of the papers up to it that show one."""
    row, found = _row(view, policy, papers[-1]), [_compared(view, standings, policy, term, promised, paper) for paper in papers]
    worse = list(takewhile(lambda each: bool(each[1]), reversed(list(zip(papers, found, strict=True)))))
    since = worse[-1][0].time if worse else papers[-1].time
    return Said(found[-1], (promised, papers[-1], *(paper for paper, _ in worse)), since, row, named=(promised, papers[-1]))


def _compared(view: JourneyView, standings: Standings, policy: Policy, term: Term, promised: Fact, paper: Fact) -> str | None:
    reason = term.compare(promised, paper, _row(view, policy, paper))
    if reason not in ("employer_changed", "site_changed"):
        return reason
    giver, receiver = promised.text("employer"), paper.text("employer")
    return "" if giver and receiver and seconded_to(view, standings, giver, receiver, paper.time) else reason


def _outcome(view: JourneyView, term: Term, said: Sequence[Said]) -> Outcome:
    """One of a term: a harm in any employment, else what is unknown in any of them."""
    harms = sorted((each for each in said if each.reason), key=lambda each: (each.reason == "wage_lower", each.since))
    next_at = min((each.next_at for each in said if each.next_at is not None), default=None)
    if not harms:
        shown = evidence(fact for each in said for fact in each.shown)
        if any(each.reason is None for each in said):
            return Insufficient(issue=term.issue, missing=f"{term.words}, comparable at both ends", evidence=shown, next_at=next_at)
        return Clear(issue=term.issue, evidence=shown, next_at=next_at)
    reason, since = harms[0].reason or "", min(each.since for each in harms)
    severity = "P3" if reason == "wage_lower" else "P2"
    return Finding(
        issue=term.issue, reason=reason, summary=_SUMMARIES[reason], severity=severity, since=since, next_at=next_at,
        evidence=evidence(fact for each in harms for fact in each.shown), destination=view.destination,
        policy_rows=tuple(sorted({each.row.id for each in harms if each.row is not None})),
        due_at=answer_by(since, severity, view.destination),
        parties=tuple(sorted({name for each in harms for fact in each.named if (name := fact.text("employer"))})),
    )  # fmt: skip
