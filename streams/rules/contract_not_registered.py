"""T-CON-01: a worker left without a contract registered at origin."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.employment import ARRIVED
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrivals, departure
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import flag
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

REGISTERED = "oversight.contract_registered_origin"


@journey_rule(
    "T-CON-01", version=1, reads=(DEPARTED, ARRIVED, REGISTERED), audience=("satellite-office", "embassy"), severity="P2",
    action="verify", next_step="Obtain the contract and register it; compare it with what the worker was promised.",
    basis="C189 Art. 8(1): a written contract before crossing the border", recommendations=("A5", "B14"),
    indicators=("deception",), parameters={"required": flag()}, selectors=("origin", "destination"),
)  # fmt: skip
def contract_not_registered(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """No contract was registered at origin when the worker departed. Registered at the same instant counts as before.

    Registered later, the contract ends the finding, which stays in the history (the lateness is T-CON-04's). A worker
    who arrived but whose departure nobody recorded is Insufficient. Where a corridor's row says that no registration is
    required, there is none to miss.
    """
    departed, registered = departure(view), view.of(REGISTERED)
    if registered:
        yield Clear(evidence=evidence(registered))
        return
    if departed is None:
        arrived = arrivals(view)
        yield Insufficient(missing="the departure", evidence=evidence(arrived)) if arrived else Clear()
        return
    day, country = local_day(departed.time, view.origin), departed.text("country") or view.destination
    row = policy.require("T-CON-01", day, origin=view.origin, destination=country)
    if not row.flag("required"):
        yield Clear(evidence=(departed.event_id,))
    else:
        yield Finding(
            reason="departed_without_registered_contract",
            summary="Departed, and no contract is registered at origin.",
            evidence=(departed.event_id,),
            policy_rows=(row.id,),
            since=departed.time,
            due_at=answer_by(departed.time, "P2"),
        )
