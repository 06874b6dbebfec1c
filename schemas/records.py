"""Public events to and from the bytes of their topic's present schema, by the functions of `schemas.wire`.

Only what is plainly well formed passes; anything else raises, and `schemas.codec` asks fastavro what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import wire
from schemas.catalogue import EventType, event_types
from schemas.times import day, days, instant

_TIMES = ("time", "recordedat")


@dataclass(frozen=True)
class _Put:
    """How the body of a type is written: which of the union it is, and its fields in order."""

    branch: bytes
    names: frozenset[str]
    fields: tuple[tuple[str, wire.Write], ...]


class Records:
    """The events of one topic. `parsed` is fastavro's form of its present schema, without logical types."""

    def __init__(self, topic: str, parsed: Any) -> None:
        named: dict[str, Any] = {}
        *envelope, body = parsed["fields"]
        puts = ((each["name"], wire.writer(each["type"], named), each.get("default")) for each in envelope)
        self._fields = tuple((name, _from_text("timestamp", put) if name in _TIMES else put, default) for name, put, default in puts)
        self._names = frozenset(each["name"] for each in parsed["fields"])
        self._takes = tuple((each["name"], wire.reader(each["type"], named)) for each in envelope)
        kinds = {kind.record: kind for kind in event_types() if kind.topic == topic}
        listed = [(kinds[each["name"]], each["fields"]) for each in body["type"]]
        self._puts = {kind.name: _put(number, kind, fields, named) for number, (kind, fields) in enumerate(listed)}
        self._bodies = tuple((kind.name, _takes(kind, fields, named)) for kind, fields in listed)

    def write(self, event: Mapping[str, Any]) -> bytes:
        """The record of an event (plain JSON form), without the header. Raises what it must."""
        put, body, get = self._puts[event["type"]], event.get("body") or {}, event.get
        if not event.keys() <= self._names or type(body) is not dict or not body.keys() <= put.names:
            raise wire.Unfit
        parts = [write(default if (value := get(name)) is None else value) for name, write, default in self._fields]
        parts.append(put.branch)
        given = body.get
        parts += [write(given(name)) for name, write in put.fields]
        return b"".join(parts)

    def read(self, data: bytes, at: int) -> dict[str, Any]:
        """The event whose record begins at `at` and ends where the data does. Raises what it must."""
        event: dict[str, Any] = {}
        for name, take in self._takes:
            event[name], at = take(data, at)
        number, at = wire.number(data, at)
        kind, fields = self._bodies[number]
        if kind != event["type"] or number < 0:
            raise wire.Unfit
        body = event["body"] = {}
        for name, take in fields:
            value, at = take(data, at)
            if value is not None:
                body[name] = value
        if at != len(data):
            raise wire.Unfit
        return event


def _put(number: int, kind: EventType, fields: list[dict[str, Any]], named: dict[str, Any]) -> _Put:
    types = {field.name: field.type for field in kind.fields}
    made = ((each["name"], wire.writer(each["type"], named)) for each in fields)
    puts = tuple((name, _from_text(types[name], write)) for name, write in made)
    return _Put(wire.length(number), frozenset(types), puts)


def _from_text(kind: str, write: wire.Write) -> wire.Write:
    if kind == "date":
        return lambda value: write(days(value) if isinstance(value, str) else value)
    return (lambda value: write(instant(value))) if kind == "timestamp" else write


def _takes(kind: EventType, fields: list[dict[str, Any]], named: dict[str, Any]) -> tuple[tuple[str, wire.Read], ...]:
    types = {field.name: field.type for field in kind.fields}
    made = ((each["name"], wire.reader(each["type"], named)) for each in fields)
    return tuple((name, _as_text(take) if types[name] == "date" else take) for name, take in made)


def _as_text(take: wire.Read) -> wire.Read:
    def read(data: bytes, at: int) -> tuple[str | None, int]:
        value, at = take(data, at)
        return None if value is None else day(value), at

    return read
