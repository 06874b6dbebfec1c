"""Hypothesis's values of each field's own type, and any JSON, in place of those of an example: the file of JSON lines again.

What Hypothesis draws from a run's own random bytes is written as a line, so that a run is repeated by its seed and a kept input is a file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.catalogue import EventType, event_types
from schemas.examples import example
from tests.fuzz import lines
from tests.fuzz.target import Target

_BYTES = 2_048  # that a drawing may use up
_TEXT = st.text(max_size=40)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4), max_leaves=12,
)  # fmt: skip
_MONEY = st.fixed_dictionaries({"minor": st.integers(-(10**16), 10**16), "currency": st.sampled_from(("NPR", "QAR", "XXX", ""))})
_TIMES = st.datetimes(timezones=st.timezones()).map(lambda each: each.isoformat())
_TYPES: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXT, "long": st.integers(-(2**64), 2**64), "int": st.integers(-(2**32), 2**32), "double": st.floats(),
    "date": st.dates().map(str), "timestamp": _TIMES, "Money": _MONEY, "list of string": st.lists(_TEXT, max_size=5),
    "boolean": st.booleans(),
}  # fmt: skip
_ENVELOPE = {"id": _TEXT, "source": _TEXT, "time": _TIMES, "recordedat": _TIMES, "run": _TEXT, "corrects": _TEXT,
"retracted": st.booleans(),
             "worker": _ANY, "refs": _ANY, "was": _ANY, "evidence": _TEXT, "body": _ANY}  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """An example with up to four fields that hold something else."""
    kind: EventType = draw(st.sampled_from(event_types()))
    event = example(kind.name)
    of = {f"body.{each.name}": _TYPES.get(each.type, _ANY) for each in kind.fields} | _ENVELOPE
    for name in draw(st.lists(st.sampled_from(sorted(of)), min_size=1, max_size=4, unique=True)):
        value = draw(_ANY if draw(st.integers(0, 4)) == 0 else of[name])
        inside, _, field = name.rpartition(".")
        if inside and isinstance(event["body"], dict):
            event["body"][field] = value
        elif not inside:
            event[field] = value
    return event


_drawn: list[dict[str, Any]] = []


@settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(events())
def _draw(event: dict[str, Any]) -> None:
    _drawn.append(event)


@cache
def _from() -> Any:
    return _draw.hypothesis.fuzz_one_input  # type: ignore[attr-defined]  # what Hypothesis offers to fuzzers


def made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """What Hypothesis draws from random bytes; a seed where it draws nothing."""
    _drawn.clear()
    _from()(rng.randbytes(_BYTES))
    return json.dumps(_drawn[0]).encode() if _drawn else rng.choice(seeds)


TARGET = Target("values", "the same lines, their values drawn by Hypothesis", 7, lines.seeds, made, lines.verdict)
