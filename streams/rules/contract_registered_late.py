"""T-CON-04: a contract was registered at origin, or authenticated at destination, long after it was due."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.employment import ARRIVED
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day, text
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrival, departure
from streams.domain.views import JourneyView, evidence
from streams.rules.contract_not_authenticated import AUTHENTICATED, HOME, authentication_due, home_in_time
from streams.rules.contract_not_registered import REGISTERED
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule


def first_record(view: JourneyView, event_type: str) -> Fact | None:
    """The earliest record of a step that is in force: a later correction does not make the office late."""
    found = view.of(event_type)
    if not found:
        return None
    in_force = {fact.id for fact in found}
    records = found if len(view.groups) == len(view.known) else [  # where nothing is corrected they are the records
        fact
        for group in view.groups.values()
        if any(member.id in in_force for member in group)
        for fact in group
        if fact.type == event_type
    ]  # fmt: skip
    return min(records, key=lambda fact: (fact.recorded, fact.event_id), default=None)


@journey_rule(
    "T-CON-04", version=1, reads=(DEPARTED, ARRIVED, REGISTERED, AUTHENTICATED, *HOME), audience=("satellite-office",),
    severity="P3", action="notify", recommendations=("A5", "A7"), indicators=(),
    next_step="Find out what kept the registration, and whether others waited as long.",
    basis="Early electronic registration of contracts (A/70/310, A5)",
    parameters={"days": days()}, selectors=("origin", "destination", "jurisdiction"),
)  # fmt: skip
def contract_registered_late(
    view: JourneyView, standings: Standings, policy: Policy, as_of: Instant
) -> Iterator[Outcome]:
    """The record of a contract came more than 7 days after it was due: at departure, or the days of T-CON-02 after arrival.

    Judged by the first record, even where it was corrected later, from when it was made. One issue at "origin", one at
    "destination". What was never registered is T-CON-01's and T-CON-02's, and Insufficient here.
    """
    departed, arrived = departure(view), arrival(view)
    yield _at_origin(view, policy, as_of, departed, arrived)
    yield _at_destination(view, policy, as_of, departed, arrived)


def _at_origin(view: JourneyView, policy: Policy, as_of: Instant, departed: Fact | None, arrived: Fact | None) -> Outcome:
    record = first_record(view, REGISTERED)
    if departed is None:
        return Insufficient(issue="origin", missing="the departure") if arrived else Clear(issue="origin")
    if record is None or record.recorded > as_of:
        return _not_yet("origin", "the contract's registration", departed, record)
    return _judge(view, policy, "origin", record, departed, departed.time)


def _at_destination(view: JourneyView, policy: Policy, as_of: Instant, departed: Fact | None, arrived: Fact | None) -> Outcome:
    record = first_record(view, AUTHENTICATED)
    if arrived is None:
        return Insufficient(issue="destination", missing="the arrival") if departed else Clear(issue="destination")
    due, counted = authentication_due(view, policy, arrived)
    if home := home_in_time(view, arrived, due):
        return Clear(issue="destination", evidence=evidence(home))
    if record is None or record.recorded > as_of:
        return _not_yet("destination", "the authentication", arrived, record)
    return _judge(view, policy, "destination", record, arrived, due, (counted.id,))


def _not_yet(issue: str, missing: str, counted_from: Fact, record: Fact | None) -> Insufficient:
    """Nothing is recorded by now; when it will be."""
    next_at = record.recorded if record is not None else None
    return Insufficient(issue=issue, missing=missing, evidence=(counted_from.event_id,), next_at=next_at)


def _judge(
    view: JourneyView, policy: Policy, issue: str, record: Fact, counted_from: Fact, due: Instant, counted_by: tuple[str, ...] = ()
) -> Outcome:  # fmt: skip
    """`counted_by` are the rows of another rule that say when it was due."""
    shown = evidence((record, counted_from))
    day = local_day(due, record.jurisdiction)
    row = policy.require("T-CON-04", day, origin=view.origin, destination=view.destination, jurisdiction=record.jurisdiction)
    if record.recorded - due <= row.whole("days") * DAY:
        return Clear(issue=issue, evidence=shown)
    return Finding(
        issue=issue,
        reason=f"recorded_late_at_{issue}",
        summary=f"The contract was due at {issue} on {text(due)} and first recorded on {text(record.recorded)}.",
        evidence=shown,
        policy_rows=(*counted_by, row.id),
        since=due,
        due_at=answer_by(record.recorded, "P3", view.origin),
        destination=counted_from.text("country") or view.destination,
        parties=(record.office,),
    )
