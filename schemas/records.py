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
class _Form:
    """Fields in their order: what is written where none is given (None: it must be), and each one's place and writer by name."""

    blank: list[bytes | None]
    places: dict[str, tuple[int, wire.Write]]


class Records:
    """The events of one topic. `parsed` is fastavro's form of its present schema, without logical types."""

    def __init__(self, topic: str, parsed: Any) -> None:
        named: dict[str, Any] = {}
        *envelope, body = parsed["fields"]
        self._envelope = _form(envelope, dict.fromkeys(_TIMES, "timestamp"), named)
        self._takes = tuple((each["name"], wire.reader(each["type"], named)) for each in envelope)
        kinds = {kind.record: kind for kind in event_types() if kind.topic == topic}
        listed = [(kinds[each["name"]], each["fields"]) for each in body["type"]]
        self._puts = {
            kind.name: (wire.length(number), _form(fields, {field.name: field.type for field in kind.fields}, named))
            for number, (kind, fields) in enumerate(listed)
        }
        self._bodies = tuple((kind.name, _takes(kind, fields, named)) for kind, fields in listed)

    def write(self, event: Mapping[str, Any]) -> bytes:
        """The record of an event (plain JSON form), without the header. Raises what it must."""
        (branch, form), envelope = self._puts[event["type"]], self._envelope
        parts: list[Any] = envelope.blank.copy()  # one that must be given and is not is None, which `join` refuses
        for name, value in event.items():
            if value is not None and name != "body":
                place, write = envelope.places[name]
                parts[place] = write(value)
        parts.append(branch)
        bits: list[Any] = form.blank.copy()
        for name, value in (event.get("body") or {}).items():
            place, write = form.places[name]
            if value is not None:
                bits[place] = write(value)
        return b"".join(parts + bits)

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


def _form(fields: list[dict[str, Any]], types: Mapping[str, str], named: dict[str, Any]) -> _Form:
    """`types` are those of days and instants at least, which may be given as text."""
    writers = [wire.writer(each["type"], named) for each in fields]
    blank = [write(each["default"]) if "default" in each else None for each, write in zip(fields, writers, strict=True)]
    names = [each["name"] for each in fields]
    puts = [_from_text(types.get(name, ""), write) for name, write in zip(names, writers, strict=True)]
    return _Form(blank, dict(zip(names, enumerate(puts), strict=True)))


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
