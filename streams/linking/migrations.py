"""Split, second step: which migration an event of one person belongs to.

An event belongs to the journey of the contract, visa, case or demand it names, else by date. Repatriation or the
contract's end closes a journey; what follows stays with it until a step towards another departure opens the next. A
registration after the planned end opens the next as well (domain.md 4.6, design.md "Linking").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day

CLOSING = frozenset({"deployment.repatriation_done", "deployment.contract_ended"})
REGISTRATION = "recruitment.worker_registered"
# After a closing, each of these shows that another migration has begun; a fee or a complaint may still be about the last.
OPENING = frozenset({
    REGISTRATION, "recruitment.contract_offered", "recruitment.medical_done", "oversight.contract_acknowledged_origin",
    "oversight.contract_registered_origin", "oversight.orientation_done", "visa.visa_issued", "visa.clearance_issued",
    "deployment.departed", "deployment.arrived",
})  # fmt: skip
CONTRACTS = frozenset({
    "recruitment.contract_offered", "oversight.contract_acknowledged_origin", "oversight.contract_registered_origin",
    "oversight.contract_authenticated_destination", "deployment.contract_amended",
})  # fmt: skip


def order(fact: Fact) -> tuple[Instant, int, str]:
    """When it happened; of one instant (dates without a time are many) the end of one journey before the next's begin."""
    rank = 0 if fact.type in CLOSING else 1 if fact.type == REGISTRATION else 2 if fact.type in OPENING else 3
    return fact.time, rank, fact.id


def papers(fact: Fact) -> tuple[str, ...]:
    """What an event names that is one journey's only, in the order in which it decides."""
    refs = fact.refs
    named = (("contract", refs.contract), ("visa", refs.visa), ("case", refs.case))
    return tuple(f"{kind}:{name}" for kind, name in named if name)


def planned_end(fact: Fact) -> Instant | None:
    """The first instant after the contract that an event states: its last day included, or whole months from its start."""
    if fact.type not in CONTRACTS:
        return None
    end, start, months, country = fact.text("end"), fact.text("start"), fact.number("months"), fact.text("country") or ""
    if end:
        return end_of_day(end, country)
    return start_of_day(_months_after(start, int(months)), country) if start and months is not None else None


def _months_after(day: str, months: int) -> str:
    """The same day of a later month; the first of the next where that month is too short."""
    begin = date.fromisoformat(day)
    years, month = divmod(begin.month - 1 + months, 12)
    try:
        return begin.replace(year=begin.year + years, month=month + 1).isoformat()
    except ValueError:  # no such day in that month
        return date(begin.year + years, month + 2, 1).isoformat()


@dataclass
class _Trip:
    closed: bool = False
    planned_end: Instant | None = None


@dataclass
class _Scan:
    """One reading of a person's events in order.

    A paper or demand named before a journey closed, or by what opened the next, is that journey's (`firm`). One first
    named after a closing may already be of the next (a fee paid for the new contract): `loose` until that is known.
    """

    opened: list[Fact] = field(default_factory=list)
    trips: list[_Trip] = field(default_factory=list)
    firm: dict[str, set[int]] = field(default_factory=dict)
    loose: dict[str, set[int]] = field(default_factory=dict)

    def read(self, fact: Fact) -> None:
        by_paper = self._by_paper(fact, self.firm)
        if not self.trips or (by_paper is None and self._opens(fact)):
            self.opened.append(fact)
            self.trips.append(_Trip())
            number = len(self.trips) - 1
        else:
            number = self._number(fact, by_paper)
        trip = self.trips[number]
        self._claim(fact, number, self.loose if trip.closed else self.firm)
        trip.closed = trip.closed or fact.type in CLOSING
        ends = planned_end(fact)
        trip.planned_end = trip.planned_end if ends is None else ends

    def _opens(self, fact: Fact) -> bool:
        last = self.trips[-1]
        if last.closed:
            return fact.type in OPENING
        return fact.type == REGISTRATION and last.planned_end is not None and fact.time >= last.planned_end

    def _number(self, fact: Fact, by_paper: int | None) -> int:
        if by_paper is None and fact.type not in OPENING:
            by_paper = self._by_paper(fact, self.loose)
        if by_paper is not None:
            return by_paper
        demand = self.firm.get(f"demand:{fact.refs.demand}", set())
        return next(iter(demand)) if len(demand) == 1 else len(self.trips) - 1

    @staticmethod
    def _by_paper(fact: Fact, owners: dict[str, set[int]]) -> int | None:
        return next((min(owners[paper]) for paper in papers(fact) if paper in owners), None)

    def _claim(self, fact: Fact, number: int, owners: dict[str, set[int]]) -> None:
        for paper in papers(fact):
            owners.setdefault(paper, {number})
        if fact.refs.demand:
            owners.setdefault(f"demand:{fact.refs.demand}", set()).add(number)


@dataclass(frozen=True)
class _Places:
    """Where events belong once all of a person's are read: `owners` are the journeys of each paper and demand."""

    numbers: dict[str, int]
    starts: list[tuple[Instant, int, str]]
    owners: dict[str, set[int]]

    def of(self, fact: Fact) -> int:
        if fact.id in self.numbers:
            return self.numbers[fact.id]
        by_paper = next((min(self.owners[paper]) for paper in papers(fact) if paper in self.owners), None)
        if by_paper is not None:
            return by_paper
        demand = self.owners.get(f"demand:{fact.refs.demand}", set())
        if len(demand) == 1:
            return next(iter(demand))
        return max(0, bisect_right(self.starts, order(fact)) - 1)


def _single(facts: Iterable[Fact]) -> bool:
    """Whether none of these events, in order, can open a second journey: nothing follows a closing or a contract that could.

    Most people's, and those need no scan; False only says that it must be looked at.
    """
    closed = planned = False
    for fact in facts:
        if (closed and fact.type in OPENING) or (planned and fact.type == REGISTRATION):
            return False
        closed = closed or fact.type in CLOSING
        planned = planned or fact.type in CONTRACTS
    return True


def assign(facts: Iterable[Fact], later: Iterable[Fact] = ()) -> tuple[list[Fact], dict[str, int]]:
    """The opening events of a person's journeys, and for each fact id the number of its journey.

    `facts` decide where journeys begin, those dated in the future only if there are no others (they move no clock);
    `later` (admitted and retracted events) are only placed.
    """
    listed = sorted(facts, key=order)
    read = [fact for fact in listed if not fact.implausible] or listed
    if _single(read):
        return read[:1], dict.fromkeys((fact.id for fact in (*listed, *later)), 0)
    return _scanned(listed, read, later)


def _scanned(listed: list[Fact], read: list[Fact], later: Iterable[Fact]) -> tuple[list[Fact], dict[str, int]]:
    """As `assign`, of facts in order and those of them that decide."""
    scan = _Scan()
    for fact in read:
        scan.read(fact)
    numbers = {fact.id: number for number, fact in enumerate(scan.opened)}
    places = _Places(numbers, [order(fact) for fact in scan.opened], scan.loose | scan.firm)
    placed = {fact.id: places.of(fact) for fact in listed}
    for fact in sorted(later, key=order):
        placed[fact.id] = places.of(fact)
        for paper in papers(fact):  # a case that only admitted events name stays one journey's
            places.owners.setdefault(paper, {placed[fact.id]})
    return scan.opened, placed
