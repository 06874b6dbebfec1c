"""T-VIS-04: a worker ends up in another country than the contract names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from streams.domain.employment import (
    ACKNOWLEDGED,
    AMENDED,
    ARRIVED,
    AUTHENTICATED,
    REGISTERED,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED, arrivals, departures
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

_CONTRACTS = (REGISTERED, ACKNOWLEDGED, AUTHENTICATED, AMENDED)


@dataclass(frozen=True)
class Voyage:
    """One departure with the arrivals up to the next: what was declared, and where it led. `departed` is None where not recorded."""

    departed: Fact | None
    arrivals: tuple[Fact, ...]

    @property
    def begins(self) -> Instant:
        return self.departed.time if self.departed is not None else self.arrivals[0].time

    @property
    def facts(self) -> tuple[Fact, ...]:
        return ((self.departed,) if self.departed is not None else ()) + self.arrivals


@journey_rule(
    "T-VIS-04", version=1, reads=(DEPARTED, ARRIVED, *_CONTRACTS), audience=("embassy",), severity="P2", action="verify",
    recommendations=("A5", "B1"), indicators=("deception",),
    next_step="Reach the worker, compare the contract with the work there, and tell the embassy in the other country what was found.",
    basis="Deployment under a job order for one country, work in another (S22g); C189 Art. 8(1): the place of work is in the contract",
)  # fmt: skip
def destination_switched(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The final country of the journey is another than that of the contract in force at departure.

    The last arrival tells the final country; a stop that the departure names as transit, or a return home, is no arrival there.
    Until one is recorded it is the country that the departure declares. The contract in force is the latest registered,
    acknowledged, authenticated or amended by departure; without any it is Insufficient. One issue per country, the contract's
    and the final one, so that the embassies in both hear; what a later departure does is judged by the contract at that time.
    """
    found: dict[str, Outcome] = {}
    for voyage in _voyages(view):
        for outcome in _judge(view, voyage):
            if not isinstance(found.get(outcome.issue), Finding):
                found[outcome.issue] = outcome
    yield from (found[issue] for issue in sorted(found))


def _voyages(view: JourneyView) -> Iterator[Voyage]:
    seen = [fact for fact in arrivals(view) if fact.text("country")]
    starts = [fact.time for fact in departures(view)]
    before = tuple(fact for fact in seen if not starts or fact.time < starts[0])
    if before:
        yield Voyage(None, before)
    for departed, end in zip_longest(departures(view), starts[1:]):
        yield Voyage(departed, tuple(fact for fact in seen if departed.time <= fact.time and (end is None or fact.time < end)))


def _judge(view: JourneyView, voyage: Voyage) -> Iterator[Outcome]:
    contract = next((fact for fact in reversed(view.of(*_CONTRACTS)) if fact.time <= voyage.begins and fact.text("country")), None)
    if contract is None:
        yield Insufficient(missing="the contract in force at departure", evidence=evidence(voyage.facts))
        return
    agreed, shown = contract.text("country") or "", evidence((contract, *voyage.facts))
    final, since = _final(voyage, agreed)
    if final == agreed:
        yield Clear(issue=agreed, evidence=shown)
    elif not final:
        yield Insufficient(issue=agreed, missing="the arrival in the final country", evidence=shown)
    else:
        for country, summary in (
            (agreed, "The contract is for work in this country, and the worker was taken to another."),
            (final, "The worker was taken to this country, and the contract is for work in another."),
        ):
            yield Finding(
                issue=country, reason="other_country_than_contract", summary=summary, evidence=shown, since=since,
                due_at=answer_by(since, "P2"), destination=country, parties=_parties(contract),
            )  # fmt: skip


def _final(voyage: Voyage, agreed: str) -> tuple[str, Instant]:
    """(the final country, since when that is known): '' where only a stop on the way is recorded."""
    transit = voyage.departed.texts("transit") if voyage.departed is not None else ()
    declared = (voyage.departed.text("country") or "") if voyage.departed is not None else ""
    ends = [fact for fact in voyage.arrivals if fact.text("country") not in transit or fact.text("country") == declared]
    if ends:
        return ends[-1].text("country") or "", ends[-1].time
    if voyage.arrivals and declared == agreed:
        return "", voyage.begins
    return declared, voyage.begins


def _parties(contract: Fact) -> tuple[str, ...]:
    named = {contract.text("employer"), contract.text("agency")}
    return tuple(sorted(name for name in named if name))
