"""Bytes to events and back: Avro single-object encoding is written; Confluent's wire format is read too.

What is plainly well formed and of the present schema is written and read by `schemas.records`; the rest is fastavro's, 10
times faster than avro, and so is the word on what is wrong. Every failure is one DecodeError: corrupt Avro raises many
unrelated types. Schemas are parsed without their logical types: instants stay integers, and a corrupt date fails here, by
one error.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

import fastavro
from fastavro.types import Schema

from schemas.catalogue import CONTEXTS, EventType, event_type, known
from schemas.composition import topic_schema, versions
from schemas.records import Records
from schemas.times import day, instant

MARKER = b"\xc3\x01"
MOST_BYTES = 1 << 20  # a public record's limit; see schemas/topics
_HEADER = 10  # bytes of single-object encoding before the record
_EPOCH_DAY = date(1970, 1, 1).toordinal()
Written = int | bytes  # how a record names its writer's schema: Confluent's id, or a fingerprint
Resolver = Callable[[str, Written], Mapping[str, Any] | None]  # of a topic


class _Writer(NamedTuple):
    """A writer's schema, None where it is the reader's own; `foreign` when no release has it, and a registry does."""

    schema: Schema | None
    foreign: bool = False


class DecodeError(Exception):
    """Bytes that are no event: `reason` is a short code, `detail` says what was wrong, without the data."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


def fingerprint(schema: Mapping[str, Any]) -> bytes:
    """CRC-64-AVRO of a schema's parsing canonical form, little-endian as single-object encoding wants it."""
    canonical = fastavro.schema.to_parsing_canonical_form(dict(schema))
    return bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))


def _bare(node: Any) -> Any:
    """A schema without logical types."""
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if isinstance(node, Mapping):
        return {key: _bare(value) for key, value in node.items() if key != "logicalType"}
    return node


@cache
def _reader(topic: str) -> Schema:
    return fastavro.parse_schema(_bare(topic_schema(topic)))


@cache
def _records(topic: str) -> Records:
    return Records(topic, _reader(topic))


@cache
def _header(topic: str) -> bytes:
    return MARKER + fingerprint(topic_schema(topic))


@cache
def _writers() -> dict[bytes, tuple[str, Schema | None]]:
    """Fingerprint -> topic and writer's schema; None where it is the reader's own, which needs no resolution."""
    found: dict[bytes, tuple[str, Schema | None]] = {}
    for topic in CONTEXTS:
        for schema in versions(topic):
            found[fingerprint(schema)] = topic, fastavro.parse_schema(_bare(schema))
        found[_header(topic)[2:]] = topic, None
    return found


def encode(event: Mapping[str, Any]) -> bytes:
    """A public event (plain JSON form, identifiers as digests) in single-object encoding.

    Instants may be RFC 3339 text or integer milliseconds. Raises ValueError when the event does not fit its schema;
    `schemas.shape.problems` says where and why.
    """
    kind = event_type(event["type"])
    return encode_plainly(event) or _header(kind.topic) + _written(kind, event)


def encode_plainly(event: Mapping[str, Any]) -> bytes | None:
    """The same for an event that is plainly well formed; None leaves it to fastavro."""
    topic = event_type(event["type"]).topic
    try:
        return _header(topic) + _records(topic).write(event)
    except Exception:  # noqa: BLE001 - whatever it is, fastavro says whether the event fits
        return None


def _written(kind: EventType, event: Mapping[str, Any]) -> bytes:
    """The record as fastavro writes it. Raises ValueError."""
    out = io.BytesIO()
    try:
        record = {name: value for name, value in event.items() if value is not None}
        record |= {"time": instant(event["time"]), "recordedat": instant(event["recordedat"])}
        record["body"] = (kind.record, {name: _out(of, value) for name, of, value in _values(event)})
        fastavro.schemaless_writer(out, _reader(kind.topic), record, strict_allow_default=True)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError, struct.error) as problem:
        raise ValueError(f"the event does not fit the schema of {kind.name}: {problem}") from problem
    return out.getvalue()


