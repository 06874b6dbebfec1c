"""The short way of a line and the long one: what the short one takes, the long one takes as the same event and bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import shape
from schemas.catalogue import event_types, topic_of
from schemas.codec import DecodeError, decode, encode
from schemas.examples import example as example_of
from schemas.lines import event as plain_event
from schemas.validate import problems, sound
from streams.publishers.reading import _line, _plainly
from tests.property.test_codec import corruptions
from tests.property.test_shape import mutilated
from tests.support.events import NOW, events

KEY, LIMIT = b"k" * 32, 1 << 20
EXAMPLES = [example_of(kind.name) for kind in event_types()]
BASE: dict[str, Any] = example_of("recruitment.fee_declared")


def agrees(line: bytes) -> bool:
    """Whether the short way takes a line; the long one must then make the same of it, order of fields and all."""
    short = _plainly(line, KEY, NOW, LIMIT)
    if plain_event(line) is not None:
        assert shape.problems(json.loads(line)) == []
    if short is None:
        return False
    long = _line(line, KEY, NOW, LIMIT)
    assert repr(short) == repr(long)
    return True


@pytest.mark.parametrize("whole", EXAMPLES, ids=lambda each: each["type"])
def test_every_example_goes_the_short_way_unless_it_corrects(whole: dict[str, Any]) -> None:
    for escaped in (True, False):
        line = json.dumps(whole, ensure_ascii=escaped).encode()
        assert agrees(line) or whole.get("corrects")
        assert plain_event(line) is not None


@settings(max_examples=300, deadline=None)
@given(mutilated(), st.booleans())
def test_a_mutilated_example_is_one_thing_both_ways(raw: Any, escaped: bool) -> None:
    agrees(json.dumps(raw, ensure_ascii=escaped).encode("utf-8", "surrogatepass"))


_TOKENS = st.sampled_from([
    b"\\u0007", b"\\u007f", b"\x7f", b"\\b", b"\\n", b"\\\\b", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\u0041", b"\xed\xa0\x80",
    b"\xff", b"1.0", b"1e2", b"-0", b"NaN", b"9" * 25, b"null", b"true", b'""', b"[]", b"{}", b'"id":1,', b'"type":"visa.visa_issued",',
    b"\xef\xbb\xbf", b"\t", b" ", b",", b"\x00", b"0", b"9", b"-", b'"', b"Z", b"+05:45", b".9999999", b"\xd9\xa3", b"\xc2\xa0",
])  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(EXAMPLES), st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 3), _TOKENS), min_size=1, max_size=2))
def test_text_that_was_tampered_with_is_one_thing_both_ways(whole: dict[str, Any], changes: list[tuple[int, int, bytes]]) -> None:
    line = json.dumps(whole).encode()
    for at, lost, token in changes:
        where = at % (len(line) + 1)
        line = line[:where] + token + line[where + lost :]
    agrees(line)


_times = st.datetimes().map(lambda moment: moment.isoformat()) | st.sampled_from(("2025-03-01T10:00:00", "2025-W01-1T10:00:00"))
_zones = st.sampled_from(("Z", "z", "+00:00", "-09:30", "+24:00", "", "+0530", ".5Z", ".1234567Z", ",5Z"))


@settings(max_examples=300, deadline=None)
@given(_times, _zones, st.sampled_from(("2025-03-01", "2025-02-30", "20250301", "2025-W01-1", "0000-01-01", "\u0662025-03-01")))
def test_times_and_days_are_one_thing_both_ways(time: str, zone: str, day: str) -> None:
    agrees(json.dumps({**BASE, "time": time + zone}).encode())
    agrees(json.dumps({**BASE, "body": {**BASE["body"], "due": day}}).encode())
    contract = {**example_of("recruitment.contract_offered")}
    agrees(json.dumps({**contract, "body": {**contract["body"], "start": day}}).encode())


MEASURED = [whole for whole in EXAMPLES if any(isinstance(value, dict | float) for value in whole["body"].values())]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MEASURED), st.floats(0, 1e9) | st.integers(0, 10**9) | st.decimals(0, 10**9, places=20).map(float), st.integers())
def test_numbers_are_one_thing_both_ways(whole: dict[str, Any], number: float, minor: int) -> None:
    changed = {dict: {"minor": minor, "currency": "NPR"}, float: number}
    body = {name: changed.get(type(value), value) for name, value in whole["body"].items()}
    agrees(json.dumps({**whole, "body": body}).encode())


@settings(max_examples=300, deadline=None)
@given(events(), st.data())
def test_a_sound_event_has_no_problem(event: dict[str, Any], data: st.DataObject) -> None:
    topic, whole = topic_of(event["type"]), encode(event)
    if data.draw(st.booleans()):
        whole = data.draw(corruptions(header=10))(whole)
    try:
        found = decode(topic, whole)
    except DecodeError:
        return
    now = NOW - data.draw(st.integers(0, 1 << 41))
    if sound(found, now):
        assert problems(found, now) == []


@settings(max_examples=300, deadline=None)
@given(events())
def test_a_good_event_that_corrects_nothing_is_seen_to_be_sound(event: dict[str, Any]) -> None:
    found = decode(topic_of(event["type"]), encode({**event, "corrects": None, "was": None, "retracted": None}))
    assert sound(found, NOW)
