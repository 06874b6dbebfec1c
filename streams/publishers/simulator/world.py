"""The places and parties that every simulated journey shares: offices, licensed agencies, employers, sites, demands.

All of it follows from corridor names, so that nothing needs to be kept: a hundred workers or a million share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from streams.publishers.simulator.parameters import CITY, MINISTRY, Corridor

AGENCIES = 12  # per origin
PARTNERS = 6  # destination agencies per destination
EMPLOYERS = 24  # per destination
DEMANDS = 20  # per corridor
POSITIONS = 50_000  # of each of these job orders: more than any run sends on it
SUBAGENTS = 10  # registered sub-agents per origin that registers them


def ministry(country: str) -> str:
    """The labour ministry's own office, 'NP/dofe'."""
    return f"{country}/{MINISTRY[country]}"


def satellite(corridor: Corridor) -> str:
    """The destination's labour office in the origin, 'QA/kathmandu'."""
    return f"{corridor.destination}/{CITY[corridor.origin]}"


def offices(corridors: Sequence[Corridor]) -> tuple[str, ...]:
    """Every office of these corridors, sorted."""
    found = {satellite(c) for c in corridors}
    for corridor in corridors:
        found |= {ministry(corridor.origin), ministry(corridor.destination)}
    return tuple(sorted(found))


def agency(origin: str, number: int) -> str:
    """A licensed agency of an origin."""
    return f"{origin}:{MINISTRY[origin]}:{1000 + number}"


def partner(destination: str, number: int) -> str:
    """A licensed agency of a destination."""
    return f"{destination}:{MINISTRY[destination]}:{2000 + number}"


def subagent(origin: str, number: int) -> str:
    """A registered sub-agent, where there is such a register."""
    return f"{origin}:subagent:{3000 + number}"


def employer(destination: str, number: int) -> str:
    """A company in the destination's commercial register."""
    return f"{destination}:cr:{40_000 + number}"


def site(destination: str, number: int) -> str:
    """The work site of the company with the same number."""
    return f"{destination}:site:{50_000 + number}"


@dataclass(frozen=True)
class Demand:
    """A job order in the pool: who holds it, for whom, for how many."""

    id: str
    agency: str
    employer: str
    number: int
    quantity: int


def demand(corridor: Corridor, number: int) -> Demand:
    """A job order of a corridor; all in the pool are attested."""
    where = f"{corridor.origin}:{MINISTRY[corridor.origin]}:{corridor.destination.lower()}-{100 + number}"
    who = Random(f"demand:{where}")
    firm = who.randrange(EMPLOYERS)
    return Demand(where, agency(corridor.origin, number % AGENCIES), employer(corridor.destination, firm), firm, POSITIONS)


def demands(corridor: Corridor) -> Iterator[Demand]:
    """Every job order of a corridor's pool."""
    return (demand(corridor, number) for number in range(DEMANDS))
