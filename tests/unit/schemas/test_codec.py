"""The codec by the specification, by Avro's own library, and by each reason for which bytes are no event."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import avro.io
import avro.schema
import fastavro
import pytest

from schemas import codec
from schemas.catalogue import CONTEXTS, event_type
from schemas.codec import MARKER, MOST_BYTES, DecodeError, decode, encode, fingerprint
from schemas.composition import topic_schema
from schemas.topicfiles import topic

EVENT: dict[str, Any] = {
    "id": "a", "source": "/office/NP/dofe", "type": "visa.clearance_issued", "time": 1_735_000_000_000, "recordedat": 1_735_000_000_000,
    "body": {"country": "QA", "demand": "NP:dofe:LT-77", "isco": "9111"},
}  # fmt: skip


def _rabin(data: bytes) -> int:
    """CRC-64-AVRO, bit by bit as the Avro specification defines it."""
    empty = 0xC15D213AA4D7A795
    found = empty
    for byte in data:
        found ^= byte
        for _ in range(8):
            found = (found >> 1) ^ (empty if found & 1 else 0)
    return found


def _canonical(node: Any, space: str) -> Any:
    """Parsing canonical form, by the specification's steps: full names, only the attributes that readers need, in order."""
    if isinstance(node, list):
        return [_canonical(each, space) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node["type"], str) and len(node.keys() - {"logicalType"}) == 1:
        return node["type"]
    space = node.get("namespace", space)
    full = {**node, "name": f"{space}.{node['name']}"} if node["type"] in ("record", "enum") else node
    kept = {name: full[name] for name in ("name", "type", "fields", "symbols", "items") if name in full}
    if node["type"] == "record":
        kept["fields"] = [{"name": each["name"], "type": _canonical(each["type"], space)} for each in node["fields"]]
    if node["type"] == "array":
        kept["items"] = _canonical(node["items"], space)
    return kept


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_header_is_the_marker_and_the_specifications_fingerprint(context: str) -> None:
    assert _rabin(b'"int"') == 0x7275D51A3F395C8F  # the specification's own value
    schema = topic_schema(context)
    expected = _rabin(json.dumps(_canonical(schema, ""), separators=(",", ":")).encode()).to_bytes(8, "little")
    assert fingerprint(schema) == expected
    assert encode(EVENT)[:10] == MARKER + fingerprint(topic_schema("visa"))


def test_avros_own_library_reads_what_is_written() -> None:
    schema = avro.schema.parse(json.dumps(topic_schema("visa")))
    found: Any = avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(encode(EVENT)[10:])))
    assert (found["id"], found["type"], found["evidence"]) == ("a", "visa.clearance_issued", "declared")
    assert round(found["time"].timestamp() * 1_000) == EVENT["time"]
    assert {name: value for name, value in found["body"].items() if value is not None} == EVENT["body"]


def _written(**changed: Any) -> bytes:
    """Bytes that the reader's schema allows and no event may be."""
    kind = event_type("visa.clearance_issued")
    out = io.BytesIO(codec._header("visa"))
    out.seek(0, io.SEEK_END)
    fastavro.schemaless_writer(out, codec._reader("visa"), {**EVENT, "body": (kind.record, EVENT["body"]), **changed})
    return out.getvalue()


CONFLUENT = b"\0" + struct.pack(">I", 7) + encode(EVENT)[10:]


@pytest.mark.parametrize(("to", "data", "reason"), [
    ("visa", b"", "undecodable"),
    ("visa", b"{}", "undecodable"),
    ("visa", MARKER + b"\1" * 7, "undecodable"),
    ("visa", MARKER + b"\1" * 8, "unknown_schema"),
    ("visa", codec._header("visa"), "undecodable"),
    ("visa", encode(EVENT) + b"\0", "undecodable"),
    ("visa", encode(EVENT) + b" " * MOST_BYTES, "too_large"),
    ("recruitment", encode(EVENT), "wrong_topic"),
    ("visa", _written(type="visa.granted"), "unknown_type"),
    ("visa", _written(type="recruitment.fee_declared"), "unknown_type"),
    ("visa", _written(type="visa.clearance_voided"), "wrong_body"),
    ("visa", CONFLUENT, "unknown_schema"),
    ("visa", b"\0\0\0", "undecodable"),
], ids=lambda each: each[:12] if isinstance(each, bytes) else each)  # fmt: skip
def test_bytes_at_fault_say_why(to: str, data: bytes, reason: str) -> None:
    with pytest.raises(DecodeError) as problem:
        decode(to, data)
    assert problem.value.reason == reason
    assert problem.value.detail


