"""The functions made from the schemas write and read what fastavro does, or leave it to fastavro: nothing in between."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.catalogue import EventType, event_type, event_types
from schemas.codec import DecodeError, decode, encode, encode_plainly
from schemas.examples import example
from streams.publishers.identity import seal
from tests.property.test_codec import corruptions
from tests.support.events import events


def by_fastavro(topic: str, data: bytes) -> Any:
    """What fastavro makes of a record of the present schema; None where it, or what is asked of its event, refuses."""
    stream = io.BytesIO(data[10:])
    try:
        found = codec._plain(topic, codec._read(stream, topic, None))
    except Exception:  # noqa: BLE001 - corrupt Avro raises a dozen unrelated types
        return None
    return None if stream.read(1) else found


@settings(max_examples=300, deadline=None)
@given(events())
def test_every_event_is_written_and_read_as_fastavro_does(event: dict[str, Any]) -> None:
    kind = event_type(event["type"])
    data = encode_plainly(event)
    assert data is not None
    assert data[10:] == codec._written(kind, event)
    found = codec._plainly(kind.topic, data)
    assert repr(found) == repr(by_fastavro(kind.topic, data))


@settings(max_examples=300, deadline=None)
@given(events(), st.data())
def test_corrupt_bytes_are_read_as_fastavro_does_or_left_to_it(event: dict[str, Any], data: st.DataObject) -> None:
    topic = event_type(event["type"]).topic
    whole = data.draw(corruptions(header=10))(encode(event))
    found = codec._plainly(topic, whole)
    assert found is None or repr(found) == repr(by_fastavro(topic, whole))


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_any_single_wrong_byte_is_read_as_fastavro_does_or_left_to_it(kind: EventType) -> None:
    whole = encode(seal(example(kind.name), b"k" * 32))
    for at in range(10, len(whole)):
        for byte in {1, 2, 3, 0x80, 0xFF} - {whole[at]}:
            wrong = whole[:at] + bytes([byte]) + whole[at + 1 :]
            found = codec._plainly(kind.topic, wrong)
            assert found is None or repr(found) == repr(by_fastavro(kind.topic, wrong))


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(events(), _values, st.data())
def test_any_value_is_written_as_fastavro_does_or_left_to_it(event: dict[str, Any], value: Any, data: st.DataObject) -> None:
    kind = event_type(event["type"])
    node: Any = event
    while (inner := [each for each in node.values() if isinstance(each, dict)]) and not data.draw(st.booleans()):
        node = data.draw(st.sampled_from(inner))
    if node or data.draw(st.booleans()):
        node[data.draw(st.sampled_from([name for name in node if name != "type"] or ["more"]))] = value
    found = encode_plainly(event)
    assert found is None or found[10:] == codec._written(kind, event)


def test_more_than_a_small_text_a_small_number_or_a_small_list() -> None:
    kind = next(kind for kind in event_types() if kind.name == "recruitment.worker_registered")
    identifiers = [{"kind": "passport", "country": "NP", "digest": "a" * n, "generation": 1 << 30} for n in range(0, 3_000, 30)]
    event = {
        "id": "x" * 5_000, "source": "/office/NP/" + "y" * 63, "type": kind.name, "time": -1, "recordedat": -(1 << 63),
        "worker": {"identifiers": identifiers, "languages": ["ne"] * 70}, "refs": {"visa": "é" * 1_024}, "body": {},
    }  # fmt: skip
    data = codec._header(kind.topic) + codec._written(kind, event)
    assert encode_plainly(event) == data
    assert decode(kind.topic, data) == by_fastavro(kind.topic, data)


def test_what_the_short_way_leaves_keeps_its_error() -> None:
    event: dict[str, Any] = {"id": "1", "source": "/office/NP/a", "type": "visa.visa_issued", "time": 1, "recordedat": 2, "body": {}}
    try:
        encode(event)
    except ValueError as problem:
        assert str(problem).startswith("the event does not fit the schema of visa.visa_issued: ")  # noqa: PT017
    else:
        raise AssertionError("an event without its country was encoded")
    try:
        decode("visa", codec._header("visa") + b"\x80" * 30)
    except DecodeError as problem:
        assert problem.reason == "undecodable"  # noqa: PT017
    else:
        raise AssertionError("bytes without an end were decoded")
