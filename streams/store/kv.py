"""An ordered store of bytes with one atomic write a batch: what a partition's state needs, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from sortedcontainers import SortedDict


class Store(Protocol):
    """Reads see the batch's own writes; nothing is kept until `commit`."""

    def get(self, key: bytes) -> bytes | None: ...

    def put(self, key: bytes, value: bytes) -> None: ...

    def delete(self, key: bytes) -> None: ...

    def scan(self, prefix: bytes, start: bytes = b"", most: int | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Pairs whose key begins with `prefix`, ascending, from `prefix + start`, at most `most`; a copy, safe to write during."""
        ...

    def range(self, first: bytes, end: bytes, most: int) -> list[bytes]:
        """At most `most` keys with first <= key < end, ascending: costs what it returns."""
        ...

    def latest(self, prefix: bytes, most: int) -> list[bytes]:
        """The `most` greatest keys that begin with `prefix`, ascending: costs what it returns."""
        ...

    def commit(self) -> None:
        """Writes the batch, all of it or nothing."""
        ...

    def rollback(self) -> None:
        """Forgets the batch."""
        ...

    def compact(self) -> None:
        """Leaves nothing on disk of what was deleted or written over, as far as it is committed."""
        ...

    def close(self) -> None: ...


def after(prefix: bytes) -> bytes:
    """The least key greater than every key that begins with `prefix`; b'' when there is none."""
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes([stripped[-1] + 1]) if stripped else b""


class MemoryStore:
    """A store in memory: for `evaluate`, tests, and as the reference for the one on disk."""

    def __init__(self) -> None:
        self._data: SortedDict[bytes, bytes] = SortedDict()

    def get(self, key: bytes) -> bytes | None:
        return self._data.get(key)

    def put(self, key: bytes, value: bytes) -> None:
        self._data[key] = value

    def delete(self, key: bytes) -> None:
        self._data.pop(key, None)

    def scan(self, prefix: bytes, start: bytes = b"", most: int | None = None) -> Iterator[tuple[bytes, bytes]]:
        keys = list(islice(self._data.irange(prefix + start, after(prefix) or None, inclusive=(True, False)), most))
        return iter([(key, self._data[key]) for key in keys])

    def range(self, first: bytes, end: bytes, most: int) -> list[bytes]:
        return list(islice(self._data.irange(first, end, inclusive=(True, False)), most))

    def latest(self, prefix: bytes, most: int) -> list[bytes]:
        found = self._data.irange(prefix, after(prefix) or None, inclusive=(True, False), reverse=True)
        return list(islice(found, most))[::-1]

    def commit(self) -> None:
        """Nothing to do: one owner, no crash to survive."""

    def rollback(self) -> None:
        raise RuntimeError("a memory store keeps what is put; build a new one instead")

    def compact(self) -> None:
        """Nothing to do: what is deleted is gone."""

    def close(self) -> None:
        self._data.clear()