def test_days_that_no_calendar_has_are_undecodable() -> None:
    kind = event_type("licensing.agency_registered")
    for day in (-(1 << 31), 1 << 30, 3_000_000, -800_000):
        out = io.BytesIO(codec._header("licensing"))
        out.seek(0, io.SEEK_END)
        event = {**EVENT, "type": kind.name, "body": (kind.record, {"holder": "NP:dofe:1", "jurisdiction": "NP", "valid_until": day})}
        fastavro.schemaless_writer(out, codec._reader("licensing"), event)
        with pytest.raises(DecodeError, match="undecodable"):
            decode("licensing", out.getvalue())


@pytest.mark.parametrize("answer", [None, {}, {"type": "record"}, {"type": "nothing"}, "text"])
def test_an_id_that_a_registry_knows_no_schema_of_is_unknown(answer: Any) -> None:
    with pytest.raises(DecodeError) as problem:
        decode("visa", CONFLUENT, lambda topic, number: answer)
    assert problem.value.reason == "unknown_schema"
    assert "7" in problem.value.detail


@pytest.mark.timeout(60)
@pytest.mark.parametrize("items", [
    "null", {"type": "fixed", "name": "F", "size": 0}, {"type": "record", "name": "E", "fields": []},
    {"type": "record", "name": "N", "fields": [{"name": "n", "type": {"type": "null"}}]},
])  # fmt: skip
def test_a_registry_s_list_of_nothing_is_no_schema(items: Any) -> None:
    """Else a few bytes say that it has 2^60 of them."""
    inner = {"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", {"type": "array", "items": items}]}]}
    for schema in (inner, {"type": "array", "items": items}):
        with pytest.raises(DecodeError, match="is no Avro schema"):
            decode("visa", b"\0\0\0\0\7\2" + b"\xfe" * 8 + b"\1", lambda topic, number: schema)  # noqa: B023 - asked at once


def test_a_registry_that_is_away_is_no_fault_of_the_record() -> None:
    def away(topic: str, number: codec.Written) -> Mapping[str, Any] | None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        decode("visa", CONFLUENT, away)


def test_an_id_is_asked_for_once_and_one_that_is_not_there_again() -> None:
    asked = []

    def registry(topic: str, number: codec.Written) -> Mapping[str, Any] | None:
        asked.append(number)
        return topic_schema(topic) if len(asked) > 1 else None

    with pytest.raises(DecodeError):
        decode("visa", CONFLUENT, registry)
    for _ in range(3):
        decode("visa", CONFLUENT, registry)
    assert asked == [7, 7]


def _earlier() -> dict[str, Any]:
    """The schema as it was before `run` was added."""
    schema = topic_schema("visa")
    return {**schema, "fields": [field for field in schema["fields"] if field["name"] != "run"]}


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """An earlier release of visa, known to the codec."""
    monkeypatch.setattr(codec, "versions", lambda name: [_earlier(), topic_schema(name)] if name == "visa" else [topic_schema(name)])
    codec._writers.cache_clear()
    yield _earlier()
    codec._writers.cache_clear()


def _as_written_then(schema: dict[str, Any]) -> bytes:
    kind, out = event_type(EVENT["type"]), io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(codec._bare(schema)), {**EVENT, "body": (kind.record, EVENT["body"])})
    return out.getvalue()


def test_what_an_earlier_release_wrote_is_read_with_defaults(released: dict[str, Any]) -> None:
    data = _as_written_then(released)
    for found in (decode("visa", MARKER + fingerprint(released) + data), decode("visa", b"\0\0\0\0\x01" + data, lambda *_: released)):
        assert found == codec.normalised(EVENT)
        assert found["run"] is None


def test_text_and_number_of_one_instant_are_the_same_event() -> None:
    assert encode({**EVENT, "time": "2024-12-24T00:26:40Z"}) == encode(EVENT)


@pytest.mark.parametrize("broken", [
    {"body": {**EVENT["body"], "colour": "red"}}, {"body": {}}, {"body": None}, {"body": []}, {"time": "yesterday"}, {"time": 1 << 64},
    {"worker": {"origin": "NP"}}, {"evidence": "sure"}, {"id": None}, {"refs": 7}, {"id": "\ud800"},
])  # fmt: skip
def test_an_event_that_does_not_fit_its_schema_is_not_encoded(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"does not fit the schema of visa\.clearance_issued"):
        encode({**EVENT, **broken})


def test_no_record_may_be_larger_than_its_topic_takes() -> None:
    assert {topic(context).max_record_bytes for context in CONTEXTS} == {MOST_BYTES}
