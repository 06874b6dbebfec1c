"""Records of one table, decoded once while they are in use: what a batch changed is encoded once, however often it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

from streams.domain.outputs import encode
from streams.store import keys as k
from streams.store.kv import Store, after

PAGE = 1_000  # keys read at once
T = TypeVar("T")


class Records(Generic[T]):
    """`get` gives the record itself: whoever changes it says so by `put`; `flush` writes what was put to the store's batch.

    `most` is how many are kept from batch to batch, so that what is busy need not be read again.
    """

    def __init__(self, store: Store, table: str, record: type[T], most: int) -> None:
        self._store, self._table, self._most = store, table, most
        self._decode = msgspec.msgpack.Decoder(record).decode
        self._live: dict[tuple[str, ...], T] = {}
        self._changed: dict[tuple[str, ...], None] = {}

    def get(self, *parts: str) -> T | None:
        """A record as it stands in this batch."""
        if (live := self._live.get(parts)) is not None:
            return live
        stored = self._store.get(k.key(self._table, *parts))
        if stored is None:
            return None
        found = self._live[parts] = self._decode(stored)
        return found

    def put(self, record: T, *parts: str) -> None:
        """A new or changed record."""
        self._live[parts] = record
        self._changed[parts] = None

    def delete(self, *parts: str) -> None:
        """A record that is no more."""
        self._live.pop(parts, None)
        self._changed.pop(parts, None)
        self._store.delete(k.key(self._table, *parts))

    def names(self) -> Iterator[list[str]]:
        """The parts of every key, some at a time: a table of large records is not read into memory whole."""
        self.flush()
        first, end = self._table.encode(), after(self._table.encode())
        while found := self._store.range(first, end, PAGE):
            yield from map(k.parts, found)
            first = found[-1] + b"\0"

    def flush(self) -> None:
        """To be called before the store commits."""
        for parts in self._changed:
            self._store.put(k.key(self._table, *parts), encode(self._live[parts]))
        self._changed.clear()
        if len(self._live) > self._most:
            self._live.clear()
