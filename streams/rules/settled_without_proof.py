"""T-CMP-02: a complaint was settled, and nobody proved that the worker was paid, or the award is a fraction of the loss."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.cases import CONSENT, DECIDED, ENDED, ENFORCED, FILED, SETTLED, Case, cases, channel
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.money import Money, money
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days, percent
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

_SUMMARIES = {
    "payment_not_proved": "A complaint was settled, and there is no full proof that the worker was paid.",
    "award_below_loss": "What was agreed or awarded is a small part of the loss that is documented.",
}


@journey_rule(
    "T-CMP-02", version=1, reads=(FILED, *ENDED, *CONSENT), severity="P3", action="verify",
    audience=("embassy", "focal-office", "oversight-restricted"), recommendations=("B5", "B9"), indicators=("withholding of wages",),
    confidential=True, next_step="Ask the worker what was paid, and the office that settled for the proof of it.",
    basis="Settlements at a fraction of what was lost, and paid late or never (S21); C181 Art. 10",
    parameters={"proof_days": days(), "award_percent": percent()}, selectors=("jurisdiction",),
)  # fmt: skip
def settled_without_proof(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A complaint was settled and payment was not proved in full in the days of the policy row; or what was agreed or awarded
    is less than the row's share of the documented loss.

    Two issues per case: proof and award. Proof is full where an office says that payment is proved and, if it says how much,
    that is not below the award; "paid" is no proof. Proved late, it ends. The last settlement or award counts, and the
    loss as last stated; a decision against the worker awards nothing to compare. An award or a loss that nobody stated, another
    currency, and a step that may be about another case are Insufficient. The focal office hears of the process alone.
    """
    for case in cases(view):
        if case.of(SETTLED):
            yield _proof(view, policy, as_of, case)
        elif case.doubts(SETTLED):
            yield Insufficient(issue=f"{case.id}:proof", missing="which case was settled", evidence=evidence(case.doubtful))
        if awards := _awards(case):
            yield _award(view, policy, case, awards[-1])
    if not cases(view) and (alone := view.of(SETTLED)):
        yield Insufficient(missing="the complaint that was settled", evidence=evidence(alone))


def _awards(case: Case) -> tuple[Fact, ...]:
    """Settlements, and decisions that were not against the worker."""
    return tuple(fact for fact in case.of(SETTLED, DECIDED) if fact.type == SETTLED or fact.flag("upheld") is not False)


def _row(policy: Policy, step: Fact) -> Row:
    place = step.text("jurisdiction") or step.jurisdiction
    return policy.require("T-CMP-02", local_day(step.time, place), jurisdiction=place)


def _proof(view: JourneyView, policy: Policy, as_of: Instant, case: Case) -> Outcome:
    settled, issue = case.of(SETTLED)[-1], f"{case.id}:proof"
    row, award = _row(policy, settled), money(settled.body.get("award"))
    shown = [fact for fact in case.of(SETTLED, ENFORCED) if fact.time >= settled.time]
    proved = [_full(fact, award) for fact in shown]
    due = due_after(settled.time, row.whole("proof_days"), settled.text("jurisdiction") or settled.jurisdiction)
    if True in proved:
        return Clear(issue=issue, evidence=evidence(shown))
    if as_of <= due:
        return Clear(issue=issue, evidence=evidence(shown), next_at=due + 1)
    if None in proved or case.doubts(ENFORCED):
        return Insufficient(issue=issue, missing="what was paid of the award", evidence=evidence((*shown, *case.doubtful)))
    return _finding(view, case, issue, "payment_not_proved", [settled, *case.filed], row, due)


def _full(fact: Fact, award: Money | None) -> bool | None:
    """Whether payment is proved in full; None where it is proved of an amount that cannot be compared."""
    if fact.flag("payment_proof") is not True:
        return False
    paid = money(fact.body.get("paid_amount"))
    if paid is None:
        return True
    if award is None or award.currency != paid.currency:
        return None
    return paid.minor >= award.minor


def _award(view: JourneyView, policy: Policy, case: Case, step: Fact) -> Outcome:
    issue, award = f"{case.id}:award", money(step.body.get("award"))
    losses = [fact for fact in case.filed if fact.body.get("loss") is not None]
    loss = money(losses[-1].body.get("loss")) if losses else None
    if award is None or loss is None or award.currency != loss.currency:
        missing = "the documented loss" if loss is None else "what was awarded, in the currency of the loss"
        return Insufficient(issue=issue, missing=missing, evidence=evidence((*case.filed, step)))
    row = _row(policy, step)
    if award.minor * 100 >= loss.minor * row.number("award_percent"):
        return Clear(issue=issue, evidence=evidence((*losses, step)))
    return _finding(view, case, issue, "award_below_loss", [step, losses[-1]], row, step.time)


def _finding(view: JourneyView, case: Case, issue: str, reason: str, shown: list[Fact], row: Row, since: Instant) -> Finding:
    destination = view.destination or shown[0].text("jurisdiction") or shown[0].jurisdiction
    return Finding(
        issue=issue, reason=reason, summary=_SUMMARIES[reason], evidence=evidence(shown), policy_rows=(row.id,), since=since,
        due_at=answer_by(since, "P3", destination), destination=destination,
        parties=(shown[0].office,), channel=channel(view, case),
    )  # fmt: skip
