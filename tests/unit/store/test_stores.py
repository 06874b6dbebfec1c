"""The store on disk equals the one in memory, batch by batch."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from streams.store.kv import MemoryStore, after
from streams.store.rocks import RocksStore

KEYS = [f"{a}/{b}".encode() for a in "abc" for b in range(6)] + [b"b\xff", b"b\xff\xff"]


@pytest.mark.parametrize("seed", range(4))
def test_disk_equals_memory(tmp_path: Path, seed: int) -> None:
    random, memory, disk = Random(seed), MemoryStore(), RocksStore(tmp_path / "store")
    for step in range(400):
        key = random.choice(KEYS)
        if random.random() < 0.6:
            memory.put(key, b"%d" % step)
            disk.put(key, b"%d" % step)
        else:
            memory.delete(key)
            disk.delete(key)
        if random.random() < 0.1:
            disk.commit()
        prefix = random.choice([b"a", b"b/", b"b", b"c", b""])
        assert list(disk.scan(prefix)) == list(memory.scan(prefix))
        assert disk.range(b"a/3", b"c/2", 5) == memory.range(b"a/3", b"c/2", 5)
        assert list(disk.scan(prefix, b"/", 3)) == list(memory.scan(prefix, b"/", 3))
        assert disk.latest(prefix, 1) == memory.latest(prefix, 1)
        assert disk.latest(prefix, 4) == memory.latest(prefix, 4) == [key for key, _ in memory.scan(prefix)][-4:]
        assert disk.get(key) == memory.get(key)
    disk.commit()
    disk.close()
    assert list(RocksStore(tmp_path / "store").scan(b"")) == list(memory.scan(b""))


def test_rollback_forgets_the_batch(tmp_path: Path) -> None:
    disk = RocksStore(tmp_path / "store")
    disk.put(b"a", b"1")
    disk.commit()
    disk.put(b"a", b"2")
    disk.delete(b"b")
    disk.rollback()
    assert list(disk.scan(b"")) == [(b"a", b"1")]


def test_the_key_after_a_prefix() -> None:
    assert (after(b"ab"), after(b"a\xff"), after(b"\xff")) == (b"ac", b"b", b"")
