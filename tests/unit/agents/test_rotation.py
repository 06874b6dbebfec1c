"""A worker who was quiet while keys were changed: through intake and the partition, the next event joins their journey."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.codec import decode, encode
from schemas.examples import example
from streams.acceptance import record_key
from streams.agents.intake import Intake
from streams.domain import frames
from streams.domain.facts import Fact
from streams.domain.instants import parse, text
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.dossiers.publishing import digest
from streams.linking.home import link
from streams.publishers.identity import Key, Keys, seal
from streams.publishers.reading import Ready, read
from streams.publishers.restating import restated
from streams.rules.policy import Policy
from streams.store.kv import MemoryStore
from tests.support.faust_events import Remembered, event

NOW = parse("2026-01-01T00:00:00Z")
FIRST, SECOND = b"1" * 32, b"2" * 32
INTAKE, INTAKE_SECOND = b"i" * 32, b"j" * 32
PAIRED, MOVED = Keys(SECOND, 2, FIRST), Keys(SECOND, 2)
INTAKE_BOTH, INTAKE_MOVED = Keys(INTAKE_SECOND, 2, INTAKE), Keys(INTAKE_SECOND, 2)


def said(kind: str, name: str, day: str, office: Key, passport: str = "PA1234567") -> tuple[str, bytes]:
    """An event about the holder of a passport, as an office with this key publishes it."""
    worker = {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "value": passport}]}
    made = seal({**example(kind), "id": name, "worker": worker, "time": day, "recordedat": day, "refs": None}, office)
    return kind.partition(".")[0], encode(made)


async def journeys(*told: tuple[tuple[str, bytes], Key]) -> set[frozenset[str]]:
    """Event ids by journey, after each record went through an intake that holds this key, and through the partition."""
    facts: list[Fact] = []
    partition = Partition(MemoryStore(), Context((), Policy(()), Standings(), lambda audience: True))
    for offset, ((topic, value), key) in enumerate(told):
        delivery = Remembered()
        record: Any = event(topic, value, record_key(decode(topic, value)), offset=offset)
        await Intake(delivery, lambda home: 0, key, NOW).process([record])
        assert delivery.to(f"{topic}.dlq") == []
        feed = [frames.decode(frame or b"") for _, _, home, frame, _ in delivery.to("feed") if home == b"NP"]
        facts += [fact for frame in feed for fact in frame.facts]
        partition.accept(feed, NOW)
    entries = [entry for subject in partition.subjects() if (entry := partition.entry(subject)) is not None and entry.digest]
    linked = {journey.id: journey.facts for person in link("NP", facts).people for journey in person.journeys}
    live = {entry.subject: entry.digest for entry in entries if entry.subject.startswith("journey:")}
    assert live == {name: digest(known) for name, known in linked.items()}
    return {frozenset(fact.event_id for fact in known) for known in linked.values()}


REGISTERED, DEPARTED, ARRIVED = "recruitment.worker_registered", "deployment.departed", "deployment.arrived"


def quiet(office: Key = FIRST) -> tuple[str, bytes]:
    return said(REGISTERED, "registered", "2025-01-22T05:00:00Z", office)


def next_event(office: Key, passport: str = "PA1234567") -> tuple[str, bytes]:
    return said(DEPARTED, "departed", "2025-03-08T05:00:00Z", office, passport)


def after(office: Key) -> tuple[str, bytes]:
    return said(ARRIVED, "arrived", "2025-03-09T05:00:00Z", office)


ONE = {frozenset({"registered", "departed"})}
TWO = {frozenset({"registered"}), frozenset({"departed"})}


@pytest.mark.parametrize(("office", "intake"), [(PAIRED, INTAKE), (FIRST, INTAKE_BOTH), (PAIRED, INTAKE_BOTH)])
async def test_the_next_event_joins_the_journey_that_was_quiet(office: Key, intake: Key) -> None:
    assert await journeys((quiet(), INTAKE), (next_event(office), intake)) == ONE
    assert await journeys((next_event(office), intake), (quiet(), INTAKE)) == ONE, "in any order"


async def test_what_follows_under_the_new_keys_alone_joins_too() -> None:
    found = await journeys((quiet(), INTAKE), (next_event(PAIRED), INTAKE_BOTH), (after(MOVED), Keys(INTAKE_SECOND, 2)))
    assert found == {frozenset({"registered", "departed", "arrived"})}


@pytest.mark.parametrize(("office", "intake"), [(MOVED, INTAKE), (FIRST, INTAKE_MOVED), (PAIRED, INTAKE_MOVED)])
async def test_without_the_old_key_nobody_knows_that_it_is_the_same_worker(office: Key, intake: Key) -> None:
    assert await journeys((quiet(), INTAKE), (next_event(office), intake)) == TWO


def again(shown: tuple[str, bytes], office: Key) -> tuple[str, bytes]:
    """The passport of an event, as `publish --restate` says it under the key of the day."""
    topic, data = shown
    raw = {**decode(topic, data), "worker": {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "value": "PA1234567"}]}}
    raw |= {name: text(raw[name]) for name in ("time", "recordedat")}
    (row,) = restated(read([json.dumps(raw).encode()], office, NOW, 1 << 20), "2026-11", set())
    assert isinstance(row, Ready)
    return row.topic, row.data


@pytest.mark.parametrize(("office", "intake", "office_then", "intake_then"), [
    (PAIRED, INTAKE, MOVED, INTAKE), (FIRST, INTAKE_BOTH, FIRST, INTAKE_MOVED), (PAIRED, INTAKE_BOTH, MOVED, INTAKE_MOVED),
])  # fmt: skip
async def test_who_was_quiet_until_the_old_keys_were_gone_joins_through_what_was_restated(
    office: Key, intake: Key, office_then: Key, intake_then: Key
) -> None:  # fmt: skip
    said_again = frozenset({"registered", "departed", "registered~2026-11.1"})
    told = [(quiet(), INTAKE), (again(quiet(), office), intake), (next_event(office_then), intake_then)]
    assert await journeys(*told) == {said_again}
    assert await journeys(*reversed(told)) == {said_again}, "in any order"


async def test_another_worker_joins_nobody_through_a_pair() -> None:
    assert await journeys((quiet(), INTAKE), (next_event(PAIRED, "PB7654321"), INTAKE_BOTH)) == TWO
