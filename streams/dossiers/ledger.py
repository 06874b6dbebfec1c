"""The sums of demands, parties and places, kept in the store: a fact in force adds its keys, a correction takes them back."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from streams.domain.facts import Fact
from streams.domain.places import kind
from streams.domain.sums import Key, Measure
from streams.dossiers.records import Records
from streams.rules.registry import Rule
from streams.store import keys as k
from streams.store.kv import Store, after

_MOST_SUBJECTS, _MOST_KEYS = 5_000, 100_000  # kept in memory from batch to batch: some tens of MB


class _Top:
    """Greater than every text and number: the end of the keys that begin with a prefix."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True


_TOP: Any = _Top()


class _Counts:
    """One measure: how often each key is contributed, and the keys in order."""

    __slots__ = ("counts", "order")

    def __init__(self, counts: dict[Key, int]) -> None:
        self.counts, self.order = counts, sorted(counts)

    def change(self, key: Key, by: int) -> int:
        """The new count of a key; a key that nobody contributes is gone."""
        count = self.counts.get(key, 0)
        if not count:
            insort(self.order, key)
        if count + by:
            self.counts[key] = count + by
        else:
            del self.counts[key], self.order[bisect_left(self.order, key)]
        return count + by

    def within(self, prefix: Key) -> tuple[int, int]:
        """Where in the order the keys are that begin with a prefix."""
        if not prefix:
            return 0, len(self.order)
        first = bisect_left(self.order, prefix)
        return first, bisect_left(self.order, (*prefix, _TOP), first)


_NONE = _Counts({})


