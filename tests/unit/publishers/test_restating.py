"""Identifiers said again while a key is changed: each by itself, once, and as the event that showed it said it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from schemas.examples import example
from schemas.validate import check
from streams.domain.facts import RESTATED, STRONG
from streams.domain.instants import parse
from streams.evaluate import Evaluated, evaluate_events
from streams.publishers.identity import Key, Keys
from streams.publishers.reading import Ready, Refused, read
from streams.publishers.restating import restated
from streams.publishers.simulator.parameters import CORRIDORS
from streams.rules.policy import default
from tests.support.simulated import simulated

FIRST, SECOND = b"1" * 32, b"2" * 32
PAIRED, MOVED = Keys(SECOND, 2, FIRST, FIRST), Keys(SECOND, 2, None, FIRST)
NOW = parse("2026-01-01T00:00:00Z")
REGISTERED = example("recruitment.worker_registered")


def rows(*lines: dict[str, Any] | bytes, key: Key = PAIRED) -> Iterable[Ready | Refused]:
    return read([each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines], key, NOW, 1 << 20)


def said(*lines: dict[str, Any] | bytes, change: str = "2026-11", key: Key = PAIRED) -> list[Ready]:
    return [row for row in restated(rows(*lines, key=key), change, set()) if isinstance(row, Ready)]


def identifier(kind: str = "passport", value: str = "PA1234567") -> dict[str, Any]:
    return {"kind": kind, "country": "NP", "value": value}


def shown(*identifiers: dict[str, Any], origin: str | None = "NP", **changes: Any) -> dict[str, Any]:
    return {**REGISTERED, "worker": {"origin": origin, "identifiers": list(identifiers)}, **changes}


def test_each_strong_identifier_is_an_event_of_its_own_in_a_pair() -> None:
    found = said(REGISTERED)
    (row,) = rows(REGISTERED)
    assert isinstance(row, Ready)
    strong = [each for each in row.event["worker"]["identifiers"] if each["kind"] in STRONG]
    assert [each.event["worker"]["identifiers"] for each in found] == [[each] for each in strong]
    assert all(each["before"] and each["generation"] == 2 for each in strong)
    for each in found:
        assert check(each.event, NOW) == []
        assert (each.topic, each.event["type"]) == ("oversight", RESTATED)
        assert [each.event[name] == row.event[name] for name in ("source", "time", "recordedat", "evidence")] == [True] * 4


def test_nothing_of_the_event_that_showed_it_is_repeated() -> None:
    for each in said(REGISTERED):
        assert each.event["body"] == {"change": "2026-11", "event": REGISTERED["id"]}
        assert set(each.event["refs"].values()) == {None}
        assert "PA1234567" not in str(each.event)


def test_once_in_a_run_and_the_same_in_the_next() -> None:
    again = {**REGISTERED, "id": "another"}
    assert [each.fact for each in said(REGISTERED, again)] == [each.fact for each in said(REGISTERED)]
    assert len({each.key for each in said(REGISTERED)}) == len(said(REGISTERED))


def test_the_next_change_says_it_anew() -> None:
    first, second = said(REGISTERED), said(REGISTERED, change="2027-02")
    assert not {each.key for each in first} & {each.key for each in second}


@pytest.mark.parametrize("line", [
    shown(identifier("phone", "+977 980 000 0000"), identifier("name_birthdate", "Ram Thapa|1990-04-12")),
    shown(identifier(), origin=None), example("oversight.office_heartbeat"),
])  # fmt: skip
def test_what_joins_nobody_is_left_out(line: dict[str, Any]) -> None:
    assert said(line) == []


def test_a_row_at_fault_is_handed_on_and_a_long_id_is_made_short() -> None:
    found = list(restated(rows(b"{broken", shown(identifier(), id="x" * 200)), "2026-11", set()))
    assert [type(each) for each in found] == [Refused, Ready]
    assert isinstance(found[1], Ready)
    assert check(found[1].event, NOW) == []


RUN = simulated(40, "7", corridors=CORRIDORS[:2])
LINES = list(dict.fromkeys(line for _, line in RUN.raw))


def events(key: Key, lines: Iterable[bytes], again: bool = False) -> list[dict[str, Any]]:
    found = read(lines, key, RUN.as_of, 1 << 20)
    return [row.event for row in (restated(found, "2026-11", set()) if again else found) if isinstance(row, Ready)]


def evaluated(events: Iterable[dict[str, Any]]) -> Evaluated:
    return evaluate_events(events, default(), RUN.as_of)


@cache
def under_one_key() -> Evaluated:
    return evaluated(events(FIRST, LINES))


def test_no_finding_and_no_journey_depends_on_what_was_restated() -> None:
    one, other = under_one_key(), evaluated(events(FIRST, LINES) + events(PAIRED, LINES, again=True))
    assert len(one.findings()) > 50
    assert other.findings() == one.findings()
    assert other.insufficient() == one.insufficient()
    assert {name: each.steps for name, each in other.journeys.items()} == {name: each.steps for name, each in one.journeys.items()}


def test_after_a_change_of_keys_every_journey_goes_on() -> None:
    """The first half under the old key, said again while both were set, the second half under the new key alone."""
    before, after = LINES[: len(LINES) // 2], LINES[len(LINES) // 2 :]
    changed = evaluated(events(FIRST, before) + events(PAIRED, before, again=True) + events(MOVED, after))
    assert changed.findings() == under_one_key().findings()
    parted = evaluated(events(FIRST, before) + events(MOVED, after))
    assert parted.findings() != under_one_key().findings(), "not said again, the second half is about workers whom nobody knows"
