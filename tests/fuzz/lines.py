"""An office's file of JSON lines, as `fairpassage publish` reads it; an input is the file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from schemas.catalogue import event_types
from schemas.examples import example
from streams.acceptance import valid
from streams.publishers.identity import seal
from streams.publishers.reading import Ready, Refused, lines_of, read
from tests.fuzz.mutating import changed, mutated, written
from tests.fuzz.target import ACCEPTED, KEY, NOW, Target, Wrong, refusal

_LIMIT = 1 << 20
_MOST_PROBLEMS = 1_000


@cache
def seeds() -> tuple[bytes, ...]:
    """Every example as a line: raw as an office has it, and sealed."""
    raw = [example(kind.name) for kind in event_types()]
    return tuple(json.dumps(each).encode() + b"\n" for each in (*raw, *(seal(each, KEY) for each in raw)))


@cache
def _events(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)
    return found


def made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """A line whose values or bytes were changed; now and then several."""
    seed = rng.choice(seeds)
    data = mutated(rng, seed, rng.sample(seeds, 2)) if rng.random() < 0.3 else written(rng, changed(rng, _events(seed)))
    if rng.random() < 0.05:
        data = mutated(rng, data, [seed])
    return data if rng.random() < 0.9 else data + b"\n" + rng.choice(seeds)


def verdict(data: bytes) -> str:
    """What is ready is what intake accepts, the same event; what is refused can be written to the office's file of rejects."""
    said = "nothing"
    for row in read(lines_of(io.BytesIO(data)), KEY, NOW, _LIMIT):
        if isinstance(row, Ready):
            if valid(row.topic, row.key, row.data, NOW) != row.event:
                raise Wrong("intake has another event than the office published")
            said = ACCEPTED
        else:
            said = _refused(row)
    return said


def _refused(row: Refused) -> str:
    if len(row.problems) > _MOST_PROBLEMS:
        raise Wrong("too many problems of one row: each is a line in the file of rejects, with the whole row", str(len(row.problems)))
    row.row.encode()
    for each in row.problems:
        refusal("Refused", each.reason, each.remedy).encode()
        each.field.encode()
        if len(each.field) > 300 or not (each.field + each.remedy).isprintable():
            raise Wrong("a terminal is given what it should not be", f"{each.field[:80]!r}: {each.remedy[:80]!r}")
    return refusal("Refused", row.problems[0].reason, row.problems[0].remedy)


TARGET = Target("lines", "an office's JSON lines, as `publish` reads them, and intake what it made of them", 200, seeds, made, verdict)
