"""T-RET-01: a worker came home and registered, and was referred to no service."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

RETURNED, REPATRIATED = "deployment.returnee_registered", "deployment.repatriation_done"
# A later step stands for the referral; an offer that was declined is one.
REFERRED = ("deployment.reintegration_referred", "deployment.reintegration_enrolled", "deployment.reintegration_outcome")


@journey_rule(
    "T-RET-01", version=1, reads=(RETURNED, REPATRIATED, *REFERRED), audience=("focal-office",), severity="P3", action="refer",
    next_step="Offer the worker a service; ask for nothing in return, least of all who recruited them.",
    basis="Rehabilitation and reintegration of returning workers (A/70/310; GCM objective 21)", recommendations=("B15",), indicators=(),
    parameters={"days": days()}, selectors=("origin",),
)  # fmt: skip
def returnee_not_referred(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A returning worker registered at home, and no service was offered in the days of the policy row.

    An offer that was declined is an offer; enrolment, or an outcome, stands for it, and a late one ends the finding. The first
    registration counts. A worker who was repatriated and never registered is Insufficient.
    """
    returned, referred = view.first(RETURNED), view.of(*REFERRED)
    if returned is None:
        home = view.of(REPATRIATED)
        if referred:
            yield Clear(evidence=evidence(referred))
        elif home:
            yield Insufficient(missing="the registration at home", evidence=evidence(home))
        return
    row = policy.require("T-RET-01", local_day(returned.time, view.origin), origin=view.origin)
    due = due_after(returned.time, row.whole("days"), view.origin)
    if referred:
        yield Clear(evidence=evidence((returned, *referred)))
    elif as_of <= due:
        yield Clear(evidence=(returned.event_id,), next_at=due + 1)
    else:
        yield Finding(
            reason="not_referred",
            summary="A returning worker registered, and was offered no service.",
            evidence=(returned.event_id,),
            policy_rows=(row.id,),
            since=due,
            due_at=answer_by(due, "P3", view.origin),
            destination=returned.text("country") or view.destination,
            parties=(returned.office,),
        )
