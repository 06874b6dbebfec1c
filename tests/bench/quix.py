"""`python -m tests.bench.quix BOOTSTRAP FOLDER KEYFILE`: the same job as plain.py, on Quix Streams.

Quix reads, batches, flushes and commits, in its own words: a sink that gets the records of a checkpoint. It is installed
in a folder of its own (`make bench`), since it wants an older confluent-kafka than the project has.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError, Message
from quixstreams import Application
from quixstreams.sinks.base import BaseSink

from schemas.catalogue import CONTEXTS
from streams.agents.delivery import Record
from streams.publishers.identity import read_key
from tests.bench.plain import BATCH, Job

GROUP = "quix"
FLUSH_SECONDS = 60.0
PARTITIONS = 8  # of the internal topics, on the embedded node


class QuixDelivery:
    """The outbox through Quix's own producer, each lot confirmed before the next."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer

    async def send(self, records: Iterable[Record]) -> list[Any]:
        """As `streams.agents.delivery.Delivery`."""
        sent: list[Any] = []

        def delivered(problem: KafkaError | None, message: Message) -> None:
            if problem is not None:
                raise RuntimeError(problem.str())
            sent.append(SimpleNamespace(offset=message.offset()))

        for topic, partition, key, value, headers in records:
            self._producer.produce(topic=topic, value=value, key=key, partition=partition, headers=headers, on_delivery=delivered)
        if self._producer.flush(FLUSH_SECONDS):
            raise RuntimeError("the broker did not take all of it")
        return sent


class Dossiers(BaseSink):  # type: ignore[misc]  # Quix is not there when types are checked
    """Takes the records of a checkpoint and does the job on them."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job, self._waiting = job, list[tuple[str, bytes]]()

    def add(self, value: bytes, key: Any, timestamp: int, headers: Any, topic: str, partition: int, offset: int) -> None:
        """One record."""
        self._waiting.append((topic, value))

    def flush(self) -> None:
        """The job, then Quix commits."""
        asyncio.run(self._job.process(self._waiting))
        self._waiting.clear()


def main(bootstrap: str, folder: Path, key: bytes) -> None:
    """Works until it is ended."""
    app = Application(broker_address=bootstrap, consumer_group=GROUP, auto_offset_reset="earliest", auto_create_topics=False,
                      commit_every=BATCH, commit_interval=0.5, state_dir=str(folder / "quix"), loglevel="WARNING",
                      producer_extra_config={"enable.idempotence": True, "acks": "all", "linger.ms": 0})  # fmt: skip
    sink = Dossiers(Job(folder, key, QuixDelivery(app.get_producer()), PARTITIONS))
    for name in CONTEXTS:
        app.dataframe(app.topic(name, value_deserializer="bytes", key_deserializer="bytes")).sink(sink)
    app.run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), read_key(Path(sys.argv[3]), "key"))
