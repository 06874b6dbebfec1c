"""Which demands, parties, places and cases an event names, by its schema alone, and what of it other homes may not read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from schemas.catalogue import event_type

_PREFIX = {"party": "party:", "demand": "demand:", "corridor": "place:", "jurisdiction": "place:", "sector": "place:", "case": "case:"}
# Classes that never leave the worker's home.
_PRIVATE = frozenset({"identifier", "narrative", "sensitive"})


@cache
def _subject_fields(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _PREFIX[field.subject]) for field in event_type(name).fields if field.subject)


@cache
def private_fields(name: str) -> frozenset[str]:
    """Body fields of an event type that never leave the worker's home."""
    return frozenset(field.name for field in event_type(name).fields if field.pii in _PRIVATE)


def office(source: str) -> str:
    """'/office/NP/kathmandu' -> 'NP:office:kathmandu'."""
    _, _, country, name = source.split("/", 3)
    return f"{country}:office:{name}"


def subjects(event: Mapping[str, Any]) -> tuple[str, ...]:
    """Subject ids that must hear of an event, sorted: those its schema marks, its demand, and the publishing office."""
    body, found = event.get("body") or {}, {f"party:{office(event['source'])}"}
    if demand := (event.get("refs") or {}).get("demand"):
        found.add(f"demand:{demand}")
    for name, prefix in _subject_fields(event["type"]):
        value = body.get(name)
        for each in value if isinstance(value, list | tuple) else (value,):
            if each:
                found.add(prefix + each)
    return tuple(sorted(found))
