"""What the registers say before anyone is recruited: licences, sub-agents, job orders and their attestation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from streams.domain.instants import HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.script import Draft

REGISTERS_SUBAGENTS = frozenset({"BD"})
_NAMES = ("SALIM", "RAJU", "MAMUN", "HARI", "BIR", "TEKLE", "NOEL", "ASLAM", "DIPAK", "KEDAR")


def standing(id: str, type: str, time: Instant, country: str, body: dict[str, Any]) -> Draft:
    """A register's entry, published by the ministry of `country`."""
    return Draft(id, type, time, world.ministry(country), body, recorded=time + HOUR)


def natural(country: str, draw: Random) -> str:
    """A natural person as a party, by a raw name and number that publishing turns into a pseudonym."""
    return f"{country}:person:{draw.choice(_NAMES)} {draw.randrange(10**8, 10**9)}"


def pool(corridors: Sequence[Corridor], seed: str, time: Instant) -> Iterator[Draft]:
    """Standings of everyone that the journeys share, valid from `time` on, without end."""
    number = 0

    def entry(type: str, country: str, body: dict[str, Any]) -> Draft:
        nonlocal number
        number += 1
        return standing(f"s{seed}-reg-{number}", type, time, country, body)

    for origin in sorted({c.origin for c in corridors}):
        for n in range(world.AGENCIES):
            party = world.agency(origin, n)
            yield entry("licensing.agency_registered", origin, bodies.licence(party, "agency", bodies.day(time, origin)))
        for n in range(world.SUBAGENTS if origin in REGISTERS_SUBAGENTS else 0):
            party, principal = world.subagent(origin, n), world.agency(origin, n % world.AGENCIES)
            yield entry("licensing.agency_registered", origin, bodies.licence(party, "subagent", bodies.day(time, origin)))
            yield entry("licensing.subagent_linked", origin, bodies.linked(party, principal, bodies.day(time, origin)))
    for destination in sorted({c.destination for c in corridors}):
        for n in range(world.PARTNERS):
            party = world.partner(destination, n)
            body = bodies.licence(party, "destination_agency", bodies.day(time, destination))
            yield entry("licensing.agency_registered", destination, body)
    for corridor in corridors:
        for order in world.demands(corridor):
            yield from _order(corridor, order, entry)


def _order(corridor: Corridor, order: world.Demand, entry: Any) -> Iterator[Draft]:
    body = bodies.demand(order.employer, order.agency, corridor.destination, order.quantity, "9313", "4100")
    submitted = entry("recruitment.demand_submitted", corridor.origin, body)
    submitted.refs = {"demand": order.id}
    yield submitted
    yield entry("oversight.demand_attested", corridor.origin,
                bodies.attested(order.id, order.employer, order.agency, order.quantity))  # fmt: skip
