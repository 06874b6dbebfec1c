"""Simulated corridors for tests: written once per seed and size, sealed as an office would, with their truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from schemas.catalogue import event_type
from streams.domain.instants import Instant, parse
from streams.evaluate import Evaluated
from streams.linking.gather import journey_id
from streams.publishers.identity import seal
from streams.publishers.simulator.parameters import CORRIDORS, Corridor
from streams.publishers.simulator.run import Options, Run
from streams.publishers.simulator.score import Score, published, score
from streams.publishers.simulator.truth import Migration, Opening, Planted

KEY = b"a linking key of tests, thirty-two bytes and more"
START = parse("2023-11-01T00:00:00Z")


@dataclass(frozen=True)
class Simulated:
    """A run in memory: raw events in order of arrival, and what is true of them."""

    raw: tuple[tuple[str, bytes], ...]
    planted: tuple[Planted, ...]
    journeys: tuple[Migration, ...]
    as_of: Instant

    def sealed(self) -> list[dict[str, Any]]:
        """Decoded events as they leave the office."""
        found = []
        for _, line in self.raw:
            event = seal(msgspec.json.decode(line), KEY)
            body = event["body"] | {name: parse(event["body"][name]) for name in _instants(event["type"]) if event["body"].get(name)}
            found.append({**event, "time": parse(event["time"]), "recordedat": parse(event["recordedat"]), "body": body})
        return found


@cache
def _instants(type: str) -> tuple[str, ...]:
    """The fields of a type's body that are instants."""
    return tuple(each.name for each in event_type(type).fields if each.type == "timestamp")


def options(workers: int, seed: str = "1", per_rule: int = 0, corridors: tuple[Corridor, ...] = CORRIDORS) -> Options:
    """A run's options, with a fixed start."""
    return Options(workers, seed, corridors, START, per_rule)


@cache
def simulated(workers: int, seed: str = "1", per_rule: int = 0, corridors: tuple[Corridor, ...] = CORRIDORS) -> Simulated:
    """A run of these options."""
    chosen = options(workers, seed, per_rule, corridors)
    items = list(Run(chosen))
    return Simulated(
        raw=tuple(each for each in items if isinstance(each, tuple)),
        planted=tuple(each for each in items if isinstance(each, Planted)),
        journeys=tuple(each for each in items if isinstance(each, Migration)),
        as_of=chosen.as_of,
    )


def named(origin: str, opening: Opening) -> str:
    """A journey's id from the event that opened it."""
    return journey_id(origin, opening.source, opening.id)


def scored(result: Evaluated, planted: Iterable[Planted]) -> dict[str, Score]:
    """An evaluation against the truth."""
    found = [(each.rule.partition("@")[0], subject, each.issue) for subject, each in result.findings()]
    return score(found, planted, named, lambda raw: published(raw, KEY))
