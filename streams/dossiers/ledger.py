"""The sums of demands, parties and places, kept in the store: a fact in force adds its keys, a correction takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

import msgspec

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.places import kind
from streams.domain.sums import Key, Measure
from streams.dossiers.counts import Counts, InMemory, OnDisk
from streams.dossiers.records import Records
from streams.rules.evaluation import Evaluation
from streams.rules.registry import Kind, Rule
from streams.store import keys as k
from streams.store.kv import Store, after

_MOST_SUBJECTS, _MOST_KEYS = 5_000, 200_000  # kept in memory from batch to batch: some tens of MB
_MOST_SMALL, _MOST_LARGE = 1_000, 20_000  # keys of a dossier that are read at once, and of a measure that is kept in memory


class StoredSums:
    """One dossier's measures in the store; the same answers as `MemorySums`. What it is asked for is read once and kept up."""

    def __init__(self, store: Store, subject: str) -> None:
        self._store = store
        self._subject = subject
        self._heads: dict[str, bytes] = {}
        self._measures: dict[str, Counts] = {}
        self._whole: bool | None = None  # whether `_measures` has all that there are; None before anything is read
        self._shown: dict[tuple[str, Key], tuple[int, tuple[str, ...]]] = {}  # evidence, by what asked at most: asked at each judging
        self.counted = 0  # keys that `Ledgers` counts as in memory
        self.judged: Evaluation | None = None  # as it was judged last, while it is in memory
        self.changed: set[str] = set()  # measures that changed since
        self.later: Instant = 0  # when it is to be judged again, where that waits; 0: it does not

    def __len__(self) -> int:
        """Keys in memory."""
        return sum(map(len, self._measures.values())) + len(self._shown)

    def _of(self, measure: str) -> Counts:
        if (found := self._measures.get(measure)) is None:
            if self._whole is None:
                self._read()
            if (found := self._measures.get(measure)) is None:
                found = self._measures[measure] = self._one(measure)
        return found

    def _read(self) -> None:
        """All measures, where that is little: most dossiers are small, and one read is cheaper than one each."""
        prefix, found = k.key(k.COUNT, self._subject), dict[str, dict[Key, int]]()
        stored = list(self._store.scan(prefix, most=_MOST_SMALL + 1))
        self._whole = len(stored) <= _MOST_SMALL
        for key, count in stored if self._whole else ():
            measure, _, rest = key[len(prefix) :].partition(b"\0")
            found.setdefault(measure.decode(), {})[k.sums_values(rest)] = int(count)
        for name, counts in found.items():
            self._measures[name] = InMemory(self._store, self._head(name), counts)

    def _head(self, measure: str) -> bytes:
        return k.key(k.COUNT, self._subject, measure)

    def _one(self, measure: str) -> Counts:
        head = self._head(measure)
        if self._whole:
            return InMemory(self._store, head, {})
        stored = list(self._store.scan(head, most=_MOST_LARGE + 1))
        if len(stored) > _MOST_LARGE:
            return OnDisk(self._store, head)
        return InMemory(self._store, head, {k.sums_values(key[len(head) :]): int(count) for key, count in stored})

    def _contribution(self, measure: str, key: Key, event_id: str, by: str) -> bytes:
        if (head := self._heads.get(measure)) is None:
            head = self._heads[measure] = k.key(k.CONTRIBUTION, self._subject, measure)
        return head + k.sums_key(key) + b"\0" + k.part(event_id) + k.part(by)

    def add(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """`by` (a fact id or teller) contributes `key`, shown by the event. To be called once for each until it is taken back."""
        self._of(measure).change(key, 1)
        self.changed.add(measure)
        self._store.put(self._contribution(measure, key, event_id, by), b"")
        self._shown.pop((measure, key), None)

    def take_back(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """Undoes `add`; what was never added stays so."""
        contribution = self._contribution(measure, key, event_id, by)
        if self._store.get(contribution) is not None:
            self._store.delete(contribution)
            self._of(measure).change(key, -1)
            self.changed.add(measure)
            self._shown.pop((measure, key), None)

    def flush(self) -> None:
        """Writes the counts that changed to the store's batch; a measure that has become large is read from there from now on."""
        for name, counts in self._measures.items():
            counts.flush()
            if len(counts) > _MOST_LARGE:
                self._measures[name] = OnDisk(self._store, self._head(name))

    def keys(self, measure: str, prefix: Key = ()) -> Iterator[Key]:
        return self._of(measure).keys(prefix)

    def since(self, measure: str, first: Key, most: int | None = None) -> Sequence[Key]:
        return self._of(measure).since(first, most)

    def latest(self, measure: str, most: int) -> Sequence[Key]:
        return self._of(measure).latest(most)

    def count(self, measure: str, key: Key) -> int:
        return self._of(measure).count(key)

    def first(self, measure: str, prefix: Key = ()) -> Key | None:
        return self._of(measure).first(prefix)

    def last(self, measure: str, prefix: Key = ()) -> Key | None:
        return self._of(measure).last(prefix)

    def evidence(self, measure: str, key: Key, most: int = 3) -> tuple[str, ...]:
        shown = self._shown.get((measure, key))
        if shown is None or shown[0] != most:
            shown = self._shown[measure, key] = most, tuple(self._contributed(measure, key, most))
        return shown[1]

    def _contributed(self, measure: str, key: Key, most: int) -> Iterator[str]:
        """The first event ids that show a key; another contributor by the same event is no more evidence."""
        head = k.key(k.CONTRIBUTION, self._subject, measure) + k.sums_key(key) + b"\0"
        start, end = head, after(head)
        for _ in range(most):
            if not (found := self._store.range(start, end, 1)):
                return
            event_id = found[0][len(head) :].split(b"\0", 1)[0]
            yield event_id.decode()
            start = after(head + event_id + b"\0")


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

    def drop(self, fact: Fact) -> None:
        """One fact less; what types it ever had stays, which costs a look at most."""
        self.total = f"{(int(self.total, 16) - int(fact.id, 16)) % (1 << 128):032x}"


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

    def drop(self, subject: str, fact: Fact) -> None:
        """Takes a fact out of what it is made of."""
        known = self.known(subject)
        known.drop(fact)
        self._known.put(known, subject)

    def subjects(self) -> Iterator[str]:
        """Every dossier that a fact named."""
        return (subject for subject, *_ in self._known.names())

    def flush(self) -> None:
        """Writes what changed to the store's batch; of more than memory should hold, forgets what was used longest ago."""
        self._known.flush()
        for subject, sums in self._used.items():
            sums.flush()
            self._keys += len(sums) - sums.counted
            sums.counted = len(sums)
            self._sums[subject] = self._sums.pop(subject)
        self._used.clear()
        while self._sums and (len(self._sums) > _MOST_SUBJECTS or self._keys > _MOST_KEYS):
            self._keys -= self._sums.pop(next(iter(self._sums))).counted


@dataclass(frozen=True)
class Measures:
    """The measures of the catalogue, by the kind of dossier that keeps them."""

    by_kind: dict[str, tuple[Measure, ...]]
    _reading: dict[tuple[str, str], tuple[Measure, ...]] = field(default_factory=dict)  # kind and event type: found once

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Measures:
        """Each measure once per kind, whichever rules share it."""
        found: dict[str, dict[str, Measure]] = {kind: {} for kind in get_args(Kind)}
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
            found = tuple(each for each in measures if (fact.type in each.reads if each.reads else not each.told))
            self._reading[name, fact.type] = found
        return found
