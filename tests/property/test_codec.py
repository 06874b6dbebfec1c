"""The codec: every type comes back as it went, both encodings are read, and bytes at fault are one DecodeError."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.catalogue import CONTEXTS, EventType, event_type, event_types
from schemas.codec import MARKER, DecodeError, decode, encode
from schemas.composition import topic_schema
from schemas.validate import check
from streams.domain.facts import decode as fact_of
from streams.domain.facts import encode as bytes_of
from streams.intake import accept
from tests.support.events import NOW, decoded, events


@pytest.mark.parametrize("kind", event_types(), ids=lambda kind: kind.name)
def test_every_type_comes_back_as_it_went_and_means_what_it_may(kind: EventType) -> None:
    @settings(max_examples=8, deadline=None)
    @given(events(kind))
    def back(event: dict[str, Any]) -> None:
        data = encode(event)
        found = decode(kind.topic, data)
        assert found == decoded(event)
        assert encode(found) == data
        assert check(found, NOW) == []

    back()


def confluent(number: int, data: bytes) -> bytes:
    return b"\0" + struct.pack(">I", number) + data[10:]


@settings(max_examples=60, deadline=None)
@given(events(), st.integers(0, (1 << 32) - 1))
def test_confluents_wire_format_is_read_too(event: dict[str, Any], number: int) -> None:
    topic = event_type(event["type"]).topic

    def registry(to: str, asked: codec.Written) -> Mapping[str, Any] | None:
        return topic_schema(to) if asked == number else None

    assert decode(topic, confluent(number, encode(event)), registry) == decoded(event)


@st.composite
def corruptions(draw: st.DrawFn, header: int) -> Callable[[bytes], bytes]:
    """What a wire, a disk or a client may do to bytes: cut, flip, lose, insert or replace some, at `header` or after."""

    def corrupt(data: bytes) -> bytes:
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(min(header, len(data)), len(data)))
            far = draw(st.integers(at, min(len(data), at + 12)))
            data = data[:at] + draw(st.binary(max_size=12)) + data[far:]
        return data

    return corrupt


def accepted_or_refused(topic: str, data: bytes, resolve: codec.Resolver | None = None) -> str:
    """What bytes are; anything but an event, a DecodeError or a list of problems fails the test."""
    try:
        event = decode(topic, data, resolve)
    except DecodeError as problem:
        return str(problem)
    assert isinstance(event["body"], dict)
    if check(event, NOW):
        return "a problem of meaning"
    for _, fact in accept(event, dict).copies:
        assert fact_of(bytes_of(fact)) == fact
    return "an event"


@settings(max_examples=300, deadline=None)
@given(events(), st.data())
def test_corrupt_bytes_are_a_decode_error_or_another_event_and_nothing_else(event: dict[str, Any], data: st.DataObject) -> None:
    corrupt = data.draw(corruptions(header=10))
    accepted_or_refused(event_type(event["type"]).topic, corrupt(encode(event)))


@settings(max_examples=150, deadline=None)
@given(events(), st.data())
def test_the_same_holds_for_a_registrys_schema(event: dict[str, Any], data: st.DataObject) -> None:
    topic = event_type(event["type"]).topic
    corrupt = data.draw(corruptions(header=5))
    accepted_or_refused(topic, corrupt(confluent(1, encode(event))), lambda to, _: topic_schema(to))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CONTEXTS), st.binary(max_size=200), st.booleans())
def test_bytes_of_any_kind_are_no_crash(topic: str, data: bytes, ours: bool) -> None:
    accepted_or_refused(topic, codec._header(topic) + data if ours else data)


@settings(max_examples=60, deadline=None)
@given(events(), st.data())
def test_every_truncation_and_every_byte_too_many_is_a_decode_error(event: dict[str, Any], data: st.DataObject) -> None:
    topic, whole = event_type(event["type"]).topic, encode(event)
    cut = data.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:cut], whole + data.draw(st.binary(min_size=1, max_size=4))):
        with pytest.raises(DecodeError) as problem:
            decode(topic, wrong)
        assert problem.value.reason == "undecodable"


@settings(max_examples=100, deadline=None)
@given(events(), st.binary(min_size=8, max_size=8).filter(lambda each: each not in codec._writers()))
def test_a_schema_that_nobody_released_is_unknown(event: dict[str, Any], fingerprint: bytes) -> None:
    with pytest.raises(DecodeError) as problem:
        decode(event_type(event["type"]).topic, MARKER + fingerprint + encode(event)[10:])
    assert problem.value.reason == "unknown_schema"
    assert fingerprint.hex() in problem.value.detail


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(events(), _junk, st.data())
def test_what_does_not_fit_its_schema_is_a_value_error_and_nothing_else(event: dict[str, Any], junk: Any, data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(sorted(event.keys() - {"type"})))
    if where == "body" and event["body"]:
        event["body"] = {**event["body"], data.draw(st.sampled_from(sorted(event["body"]))): junk}
    else:
        event = {**event, where: junk}
    try:
        encode(event)
    except ValueError as problem:
        assert event["type"] in str(problem)  # noqa: PT017 - whether it is raised depends on the junk