def _values(event: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    body, types = event.get("body") or {}, _types(event["type"])
    if unknown := body.keys() - types.keys():
        raise ValueError(f"unknown fields of the body: {', '.join(sorted(unknown))}")
    return [(name, types[name], value) for name, value in body.items() if value is not None]


@cache
def _types(name: str) -> dict[str, str]:
    return {field.name: field.type for field in event_type(name).fields}


def _out(kind: str, value: Any) -> Any:
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value).toordinal() - _EPOCH_DAY
    return instant(value) if kind == "timestamp" else value


def decode(topic: str, data: bytes, resolve: Resolver | None = None) -> dict[str, Any]:
    """An event from a record of `topic`: instants as int milliseconds, dates as ISO text, nulls of the body left out.

    `resolve` finds the writer's schema of a Confluent id, or of a fingerprint that no release has; it is asked once, and what it raises
    passes through (a registry that is away is no fault of the record). What a later version's record says beyond the present schema
    would be dropped unseen, and the fact be another one: such a record is unknown_schema until this build knows it. Raises DecodeError,
    what `resolve` raises, and nothing else.
    """
    if len(data) > MOST_BYTES:
        raise DecodeError("too_large", f"{len(data)} bytes; a record of {topic} may have {MOST_BYTES}")
    if (found := _plainly(topic, data)) is not None:
        return found
    writer, body = _writer(topic, data, resolve)
    stream = io.BytesIO(body)
    try:
        event = _plain(topic, _foreign(stream, topic, writer.schema) if writer.foreign else _read(stream, topic, writer.schema))
    except DecodeError:
        raise
    except Exception as problem:  # noqa: BLE001 - corrupt Avro raises a dozen unrelated types, some of them bare
        raise DecodeError("undecodable", f"not a record of its schema ({type(problem).__name__})") from None
    if stream.read(1):
        raise DecodeError("undecodable", "bytes are left over after the record")
    return event


def unreleased(data: bytes) -> Written | None:
    """How a record names a writer's schema that only a registry could tell; None where the releases do, or no schema is named."""
    if data[:2] == MARKER and len(data) >= _HEADER:
        return None if data[2:_HEADER] in _writers() else data[2:_HEADER]
    return struct.unpack(">I", data[1:5])[0] if data[:1] == b"\0" and len(data) >= 5 else None


def _plainly(topic: str, data: bytes) -> dict[str, Any] | None:
    """An event of the present schema that is well formed; None leaves it to fastavro."""
    if topic not in CONTEXTS or not data.startswith(_header(topic)):
        return None
    try:
        return _records(topic).read(data, _HEADER)
    except Exception:  # noqa: BLE001 - whatever it is, fastavro says whether these bytes are an event
        return None


def _read(stream: io.BytesIO, topic: str, writer: Schema | None) -> Any:
    """A record with the body as (name of its record, fields)."""
    return _as_read(stream, *((_reader(topic), None) if writer is None else (writer, _reader(topic))))


def _as_read(stream: io.BytesIO, schema: Schema, reader: Schema | None) -> Any:
    return fastavro.schemaless_reader(stream, schema, reader, return_record_name=True, return_record_name_override=True)


def _foreign(stream: io.BytesIO, topic: str, writer: Schema | None) -> Any:
    """A record of a later version, as the present one has it. Raises DecodeError where that is less than it says."""
    assert writer is not None
    said, end = _as_read(stream, writer, None), stream.tell()
    stream.seek(0)
    try:
        taken = _read(stream, topic, writer)
    except Exception:  # noqa: BLE001 - a type that is not here yet, in whatever words
        taken = None
    stream.seek(end)
    if _more(said, taken):
        raise DecodeError("unknown_schema", "of a later version, and it says what this one does not know yet: start that one's workers")
    return taken


def _more(said: Any, taken: Any) -> bool:
    """Whether one value says more than another; what is null says nothing."""
    if isinstance(said, Mapping) and isinstance(taken, Mapping):
        return any(value is not None and _more(value, taken.get(name)) for name, value in said.items())
    if isinstance(said, list | tuple) and isinstance(taken, list | tuple):
        return len(said) != len(taken) or any(map(_more, said, taken))
    return bool(said != taken)


