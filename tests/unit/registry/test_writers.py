"""Writers that no release explains: found in the registry, as far as our guard lets them; away, it costs no neighbour anything."""

from __future__ import annotations

import copy
from typing import Any

import httpx2
import pytest

from infra.registry.client import Away
from infra.registry.registering import register
from infra.registry.writers import AWAY, PATIENCE, PAUSE, Writers
from schemas.codec import MARKER, DecodeError, decode, encode, fingerprint, unreleased
from schemas.composition import topic_schema
from tests.support.later import EVENT, TOPIC, confluent, newer, record, through_intake
from tests.support.registry import FakeRegistry

SUBJECT = f"{TOPIC}-value"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def fake() -> FakeRegistry:
    found = FakeRegistry()
    register(found.client())
    return found


def read(writers: Writers, data: bytes) -> dict[str, Any]:
    return decode(TOPIC, data, writers)


def reason(writers: Writers, data: bytes) -> tuple[str, str]:
    with pytest.raises(DecodeError) as problem:
        read(writers, data)
    return problem.value.reason, problem.value.detail


def gone(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


def test_only_what_no_release_explains_is_a_registrys_to_tell() -> None:
    assert unreleased(encode(EVENT)) is None
    assert unreleased(MARKER + b"\1" * 8 + b"x") == b"\1" * 8
    assert unreleased(confluent(7, b"x")) == 7
    assert [unreleased(each) for each in (b"", b"\0\0", MARKER, b"x" * 20)] == [None] * 4


def test_confluents_id_of_a_release_is_that_release(fake: FakeRegistry) -> None:
    writers = Writers(fake.client())
    writers.begin([TOPIC])
    assert read(writers, confluent(fake.id(SUBJECT, 1), encode(EVENT)[10:])) == EVENT
    assert reason(writers, confluent(fake.id("visa-value", 1), encode(EVENT)[10:]))[0] == "unknown_schema"


def test_an_old_reader_takes_a_new_writers_event_where_it_says_nothing_more(fake: FakeRegistry) -> None:
    fake.put(SUBJECT, newer())
    writers = Writers(fake.client())
    writers.begin([TOPIC])
    for header in (MARKER + fingerprint(newer()), confluent(fake.id(SUBJECT, 2), b"")):
        assert read(writers, header + record(newer())) == EVENT


@pytest.mark.parametrize("said", [
    {"desk": "north"}, {"body": {"gate": "B7"}}, {"kind": "org.fairpassage.deployment.Rested", "body": {"where": "hall"}},
], ids=["envelope", "body", "type"])  # fmt: skip
def test_where_it_says_more_it_waits_for_who_knows_it(fake: FakeRegistry, said: dict[str, Any]) -> None:
    fake.put(SUBJECT, newer())
    writers = Writers(fake.client())
    writers.begin([TOPIC])
    found = reason(writers, MARKER + fingerprint(newer()) + record(newer(), **said))
    assert found == ("unknown_schema", "of a later version, and it says what this one does not know yet: start that one's workers")


def test_what_is_cut_off_or_too_long_is_undecodable_there_too(fake: FakeRegistry) -> None:
    fake.put(SUBJECT, newer())
    writers = Writers(fake.client())
    writers.begin([TOPIC])
    whole = MARKER + fingerprint(newer()) + record(newer())
    assert {reason(writers, each)[0] for each in (whole + b"x", whole[:-3], whole[:40])} == {"undecodable"}


def micros() -> dict[str, Any]:
    """The released schema, of which one word makes milliseconds microseconds: Avro's fingerprint does not see it."""
    found = copy.deepcopy(topic_schema(TOPIC))
    next(each for each in found["fields"] if each["name"] == "time")["type"]["logicalType"] = "timestamp-micros"
    assert fingerprint(found) == fingerprint(topic_schema(TOPIC))
    return found


@pytest.mark.parametrize("schema", [micros(), {**topic_schema(TOPIC), "fields": newer()["fields"][1:]}, {}, {"type": "nothing"}],
                         ids=["another unit", "field gone", "nothing", "no schema"])  # fmt: skip
def test_a_version_that_our_guard_would_not_release_is_no_writers(fake: FakeRegistry, schema: dict[str, Any]) -> None:
    fake.put(SUBJECT, schema)
    writers = Writers(fake.client())
    writers.begin([TOPIC])
    assert reason(writers, confluent(fake.id(SUBJECT, 2), encode(EVENT)[10:]))[0] == "unknown_schema"
    assert read(writers, encode(EVENT)) == EVENT


async def test_a_registry_that_is_away_is_told_apart_and_asked_again_later(fake: FakeRegistry) -> None:
    clock = Clock()
    fake.put(SUBJECT, newer())
    client, data = fake.client(), MARKER + fingerprint(newer()) + record(newer())
    writers, wanted = Writers(client, clock), {(TOPIC, fingerprint(newer()))}
    fake.answer, fake.asked[:] = gone, []
    writers.begin([TOPIC])
    assert reason(writers, data)[0] == "registry_away"
    assert read(writers, encode(EVENT)) == EVENT
    fake.answer = None
    await writers.look_for(wanted)
    assert (len(fake.asked), reason(writers, data)[0]) == (1, "registry_away")
    clock.now += AWAY
    await writers.look_for(wanted)
    assert read(writers, data) == EVENT
    fake.answer, asked = gone, len(fake.asked)
    clock.now += AWAY
    await writers.look_for(wanted)
    assert (read(writers, data), len(fake.asked)) == (EVENT, asked)


def test_a_registry_that_is_slow_is_left_for_a_while_and_what_it_said_is_kept(fake: FakeRegistry) -> None:
    clock = Clock()
    client = fake.client()
    writers = Writers(client, clock)

    def slowly(request: httpx2.Request) -> httpx2.Response:
        clock.now += PATIENCE / 2
        fake.answer = None
        found = fake.answered(request)
        fake.answer = slowly
        return found

    fake.answer = slowly
    writers.begin([TOPIC, "visa", "complaint"])
    assert read(writers, confluent(fake.id(SUBJECT, 1), encode(EVENT)[10:])) == EVENT
    for topic in ("visa", "complaint"):
        with pytest.raises(DecodeError, match="registry_away"):
            writers(topic, 1)
    clock.now += AWAY
    fake.answer = None
    writers.begin([TOPIC, "visa", "complaint"])
    assert writers("visa", fake.id("visa-value", 1)) == topic_schema("visa")


async def test_names_that_nobody_has_cost_one_question_now_and_then(fake: FakeRegistry) -> None:
    clock = Clock()
    writers = Writers(fake.client(), clock)
    writers.begin([TOPIC])
    fake.asked.clear()
    for number in range(1_000, 1_050):
        await writers.look_for({(TOPIC, number)})
        assert reason(writers, confluent(number, encode(EVENT)[10:]))[0] == "unknown_schema"
    assert fake.asked == []
    clock.now += PAUSE
    await writers.look_for({(TOPIC, 7), (TOPIC, 8)})
    assert fake.asked == [f"GET subjects/{SUBJECT}/versions"]


async def test_one_that_is_registered_in_service_is_found(fake: FakeRegistry) -> None:
    clock = Clock()
    writers = Writers(fake.client(), clock)
    writers.begin([TOPIC])
    fake.put(SUBJECT, newer())
    clock.now += PAUSE
    await writers.look_for({(TOPIC, fake.id(SUBJECT, 2))})
    assert read(writers, confluent(fake.id(SUBJECT, 2), record(newer()))) == EVENT


def test_an_audit_asks_and_takes_no_absence_for_an_answer(fake: FakeRegistry) -> None:
    clock, data = Clock(), confluent(fake.id(SUBJECT, 1), encode(EVENT)[10:])
    writers = Writers(fake.client(), clock)
    fake.answer = gone
    for _ in range(2):
        with pytest.raises(Away, match="does not answer"):
            decode(TOPIC, data, writers.asking)
    fake.answer = None
    clock.now += AWAY
    assert decode(TOPIC, data, writers.asking) == EVENT
    with pytest.raises(DecodeError, match="unknown_schema"):
        decode(TOPIC, confluent(9_999, data[5:]), writers.asking)


async def test_intake_finds_them_and_processes_their_neighbours_either_way(fake: FakeRegistry) -> None:
    values = encode(EVENT), confluent(fake.id(SUBJECT, 1), encode(EVENT)[10:])
    taken, letters = await through_intake(Writers(fake.client()), *values)
    assert (set(taken), letters) == ({EVENT["id"]}, [])
    whole = len(taken)
    fake.answer = gone
    taken, letters = await through_intake(Writers(fake.client()), *values)
    assert (2 * len(taken), letters) == (whole, ["registry_away"])
