"""Opens a partition: mark the epoch, roll the store forward from the log, deliver what was announced, evaluate the rest.

Nothing in service depends on a directory surviving: with an empty one, the same steps restore everything. A directory that
is behind an erasure is not used at all: what it holds of the erased goes with it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from streams.agents import metrics
from streams.agents.delivery import Delivery
from streams.agents.owned import ERASURES, KEYS, MARK, SAID, SWEPT, Owned, husk_record
from streams.agents.standings import StandingsReader
from streams.domain.erasures import decode_erasure
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Mark, decode_entry, decode_statement, encode
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.sealing import Roots
from streams.store import keys as k
from streams.store.kv import Store
from streams.store.rocks import RocksStore

log = logging.getLogger(__name__)
PATIENCE = 60.0  # seconds for a broker to answer
SLICE = 1_000  # dossiers evaluated between two deliveries
CHECKPOINT = 5_000  # records rolled forward between two writes of the store, at most


class Outdated(Exception):
    """Something was erased since the store was written."""


@dataclass
class Opener:
    """Opens partitions for one worker. `version` names the rules and policy it runs, `layout` what their sums are made of."""

    bootstrap: str
    group: str
    directory: Path
    context: Context
    delivery: Delivery
    standings: StandingsReader
    clock: Callable[[], Instant]
    partition_of: Callable[[str], int]
    version: str
    layout: str
    security: Mapping[str, Any]
    master: bytes

    async def open(self, number: int) -> Owned:
        """A partition ready for service."""
        started = time.monotonic()
        epoch = (await self.delivery.send([("findings", number, MARK, encode(Mark(0, self.version)), [])]))[0].offset
        while True:
            store, late = self._store(number), dict[str, tuple[int, Entry]]()
            roots = await self._roots(number)
            owned = Owned(number, Partition(store, self.context, epoch), self.delivery, self.clock, self.partition_of, roots)
            behind = store.get(k.key(k.META, "touched")) is not None  # an opening ended before all was evaluated
            try:
                touched, announced = await self._roll_forward(owned, roots, epoch, late)
                break
            except Outdated:
                await owned.close()
                self._anew(number, "an erasure since it was written")
        husks = await self.delivery.send(husk_record(number, husk) for husk in touched.husks)  # bodies that a backup brought back
        owned.advance({"facts": husks})
        await owned.announce(announced)
        await self._catch_up(owned, touched, behind)
        await self._reassert(owned, late)
        metrics.OPENING.observe(time.monotonic() - started)
        metrics.PARTITIONS.inc()
        log.info("partition opened", extra={"partition": number, "epoch": epoch})
        return owned

    def _store(self, number: int) -> RocksStore:
        """The partition's store, from nothing when it is damaged or its sums were made by other measures: the log restores all."""
        path = self.directory / f"p{number}"
        try:
            store = RocksStore(path)
            made = store.get(k.key(k.META, "layout"))
            if made == self._layout() or (made is None and not _position(store, "findings")):
                return self._laid_out(store)
            store.close()
            why = "another layout"
        except Exception as damage:  # noqa: BLE001  # rocksdict raises bare Exception for every kind of damage
            why = str(damage)[:200]
        self._anew(number, why)
        return self._laid_out(RocksStore(path))

    def _anew(self, number: int, why: str) -> None:
        log.warning("store cannot be used; starting from nothing", extra={"partition": number, "why": why})
        shutil.rmtree(self.directory / f"p{number}", ignore_errors=True)

    def _laid_out(self, store: RocksStore) -> RocksStore:
        store.put(k.key(k.META, "layout"), self._layout())
        return store

    def _layout(self) -> bytes:
        return f"{k.LAYOUT} {self.layout}".encode()

    async def _roots(self, number: int) -> Roots:
        """The roots that seal the facts of a partition: few records, read whole."""
        found = Roots(self.master)
        async for records in self._read(KEYS, number, 0, None):
            for record in records:
                found.take(record.key, record.value)
        return found

    async def _roll_forward(
        self, owned: Owned, roots: Roots, epoch: int, late: dict[str, tuple[int, Entry]]
    ) -> tuple[Touched, list[tuple[str, bytes, bytes]]]:  # fmt: skip
        """Erasures, facts, then findings, from where the store stands; returns what new facts touched and what to deliver again.

        `late` gets, by subject, the offset and entry of an owner that was no more, which nobody has said again yet. Raises
        Outdated where the store may hold what was erased since.
        """
        touched = Touched()
        await self._roll_facts(owned, roots, touched)
        store, partition = owned.partition.store, owned.partition
        committed = await self._committed(owned.number)
        announced: list[tuple[str, bytes, bytes]] = []
        position, mark = _position(store, "findings"), int(store.get(k.key(k.META, "mark")) or -1)
        start = int(store.get(k.key(k.META, "late")) or position)
        async for records in self._read("findings", owned.number, min(start, position), epoch + 1):
            for record in records:
                announced += self._apply(partition, record, committed)
                mark = record.offset if record.key == MARK else mark
                _note_late(late, record, mark)
            _keep_late(store, late)
            position = records[-1].offset + 1
            if not announced:  # a crash before what is announced is delivered must find it again
                store.put(k.key(k.META, "findings"), b"%d" % position)
            _checkpoint(partition)
        store.put(k.key(k.META, "findings"), b"%d" % position)
        store.put(k.key(k.META, "mark"), b"%d" % epoch)
        owned.position = committed
        return touched, announced

    async def _roll_facts(self, owned: Owned, roots: Roots, touched: Touched) -> None:
        """The journal of erasures first, so that nothing of the erased is recorded again."""
        store, partition = owned.partition.store, owned.partition
        fresh = not _position(store, "facts")
        async for records in self._read(ERASURES, owned.number, _position(store, ERASURES), None):
            _fresh_or_outdated(fresh)
            for record in records:
                if record.value is not None:
                    partition.erased(line := decode_erasure(record.value), touched)
                    await owned.destroy_keys({line.home: line.events})  # a backup may have brought them back
            store.put(k.key(k.META, ERASURES), b"%d" % (records[-1].offset + 1))
        async for records in self._read("facts", owned.number, _position(store, "facts"), None):
            for record in records:
                self._record(partition, roots, record, touched, fresh)
            store.put(k.key(k.META, "facts"), b"%d" % (records[-1].offset + 1))
            _checkpoint(partition)

    def _record(
        self, partition: Partition, roots: Roots, record: ConsumerRecord[bytes, bytes], touched: Touched, fresh: bool
    ) -> None:  # fmt: skip
        """One record of `facts` into the store: a statement, a fact, or what is left of one."""
        if record.value is None:
            return
        if record.key.startswith(SAID):
            partition.hear(decode_statement(record.value), touched)
            return
        home, _, identity = str(record.key, "utf-8").partition("|")
        found = roots.open(home, identity, record.value)
        if isinstance(found, Fact):
            partition.record(home, found, touched)
        elif not partition.erasing.has(home, found.event):
            _fresh_or_outdated(fresh)
            partition.erasing.note(home, found.event)

    def _apply(self, partition: Partition, record: ConsumerRecord[bytes, bytes], committed: int) -> list[tuple[str, bytes, bytes]]:
        """One record of `findings` into the store; what it announces when its batch is not known to be delivered."""
        if record.value is None or record.key == MARK:
            return []
        if record.key == SWEPT:
            partition.store.put(k.key(k.META, "swept"), record.value)
            return []
        entry: Entry = decode_entry(record.value)
        partition.restoring.restore(entry)
        return list(entry.announces) if entry.position >= committed else []

    async def _catch_up(self, owned: Owned, touched: Touched, behind: bool) -> None:
        """Evaluates what differs: new facts without a receipt, standings since the last sweep, other rules or policy."""
        store, partition = owned.partition.store, owned.partition
        mark = owned.swept()
        while self.standings.position < mark.standings:  # noqa: ASYNC110  # its reader has no event to wait for
            await asyncio.sleep(0.05)  # a worker behind waits; one ahead sweeps
        receipts = not behind and mark.version == self.version
        if not receipts:
            partition.restoring.touch_all(touched)
        self._reconcile(partition, touched, receipts)
        await owned.settle(touched, SLICE)
        store.delete(k.key(k.META, "touched"))
        store.commit()
        await owned.sweep(self.standings.since, self.standings.position, self.version)
        await owned.tick()

    async def _reassert(self, owned: Owned, late: Mapping[str, tuple[int, Entry]]) -> None:
        """What an owner that was no more wrote behind a mark, when whoever made that mark ended before it saw it: it may be of
        standings or facts as they were long before, and its receipt says nothing of these."""
        for _, entry in late.values():
            await owned.reassert(entry)
        _keep_late(owned.partition.store, {})
        owned.partition.store.commit()

    def _reconcile(self, partition: Partition, touched: Touched, receipts: bool) -> None:
        """Who carries what, of all; what is as published when that is known needs no evaluation."""
        clusters = sorted(touched.clusters)
        for start in range(0, len(clusters), SLICE):
            partition.restoring.carry(clusters[start : start + SLICE], touched, receipts)
            _checkpoint(partition)
        partition.restoring.admit(touched, receipts)
        _checkpoint(partition)

    async def _read(
        self, topic: str, number: int, start: int, end: int | None
    ) -> AsyncIterator[list[ConsumerRecord[bytes, bytes]]]:  # fmt: skip
        """Records of one partition from `start` to its end (or to `end`), at most `CHECKPOINT` at a time."""
        tp = TopicPartition(topic, number)
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False, fetch_max_bytes=64 << 20,
                                    max_partition_fetch_bytes=16 << 20, **self.security)  # fmt: skip
        await consumer.start()
        try:
            consumer.assign([tp])
            last = end if end is not None else (await consumer.end_offsets([tp]))[tp]
            first = (await consumer.beginning_offsets([tp]))[tp]
            consumer.seek(tp, max(start, first))
            while await consumer.position(tp) < last:
                found = (await consumer.getmany(tp, timeout_ms=500, max_records=CHECKPOINT)).get(tp, [])
                if records := [record for record in found if record.offset < last]:
                    yield records
        finally:
            await consumer.stop()

    async def _committed(self, number: int) -> int:
        """The feed offset that the group has committed; 0 when none. A coordinator that is just moving is asked again."""
        admin, feed = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, **self.security), TopicPartition("feed", number)
        deadline = time.monotonic() + PATIENCE
        await admin.start()
        try:
            while True:
                try:
                    found = (await admin.list_consumer_group_offsets(self.group, partitions=[feed])).get(feed)
                    return max(0, found.offset) if found is not None else 0
                except KafkaError as problem:
                    if not problem.retriable or time.monotonic() > deadline:
                        raise
                await asyncio.sleep(0.2)
        finally:
            await admin.close()


