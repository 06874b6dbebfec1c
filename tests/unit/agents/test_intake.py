"""Intake: what is at fault goes to its dead-letter topic with its reason, and its neighbours are processed."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from schemas.codec import decode, encode
from schemas.examples import example
from streams.acceptance import record_key
from streams.agents.delivery import Record, or_die
from streams.agents.intake import Intake
from streams.domain import frames
from streams.domain.instants import DAY, parse, text
from streams.publishers.identity import seal
from tests.support.faust_events import Remembered, event

KEY = b"a linking key of tests, thirty-two bytes and more"
NOW = parse("2026-01-01T00:00:00Z")
TYPE = "deployment.departed"


def sealed(**changes: Any) -> dict[str, Any]:
    return seal({**example(TYPE), **changes}, KEY)


GOOD = encode(sealed())
GOOD_KEY = record_key(decode("deployment", GOOD))


def good(number: int) -> Any:
    made = encode(sealed(id=f"good-{number}"))
    return event("deployment", made, record_key(decode("deployment", made)), offset=number)


def unknown_type() -> bytes:
    """Valid single-object encoding of a schema that nobody released."""
    return b"\xc3\x01" + struct.pack("<Q", 12345) + GOOD[10:]


def dated(moment: str) -> bytes:
    return encode(sealed(time=moment, recordedat=moment))


FAULTS: dict[str, tuple[bytes | None, bytes | None, str]] = {
    "undecodable bytes": (b"\x00\x01 no event", GOOD_KEY, "unknown_schema"),
    "a schema that nobody released": (unknown_type(), GOOD_KEY, "unknown_schema"),
    "cut off": (GOOD[:-9], GOOD_KEY, "undecodable"),
    "an impossible meaning": (encode(sealed(body={**example(TYPE)["body"], "country": "XQ"})), GOOD_KEY, ""),
    "a null value": (None, GOOD_KEY, "null_value"),
    "a wrong key": (GOOD, b"/office/QA/doha|another", "wrong_key"),
    "dated two years ahead": (dated(text(NOW + 2 * 365 * DAY)), GOOD_KEY, ""),
}


async def processed(*events: Any) -> Remembered:
    delivery = Remembered()
    await Intake(delivery, lambda home: 0, b"s" * 32, NOW).process(events)
    return delivery


def told(record: Record) -> dict[str, bytes]:
    return dict(record[4])


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_record_at_fault_is_dead_lettered_and_its_neighbours_are_not(fault: str) -> None:
    value, key, reason = FAULTS[fault]
    bad = event("deployment", value, key, {"ce_id": b"x", "traceparent": b"00-1"}, offset=42)
    delivery = await processed(good(1), bad, good(2))
    (letter,) = delivery.to("deployment.dlq")
    assert (letter[2], letter[3]) == (key, value)
    found = told(letter)
    assert (found["ce_id"], found["traceparent"]) == (b"x", b"00-1")
    assert (found["fp_topic"], found["fp_partition"], found["fp_offset"]) == (b"deployment", b"3", b"42")
    assert found["fp_reason"].decode().startswith(reason)
    assert found["fp_reason"]
    assert found["fp_detail"]
    kept = [fact.event_id for _, _, _, frame, _ in delivery.to("feed") for fact in frames.decode(frame or b"").facts]
    assert set(kept) == {"good-1", "good-2"}


async def test_a_licence_that_ends_before_it_begins_is_dead_lettered_and_no_standing() -> None:
    paper = example("licensing.agency_registered")
    found: dict[str, Remembered] = {}
    for last in ("2025-03-01", "2025-03-02"):
        said = seal({**paper, "body": paper["body"] | {"valid_from": "2025-03-02", "valid_until": last}}, KEY)
        made = encode(said)
        found[last] = await processed(event("licensing", made, record_key(decode("licensing", made))))
    (letter,) = found["2025-03-01"].to("licensing.dlq")
    assert (told(letter)["fp_reason"], found["2025-03-01"].to("standings")) == (b"ends_before_it_begins", [])
    assert (found["2025-03-02"].to("licensing.dlq"), len(found["2025-03-02"].to("standings"))) == ([], 1)


async def test_an_event_of_another_topic_is_no_event_of_this_one() -> None:
    made = encode(seal(example("complaint.complaint_filed"), KEY))
    delivery = await processed(event("deployment", made, record_key(decode("complaint", made))))
    assert len(delivery.to("deployment.dlq")) == 1


async def test_what_is_said_of_a_fault_has_no_data_of_the_event() -> None:
    raw = example(TYPE)
    made = encode(sealed(body={**raw["body"], "country": "XQ"}))
    (letter,) = (await processed(event("deployment", made, GOOD_KEY))).to("deployment.dlq")
    said = told(letter)["fp_detail"].decode()
    for each in raw["worker"]["identifiers"]:
        assert each["value"] not in said


async def test_one_frame_for_each_home_and_no_digest_as_the_office_published_it() -> None:
    delivery = await processed(good(1), good(2))
    homes = [record[2].decode() for record in delivery.to("feed")]
    assert sorted(set(homes)) == sorted(homes)
    published = {each["digest"] for each in sealed()["worker"]["identifiers"]}
    carried = json.dumps([list(map(repr, frames.decode(record[3] or b"").facts)) for record in delivery.to("feed")])
    assert published
    assert not [digest for digest in published if digest in carried]


async def test_a_dead_letter_that_cannot_be_delivered_ends_the_process(ended: list[int]) -> None:
    intake = Intake(Remembered(failing="deployment.dlq"), lambda home: 0, b"s" * 32, NOW)
    with pytest.raises(SystemExit):
        await or_die(intake.process([event("deployment", None, GOOD_KEY)]), "intake")
    assert ended == [1]
