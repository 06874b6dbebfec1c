"""The sink: Kafka to ClickHouse, each record stored once as its readers see it.

For every piece of a partition (pieces.py), in this order, each step confirmed before the next:

1. if the piece ends inside an open block, commit its *first* offset with its last one as metadata: the plan;
2. dead letters of records that can be no row;
3. the insert, under the token of the range, with the same bytes at every repeat;
4. of what the piece says is erased, the rows that it replaces are deleted from disk;
5. commit the offset after its last one.

It starts a partition at max(committed, stored + 1), where stored is the greatest offset in ClickHouse of this very log, and
commits that: an insert whose commit was lost may have been the partition's last one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from consumers.warehouse import metrics
from consumers.warehouse.kafka import Away, commit, committed, consumer, logs, record, within
from consumers.warehouse.keys import Keys
from consumers.warehouse.letters import Letters
from consumers.warehouse.pieces import Buffer, Piece
from consumers.warehouse.store import Unavailable, Warehouse
from consumers.warehouse.writing import Writer

log = logging.getLogger(__name__)
Place = tuple[str, int]  # topic, partition

TOPICS = ("facts", "journeys", "erasures", r"^alerts\..*", r"^.*\.dlq$")
READ = 2_000  # records taken from the client at once
MOST_WAITING = 64 << 20  # bytes read and not stored; beyond it Kafka keeps the rest
_SLOWEST = 5.0  # seconds between two tries while ClickHouse is away
_METRICS_SECONDS = 2.0


class Stopped(Exception):
    """The sink was told to stop while it waited: what is not stored is not committed."""


class Lost(Exception):
    """Partitions were taken away while it waited: whoever has them now does the rest."""


@dataclass(frozen=True)
class SinkConfig:
    """How a sink runs. `linger` is how many seconds an open block waits for more; `master_key` opens the roots that seal facts."""

    bootstrap: str
    group: str = "fairpassage-sink"
    topics: tuple[str, ...] = TOPICS
    linger: float = 0.5
    session_timeout: float = 10.0
    most_waiting: int = MOST_WAITING
    security: Mapping[str, Any] = field(default_factory=dict)
    master_key: bytes = field(default=b"", repr=False)


class Sink:
    """One sink process; start more to share the partitions."""

    def __init__(self, config: SinkConfig, warehouse: Warehouse) -> None:
        self._config, self._warehouse = config, warehouse
        self._consumer: Consumer = consumer(config.bootstrap, config.group, config.session_timeout, config.security)
        keys = Keys(config.bootstrap, config.security, config.master_key)
        self._writer = Writer(warehouse, Letters(config.bootstrap, config.security), self._wait, keys.open)
        self._buffers: dict[Place, Buffer] = {}
        self._logs: dict[str, str] = {}
        self._assigned: list[TopicPartition] = []
        self._unopened = False
        self._paused: set[Place] = set()
        self._generation = 0
        self._stop = threading.Event()
        self._measured = 0.0

    def stop(self) -> None:
        """Ask it to end: the insert under way is finished and committed, nothing else is begun. Thread-safe."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop`. Raises Misconfigured, Undeliverable, KafkaException: all end the process uncommitted."""
        self._consumer.subscribe(list(self._config.topics), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke)
        try:
            while not self._stop.is_set():
                self._turn()
        except Stopped:
            log.info("stopped while ClickHouse was away")
        finally:
            self._consumer.close()
            self._warehouse.close()

    def _turn(self) -> None:
        if self._unopened:
            self._open()
        self._read(0.05)
        while self._write() and not self._stop.is_set():
            pass
        self._flow()
        self._measure()

    # Partitions come and go inside the client's calls; the next turn opens what came.

    def _on_assign(self, client: Consumer, partitions: list[TopicPartition]) -> None:
        self._generation += 1
        self._buffers.clear()
        self._assigned, self._unopened, self._paused = partitions, True, set()
        client.assign([])  # reading starts once it is known from where

    def _on_revoke(self, client: Consumer, partitions: list[TopicPartition]) -> None:
        self._generation += 1
        self._buffers.clear()
        self._assigned, self._unopened = [], False

    def _open(self) -> None:
        """Start every assigned partition where ClickHouse and the group say, or try again in the next turn."""
        wanted, generation = list(self._assigned), self._generation
        try:
            known = logs(self._config.bootstrap, {each.topic for each in wanted}, self._config.security)
            stored = self._warehouse.stored(known) if known else {}
            plans = committed(self._consumer, wanted)
            starts = {place: within(self._consumer, place, max(plans[place][0], stored.get(place, -1) + 1)) for place in plans}
            if ahead := _ahead(plans, starts, stored):
                commit(self._consumer, ahead)
        except (Unavailable, Away) as problem:
            log.warning("cannot open partitions yet", extra={"why": str(problem)})
            metrics.RETRIES.inc()
            self._read(1.0)
            return
        if generation != self._generation:
            return
        self._buffers = {place: Buffer(start, plans[place][1]) for place, start in starts.items()}
        self._logs, self._unopened, self._paused = known, False, set()
        positions = [TopicPartition(*place, start) for place, start in starts.items()]
        metrics.LAG.clear()
        self._consumer.assign(positions)
        self._consumer.resume(positions)
        log.info("partitions opened", extra={"count": len(starts)})

    def _read(self, seconds: float) -> None:
        now = time.monotonic()
        for message in self._consumer.consume(READ, seconds):
            if (error := message.error()) is not None:
                self._heed(error, message)
            elif (buffer := self._buffers.get((message.topic() or "", message.partition() or 0))) is not None:
                buffer.add(record(message), now)
        self._notice_ends()

    def _notice_ends(self) -> None:
        """The client says that a partition ended only when it asked and got nothing, which a busy one may not let happen for
        minutes. The end that came with what it last got is as good."""
        for place, buffer in self._buffers.items():
            if len(buffer) and self._end(place) == buffer.position:
                buffer.ended(buffer.position)

    def _end(self, place: Place) -> int:
        """Where the log ended when the client last heard of it; negative before that."""
        _, high = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
        return int(high)

    def _heed(self, error: KafkaError, message: Message) -> None:
        """What the client says in a record's place."""
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  # its public name
            if (buffer := self._buffers.get((message.topic() or "", message.partition() or 0))) is not None:
                buffer.ended(message.offset() or 0)
        elif error.fatal() or error.code() in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED):
            raise KafkaException(error)
        else:
            log.warning("Kafka says", extra={"why": error.name()})

    def _write(self) -> bool:
        """Store what is ready, at most one piece of each partition; whether there was any."""
        now, linger = time.monotonic(), self._config.linger
        pieces = {place: piece for place, buffer in self._buffers.items() if (piece := buffer.cut(now, linger)) is not None}
        if not pieces:
            return False
        try:
            self._store(pieces)
        except (Lost, Away) as problem:
            log.warning("pieces are left to their partitions' next owner", extra={"count": len(pieces), "why": str(problem)})
            self._reopen()
            return False
        for place, piece in pieces.items():
            self._buffers[place].done(piece)
        return True

    def _store(self, pieces: dict[Place, Piece]) -> None:
        """Plans, inserts, commit: see the top of this file. Commits of many partitions are one request."""
        if plans := {place: (piece.first, piece.last) for place, piece in pieces.items() if piece.planned}:
            commit(self._consumer, plans)
        for place, piece in pieces.items():
            if piece.records:
                self._writer.write(piece, self._logs[place[0]])
        commit(self._consumer, {place: (piece.last + 1, None) for place, piece in pieces.items()})

    def _reopen(self) -> None:
        """Begin the assigned partitions again from what is committed and stored, unless a rebalance does that already."""
        if self._buffers:
            self._buffers.clear()
            self._consumer.assign([])
            self._unopened = bool(self._assigned)

    def _wait(self, attempt: int, why: str) -> None:
        """Before a repeat: keeps the membership alive, reads nothing more. Raises Stopped or Lost."""
        generation, until = self._generation, time.monotonic() + min(0.1 * 2**attempt, _SLOWEST)
        log.warning("ClickHouse is away; trying again", extra={"count": attempt, "why": why})
        self._pause(set(self._buffers))
        while time.monotonic() < until:
            self._read(0.1)
            if self._stop.is_set():
                raise Stopped
            if generation != self._generation:
                raise Lost("a rebalance took place")

    def _flow(self) -> None:
        """Leave to Kafka what memory should not hold: beyond the limit only the fullest partition is read on.

        One is always read, since a block that is never completed would never be stored.
        """
        waiting = sum(buffer.bytes for buffer in self._buffers.values())
        metrics.WAITING_BYTES.set(waiting)
        if waiting >= self._config.most_waiting:
            fullest = max(self._buffers, key=lambda place: self._buffers[place].bytes)
            self._pause(self._buffers.keys() - {fullest})
        elif waiting < self._config.most_waiting // 2:
            self._pause(set())

    def _pause(self, wanted: set[Place]) -> None:
        """Read from every partition but these."""
        now = self._paused & self._buffers.keys()
        if back := now - wanted:
            self._consumer.resume([TopicPartition(*place) for place in back])
        if stop := wanted - now:
            self._consumer.pause([TopicPartition(*place) for place in stop])
        self._paused = set(wanted)

    def _measure(self) -> None:
        if time.monotonic() - self._measured < _METRICS_SECONDS:
            return
        self._measured = time.monotonic()
        lag = dict.fromkeys((place[0] for place in self._buffers), 0)
        for place, buffer in self._buffers.items():
            lag[place[0]] += max(0, self._end(place) - buffer.unstored)
        for topic, count in lag.items():
            metrics.LAG.labels(topic).set(count)


def _ahead(
    plans: Mapping[Place, tuple[int, int | None]], starts: Mapping[Place, int], stored: Mapping[Place, int]
) -> dict[Place, tuple[int, int | None]]:
    """Where more is stored than committed: the offset to begin at, with the plan as far as it is not done."""
    return {place: (start, last if last is not None and last >= start else None)
            for place, start in starts.items() for committed_to, last in [plans[place]]
            if start > committed_to and place in stored and start == stored[place] + 1}  # fmt: skip


__all__ = ["Sink", "SinkConfig"]
