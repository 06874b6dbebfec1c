"""`python -m tests.bench.plain BOOTSTRAP FOLDER KEYFILE`: the worker's job in a plain aiokafka loop, without Faust.

The same decoding, checks, re-keying, linking, fold, rules, store and order of delivery; the hop over `feed` is left out,
since one process owns every partition. What the worker loses against this is what Faust and that hop cost.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer

from schemas.catalogue import CONTEXTS
from schemas.codec import decode
from schemas.homes import partition as home_partition
from schemas.validate import check
from streams.agents.delivery import KafkaDelivery, Record
from streams.agents.owned import Owned
from streams.agents.worker import SLICE
from streams.domain.facts import Fact, encode
from streams.dossiers.partition import Partition
from streams.intake import accept
from streams.publishers.identity import read_key, rekey
from streams.sealing import Roots
from streams.store.rocks import RocksStore
from tests.bench.calibration import context, frames, now

GROUP = "plain"
BATCH = SLICE


class Job:
    """The job itself, whoever brings the records."""

    def __init__(self, folder: Path, key: bytes, delivery: Any, partitions: int) -> None:
        self.context, self._key, self._delivery = context(), key, delivery
        parts = {n: Partition(RocksStore(folder / f"p{n}"), self.context) for n in range(partitions)}
        self._owned = {n: Owned(n, part, delivery, now, self._number, Roots(key)) for n, part in parts.items()}

    def _number(self, home: str) -> int:
        return home_partition(home, len(self._owned))

    async def process(self, records: Iterable[tuple[str, bytes]]) -> None:
        """(topic, value) of public records, to what they announce; returns when all of it is delivered and stored."""
        copies, standings = defaultdict[int, list[tuple[str, Fact]]](list), list[Record]()
        for name, value in records:
            event = decode(name, value)
            if check(event, now=now()):
                raise ValueError("an event of the bench is at fault")
            accepted = accept(event, lambda each: rekey(each, self._key))
            for home, fact in accepted.copies:
                copies[self._number(home)].append((home, fact))
            if (standing := accepted.standing) is not None:
                self.context.standings.add(standing)
                standings.append(("standings", 0, standing.id.encode(), encode(standing), []))
        await self._delivery.send(standings)
        for number, found in sorted(copies.items()):
            for first in range(0, len(found), BATCH):  # as many facts of one partition at once as a worker takes
                await self._owned[number].process(frames(found[first : first + BATCH]), 0)


async def run(bootstrap: str, folder: Path, key: bytes) -> None:
    """Works until it is ended."""
    delivery = KafkaDelivery(bootstrap, {})
    await delivery.start()
    job = Job(folder, key, delivery, len(await delivery.partitions("feed")))
    consumer = AIOKafkaConsumer(*CONTEXTS, bootstrap_servers=bootstrap, group_id=GROUP, enable_auto_commit=False,
                                auto_offset_reset="earliest")  # fmt: skip
    await consumer.start()
    while True:
        found = await consumer.getmany(timeout_ms=20)
        records = sorted((record for each in found.values() for record in each), key=lambda record: record.timestamp)  # as they came
        if records:
            await job.process((record.topic, record.value) for record in records)
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2]), read_key(Path(sys.argv[3]), "key")))
