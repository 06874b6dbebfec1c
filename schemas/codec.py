"""Bytes to events and back: Avro single-object encoding is written; Confluent's wire format is read too.

fastavro decodes, 10 times faster than avro. Every failure is one DecodeError: corrupt Avro raises many unrelated types.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import fastavro
from fastavro.types import Schema

from schemas.catalogue import CONTEXTS, event_type, known
from schemas.composition import topic_schema, versions

MARKER = b"\xc3\x01"
MOST_BYTES = 1 << 20  # a public record's limit; see schemas/topics
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Resolver = Callable[[int], Mapping[str, Any] | None]


class DecodeError(Exception):
    """Bytes that are no event: `reason` is a short code, `detail` says what was wrong, without the data."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


def fingerprint(schema: Mapping[str, Any]) -> bytes:
    """CRC-64-AVRO of a schema's parsing canonical form, little-endian as single-object encoding wants it."""
    canonical = fastavro.schema.to_parsing_canonical_form(dict(schema))
    return bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))


@cache
def _reader(topic: str) -> Schema:
    return fastavro.parse_schema(topic_schema(topic))


@cache
def _writers() -> dict[bytes, tuple[str, Schema]]:
    found = {}
    for topic in CONTEXTS:
        for schema in versions(topic):
            found[fingerprint(schema)] = topic, fastavro.parse_schema(dict(schema))
    return found


@cache
def _header(topic: str) -> bytes:
    return MARKER + fingerprint(topic_schema(topic))


def encode(event: Mapping[str, Any]) -> bytes:
    """A public event (plain JSON form, identifiers as digests) in single-object encoding.

    Raises ValueError when it does not fit its schema; `schemas.validate.check` says where and why.
    """
    kind = event_type(event["type"])
    record = {**event, "time": _datetime(event["time"]), "recordedat": _datetime(event["recordedat"])}
    record["body"] = (kind.record, {f.name: _out(f.type, event["body"].get(f.name)) for f in kind.fields})
    out = io.BytesIO(_header(kind.topic))
    out.seek(0, io.SEEK_END)
    try:
        fastavro.schemaless_writer(out, _reader(kind.topic), record, strict_allow_default=True)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError, struct.error) as problem:
        raise ValueError(f"the event does not fit the schema of {kind.name}: {problem}") from problem
    return out.getvalue()


def _datetime(value: int | str) -> datetime:
    return _EPOCH + timedelta(milliseconds=value) if isinstance(value, int) else datetime.fromisoformat(value)


def _out(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return _datetime(value) if kind == "timestamp" else value


def decode(topic: str, data: bytes, resolve: Resolver | None = None) -> dict[str, Any]:
    """An event from a record of `topic`: instants as int milliseconds, dates as ISO text, nulls of the body left out.

    `resolve` finds the writer's schema of a Confluent id. Raises DecodeError and nothing else.
    """
    if len(data) > MOST_BYTES:
        raise DecodeError("too_large", f"{len(data)} bytes; a record of {topic} may have {MOST_BYTES}")
    writer, body = _writer(topic, data, resolve)
    stream = io.BytesIO(body)
    try:
        record = fastavro.schemaless_reader(stream, writer, _reader(topic), return_record_name=True)
    except Exception as problem:  # corrupt Avro raises a dozen unrelated types, some of them bare (house-style.md)
        raise DecodeError("undecodable", f"not a record of its schema ({type(problem).__name__})") from None
    if stream.read(1):
        raise DecodeError("undecodable", "bytes are left over after the record")
    return _plain(topic, record)


def _writer(topic: str, data: bytes, resolve: Resolver | None) -> tuple[Schema, bytes]:
    if data[:2] == MARKER and len(data) >= 10:
        found = _writers().get(data[2:10])
        if found is None:
            raise DecodeError("unknown_schema", f"no released schema has the fingerprint {data[2:10].hex()}")
        if found[0] != topic:
            raise DecodeError("wrong_topic", f"an event of {found[0]} was published to {topic}")
        return found[1], data[10:]
    if data[:1] == b"\0" and len(data) >= 5:
        number = struct.unpack(">I", data[1:5])[0]
        schema = resolve(number) if resolve is not None else None
        if schema is None:
            raise DecodeError("unknown_schema", f"schema id {number} is in no registry that is configured")
        return fastavro.parse_schema(dict(schema)), data[5:]
    raise DecodeError("undecodable", "neither Avro single-object encoding (C3 01) nor Confluent's wire format (00)")


def _plain(topic: str, record: Any) -> dict[str, Any]:
    name, body = record["body"] if isinstance(record["body"], tuple) else ("", record["body"])
    if not known(record["type"]) or event_type(record["type"]).topic != topic:
        raise DecodeError("unknown_type", f"{record['type'][:80]!r} is no event type of {topic}")
    if name and name != event_type(record["type"]).record:
        raise DecodeError("wrong_body", f"the body of {record['type']} is a {name.rpartition('.')[2]}")
    worker = _unnamed(record["worker"])
    if worker is not None:
        worker = {**worker, "identifiers": [dict(_unnamed(each)) for each in worker["identifiers"]]}
    return {
        **record, "time": _instant(record["time"]), "recordedat": _instant(record["recordedat"]), "worker": worker,
        "was": _unnamed(record["was"]),
        "body": {key: _in(value) for key, value in body.items() if value is not None},
    }  # fmt: skip


def _unnamed(value: Any) -> Any:
    return value[1] if isinstance(value, tuple) else value


def _in(value: Any) -> Any:
    value = _unnamed(value)
    if isinstance(value, datetime):
        return _instant(value)
    return value.isoformat() if isinstance(value, date) else value


def _instant(value: datetime) -> int:
    return round((value - _EPOCH) / timedelta(milliseconds=1))
