"""`python -m tests.support.through_intake TOPIC RECORD...`: the intake agent over records, without a broker; where each went.

A record is an event type, whose example is sealed and encoded, or the hex of an encoded event.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from schemas.codec import decode, encode
from schemas.examples import example
from streams.acceptance import record_key
from streams.agents.delivery import Record
from streams.agents.intake import Intake
from streams.domain import frames
from streams.domain.instants import parse
from streams.publishers.identity import seal

KEY = b"k" * 32
NOW = parse("2026-01-01T00:00:00Z")


class Kept:
    """A delivery that keeps what it is given."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    async def send(self, records: Iterable[Record]) -> list[Any]:
        self.records += records
        return []


def encoded(record: str) -> bytes:
    """An example by its type, or the bytes of hex."""
    return encode(seal(example(record), KEY)) if "." in record else bytes.fromhex(record)


def arrived(topic: str, value: bytes) -> Any:
    """A record as Faust hands it to the agent."""
    key = record_key(decode(topic, value))
    return SimpleNamespace(message=SimpleNamespace(topic=topic, value=value, key=key, headers=[], partition=0, offset=0, timestamp=0))


def through(topic: str, records: Iterable[str]) -> list[tuple[str, str]]:
    """(topic, event type or reason) of all that intake sent."""
    kept = Kept()
    asyncio.run(Intake(kept, lambda home: 0, KEY, NOW).process([arrived(topic, encoded(each)) for each in records]))
    went: list[tuple[str, str]] = []
    for where, _, _, value, headers in kept.records:
        if where == "feed" and value is not None:
            went += [(where, fact.type) for fact in frames.decode(value).facts]
        else:
            went.append((where, dict(headers).get("fp_reason", b"").decode()))
    return sorted(set(went))


if __name__ == "__main__":
    print(json.dumps(through(sys.argv[1], sys.argv[2:])))
