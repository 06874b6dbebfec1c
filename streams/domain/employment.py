"""Whom a worker is contracted to and where the worker works: contracts by how telling they are, assignments in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.domain.facts import Fact, by_key
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.names import party_key
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, once_a_view

AUTHENTICATED = "oversight.contract_authenticated_destination"
ACKNOWLEDGED = "oversight.contract_acknowledged_origin"
REGISTERED = "oversight.contract_registered_origin"
AMENDED = "deployment.contract_amended"
WORKSITE = "deployment.worksite_assigned"
TRANSFERRED = "deployment.employer_transferred"
ARRIVED = "deployment.arrived"
EMPLOYER_REGISTERED = "licensing.employer_registered"
CLOSING = ("deployment.contract_ended", "deployment.repatriation_done")
CONTRACTS = (AUTHENTICATED, ACKNOWLEDGED, REGISTERED, AMENDED)
# The most telling first: what the destination authenticated, then what the origin saw.
_TIERS = ((AUTHENTICATED,), (ACKNOWLEDGED, REGISTERED), ())

FOREVER: Instant = 1 << 62
Span = tuple[Instant, Instant]  # from an instant up to, not including, another


@once_a_view
def contracts(view: JourneyView, field: str) -> tuple[Fact, ...]:
    """The contracts that tell `field`: of the most telling kind that does, with the amendments, by (time, id)."""
    for tier in _TIERS:
        found = tuple(fact for fact in view.of(*tier, AMENDED) if fact.text(field))
        if any(fact.type in tier for fact in found) or (not tier and found):
            return found
    return ()


def told(view: JourneyView, field: str) -> str | None:
    """What the contract in force says of `field`."""
    found = contracts(view, field)
    return found[-1].text(field) if found else None


@dataclass(frozen=True)
class Sector:
    """The contract employer's ISIC code, None when nothing tells it."""

    isic: str | None
    shown: tuple[Fact, ...] = ()


@once_a_view
def sector(view: JourneyView, standings: Standings) -> Sector:
    """The contract employer's sector, by the contract or else by the employers' register; never by another employer's contract."""
    employer = told(view, "employer")
    own = {None, party_key(employer) if employer else None}
    said = [fact for fact in contracts(view, "employer_isic") if (name := fact.text("employer")) is None or party_key(name) in own]
    if said:
        return Sector(said[-1].text("employer_isic"), (said[-1],))
    listed = [fact for fact in standings.of(f"party:{employer}", EMPLOYER_REGISTERED) if fact.text("isic")
              and party_key(fact.text("employer") or "") == party_key(employer)] if employer else []  # fmt: skip
    return Sector(listed[-1].text("isic"), (listed[-1],)) if listed else Sector(None)


def among(code: str | None, prefixes: tuple[str, ...]) -> bool | None:
    """Whether an ISCO or ISIC code begins with one of these; None when unknown, or too coarse to tell: '91' may be 9111."""
    if code is None:
        return None
    if code.startswith(prefixes):
        return True
    return None if any(prefix.startswith(code) for prefix in prefixes) else False


@dataclass(frozen=True)
class Assignment:
    """Where a worker works, from `span` start to end (FOREVER while nothing ends it). `employer` directs the work there."""

    fact: Fact
    span: Span
    employer: str | None

    @property
    def key(self) -> str:
        """The employer whatever its spelling; '' when unknown."""
        return party_key(self.employer) if self.employer else ""

    @property
    def country(self) -> str:
        """Where the work is, as far as the assignment itself says; '' when it does not."""
        return self.fact.text("country") or ""


@once_a_view
def assignments(view: JourneyView) -> tuple[Assignment, ...]:
    """Assignments by start. One ends with its last day, the contract or the migration, or where a later one begins."""
    starts = sorted(((_start(fact, view), fact) for fact in view.of(WORKSITE)), key=lambda each: (each[0], each[1].id))
    if not starts:
        return ()
    closings = [fact.time for fact in view.of(*CLOSING)]
    found = []
    for start, fact in starts:
        until = fact.text("until")
        ends = [later for later, _ in starts if later > start] + [time for time in closings if time >= start]
        ends += [end_of_day(until, _country(fact, view))] if until else []
        found.append(Assignment(fact, (start, max(start, min(ends, default=FOREVER))), fact.text("employer")))
    return tuple(found)


def _country(fact: Fact, view: JourneyView) -> str:
    return fact.text("country") or view.destination or fact.jurisdiction


def _start(fact: Fact, view: JourneyView) -> Instant:
    """The first day's beginning; the event's own instant where that falls on the same day, or no day is given."""
    day, country = fact.text("from"), _country(fact, view)
    if day is None or day == local_day(fact.time, country).isoformat():
        return fact.time
    return start_of_day(day, country)


@once_a_view
def employed(view: JourneyView) -> tuple[tuple[str, Span, Fact], ...]:
    """(employer, span, fact) of each employer of record: by contract from the beginning, then by later ones and transfers."""
    base = contracts(view, "employer")
    if not base:
        return ()
    found: list[tuple[str, Instant, Fact]] = []
    for fact in sorted((*base, *view.of(TRANSFERRED)), key=by_key):
        if name := fact.text("to_employer" if fact.type == TRANSFERRED else "employer"):
            found.append((name, fact.time, fact))
    name, _, first = found[0]
    before = first.text("from_employer") if first.type == TRANSFERRED else None
    if before is not None:
        found.insert(0, (before, -FOREVER, first))
    else:
        found[0] = name, -FOREVER, first
    ends = [start for _, start, _ in found[1:]] + [FOREVER]
    return tuple((name, (start, end), fact) for (name, start, fact), end in zip(found, ends, strict=True))


def by_transfer(name: str, fact: Fact) -> bool:
    """Whether an employer of record (`employed`) is one that a transfer led to, not the one that it led away from."""
    return fact.type == TRANSFERRED and name == fact.text("to_employer")


def outside(span: Span, covered: Iterable[Span]) -> Iterator[Span]:
    """The parts of `span` that no covered span reaches, in order."""
    start, end = span
    for begins, ends in sorted(covered):
        if begins >= end or start >= end:
            break
        if begins > start:
            yield start, begins
        start = max(start, ends)
    if start < end:
        yield start, end
