"""One measure of one dossier: how often each key is contributed. In memory while it is small, and read from the store when not."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from streams.domain.sums import Key
from streams.store import keys as k
from streams.store.kv import Store, after


class _Top:
    """Greater than every text and number: the end of the keys that begin with a prefix."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True


_TOP: Any = _Top()


class Counts(Protocol):
    """The answers of `Sums` for one measure, and one way to change them; `len` is the number of keys in memory."""

    def __len__(self) -> int: ...

    def change(self, key: Key, by: int) -> None:
        """A key that nobody contributes is gone."""
        ...

    def flush(self) -> None:
        """Writes what changed to the store's batch."""
        ...

    def keys(self, prefix: Key) -> Iterator[Key]: ...

    def since(self, first: Key, most: int | None) -> Sequence[Key]: ...

    def latest(self, most: int) -> Sequence[Key]: ...

    def count(self, key: Key) -> int: ...

    def first(self, prefix: Key) -> Key | None: ...

    def last(self, prefix: Key) -> Key | None: ...


class InMemory:
    """All keys in order, with their counts; what changed is written by `flush`. `head` is where the measure is in the store."""

    def __init__(self, store: Store, head: bytes, counts: dict[Key, int]) -> None:
        self._store, self._head = store, head
        self._counts, self._order = counts, sorted(counts)
        self._changed: dict[Key, None] = {}

    def __len__(self) -> int:
        return len(self._order)

    def change(self, key: Key, by: int) -> None:
        count = self._counts.get(key, 0)
        if not count:
            insort(self._order, key)
        if count + by:
            self._counts[key] = count + by
        else:
            del self._counts[key], self._order[bisect_left(self._order, key)]
        self._changed[key] = None

    def flush(self) -> None:
        for key in self._changed:
            _write(self._store, self._head + k.sums_key(key), self._counts.get(key, 0))
        self._changed.clear()

    def keys(self, prefix: Key) -> Iterator[Key]:
        first, end = self._within(prefix)
        return iter(self._order[first:end])

    def _within(self, prefix: Key) -> tuple[int, int]:
        if not prefix:
            return 0, len(self._order)
        first = bisect_left(self._order, prefix)
        return first, bisect_left(self._order, (*prefix, _TOP), first)

    def since(self, first: Key, most: int | None) -> Sequence[Key]:
        start = bisect_left(self._order, first)
        return self._order[start : start + most if most is not None else None]

    def latest(self, most: int) -> Sequence[Key]:
        return self._order[-most:]

    def count(self, key: Key) -> int:
        return self._counts.get(key, 0)

    def first(self, prefix: Key) -> Key | None:
        first, end = self._within(prefix)
        return self._order[first] if end > first else None

    def last(self, prefix: Key) -> Key | None:
        first, end = self._within(prefix)
        return self._order[end - 1] if end > first else None


class OnDisk:
    """A measure with more keys than memory should hold: each answer is a read of the store, at the cost of what it returns."""

    def __init__(self, store: Store, head: bytes) -> None:
        self._store, self._head = store, head

    def __len__(self) -> int:
        return 0

    def change(self, key: Key, by: int) -> None:
        _write(self._store, self._head + k.sums_key(key), self.count(key) + by)

    def flush(self) -> None:
        """Everything is in the batch already."""

    def keys(self, prefix: Key) -> Iterator[Key]:
        return iter(self._named(key for key, _ in self._store.scan(self._head + k.sums_key(prefix))))

    def since(self, first: Key, most: int | None) -> Sequence[Key]:
        return self._named(key for key, _ in self._store.scan(self._head, k.sums_key(first), most))

    def latest(self, most: int) -> Sequence[Key]:
        return self._named(self._store.latest(self._head, most))

    def count(self, key: Key) -> int:
        return int(self._store.get(self._head + k.sums_key(key)) or 0)

    def first(self, prefix: Key) -> Key | None:
        start = self._head + k.sums_key(prefix)
        found = self._named(self._store.range(start, after(start), 1))
        return found[0] if found else None

    def last(self, prefix: Key) -> Key | None:
        found = self._named(self._store.latest(self._head + k.sums_key(prefix), 1))
        return found[0] if found else None

    def _named(self, stored: Iterable[bytes]) -> list[Key]:
        return [k.sums_values(key[len(self._head) :]) for key in stored]


def _write(store: Store, name: bytes, count: int) -> None:
    if count:
        store.put(name, b"%d" % count)
    else:
        store.delete(name)
