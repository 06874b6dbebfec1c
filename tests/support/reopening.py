"""A partition opened from its log, in memory: what an owner that starts from nothing does, with a crash at any point before."""

from __future__ import annotations

from collections.abc import Iterable

from streams.domain.erasures import Erasure
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.domain.outputs import OPEN, Entry, Statement
from streams.domain.places import kind
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.dossiers.touched import Touched
from streams.store.kv import MemoryStore

Logged = list[tuple[str, Fact] | Statement]


def logged(context: Context, batches: Iterable[Frame], now: Instant, lost: int = 0) -> tuple[Logged, list[Entry]]:
    """`facts` and `findings` after these batches; of the last one all facts, and the entries but for the last `lost`."""
    partition, facts, entries = Partition(MemoryStore(), context), Logged(), list[Entry]()
    kept: list[Entry] = []
    for batch in batches:
        outbox = partition.accept([batch], now)
        facts += [*outbox.facts, *outbox.heard]
        kept = entries + outbox.entries[: max(0, len(outbox.entries) - lost)]
        entries += outbox.entries
    return facts, kept


def reconciled(
    context: Context, log: Logged, entries: Iterable[Entry], receipts: bool = True, journal: Iterable[Erasure] = ()
) -> tuple[Partition, Touched]:
    """A partition from nothing but these, in the steps of `agents.opening`, and what it has to evaluate."""
    partition, touched = Partition(MemoryStore(), context, epoch=1), Touched()
    for erasure in journal:
        partition.erased(erasure, touched)
    for each in log:
        if isinstance(each, Statement):
            partition.hear(each, touched)
        else:
            partition.record(*each, touched)
    for entry in entries:
        partition.restoring.restore(entry)
    if not receipts:
        partition.restoring.touch_all(touched)
    partition.restoring.carry(sorted(touched.clusters), touched, receipts)
    partition.restoring.admit(touched, receipts)
    return partition, touched


def opened(
    context: Context, log: Logged, entries: Iterable[Entry], now: Instant, receipts: bool = True, journal: Iterable[Erasure] = ()
) -> tuple[Partition, Outbox]:  # fmt: skip
    """The same, evaluated, and what that published."""
    (partition, touched), outbox = reconciled(context, log, entries, receipts, journal), Outbox()
    for part in touched.slices(2):
        partition.settle(part, now, outbox)
    return partition, outbox


def stands(partition: Partition) -> set[tuple[object, ...]]:
    """(subject, alert, rule, reason, evidence) of every open finding, and when and of which facts each dossier is that has any.

    A dossier of sums that nothing is said of may have an entry of former findings or none: how it came to that tells.
    """
    found: set[tuple[object, ...]] = set()
    for subject in partition.subjects():
        entry = partition.entry(subject)
        assert entry is not None
        found |= {(subject, p.alert, p.rule, p.reason, p.evidence) for p in entry.published if p.status in OPEN}
        found |= {(subject, entry.next_due)} if entry.next_due is not None else set()
        found |= {(subject, entry.digest, "")} if entry.digest and kind(subject) == "journey" else set()
    return found
