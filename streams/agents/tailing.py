"""Follows the `findings` of the partitions that this worker owns, for entries of an owner that is no more.

A worker that was stopped for longer than its session may wake and write once before it learns that its partition has gone.
What it wrote comes after the present owner's mark with a lower epoch: the owner then says it again as it stands now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from streams.agents import metrics
from streams.agents.owned import EPOCH, MARK, SWEPT, Owned
from streams.domain.outputs import decode_entry

log = logging.getLogger(__name__)
TOPIC = "findings"


class FindingsTail:
    """One consumer for all partitions that a worker has open, from each one's own mark on."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any]) -> None:
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=16 << 20, **security
        )
        self._owned: dict[int, Owned] = {}
        self._positions: dict[int, int] = {}
        self._changed = False

    async def start(self) -> None:
        await self._consumer.start()

    async def stop(self) -> None:
        await self._consumer.stop()

    def add(self, owned: Owned) -> None:
        """Follows a partition that was opened, from behind its mark."""
        self._owned[owned.number] = owned
        self._positions[owned.number] = owned.partition.epoch + 1
        self._changed = True

    def remove(self, number: int) -> None:
        """Leaves a partition that was taken away."""
        self._changed = self._owned.pop(number, None) is not None or self._changed

    async def follow(self) -> None:
        """Reads until cancelled."""
        while True:
            if self._changed:
                self._assign()
            if not self._owned:
                await asyncio.sleep(0.2)
                continue
            for tp, records in (await self._consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    await self._look(tp.partition, record)

    def _assign(self) -> None:
        self._changed = False
        wanted = [TopicPartition(TOPIC, number) for number in sorted(self._owned)]
        self._consumer.assign(wanted)
        for tp in wanted:
            self._consumer.seek(tp, self._positions[tp.partition])

    async def _look(self, number: int, record: ConsumerRecord[bytes, bytes]) -> None:
        owned = self._owned.get(number)
        if owned is None or record.offset < self._positions[number]:
            return
        self._positions[number] = record.offset + 1
        if record.value is None or record.key in (MARK, SWEPT):
            return
        epoch = next((int(value) for name, value in record.headers if name == EPOCH), None)
        if epoch is not None and epoch < owned.partition.epoch:
            metrics.STALE.inc()
            log.warning("an entry of an earlier owner came late", extra={"partition": number, "epoch": epoch})
            await owned.reassert(decode_entry(record.value))
