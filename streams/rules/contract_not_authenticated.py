"""T-CON-02: a worker's contract was not authenticated at destination in the days after arrival."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.employment import ARRIVED
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrival, departure, departures
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

AUTHENTICATED = "oversight.contract_authenticated_destination"
# A registered returnee is home, whoever recorded the journey back.
HOME = ("deployment.repatriation_done", "deployment.returnee_registered")


def authentication_due(view: JourneyView, policy: Policy, arrived: Fact) -> tuple[Instant, Row]:
    """The last instant at which authentication is in time, and the policy row that says so; T-CON-04 counts from it too."""
    country = arrived.text("country") or view.destination
    row = policy.require("T-CON-02", local_day(arrived.time, country), origin=view.origin, destination=country)
    return due_after(arrived.time, row.whole("days"), country), row


def home_in_time(view: JourneyView, arrived: Fact, due: Instant) -> tuple[Fact, ...]:
    """What shows that the worker was home before authentication was due: return home ends the duty (domain.md 4.6).

    A return from an earlier stay abroad, registered before this departure, ends nothing.
    """
    departed = departure(view)
    left = min(arrived.time, departed.time) if departed is not None else arrived.time
    return tuple(fact for fact in view.of(*HOME) if left <= fact.time <= due)


@journey_rule(
    "T-CON-02", version=1, reads=(DEPARTED, ARRIVED, AUTHENTICATED, *HOME), audience=("labour-inspectorate", "embassy"),
    severity="P3", action="verify", recommendations=("A5",), indicators=(),
    next_step="Ask the employer for the contract and authenticate it; compare it with the one registered at origin.",
    basis="Authentication at destination soon after arrival (A/70/310, A5; Qatar: residence procedures after entry, S87)",
    parameters={"days": days()}, selectors=("origin", "destination"),
)  # fmt: skip
def contract_not_authenticated(
    view: JourneyView, standings: Standings, policy: Policy, as_of: Instant
) -> Iterator[Outcome]:
    """The contract was not authenticated at destination within so many days of arrival (30 unless a policy row says otherwise).

    Return home before that ends the duty. Authenticated late, the finding ends (the lateness is T-CON-04's). A worker
    who departed and of whose arrival nothing is recorded is Insufficient.
    """
    arrived, authenticated = arrival(view), view.of(AUTHENTICATED)
    if authenticated:
        yield Clear(evidence=evidence(authenticated))
        return
    if arrived is None:
        departed = departures(view)
        yield Insufficient(missing="the arrival", evidence=evidence(departed)) if departed else Clear()
        return
    due, row = authentication_due(view, policy, arrived)
    home = home_in_time(view, arrived, due)
    if home:
        yield Clear(evidence=evidence((arrived, *home)))
    elif as_of <= due:
        yield Clear(evidence=(arrived.event_id,), next_at=due + 1)
    else:
        yield Finding(
            reason="not_authenticated_after_arrival",
            summary=f"Arrived, and the contract was not authenticated at destination within {row.whole('days')} days.",
            evidence=(arrived.event_id,),
            policy_rows=(row.id,),
            since=due,
            due_at=answer_by(due, "P3", arrived.text("country") or view.destination),
            destination=arrived.text("country") or view.destination,
        )
