"""Embassies and the people they have: enough for the corridors that workers take, nobody for some others with an open alert (T-EMB-01)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from schemas.topicfiles import declared
from streams.domain.instants import DAY, HOUR, Instant, text
from streams.publishers.simulator import world
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.script import Draft
from streams.publishers.simulator.truth import Planted

ENOUGH = 20_000


@dataclass(frozen=True)
class Post:
    """What one embassy reports, the alert that it has, and what is true of it."""

    drafts: tuple[Draft, ...]
    truth: Planted


def posts(corridors: Sequence[Corridor], seed: str, begin: Instant, end: Instant) -> Iterator[Post]:
    """The embassy of each corridor, and of each other pair of these countries that has a declared one."""
    taken = {corridor.name for corridor in corridors}
    pairs = [(o, d) for o in sorted({c.origin for c in corridors}) for d in sorted({c.destination for c in corridors})]
    for origin, destination in pairs:
        name = f"{origin}-{destination}"
        if name in taken or declared(f"embassy.{name}"):
            yield _post(origin, destination, seed, begin, end, empty=name not in taken)


def _post(origin: str, destination: str, seed: str, begin: Instant, end: Instant, empty: bool) -> Post:
    name, office = f"{origin}-{destination}", world.ministry(origin)
    report = Draft(f"s{seed}-post-{name}", "oversight.embassy_staffing_reported", begin, office,
                   {"corridor": name, "caseworkers": 0 if empty else ENOUGH}, recorded=begin + HOUR)  # fmt: skip
    drafts = [report]
    if empty:
        case, heard = f"{origin}:{Random(f'{seed}:post:{name}').randrange(16**32):032x}", f"embassy.{name}"
        said = {"alert": case, "rule": "T-CON-02", "severity": "P3", "audiences": [heard], "origin": origin, "destination": destination}
        drafts.append(Draft(f"{report.id}-a", "case.alert_published", end - 30 * DAY, office, said, recorded=end - 30 * DAY + HOUR))
        done = {"alert": case, "audience": heard}
        drafts.append(Draft(f"{report.id}-b", "case.acknowledged", end - 29 * DAY, office, done, recorded=end - 29 * DAY + HOUR))
    truth = Planted(
        rule="T-EMB-01", variant="nobody_and_an_open_alert" if empty else "enough_caseworkers", expected=empty, look_alike=not empty,
        subject=f"place:{name}", issue="", as_of=text(end), origin=origin,
    )  # fmt: skip
    return Post(tuple(drafts), truth)
