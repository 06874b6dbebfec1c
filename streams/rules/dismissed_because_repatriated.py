"""T-LEG-02: a worker's case was dismissed or closed because the worker had gone home, or could not appear from there."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.cases import CLOSED, CONSENT, DECIDED, FILED, case_of, channel, closes
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

REPATRIATED, RETURNED = "deployment.repatriation_done", "deployment.returnee_registered"
SANCTIONED = "complaint.sanction_imposed"


@journey_rule(
    "T-LEG-02", version=1, reads=(DECIDED, CLOSED, FILED, REPATRIATED, RETURNED, SANCTIONED, *CONSENT), severity="P2", action="refer",
    audience=("embassy", "focal-office", "oversight-restricted"), recommendations=("B9",), confidential=True, weak=True,
    indicators=("abuse of vulnerability",), next_step="Ask for the case to be taken up again, with the worker heard from home.",
    basis="All parties take part in proceedings (A/70/310); C143 Art. 9: rights from past employment",
)  # fmt: skip
def dismissed_because_repatriated(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker's case was dismissed or closed because the worker was repatriated, or for not appearing after going home or
    being deported.

    A case that the worker confirmed as closed, or cannot confirm for a reason on paper, and a decision for the worker are no
    dismissal. One issue per decision or closing. One without a stated ground after the worker left, and one for absence
    where nobody says whether the worker had left, are Insufficient; an employer's own case does not count.
    """
    for step in view.of(DECIDED, CLOSED):
        case = case_of(view, step)
        if case is None or not case.filed or any(fact.text("complainant_role") not in ("employer", "agency") for fact in case.filed):
            yield _judge(view, step)


def _judge(view: JourneyView, step: Fact) -> Outcome:
    issue, ground = view.root(step), step.text("ground" if step.type == DECIDED else "reason")
    if closes(step) if step.type == CLOSED else step.flag("upheld") is True:
        return Clear(issue=issue, evidence=(step.event_id,))
    gone = _left(view, step)
    shown = evidence((step, *gone))
    if ground == "repatriated" or (ground == "absence" and gone):
        return _finding(view, step, shown, "repatriated" if ground == "repatriated" else "absent_after_leaving")
    if ground == "absence":
        return Insufficient(issue=issue, missing="whether the worker had left when the case was dismissed for absence", evidence=shown)
    if ground is None and gone:
        return Insufficient(issue=issue, missing="the ground of the dismissal", evidence=shown)
    return Clear(issue=issue, evidence=shown)


def _left(view: JourneyView, step: Fact) -> list[Fact]:
    """What shows that the worker had gone home by the local day of the step; a deportation by its order alone."""
    day = local_day(step.time, step.jurisdiction)
    left = [fact for fact in view.of(REPATRIATED, RETURNED, SANCTIONED)
            if fact.type != SANCTIONED or (fact.text("on_kind"), fact.text("kind")) == ("worker", "deportation")]  # fmt: skip
    return [fact for fact in left if local_day(fact.time, step.jurisdiction) <= day]


def _finding(view: JourneyView, step: Fact, shown: tuple[str, ...], reason: str) -> Finding:
    because = "the worker had gone home" if reason == "repatriated" else "the worker did not appear, who had gone home or been deported"
    return Finding(
        issue=view.root(step), reason=reason, summary=f"A worker's case was dismissed or closed because {because}.", evidence=shown,
        since=step.time, due_at=answer_by(step.time, "P2"), parties=(step.office,),
        destination=view.destination or step.text("jurisdiction") or step.jurisdiction, channel=channel(view, case_of(view, step)),
    )  # fmt: skip
