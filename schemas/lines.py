"""A line of an office's file straight to the event it is, when it is plainly one: the short way of `publish`.

msgspec reads JSON into a type made from the schema, so that fields, types and JSON itself are checked as it is read. It takes
less than `json` and `schemas.shape` do (no BOM, no NaN, no 1.0 for a whole number), and what it takes they take as the same
values (tests/property/test_lines.py). None says nothing against a line: `schemas.shape` then says what, if anything, is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta, Struct

from schemas.catalogue import EventType, event_types
from schemas.shape import machine_readable
from schemas.times import days, instant

# Escapes of control characters and of surrogates, and DEL, which JSON lets stand as it is.
_DOUBTFUL = re.compile(rb"\\(?:[bf]|u(?:00[01]|007|[dD][89a-fA-F]))|\x7f")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_MOST_GENERATION = 1 << 31
_Long = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]


class _Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    country: str
    value: str | None = None
    mrz: str | None = None
    digest: str | None = None
    generation: int = 1
    before: str | None = None


class _Worker(Struct, frozen=True, forbid_unknown_fields=True):
    identifiers: list[_Identifier]
    origin: str | None = None
    languages: list[str] = []


class _Refs(Struct, frozen=True, forbid_unknown_fields=True):
    contract: str | None = None
    visa: str | None = None
    demand: str | None = None
    case: str | None = None


class _Was(Struct, frozen=True, forbid_unknown_fields=True):
    origin: str | None = None
    subjects: list[str] = []


class _Money(Struct, frozen=True, forbid_unknown_fields=True):
    minor: _Long
    currency: str


_ENVELOPE: list[tuple[str, Any] | tuple[str, Any, Any]] = [
    ("id", str), ("source", str), ("time", str), ("recordedat", str),
    ("evidence", Literal["inferred", "declared", "documented", "verified"], "declared"), ("worker", _Worker | None, None),
    ("refs", _Refs, _Refs()), ("corrects", str | None, None), ("was", _Was | None, None), ("retracted", bool, False),
    ("run", str | None, None),
]  # fmt: skip
_TYPES: dict[str, Any] = {
    "string": str, "long": _Long, "double": float, "boolean": bool, "date": str, "timestamp": str, "Money": _Money,
    "list of string": list[str],
}  # fmt: skip


def _struct(kind: EventType) -> type[Struct]:
    fields = [
        (field.name, _TYPES[field.type]) if field.required else (field.name, _TYPES[field.type] | None, None) for field in kind.fields
    ]
    body = msgspec.defstruct("Body", fields, kw_only=True, omit_defaults=True, forbid_unknown_fields=True)
    whole = [*_ENVELOPE, ("body", body)]
    return msgspec.defstruct("Event", whole, kw_only=True, tag_field="type", tag=kind.name, forbid_unknown_fields=True)


@dataclass(frozen=True)
class _Kind:
    """What is known of a type besides its struct: its name, and which fields of its body are days and instants."""

    name: str
    days: tuple[str, ...]
    instants: tuple[str, ...]


@cache
def _reader() -> tuple[msgspec.json.Decoder[Any], dict[type[Struct], _Kind]]:
    kinds = {_struct(kind): _Kind(kind.name, _of(kind, "date"), _of(kind, "timestamp")) for kind in event_types()}
    return msgspec.json.Decoder(Union[tuple(kinds)]), kinds  # noqa: UP007 - of as many as there are


def _of(kind: EventType, type: str) -> tuple[str, ...]:
    return tuple(field.name for field in kind.fields if field.type == type)


def event(line: bytes) -> dict[str, Any] | None:
    """The event of a line as `decode` gives it, but that identifiers, names and narratives are not sealed yet; or None."""
    if (b"\\" in line or b"\x7f" in line) and _DOUBTFUL.search(line):
        return None
    decoder, kinds = _reader()
    try:
        found = decoder.decode(line)
        return _event(found, kinds[type(found)])
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None


def _event(found: Any, kind: _Kind) -> dict[str, Any] | None:
    body = msgspec.to_builtins(found.body)
    for name in kind.days:
        if name in body:
            days(body[name])  # raises for a day that does not exist
    for name in kind.instants:
        if name in body:
            body[name] = instant(body[name])
    worker, refs, was = found.worker, found.refs, found.was
    if worker is not None and not all(map(_plain, worker.identifiers)):
        return None
    return {
        "id": found.id, "source": found.source, "type": kind.name, "time": instant(found.time), "recordedat": instant(found.recordedat),
        "evidence": found.evidence, "worker": worker and _worker(worker),
        "refs": {"contract": refs.contract, "visa": refs.visa, "demand": refs.demand, "case": refs.case}, "corrects": found.corrects,
        "was": was and {"origin": was.origin, "subjects": was.subjects}, "retracted": found.retracted, "run": found.run, "body": body,
    }  # fmt: skip


def _plain(each: _Identifier) -> bool:
    if not 0 < each.generation < _MOST_GENERATION or (each.value is None and each.digest is None):
        return False
    if each.value is not None and not _LETTER_OR_DIGIT.search(each.value):
        return False
    return each.mrz is None or not any(machine_readable({"mrz": each.mrz, "value": each.value}, ""))


def _worker(worker: _Worker) -> dict[str, Any]:
    listed = [
        {"kind": each.kind, "country": each.country, "value": each.value, "digest": each.digest, "generation": each.generation,
         "before": each.before}
        for each in worker.identifiers
    ]  # fmt: skip
    return {"origin": worker.origin, "identifiers": listed, "languages": worker.languages}