class StoredSums:
    """One dossier's measures in the store; the same answers as `MemorySums`. Its counts are read once, whole, and kept up."""

    def __init__(self, store: Store, subject: str) -> None:
        self._store = store
        self._subject = subject
        self._heads: dict[str, bytes] = {}
        self._counts: dict[str, _Counts] | None = None
        self._changed: dict[tuple[str, Key], None] = {}
        self.counted = 0  # keys that `Ledgers` counts as in memory

    def __len__(self) -> int:
        """Keys in memory."""
        return sum(len(each.order) for each in (self._counts or {}).values())

    def _read(self) -> dict[str, _Counts]:
        if self._counts is None:
            found: dict[str, dict[Key, int]] = {}
            prefix = k.key(k.COUNT, self._subject)
            for stored, count in self._store.scan(prefix):
                measure, _, key = stored[len(prefix) :].partition(b"\0")
                found.setdefault(measure.decode(), {})[k.sums_values(key)] = int(count)
            self._counts = {measure: _Counts(keys) for measure, keys in found.items()}
        return self._counts

    def _contribution(self, measure: str, key: Key, event_id: str, by: str) -> bytes:
        if (head := self._heads.get(measure)) is None:
            head = self._heads[measure] = k.key(k.CONTRIBUTION, self._subject, measure)
        return head + k.sums_key(key) + b"\0" + k.part(event_id) + k.part(by)

    def add(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """`by` (a fact id or teller) contributes `key`, shown by the event. To be called once for each until it is taken back."""
        counts = self._read()
        if measure not in counts:
            counts[measure] = _Counts({})
        counts[measure].change(key, 1)
        self._changed[measure, key] = None
        self._store.put(self._contribution(measure, key, event_id, by), b"")

    def take_back(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """Undoes `add`; what was never added stays so."""
        contribution = self._contribution(measure, key, event_id, by)
        if self._store.get(contribution) is not None:
            self._store.delete(contribution)
            self._read()[measure].change(key, -1)
            self._changed[measure, key] = None

    def flush(self) -> None:
        """Writes the counts that changed to the store's batch."""
        for measure, key in self._changed:
            counted = k.key(k.COUNT, self._subject, measure) + k.sums_key(key)
            if count := self.count(measure, key):
                self._store.put(counted, b"%d" % count)
            else:
                self._store.delete(counted)
        self._changed.clear()

    def _of(self, measure: str) -> _Counts:
        return self._read().get(measure, _NONE)

    def keys(self, measure: str, prefix: Key = ()) -> Iterator[Key]:
        found = self._of(measure)
        first, end = found.within(prefix)
        return iter(found.order[first:end])

    def since(self, measure: str, first: Key, most: int | None = None) -> Sequence[Key]:
        order = self._of(measure).order
        start = bisect_left(order, first)
        return order[start : start + most if most is not None else None]

    def latest(self, measure: str, most: int) -> Sequence[Key]:
        return self._of(measure).order[-most:]

    def count(self, measure: str, key: Key) -> int:
        return self._of(measure).counts.get(key, 0)

    def first(self, measure: str, prefix: Key = ()) -> Key | None:
        return next(self.keys(measure, prefix), None)

    def last(self, measure: str, prefix: Key = ()) -> Key | None:
        found = self._of(measure)
        start, end = found.within(prefix)
        return found.order[end - 1] if end > start else None

    def evidence(self, measure: str, key: Key, most: int = 3) -> tuple[str, ...]:
        head = k.key(k.CONTRIBUTION, self._subject, measure) + k.sums_key(key) + b"\0"
        found: list[str] = []
        start, end = head, after(head)
        while len(found) < most and (next_one := self._store.range(start, end, 1)):
            event_id = next_one[0][len(head) :].split(b"\0", 1)[0]
            found.append(event_id.decode())
            start = after(head + event_id + b"\0")  # another contributor by the same event is no more evidence
        return tuple(found)


class Known(msgspec.Struct, array_like=True, gc=False):
    """What a dossier of sums is made of: the sum of its facts' ids, so that order does not matter and one more is cheap."""

    total: str = "0"
    types: list[str] = []

    @property
    def digest(self) -> str:
        """Of its fact set: 32 hex characters."""
        return self.total.rjust(32, "0")

    def add(self, fact: Fact) -> None:
        """One fact more."""
        self.total = f"{(int(self.total, 16) + int(fact.id, 16)) % (1 << 128):032x}"
        if fact.type not in self.types:
            self.types = sorted([*self.types, fact.type])


class Ledgers:
    """The dossiers of sums in a partition; those in use are kept in memory, up to about a hundred thousand keys."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sums: dict[str, StoredSums] = {}
        self._used: dict[str, StoredSums] = {}  # since the last flush
        self._keys = 0
        self._known = Records(store, k.DIGEST, Known, _MOST_SUBJECTS)

    def of(self, subject: str) -> StoredSums:
        """One dossier's measures."""
        if (found := self._sums.get(subject)) is None:
            found = self._sums[subject] = StoredSums(self._store, subject)
        self._used[subject] = found
        return found

    def known(self, subject: str) -> Known:
        """What it is made of."""
        return self._known.get(subject) or Known()

    def count(self, subject: str, fact: Fact) -> None:
        """Adds a fact to what it is made of."""
        known = self.known(subject)
        known.add(fact)
        self._known.put(known, subject)

    def subjects(self) -> Iterator[str]:
        """Every dossier that a fact named."""
        return (subject for subject, *_ in self._known.names())

    def flush(self) -> None:
        """Writes what changed to the store's batch."""
        self._known.flush()
        for each in self._used.values():
            each.flush()
            self._keys += len(each) - each.counted
            each.counted = len(each)
        self._used.clear()
        if len(self._sums) > _MOST_SUBJECTS or self._keys > _MOST_KEYS:
            self._sums.clear()
            self._keys = 0


@dataclass(frozen=True)
class Measures:
    """The measures of the catalogue, by the kind of dossier that keeps them."""

    by_kind: dict[str, tuple[Measure, ...]]
    _reading: dict[tuple[str, str], tuple[Measure, ...]] = field(default_factory=dict)  # kind and event type: found once

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Measures:
        """Each measure once per kind, whichever rules share it."""
        found: dict[str, dict[str, Measure]] = {"demand": {}, "party": {}, "place": {}}
        for rule in rules:
            for measure in rule.measures:
                found[rule.kind][measure.name] = measure
        return cls({name: tuple(measures.values()) for name, measures in found.items()})

    def reading(self, fact: Fact, subject: str) -> tuple[Measure, ...]:
        """The measures of a dossier to which a fact may contribute; none where only the event it corrects named it."""
        if subject not in fact.subjects:
            return ()
        name = kind(subject)
        if (found := self._reading.get((name, fact.type))) is None:
            measures = self.by_kind.get(name, ())
            found = tuple(each for each in measures if not each.reads or fact.type in each.reads)
            self._reading[name, fact.type] = found
        return found
