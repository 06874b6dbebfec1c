"""Publishes sealed events with acks=all and an idempotent producer, and remembers what was delivered.

The memory (a small store under the office's home, one for each cluster) is what makes a run that was interrupted and
started again add nothing twice. It is written after the acknowledgement, so a crash between the two publishes a
batch again; the fact id is the same, so the workers take it as known. While the broker has one batch, the next is read.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from streams.domain.instants import text
from streams.publishers.reading import Ready, Refused
from streams.publishers.signing import Signer
from streams.store.rocks import RocksStore

log = logging.getLogger(__name__)
BATCH = 2_000
TIMEOUT = 120.0
_LAST_TIMEOUT = 5.0


class Undelivered(Exception):
    """The broker did not take an event: what it said, and what to do."""


@dataclass
class Report:
    """Counts of lines, and of events by type. `same_id` are events whose id was seen with other content: both are kept."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    same_id: int = 0
    by_type: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"rows": self.rows, "accepted": self.accepted, "rejected": self.rejected, "duplicates": self.duplicates,
                "same_id_other_content": self.same_id, "events": dict(sorted(self.by_type.items()))}  # fmt: skip


class Publisher:
    """Publishes rows to one cluster; no address is a dry run; `memory` is a folder, None forgets at the end; use as a context manager.

    With a `signer` each record carries the office's signature.
    """

    def __init__(
        self, bootstrap: str, memory: Path | None, security: Mapping[str, Any] | None = None, signer: Signer | None = None
    ) -> None:  # fmt: skip
        self._signer = signer
        self._fault: KafkaError | None = None
        self.report = Report()
        self._batch: list[Ready] = []  # read, and not looked at yet
        self._sent = 0  # rows that the broker has and the memory has not
        self._producer: Producer | None = None
        self._store: RocksStore | None = None
        self._scratch: TemporaryDirectory[str] | None = None
        if bootstrap:
            self._connect(bootstrap, memory, security or {})
        if self._store is None:  # what is known of this run alone, on disk: a set of millions would not fit
            self._scratch = TemporaryDirectory(prefix="fairpassage-")
            self._store = RocksStore(Path(self._scratch.name))

    def _connect(self, bootstrap: str, memory: Path | None, security: Mapping[str, Any]) -> None:
        self._producer = Producer({
            "bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 20, "compression.type": "gzip",
            "compression.level": 1, "message.max.bytes": 2 << 20, "queue.buffering.max.messages": 4 * BATCH,
            "delivery.timeout.ms": 60_000, "delivery.report.only.error": True, "log_level": 0, **security,
        })  # fmt: skip
        try:
            cluster = self._producer.list_topics(timeout=15).cluster_id
        except KafkaException as problem:
            self._producer.poll(0)  # raises what `security` has for a login that failed
            raise Undelivered(f"no broker answers at {bootstrap}: {problem.args[0].str()}. Start it, or correct the address.") from problem
        if memory is not None:
            self._store = _opened(memory / "".join(c if c.isalnum() else "_" for c in cluster))

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._sent and self._fault is None and self._taken(_LAST_TIMEOUT):
            self._remember()  # interrupted while the next batch was read
        if self._store is not None:
            self._store.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def publish(self, rows: Iterable[Ready | Refused], refused: Callable[[Refused], None], step: Callable[[int], None]) -> Report:
        """Publishes every row that is ready; `refused` gets the others, `step` the number of rows done. Raises Undelivered."""
        for row in rows:
            self.report.rows += 1
            if isinstance(row, Refused):
                self.report.rejected += 1
                refused(row)
            else:
                self._batch.append(row)
            if len(self._batch) == BATCH:
                self._deliver()
            if self.report.rows % 500 == 0:
                step(self.report.rows)
        self._deliver()
        self._settle()
        step(self.report.rows)
        return self.report

    def _known(self, row: Ready) -> bool:
        assert self._store is not None
        fact, name = b"fact|" + bytes.fromhex(row.fact), b"id|" + row.key
        if self._store.get(fact) is not None:
            return True
        self.report.same_id += self._store.get(name) is not None
        self._store.put(fact, b"")
        self._store.put(name, b"")
        return False

    def _deliver(self) -> None:
        """Hands what is new of the batch to the client, once the broker has the one before."""
        self._settle()
        batch, self._batch = self._batch, []
        accepted = self.report.accepted
        for row in batch:
            if self._known(row):
                self.report.duplicates += 1
                continue
            self.report.accepted += 1
            self.report.by_type[row.event["type"]] += 1
            if self._producer is not None:
                self._produce(self._producer, row)
        self._sent = self.report.accepted - accepted

    def _settle(self) -> None:
        """Waits for every acknowledgement, then remembers what was sent."""
        if self._sent and not self._taken(TIMEOUT):
            raise Undelivered(f"the broker did not take {len(self._producer or ()) or 'an'} event(s): "
                              f"{self._fault.str() if self._fault else 'no answer'}; run again, nothing is added twice.")  # fmt: skip
        self._remember()

    def _taken(self, timeout: float) -> bool:
        """Whether the broker has all that was sent; waits for it."""
        return self._producer is None or (not self._producer.flush(timeout) and self._fault is None)

    def _remember(self) -> None:
        if self._store is not None:
            self._store.commit()
        self._sent = 0

    def _produce(self, producer: Producer, row: Ready) -> None:
        told = headers(row.event)
        if self._signer is not None:
            told.append(self._signer.header(row.topic, row.data))
        while True:
            try:
                producer.produce(row.topic, row.data, row.key, headers=told, on_delivery=self._acknowledged)
                return
            except BufferError:
                producer.poll(0.5)

    def _acknowledged(self, problem: KafkaError | None, _message: Message) -> None:
        self._fault = self._fault or problem


def _opened(path: Path) -> RocksStore:
    try:
        return RocksStore(path, logged=True)
    except Exception as problem:  # rocksdict has no error type of its own
        if "lock" not in str(problem).lower():
            raise
        raise Undelivered("another `fairpassage publish` or `import` of this home is running: wait until it ends.") from problem


_time = lru_cache(maxsize=16_384)(text)


def headers(event: Mapping[str, Any]) -> list[tuple[str, str | bytes | None]]:
    """CloudEvents 1.0 attributes in binary mode; the subject is the demand where one is named, never a worker."""
    demand = (event.get("refs") or {}).get("demand")
    subject: list[tuple[str, str | bytes | None]] = [("ce_subject", demand)] if demand else []
    return [*subject, ("ce_specversion", "1.0"), ("ce_id", event["id"]), ("ce_source", event["source"]), ("ce_type", event["type"]),
            ("ce_time", _time(event["time"])), ("content-type", "application/avro")]  # fmt: skip