def normalised(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as a reader will have it once it was published, defaults filled in. Raises ValueError as `encode` does."""
    return decode(event_type(event["type"]).topic, encode(event))


def _writer(topic: str, data: bytes, resolve: Resolver | None) -> tuple[_Writer, bytes]:
    if data[:2] == MARKER and len(data) >= _HEADER:
        found = _writers().get(data[2:_HEADER])
        if found is None:
            if resolve is None:
                raise DecodeError("unknown_schema", f"no released schema has the fingerprint {data[2:_HEADER].hex()}")
            return _registered(resolve, topic, data[2:_HEADER]), data[_HEADER:]
        if found[0] != topic:
            raise DecodeError("wrong_topic", f"an event of {found[0]} was published to {topic}")
        return _Writer(found[1]), data[_HEADER:]
    if data[:1] == b"\0" and len(data) >= 5:
        if resolve is None:
            raise DecodeError("unknown_schema", "Confluent's wire format, and no schema registry is configured")
        return _registered(resolve, topic, struct.unpack(">I", data[1:5])[0]), data[5:]
    raise DecodeError("undecodable", "neither Avro single-object encoding (C3 01) nor Confluent's wire format (00)")


@lru_cache(maxsize=256)
def _registered(resolve: Resolver, topic: str, written: Written) -> _Writer:
    """A registry's schema, parsed once; one that is not found is asked for again."""
    named = f"schema id {written}" if isinstance(written, int) else f"fingerprint {written.hex()}"
    schema = resolve(topic, written)
    if schema is None:
        raise DecodeError("unknown_schema", f"{named}: no release has it, and no version of {topic} in the schema registry")
    try:
        released = _writers().get(fingerprint(schema))
        if released is not None and released[0] == topic:
            return _Writer(released[1])
        return _Writer(fastavro.parse_schema(_bare(_bounded(schema))), foreign=True)
    except Exception as problem:  # noqa: BLE001 - a registry may hold anything; parsing it raises many types
        raise DecodeError("unknown_schema", f"{named} is no Avro schema ({type(problem).__name__})") from None


def _bounded(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without lists of what takes no bytes: a record of thirty bytes could say that it has 2^60 of them. Raises ValueError."""
    nothing: set[Any] = {"null"}
    for each in _within(schema):
        if "items" in each and (each["items"] in nothing if isinstance(each["items"], str) else _empty(each["items"], nothing)):
            raise ValueError("a list of what takes no bytes")
        if "name" in each and _empty(each, nothing):
            nothing |= {each["name"], f"{each.get('namespace', '')}.{each['name']}"}
    return schema


def _within(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every part of a schema that is an object, what is inside before what holds it."""
    for each in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from _within(each)
    if isinstance(node, Mapping):
        yield node


def _empty(node: Any, nothing: set[Any]) -> bool:
    """Whether a type takes no bytes; `nothing` are names of those that take none."""
    if not isinstance(node, Mapping):
        return isinstance(node, str) and node in nothing
    if node.get("type") == "record":
        return all(_empty(each.get("type"), nothing) for each in node.get("fields", ()))
    return node.get("type") == "null" or (node.get("type") == "fixed" and not node.get("size"))


def _plain(topic: str, record: Any) -> dict[str, Any]:
    name, body = record["body"]
    if not known(record["type"]) or event_type(record["type"]).topic != topic:
        raise DecodeError("unknown_type", f"{record['type'][:80]!r} is no event type of {topic}")
    if name != event_type(record["type"]).record:
        raise DecodeError("wrong_body", f"the body of {record['type']} is a {name.rpartition('.')[2]}")
    dates = _dates(record["type"])
    given = {key: value for key, value in body.items() if value is not None}
    for key in dates & given.keys():
        given[key] = day(given[key])
    record["body"] = given
    return dict(record)


@cache
def _dates(name: str) -> frozenset[str]:
    return frozenset(field.name for field in event_type(name).fields if field.type == "date")
