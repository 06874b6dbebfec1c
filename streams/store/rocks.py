"""The store on disk: RocksDB, one column family, one write batch without its own log (the topics restore what it lost)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rocksdict import (
    AccessType,
    BlockBasedOptions,
    BottommostLevelCompaction,
    Cache,
    CompactOptions,
    Options,
    Rdict,
    RdictIter,
    WriteBatch,
    WriteOptions,
)
from sortedcontainers import SortedList

from streams.store.kv import after

_CACHE_BYTES = 16 << 20  # the default of 2 GiB a database buys no speed (engines.md A3)
_MEMTABLE_BYTES = 32 << 20


def _options() -> Options:
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_max_open_files(256)
    options.set_write_buffer_size(_MEMTABLE_BYTES)
    options.set_keep_log_file_num(2)
    table = BlockBasedOptions()
    table.set_block_cache(Cache(_CACHE_BYTES))
    table.set_bloom_filter(10, False)
    options.set_block_based_table_factory(table)
    return options


class Pending:
    """A batch's own writes by key, None marks a deletion; a table's keys are put in order once somebody reads a range of it."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes | None] = {}
        self._ordered: dict[bytes, SortedList[bytes]] = {}

    def put(self, key: bytes, value: bytes | None) -> None:
        if key not in self.values and (ordered := self._ordered.get(key[:1])) is not None:
            ordered.add(key)
        self.values[key] = value

    def between(self, first: bytes, end: bytes) -> list[bytes]:
        """Keys with first <= key < end, ascending; all from `first` on where `end` is b''."""
        table = first[:1]
        if not table or not end or end > (after(table) or end):  # beyond one table
            return sorted(key for key in self.values if key >= first and (not end or key < end))
        if table not in self._ordered:
            self._ordered[table] = SortedList(key for key in self.values if key[:1] == table)
        return list(self._ordered[table].irange(first, end, inclusive=(True, False)))


class RocksStore:
    """A `Store` in directory `path`. A lost write is a shorter prefix of what was written, never a hole.

    `logged` keeps RocksDB's own log, for what no topic restores: what is committed then survives a killed process.
    """

    def __init__(self, path: Path, logged: bool = False) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._db = self._opened()
        self._write = WriteOptions()
        self._write.disable_wal = not logged  # type: ignore[method-assign,assignment]  # a property; the stub says method
        self._pending = Pending()
        self._cursor: RdictIter | None = None  # sees what is on disk until the next commit: making one costs as much as a read

    def _opened(self) -> Rdict:
        return Rdict(str(self._path), _options(), access_type=AccessType.read_write())

    def get(self, key: bytes) -> bytes | None:
        values = self._pending.values
        if key in values:
            return values[key]
        found = self._db.get(key)
        return bytes(found) if found is not None else None

    def put(self, key: bytes, value: bytes) -> None:
        self._pending.put(key, value)

    def delete(self, key: bytes) -> None:
        self._pending.put(key, None)

    def scan(self, prefix: bytes, start: bytes = b"", most: int | None = None) -> Iterator[tuple[bytes, bytes]]:
        first, end = prefix + start, after(prefix)
        changed = self._pending.between(first, end)
        stored = list(islice(self._stored(first, end), most + len(changed) if most is not None else None))
        if not changed:
            return iter(stored)
        merged: dict[bytes, bytes | None] = {**dict(stored), **{key: self._pending.values[key] for key in changed}}
        return iter(sorted((key, value) for key, value in merged.items() if value is not None)[:most])

    def range(self, first: bytes, end: bytes, most: int) -> list[bytes]:
        pending = self._pending.between(first, end)
        gone = {key for key in pending if self._pending.values[key] is None}
        stored = (key for key, _ in self._stored(first, end) if key not in gone)
        found = set(islice(stored, most)) | {key for key in pending if key not in gone}
        return sorted(found)[:most]

    def latest(self, prefix: bytes, most: int) -> list[bytes]:
        end, changed = after(prefix), self._pending.values
        on_disk = (key for key, _ in self._stored(prefix, end, backwards=True) if changed.get(key, b"") is not None)
        in_batch = (key for key in self._pending.between(prefix, end) if changed[key] is not None)
        return sorted({*islice(on_disk, most), *in_batch})[-most:]

    def _stored(self, first: bytes, end: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """One reader at a time: each caller takes what it needs before the next begins."""
        if self._cursor is None:
            self._cursor = self._db.iter()  # no bounds: rocksdict writes them as typed keys, which raw keys never match
        found = self._cursor
        if not backwards:
            found.seek(first)
        elif end:
            found.seek_for_prev(end)
        else:
            found.seek_to_last()
        while found.valid() and (key := bytes(found.key())) >= first:
            if not end or key < end:
                yield key, bytes(found.value())
            elif not backwards:
                return
            found.prev() if backwards else found.next()

    def commit(self) -> None:
        batch = WriteBatch(raw_mode=True)
        for key, value in self._pending.values.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        self._db.write(batch, self._write)
        self._pending, self._cursor = Pending(), None

    def rollback(self) -> None:
        self._pending = Pending()

    def compact(self) -> None:
        """Rewrites every file, and opens the store again, since the list of files keeps the keys that they began and ended with.

        Four seconds for a million rows, so that only an erasure asks for it.
        """
        self._cursor = None  # it holds the files that it reads
        self._db.flush()
        everything = CompactOptions()
        everything.set_bottommost_level_compaction(BottommostLevelCompaction.force())  # a file is only moved there otherwise
        self._db.compact_range(None, None, everything)
        self._db.close()
        self._db = self._opened()

    def close(self) -> None:
        """Flushes, so that the next opening rolls forward from here."""
        self._cursor = None
        self._db.flush()
        self._db.close()
