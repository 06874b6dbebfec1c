"""One partition that this worker owns: its store, its lock, and the order deliver, store, commit.

1. corrections and orders to erase passed on to other homes; 2. the journal of erasures; 3. the roots that new facts need to
`keys`; then to `facts` those facts, sealed, and what is left of erased ones, whose keys are destroyed then; 4. entries to
`findings`, the outbox; 5. what they announce; 6. the store; then the caller lets Faust commit the offset. Each step is confirmed
before the next. A failure before 6 leaves the store as it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

import msgspec
from aiokafka.structs import RecordMetadata

from streams.agents import metrics
from streams.agents.delivery import Delivery, Record
from streams.domain.erasures import Erasure, Husk, emptied
from streams.domain.erasures import encode as encode_erasure
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.frames import encode as encode_frame
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Mark, Statement, decode_alert, decode_mark, encode
from streams.dossiers.context import Outbox
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.sealing import Roots
from streams.store import keys as k

FEED, ERASURES, KEYS = "feed", "erasures", "keys"
MARK = b"~mark"
SWEPT = b"~swept"
EPOCH = "epoch"  # header of an entry: whose it is, without decoding it
DUE_SLICE = 200  # due dossiers evaluated between two batches of the feed
TAKEN_BACK = 15.0  # seconds until the statements of an erased dossier are surely taken back, over the feed
NAMED, SLICE = 10, 100  # standings looked up, and dossiers that name them evaluated, between two batches of the feed
SAID = b"!"  # what a key of a statement on `facts` begins with; a home never does


def fact_record(partition: int, home: str, fact: Fact, roots: Roots) -> Record:
    """A fact on `facts`: keyed (home, fact), never by journey, so that nothing stale can overwrite anything."""
    return "facts", partition, f"{home}|{fact.id}".encode(), roots.seal(home, fact), []


def key_record(partition: int, record: tuple[bytes, bytes]) -> Record:
    """Nodes of a root on `keys`."""
    return KEYS, partition, *record, []


def husk_record(partition: int, husk: Husk) -> Record:
    """What is left of an erased fact, in its place on `facts`."""
    return "facts", partition, f"{husk.home}|{husk.fact}".encode(), emptied(husk), []


def journal_record(partition: int, erasure: Erasure) -> Record:
    """An erasure on `erasures`: once it is there, whoever opens the partition carries it out."""
    return ERASURES, partition, f"{erasure.home}|{erasure.id}".encode(), encode_erasure(erasure), []


def heard_record(partition: int, statement: Statement) -> Record:
    """A statement heard, on `facts` as well: the greatest revision by teller and about, so that a restore has it."""
    return "facts", partition, SAID + f"{statement.about}|{statement.teller}".encode(), encode(statement), []


class Owned:
    """A partition in service. `clock` gives as_of; `partition_of` the feed partition of a home; `roots` seal its facts."""

    def __init__(
        self, number: int, partition: Partition, delivery: Delivery, clock: Callable[[], Instant],
        partition_of: Callable[[str], int], roots: Roots,
    ) -> None:  # fmt: skip
        self._roots = roots
        self.number, self.partition, self.lock = number, partition, asyncio.Lock()
        self._delivery, self._clock, self._partition_of = delivery, clock, partition_of
        self._as_of = int(partition.store.get(k.key(k.META, "as_of")) or 0)
        self.position = 0
        self._compact_at: float | None = None  # monotonic seconds
        self.closed = False  # whoever waited for the lock meanwhile finds it so

    def as_of(self) -> Instant:
        """Now, which never goes back in a partition."""
        self._as_of = max(self._as_of, self._clock())
        return self._as_of

    async def process(self, frames: Iterable[Frame], position: int) -> bool:
        """One batch of the feed up to `position` (the next offset to read); False when it was closed and nothing was done."""
        async with self.lock:
            if not self.closed:
                self.position, outbox = position, Outbox()
                for _ in self.partition.accepting(frames, self.as_of(), outbox):
                    await asyncio.sleep(0)  # intake, the producer and other partitions have their turn
                await self.deliver(outbox)
            return not self.closed

    async def tick(self) -> None:
        """What has come due, evaluated and delivered in the same way, in slices between which the feed has its turn."""
        before: list[str] = []
        while not self.closed:
            async with self.lock:
                as_of = self.as_of()
                due = self.partition.due(as_of, DUE_SLICE) if not self.closed else []
                if due and due != before:  # what stays due whatever is done waits for the next tick
                    await self.deliver(self.partition.look_again(due, as_of))
                if len(due) < DUE_SLICE or due == before:
                    if not self.closed:
                        self._measure(as_of)
                        if self._compact_at is not None and time.monotonic() > self._compact_at:
                            await self._compact(None)
                    return
                before = due

    def _measure(self, as_of: Instant) -> None:
        number = str(self.number)
        metrics.DUE_OVERDUE.labels(number).set(len(self.partition.due(as_of)))
        metrics.DOSSIERS.labels(number).set(self.partition.dossiers())

    def swept(self) -> Mark:
        """How far the standings were swept, and by which version of rules and policy."""
        found = self.partition.store.get(k.key(k.META, "swept"))
        return decode_mark(found) if found is not None else Mark(0, "")

    async def sweep(self, since: Callable[[int], Iterable[str]], standings: int, version: str) -> None:
        """Looks again at what names a standing changed `since` the last sweep, in slices, then says how far it came.

        `standings` is the offset read so far. A crash half-way repeats, and skips nothing.
        """
        async with self.lock:
            changed = sorted(since(self.swept().standings)) if not self.closed else []
        for start in range(0, len(changed), NAMED):
            async with self.lock:
                touched = self.partition.naming(changed[start : start + NAMED]) if not self.closed else Touched()
            if touched:
                await self.settle(touched, SLICE)
        async with self.lock:
            if self.closed:
                return
            mark = encode(Mark(standings, version))
            self.advance({"findings": await self._delivery.send([("findings", self.number, SWEPT, mark, [])])})
            self.partition.store.put(k.key(k.META, "swept"), mark)
            self.partition.store.commit()

    async def settle(self, touched: Touched, size: int) -> None:
        """Evaluates and delivers, `size` dossiers at a time, between which the feed has its turn."""
        for part in touched.slices(size):
            async with self.lock:
                if not self.closed:
                    outbox = Outbox()
                    self.partition.settle(part, self.as_of(), outbox)
                    await self.deliver(outbox)

    async def reassert(self, stale: Entry) -> None:
        """An entry of an earlier epoch came after this one's mark: says again what it announced, as it stands now."""
        async with self.lock:
            if not self.closed:
                await self.deliver(self.partition.reassert(stale, self.as_of()))

    async def deliver(self, outbox: Outbox) -> None:
        """What other homes must hear, the journal, facts, findings, announcements, each confirmed before the next; then the store."""
        passed = [self._passed(home, Frame(home, (fact,))) for home, fact in outbox.passed]
        await self._delivery.send(passed + [self._passed(each.home, Frame(each.home, orders=(each,))) for each in outbox.orders])
        journal = await self._delivery.send(journal_record(self.number, each) for each in outbox.journal)
        await self._delivery.send(key_record(self.number, made) for made in self._roots.made(outbox.facts))
        new = [fact_record(self.number, home, fact, self._roots) for home, fact in outbox.facts]
        new += [husk_record(self.number, husk) for husk in outbox.husks]
        facts = await self._delivery.send(new + [heard_record(self.number, said) for said in outbox.heard])
        await self.destroy_keys({line.home: line.events for line in outbox.journal})
        entries = [msgspec.structs.replace(entry, position=self.position) for entry in outbox.entries]
        findings = await self._delivery.send(self._entry(entry) for entry in entries)
        await self.announce(outbox.announced())
        self.advance({"facts": facts, "findings": findings, ERASURES: journal})
        self.partition.store.put(k.key(k.META, "as_of"), b"%d" % self._as_of)
        self.partition.store.commit()
        if outbox.journal or any(entry.erased for entry in outbox.entries):
            await self._compact(time.monotonic() + TAKEN_BACK)
        metrics.FACTS.inc(len(outbox.facts))

    async def destroy_keys(self, events: Mapping[str, Iterable[str]]) -> None:
        """Of the erased events of each home, by their digests; nothing is sent where they are destroyed already."""
        for home, digests in events.items():
            await self._delivery.send(key_record(self.number, each) for each in self._roots.destroyed(home, digests))

    async def _compact(self, again: float | None) -> None:
        """Nothing of what is erased stays on disk; `again` when what its dossiers told others will have been taken back."""
        await asyncio.to_thread(self.partition.store.compact)
        self._compact_at = again

    def _passed(self, home: str, frame: Frame) -> Record:
        return FEED, self._partition_of(home), home.encode(), encode_frame(frame), []

    def _entry(self, entry: Entry) -> Record:
        epoch = b"%d" % entry.revision[0]
        return "findings", self.number, entry.subject.encode(), encode(entry), [(EPOCH, epoch)]

    async def announce(self, announced: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Sends what entries announce; statements travel on `feed`, to the partition of their home."""
        records: list[Record] = []
        for topic, key, value in announced:
            records.append((topic, self._partition_of(key.decode()) if topic == "feed" else None, key, value, []))
            if topic.startswith("alerts."):
                alert = decode_alert(value)
                metrics.ALERTS.labels(alert.rule, alert.status).inc()
        await self._delivery.send(records)

    def advance(self, delivered: Mapping[str, list[RecordMetadata]]) -> None:
        """How far the store holds what these topics hold: where the next opening rolls forward from.

        What another owner wrote between, this store does not have: the position stays before it, and the next opening reads it.
        That one is the next owner, where this one is a zombie that wrote late, or is a zombie itself.
        """
        store = self.partition.store
        for topic, sent in delivered.items():
            begin, offsets = int(store.get(k.key(k.META, topic)) or 0), sorted(each.offset for each in sent)
            if offsets and (offsets[0], offsets[-1]) == (begin, begin + len(offsets) - 1):
                store.put(k.key(k.META, topic), b"%d" % (begin + len(offsets)))

    async def close(self) -> None:
        """Waits for the batch or tick in hand, then closes the store."""
        async with self.lock:
            self.closed = True
            self.partition.store.rollback()
            self.partition.store.close()
            for gauge in (metrics.DUE_OVERDUE, metrics.DOSSIERS):
                metrics.gone(gauge, str(self.number))
