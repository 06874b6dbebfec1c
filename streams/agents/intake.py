"""Intake: stateless. Bytes to a valid event or to the dead-letter topic; one framed record per home and batch to `feed`."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from faust.types import EventT, Message

from schemas.codec import DecodeError, decode
from schemas.validate import check
from streams.agents import metrics
from streams.agents.delivery import Delivery, Record
from streams.domain import frames
from streams.domain.facts import Fact, encode
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.intake import Rekey, accept
from streams.publishers.identity import rekey
from streams.publishers.signing import FORGED, Signatures

log = logging.getLogger(__name__)


class Intake:
    """Processes batches of public records. `clock` is the instant by which an event may lie in the future; with `signatures` an event
    is taken only from whom its source says."""

    def __init__(
        self, delivery: Delivery, partition_of: Callable[[str], int], key: bytes, clock: Callable[[], Instant],
        signatures: Signatures | None = None,
    ) -> None:  # fmt: skip
        self._signatures = signatures
        self._delivery, self._partition_of, self._clock = delivery, partition_of, clock
        self._rekey: Rekey = partial(rekey, key=key)

    async def process(self, events: Sequence[EventT[bytes]]) -> None:
        """Dead-letters what is at fault, routes the rest; returns when the broker has all of it."""
        homes: dict[str, list[Fact]] = defaultdict(list)
        records: list[Record] = []
        now, accepted = self._clock(), Counter[str]()
        for event in events:
            try:
                self._route(valid(event, now, self._signatures), homes, records)
                accepted[event.message.topic] += 1
            except Rejected as fault:
                records.append(dead_letter(event, fault))
        records += [
            ("feed", self._partition_of(home), home.encode(), frames.encode(Frame(home, tuple(facts))), [])
            for home, facts in sorted(homes.items())
        ]
        for topic, number in accepted.items():
            metrics.EVENTS.labels(topic, "accepted").inc(number)
        await self._delivery.send(records)

    def _route(self, event: Mapping[str, Any], homes: dict[str, list[Fact]], records: list[Record]) -> None:
        """Files the copies of one event under their homes; adds the standing, if it is one, to the records."""
        accepted = accept(event, self._rekey)
        for home, fact in accepted.copies:
            homes[home].append(fact)
        if accepted.standing is not None:
            records.append(("standings", 0, accepted.standing.id.encode(), encode(accepted.standing), []))


def valid(event: EventT[bytes], now: Instant, signatures: Signatures | None = None) -> dict[str, Any]:
    """The event of a public record. Raises Rejected."""
    message = event.message
    if message.value is None:
        raise Rejected("null_value", "the record has no value; publish the event itself")
    try:
        decoded = decode(message.topic, message.value)
    except DecodeError as problem:
        raise Rejected(problem.reason, problem.detail) from problem
    if message.key != record_key(decoded):
        raise Rejected("wrong_key", "the record's key is not the key of its event")
    if signatures is not None and (why := signatures.refusal(message.topic, message.value, _headers(message), decoded)):
        raise Rejected(FORGED, why)
    if problems := check(decoded, now=now):
        first = problems[0]
        raise Rejected(first.reason, f"{first.field}: {first.remedy}")
    return decoded


def record_key(event: Mapping[str, Any]) -> bytes:
    """The key of a public record: the event's source and id, so that a redelivery lands where the first one did."""
    return f"{event['source']}|{event['id']}".encode()


class Rejected(Exception):
    """An event at fault: a reason code and, without the event's data, what is wrong."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


def dead_letter(event: EventT[bytes], fault: Rejected) -> Record:
    """The original bytes, key and headers, with the reason and where it stood."""
    message = event.message
    metrics.EVENTS.labels(message.topic, "dead_lettered").inc()
    metrics.DEAD_LETTERS.labels(message.topic, fault.reason).inc()
    origin = {"fp_reason": fault.reason, "fp_detail": fault.detail[:500], "fp_topic": message.topic,
              "fp_partition": str(message.partition), "fp_offset": str(message.offset),
              "fp_time": str(round((message.timestamp or 0) * 1_000))}  # fmt: skip
    added = [(name, value.encode()) for name, value in origin.items()]
    return f"{message.topic}.dlq", None, message.key or b"", message.value, [*_headers(message), *added]


def _headers(message: Message) -> list[tuple[str, bytes]]:
    """A record's headers, repeated names included."""
    return list(message.headers.items() if isinstance(message.headers, Mapping) else message.headers or ())
