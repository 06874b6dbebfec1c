"""Intake: stateless. Bytes to a valid event or to the dead-letter topic; one framed record per home and batch to `feed`."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from faust.types import EventT, Message

from schemas.codec import unreleased
from streams.acceptance import Rejected, dead_letter, valid
from streams.agents import metrics
from streams.agents.config import Writers
from streams.agents.delivery import Delivery, Record
from streams.domain import frames
from streams.domain.facts import Fact, encode
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.intake import Rekey, accept
from streams.publishers.identity import Key, rekey
from streams.publishers.signing import Signatures

log = logging.getLogger(__name__)


class Intake:
    """Processes batches of public records. `as_of` is the instant by which an event may lie in the future, None: its broker time; with
    `signatures` an event is taken only from whom its source says; `writers` know schemas that no release has."""

    def __init__(
        self, delivery: Delivery, partition_of: Callable[[str], int], key: Key, as_of: Instant | None = None,
        signatures: Signatures | None = None, writers: Writers | None = None,
    ) -> None:  # fmt: skip
        self._signatures, self._writers = signatures, writers
        self._delivery, self._partition_of, self._as_of = delivery, partition_of, as_of
        self._rekey: Rekey = partial(rekey, key=key)

    async def process(self, events: Sequence[EventT[bytes]]) -> None:
        """Dead-letters what is at fault, routes the rest; returns when the broker has all of it."""
        await self._look_for_writers(events)
        homes: dict[str, list[Fact]] = defaultdict(list)
        records: list[Record] = []
        accepted = Counter[str]()
        for event in events:
            try:
                self._route(self._valid(event), homes, records)
                accepted[event.message.topic] += 1
            except Rejected as fault:
                records.append(letter(event, fault))
        records += [
            ("feed", self._partition_of(home), home.encode(), frames.encode(Frame(home, tuple(facts))), [])
            for home, facts in sorted(homes.items())
        ]
        for topic, number in accepted.items():
            metrics.EVENTS.labels(topic, "accepted").inc(number)
        await self._delivery.send(records)

    async def _look_for_writers(self, events: Sequence[EventT[bytes]]) -> None:
        """Has the schema registry asked for what no release explains, once for the batch."""
        if self._writers is not None:
            named = [(event.message.topic, unreleased(event.message.value or b"")) for event in events]
            if wanted := {(topic, written) for topic, written in named if written is not None}:
                await self._writers.look_for(wanted)

    def _valid(self, event: EventT[bytes]) -> dict[str, Any]:
        message = event.message
        now = self._as_of if self._as_of is not None else published_at(event)
        return valid(message.topic, message.key, message.value, now, _headers(message), self._signatures, self._writers)

    def _route(self, event: Mapping[str, Any], homes: dict[str, list[Fact]], records: list[Record]) -> None:
        """Files the copies of one event under their homes; adds the standing, if it is one, to the records."""
        accepted = accept(event, self._rekey)
        for home, fact in accepted.copies:
            homes[home].append(fact)
        if accepted.standing is not None:
            records.append(("standings", 0, accepted.standing.id.encode(), encode(accepted.standing), []))


def published_at(event: EventT[bytes]) -> Instant:
    """The broker's time of a record."""
    return round((event.message.timestamp or 0) * 1_000)


def letter(event: EventT[bytes], fault: Rejected) -> Record:
    """The dead letter of a record, counted."""
    message = event.message
    metrics.EVENTS.labels(message.topic, "dead_lettered").inc()
    metrics.DEAD_LETTERS.labels(message.topic, fault.reason).inc()
    place = message.topic, message.partition, message.offset
    topic, key, value, told = dead_letter(place, published_at(event), message.key, message.value, _headers(message), fault)
    return topic, None, key, value, told


def _headers(message: Message) -> list[tuple[str, bytes]]:
    """A record's headers, repeated names included."""
    return list(message.headers.items() if isinstance(message.headers, Mapping) else message.headers or ())
