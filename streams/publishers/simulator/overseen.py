"""What countries do about the corridors that all journeys share: agreements, committees, inspections, visits. All as it should be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import bodies, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.parameters import MINISTRY, Corridor
from streams.publishers.simulator.script import Draft

EVERY = 150 * DAY  # between two meetings, reviews, inspections: more often than any rule asks for
LAST_VISIT = 60 * DAY  # and up to fifty days more: less than the half year that a party of high risk may be left alone
SECTORS = tuple(sorted({isic for jobs in (life.MEN, life.WOMEN) for _, isic, _ in jobs}))
_PARTY = re.compile(r"[A-Z]{2}:[a-z0-9_-]+:")  # an id; some offices write a name
_ROLES = {"employer": "employer", "agency": "agency", "site": "site", "holder": "agency"}  # a field of a body -> as a visit names it


def lawful(corridors: Sequence[Corridor], seed: str, begin: Instant, end: Instant) -> Iterator[Draft]:
    """Everything from `begin` to `end`, published by the ministries."""
    number = count(1)

    def entry(type: str, time: Instant, country: str, body: bodies.Body) -> Draft:
        name = f"s{seed}-ovs-{next(number)}"
        return Draft(name, f"oversight.{type}", time, world.ministry(country), body, recorded=time + HOUR)

    destinations = sorted({c.destination for c in corridors})
    for country in sorted({*destinations, *(c.origin for c in corridors)}):
        yield entry("focal_designated", begin, country, bodies.focal(country, f"{country}-focal"))
    pairs = [(origin, destination) for origin in sorted({c.origin for c in corridors}) for destination in destinations]
    for origin, destination in pairs:  # also where nobody was meant to go
        body = bodies.agreement(f"BLA-{origin}-{destination}", f"{origin}-{destination}", _committee(destination))
        yield entry("bla_signed", begin, origin, body)
    for at in range(begin, end, EVERY):
        for destination in destinations:
            yield entry("committee_met", at, destination, bodies.meeting(_committee(destination), destination))
            yield entry("inspector_trained", at, destination, bodies.training(_inspector(destination), destination))
            for sector in SECTORS:
                visit = bodies.inspection(sector=f"{destination}/{sector}", inspector=_inspector(destination), jurisdiction=destination)
                yield entry("inspection_done", at + DAY, destination, visit)
        for origin, destination in pairs:
            yield entry("review_completed", at, destination, bodies.review(corridor=f"{origin}-{destination}"))


class Visits:
    """One unannounced visit to each party that is registered or has workers, some months before the end, the first time it is named."""

    def __init__(self, seed: str, end: Instant) -> None:
        self._seed, self._end = seed, end
        self._known: set[str] = set()

    def to(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """The visits to parties that these events name and none before did; households are not visited."""
        for draft in drafts:
            for role, named in _ROLES.items():
                party = draft.body.get(role)
                if isinstance(party, str) and _PARTY.match(party) and ":person:" not in party and party not in self._known:
                    self._known.add(party)
                    at = self._end - LAST_VISIT - len(self._known) % 50 * DAY
                    name = f"s{self._seed}-visit-{len(self._known)}"
                    country = party[:2] if party[:2] in MINISTRY else draft.office[:2]
                    yield Draft(name, "oversight.spot_check_done", at, world.ministry(country), {named: party, "announced": False},
                                recorded=at + HOUR)  # fmt: skip


def _inspector(country: str) -> str:
    return f"INSPECTOR {country}"


def _committee(country: str) -> str:
    return f"TC-{country}"
