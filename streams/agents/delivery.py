"""Deliveries that are confirmed: every `send` returns after the broker has all of it, or the process ends uncommitted."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NoReturn, Protocol, TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from aiokafka.structs import RecordMetadata

from streams.agents.batches import LARGEST_RECORD, Batches

log = logging.getLogger(__name__)
T = TypeVar("T")
BATCH_BYTES = 1 << 19  # under every topic's max_record_bytes, which the broker holds against a whole batch
_hash = lru_cache(maxsize=1 << 15)(murmur2)  # in plain Python; journeys and alerts are told again under the same keys

# A record to send: topic, partition (None: by key), key, value, headers.
Record = tuple[str, int | None, bytes, bytes | None, list[tuple[str, bytes]]]


class Delivery(Protocol):
    """Where a partition's outbox goes."""

    async def send(self, records: Iterable[Record]) -> list[RecordMetadata]:
        """Sends and waits until every record is acknowledged by all in-sync replicas."""
        ...


class KafkaDelivery:
    """An idempotent producer with acks=all. Records may be large: a finding's entry holds what it announces."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any]) -> None:
        """To be called within a running loop: aiokafka binds to it."""
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=0,
            max_request_size=LARGEST_RECORD, max_batch_size=BATCH_BYTES, request_timeout_ms=40_000, **security,
        )  # fmt: skip

    async def start(self) -> None:
        await self._producer.start()

    async def stop(self) -> None:
        await self._producer.stop()

    async def partitions(self, topic: str) -> set[int]:
        """The partition numbers of a topic."""
        return set(await self._producer.partitions_for(topic))

    async def send(self, records: Iterable[Record]) -> list[RecordMetadata]:
        """In ready-made batches: a record sent alone costs a future and a search for its batch (engines.md F)."""
        batches = Batches(self._producer.create_batch)
        for topic, partition, key, value, headers in records:
            number = partition if partition is not None else by_key(key, await self._producer.partitions_for(topic))
            batches.add(topic, number, key, value, headers)
        if not batches.places:
            return []
        waiting = [await self._producer.send_batch(batch, topic, partition=number) for topic, number, batch in batches.in_turn()]
        return batches.placed(await asyncio.gather(*waiting))


def by_key(key: bytes, partitions: Iterable[int]) -> int:
    """The partition of a key, as Kafka's own producers deal it."""
    listed, number = sorted(partitions), int(_hash(key)) & 0x7FFFFFFF
    return listed[number % len(listed)]


def die(reason: str) -> NoReturn:
    """Ends the process at once, without a commit: what was not confirmed is redelivered to the next owner."""
    log.critical(reason, exc_info=True)
    logging.shutdown()
    os._exit(1)


async def or_die(work: Awaitable[T], what: str) -> T:
    """Awaits work in an agent's body. Faust acks what raises, so nothing may: any failure ends the process instead."""
    try:
        return await work
    except asyncio.CancelledError:
        raise
    except BaseException:  # noqa: BLE001  # deliberately all: see above
        die(f"{what} failed; stopping without a commit")
