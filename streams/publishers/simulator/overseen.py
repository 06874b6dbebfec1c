"""What countries do about the corridors that all journeys share: agreements, committees, reviews, focal offices. All as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.script import Draft

EVERY = 150 * DAY  # between two meetings, reviews, inspections: more often than any rule asks for


def lawful(corridors: Sequence[Corridor], seed: str, begin: Instant, end: Instant) -> Iterator[Draft]:
    """Everything from `begin` to `end`, published by the ministries."""
    number = count(1)

    def entry(type: str, time: Instant, country: str, body: bodies.Body) -> Draft:
        name = f"s{seed}-ovs-{next(number)}"
        return Draft(name, f"oversight.{type}", time, world.ministry(country), body, recorded=time + HOUR)

    countries = sorted({country for c in corridors for country in (c.origin, c.destination)})
    for country in countries:
        yield entry("focal_designated", begin, country, bodies.focal(country, f"{country}-focal"))
    for corridor in corridors:
        body = bodies.agreement(f"BLA-{corridor.name}", corridor.name, _committee(corridor.destination))
        yield entry("bla_signed", begin, corridor.origin, body)
    for at in range(begin, end, EVERY):
        for destination in sorted({c.destination for c in corridors}):
            yield entry("committee_met", at, destination, bodies.meeting(_committee(destination), destination))
        for corridor in corridors:
            yield entry("review_completed", at, corridor.destination, bodies.review(corridor=corridor.name))


def _committee(country: str) -> str:
    return f"TC-{country}"
