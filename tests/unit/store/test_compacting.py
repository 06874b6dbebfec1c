"""Nothing of what was deleted or written over is in a store's files once it was compacted, its keys included."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from streams.store.kv import Store
from streams.store.rocks import RocksStore


def holding(folder: Path, text: bytes) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes())


@pytest.mark.parametrize("flushed", [True, False], ids=["in files of its own", "deleted before it was ever on disk"])
def test_deleted_keys_and_values_are_gone_from_disk(tmp_path: Path, flushed: bool) -> None:
    store = RocksStore(tmp_path)
    rows = sorted((os.urandom(16).hex().encode(), os.urandom(40)) for _ in range(2_000))
    for key, value in rows:
        store.put(key, value)
    store.commit()
    if flushed:
        store.close()
        store = RocksStore(tmp_path)
    first, middle, last = rows[0], rows[1_000], rows[-1]  # the first and last of a file are in the list of files too
    for key, _ in (first, middle, last):
        store.delete(key)
    store.put(rows[500][0], b"")
    store.commit()
    store.compact()
    for text in (first[0][6:], first[1], middle[0][6:], middle[1], last[0][6:], last[1], rows[500][1]):  # a key's beginning may be shared
        assert holding(tmp_path, text) == []
    assert holding(tmp_path, rows[700][1]), "what is there is found"
    as_it_was(store, rows[700], rows[500], first)


def as_it_was(store: Store, kept: tuple[bytes, bytes], emptied: tuple[bytes, bytes], gone: tuple[bytes, bytes]) -> None:
    assert (store.get(kept[0]), store.get(emptied[0]), store.get(gone[0])) == (kept[1], b"", None)
    store.put(gone[0], b"again")
    store.commit()
    assert store.get(gone[0]) == b"again"
    store.close()