def _checkpoint(partition: Partition) -> None:
    """Keeps what was rolled forward, so that memory stays bounded. Until all of it is evaluated the store says so: whoever opens
    it after a crash no longer sees what this run touched."""
    partition.store.put(k.key(k.META, "touched"), b"all")
    partition.flush()
    partition.store.commit()


def _note_late(late: dict[str, tuple[int, Entry]], record: ConsumerRecord[bytes, bytes], mark: int) -> None:
    """Whether an entry came behind the mark of another owner than its own; one that came later of its subject stands for it."""
    if record.value is None or record.key in (MARK, SWEPT):
        return
    entry = decode_entry(record.value)
    if entry.revision[0] < mark:
        late[entry.subject] = late.get(entry.subject, (record.offset, entry))[0], entry
    else:
        late.pop(entry.subject, None)


def _keep_late(store: Store, late: Mapping[str, tuple[int, Entry]]) -> None:
    """From where the next opening finds them again, should this one end before it has said them."""
    name = k.key(k.META, "late")
    if late:
        store.put(name, b"%d" % min(offset for offset, _ in late.values()))
    elif store.get(name) is not None:
        store.delete(name)


def _fresh_or_outdated(fresh: bool) -> None:
    if not fresh:
        raise Outdated


def _position(store: Store, topic: str) -> int:
    return int(store.get(k.key(k.META, topic)) or 0)

