"""Complaints that gather at the employers and agencies that all journeys share (the watch T-CMP-03): reckoned when all is told, by the
simulator's own arithmetic. Domain.md 4.4 and 4.6; what a story is about, the story says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, factorial

from streams.domain.instants import DAY, Instant, text
from streams.publishers.simulator import world
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.script import Draft, Script
from streams.publishers.simulator.truth import Planted

FILED = "complaint.complaint_filed"
KNOWN_BY = frozenset({"visa.clearance_issued", "oversight.contract_registered_origin", "oversight.contract_authenticated_destination",
                      "deployment.arrived", "deployment.worksite_assigned", "recruitment.worker_registered"})  # fmt: skip
COMPLAINANTS = frozenset({"worker", "family", "union", "ngo"})
WINDOW, KNOWN_FOR = 90 * DAY, 730 * DAY
MANY, TIMES, CHANCE, YEARLY, LEAST_KNOWN = 5, 3, 0.01, 0.007, 20


@dataclass(frozen=True)
class _Complaint:
    at: Instant
    worker: str
    origin: str


class Complaints:
    """Who complained of each shared party of late, and how many are known to work for it."""

    def __init__(self, corridors: Sequence[Corridor], end: Instant) -> None:
        self._end, self._of, self._workers = end, defaultdict[str, list[_Complaint]](list), Counter[str]()
        self._pool = _shared(corridors)
        self._last: tuple[str, set[str]] = ("", set())

    def note(self, script: Script) -> None:
        """Counts a worker's journey as it was written; a second journey comes right after the first of the same worker."""
        worker = script.setting.person.sim
        steps = [step for step in script.steps.values() if step.time < min(self._end, step.recorded + DAY)]
        named = {party for step in steps if step.type in KNOWN_BY and step.time >= self._end - KNOWN_FOR for party in _parties(step)}
        before = self._last[1] if self._last[0] == worker else set[str]()
        self._workers.update((named & self._pool) - before)
        self._last = worker, named | before
        for step in steps:
            about = _complained_of(step)
            if about in self._pool and step.time >= self._end - 2 * WINDOW:
                self._of[about].append(_Complaint(step.time, worker, script.setting.origin))

    def true(self) -> Iterator[Planted]:
        """A line for each nationality among those who complained of a party, where two did or more."""
        for party, all_of in sorted(self._of.items()):
            near = {each: [other for other in all_of if each.at - WINDOW <= other.at <= each.at] for each in all_of}
            recent = [each for each in all_of if each.at >= self._end - WINDOW]
            most = max((len({other.worker for other in near[each]}) for each in recent), default=0)
            if most > 1:
                peak = min((each for each in recent if len({other.worker for other in near[each]}) == most), key=lambda each: each.at)
                expected = _gathered(most, self._workers[party])
                for origin in sorted({each.origin for each in near[peak]}):
                    yield Planted(rule="T-CMP-03", variant="gathered_by_chance" if expected else "no_more_than_chance", expected=expected,
                                  look_alike=not expected, subject=f"party:{party}", issue=origin, as_of=text(self._end))  # fmt: skip


def _shared(corridors: Sequence[Corridor]) -> frozenset[str]:
    origins, destinations = ({getattr(corridor, end) for corridor in corridors} for end in ("origin", "destination"))
    return frozenset((
        *(world.agency(origin, number) for origin in origins for number in range(world.AGENCIES)),
        *(world.partner(country, number) for country in destinations for number in range(world.PARTNERS)),
        *(world.employer(country, number) for country in destinations for number in range(world.EMPLOYERS)),
    ))  # fmt: skip


def _complained_of(step: Draft) -> str:
    """Whom a complaint is against, else the employer, else the agency; '' for no complaint of a worker's."""
    if step.type != FILED or step.body["complainant_role"] not in COMPLAINANTS:
        return ""
    return step.body.get("against") or step.body.get("employer") or step.body.get("agency") or ""


def _parties(step: Draft) -> set[str]:
    return {party for field in ("employer", "agency", "contractor") if (party := step.body.get(field))}


def _gathered(complaints: int, workers: int) -> bool:
    """Five, or more than three times as many as expected, and by chance less than once in a hundred; five where few are known."""
    if workers < LEAST_KNOWN:
        return complaints >= MANY
    expected = workers * YEARLY * 90 / 365
    chance = 1 - sum(exp(-expected) * expected**number / factorial(number) for number in range(complaints))
    return (complaints >= MANY or complaints > TIMES * expected) and chance < CHANCE
