"""The store on disk: RocksDB, one column family, one write batch without its own log (the topics restore what it lost)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rocksdict import AccessType, BlockBasedOptions, Cache, Options, Rdict, WriteBatch, WriteOptions
from sortedcontainers import SortedDict

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


class RocksStore:
    """A `Store` in directory `path`. A lost write is a shorter prefix of what was written, never a hole.

    `logged` keeps RocksDB's own log, for what no topic restores: what is committed then survives a killed process.
    """

    def __init__(self, path: Path, logged: bool = False) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._db = Rdict(str(path), _options(), access_type=AccessType.read_write())
        self._write = WriteOptions()
        self._write.disable_wal = not logged  # type: ignore[method-assign,assignment]  # a property; the stub says method
        self._pending: SortedDict[bytes, bytes | None] = SortedDict()  # None marks a deletion

    def get(self, key: bytes) -> bytes | None:
        if key in self._pending:
            return self._pending[key]
        found = self._db.get(key)
        return bytes(found) if found is not None else None

    def put(self, key: bytes, value: bytes) -> None:
        self._pending[key] = value

    def delete(self, key: bytes) -> None:
        self._pending[key] = None

    def scan(self, prefix: bytes, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        first, end = prefix + start, after(prefix)
        stored = dict(self._stored(first, end))
        changed = list(self._pending.irange(first, end or None, inclusive=(True, False)))
        if not changed:
            return iter(stored.items())
        for key in changed:
            if (value := self._pending[key]) is None:
                stored.pop(key, None)
            else:
                stored[key] = value
        return iter(sorted(stored.items()))

    def range(self, first: bytes, end: bytes, most: int) -> list[bytes]:
        pending = list(self._pending.irange(first, end, inclusive=(True, False)))
        gone = {key for key in pending if self._pending[key] is None}
        stored = (key for key, _ in self._stored(first, end) if key not in gone)
        found = set(islice(stored, most)) | {key for key in pending if key not in gone}
        return sorted(found)[:most]

    def last(self, prefix: bytes) -> bytes | None:
        end = after(prefix)
        on_disk = (key for key, _ in self._stored(prefix, end, backwards=True) if self._pending.get(key, b"") is not None)
        in_batch = (key for key in self._pending.irange(prefix, end or None, inclusive=(True, False), reverse=True)
                    if self._pending[key] is not None)  # fmt: skip
        return max((key for key in (next(on_disk, None), next(in_batch, None)) if key is not None), default=None)

    def _stored(self, first: bytes, end: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        found = self._db.iter()  # no bounds: rocksdict writes them as typed keys, which raw keys never match
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
        for key, value in self._pending.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        self._db.write(batch, self._write)
        self._pending.clear()

    def rollback(self) -> None:
        self._pending.clear()

    def close(self) -> None:
        """Flushes, so that the next opening rolls forward from here."""
        self._db.flush()
        self._db.close()
