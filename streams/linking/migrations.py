"""Split, second step: which migration an event of one person belongs to.

An event belongs to the journey of the contract, visa, case or demand it names, else by date. Repatriation or the
contract's end closes a journey; what follows stays with it until a step towards another departure opens the next. A
registration after the planned end opens the next as well (domain.md 4.6, design.md "Linking").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day

CLOSING = frozenset({"deployment.repatriation_done", "deployment.contract_ended"})
REGISTRATION = "recruitment.worker_registered"
# After a closing, each of these shows that another migration has begun.
OPENING = frozenset({REGISTRATION, "recruitment.contract_offered", "oversight.contract_registered_origin",
                     "visa.clearance_issued", "visa.visa_issued", "deployment.departed"})  # fmt: skip


def _refs(fact: Fact) -> tuple[str, ...]:
    """What an event names, the most particular first."""
    named = (("contract", fact.refs.contract), ("visa", fact.refs.visa), ("case", fact.refs.case), ("demand", fact.refs.demand))
    return tuple(f"{kind}:{name}" for kind, name in named if name)


def _planned_end(fact: Fact) -> Instant | None:
    """The end date that a contract states, its whole local day included."""
    end, country = fact.text("end"), fact.text("country")
    return end_of_day(end, country or "") if end and ".contract_" in fact.type else None


def _opens(fact: Fact, known: set[str], closed: bool, planned_end: Instant | None) -> bool:
    if any(ref in known for ref in _refs(fact) if not ref.startswith("demand:")):
        return False
    if closed:
        return fact.type in OPENING
    return fact.type == REGISTRATION and planned_end is not None and fact.time >= planned_end


def openings(facts: Sequence[Fact]) -> list[Fact]:
    """The events that open each journey of a person, in order; `facts` are plausible, in force and sorted."""
    found: list[Fact] = []
    known: set[str] = set()
    closed, planned_end = False, None
    for fact in facts:
        if not found or _opens(fact, known, closed, planned_end):
            found.append(fact)
            closed, planned_end = False, None
        known.update(_refs(fact))
        closed = closed or fact.type in CLOSING
        ends = _planned_end(fact)
        if ends is not None:
            planned_end = ends if planned_end is None else max(planned_end, ends)
    return found


def assign(facts: Iterable[Fact], later: Iterable[Fact] = ()) -> tuple[list[Fact], dict[str, int]]:
    """The opening events of a person's journeys, and for each fact id the number of its journey.

    `facts` decide where journeys begin; `later` (weak-only events admitted) are only placed.
    """
    listed = sorted(facts, key=lambda fact: fact.key)
    clocks = [fact for fact in listed if not fact.implausible] or listed
    opened = openings(clocks)
    starts = [fact.key for fact in opened]
    owner: dict[str, set[int]] = {}
    first: dict[str, int] = {}
    for fact in clocks:
        number = max(0, bisect_right(starts, fact.key) - 1)
        for ref in _refs(fact):
            first.setdefault(ref, number)
            owner.setdefault(ref, set()).add(number)
    placed: dict[str, int] = {}
    for fact in [*listed, *later]:
        by_date = max(0, bisect_right(starts, fact.key) - 1)
        named = [first[ref] for ref in _refs(fact) if ref in first and (not ref.startswith("demand:") or len(owner[ref]) == 1)]
        placed[fact.id] = by_date if fact in opened or not named else named[0]
    return opened, placed
