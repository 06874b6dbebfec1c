"""Reads `standings` whole before this worker owns anything, then follows it with a consumer of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from streams.domain.facts import decode
from streams.domain.standings import Standings

log = logging.getLogger(__name__)

TOPIC = "standings"


class StandingsReader:
    """Folds the topic into `standings` and remembers which offset changed what, for partitions that lag behind."""

    def __init__(self, bootstrap: str, standings: Standings, security: Mapping[str, Any]) -> None:
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, **security)
        self._standings = standings
        self._tp = TopicPartition(TOPIC, 0)
        self._changes: list[tuple[int, frozenset[str]]] = []
        self.position = 0

    async def start(self) -> None:
        """Reads to the end as it is now."""
        await self._consumer.start()
        self._consumer.assign([self._tp])
        await self._consumer.seek_to_beginning(self._tp)
        end = (await self._consumer.end_offsets([self._tp]))[self._tp]
        while self.position < end:
            await self._poll(end)

    async def _poll(self, end: int | None) -> bool:
        found = await self._consumer.getmany(self._tp, timeout_ms=200)
        records: list[ConsumerRecord[bytes, bytes]] = found.get(self._tp, [])
        for record in records:
            if record.value is not None:
                touched = self._standings.add(decode(record.value))
                if touched:
                    self._changes.append((record.offset, touched))
        self.position = max(self.position, await self._consumer.position(self._tp))
        return bool(records)

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Folds what comes and calls `changed` after each lot, until cancelled."""
        while True:
            if await self._poll(None):
                await changed()
            else:
                await asyncio.sleep(0.05)

    def since(self, offset: int) -> frozenset[str]:
        """Subjects touched by standings at or beyond `offset`."""
        return frozenset().union(*(touched for at, touched in self._changes if at >= offset))

    async def stop(self) -> None:
        await self._consumer.stop()
