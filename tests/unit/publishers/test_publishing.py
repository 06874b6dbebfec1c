"""What the memory of a publisher holds when: rows that the broker acknowledged, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams.publishers import publishing
from streams.publishers.publishing import Publisher, Report, Undelivered
from streams.publishers.reading import Ready


class Broker:
    """A client whose flush leaves `left` records unsent; `fails` is the number of the record that it does not even take."""

    def __init__(self, *_settings: object) -> None:
        self.left = 0
        self.fails = -1
        self.sent: list[bytes] = []

    def list_topics(self, timeout: float) -> Any:
        return SimpleNamespace(cluster_id="c")

    def produce(self, topic: str, value: bytes, key: bytes, **_more: object) -> None:
        if len(self.sent) == self.fails:
            raise RuntimeError("not even taken")
        self.sent.append(key)

    def flush(self, timeout: float) -> int:
        return self.left

    def __len__(self) -> int:
        return self.left


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "Producer", Broker)
    monkeypatch.setattr(publishing, "BATCH", 2)


def rows(count: int, stop: type[BaseException] | None = None) -> Iterator[Ready]:
    for n in range(count):
        event = {"id": f"e{n}", "source": "/office/NP/dofe", "type": "visa.visa_issued", "time": 0, "refs": {}}
        yield Ready(n, event, b"data", f"{n:032x}")
    if stop is not None:
        raise stop


def publish(publisher: Publisher, found: Iterator[Ready]) -> Report:
    return publisher.publish(found, lambda row: None, lambda done: None)


def broker(publisher: Publisher) -> Broker:
    found = publisher._producer
    assert isinstance(found, Broker)
    return found


def sent_again(memory: Path, count: int) -> list[bytes]:
    """The keys that a later run sends of the same rows."""
    with Publisher("b", memory) as publisher:
        publish(publisher, rows(count))
        return broker(publisher).sent


def test_what_was_acknowledged_is_not_sent_again(tmp_path: Path) -> None:
    with Publisher("b", tmp_path) as publisher:
        assert publish(publisher, rows(5)).accepted == 5
    assert sent_again(tmp_path, 7) == [b"/office/NP/dofe|e5", b"/office/NP/dofe|e6"]


def test_what_was_not_acknowledged_is_sent_again(tmp_path: Path) -> None:
    with Publisher("b", tmp_path) as publisher:
        publish(publisher, rows(2))
        broker(publisher).left = 3
        with pytest.raises(Undelivered, match=r"did not take 3 event\(s\): no answer; run again, nothing is added twice"):
            publish(publisher, rows(6))
    assert len(sent_again(tmp_path, 6)) == 4


def test_a_run_that_is_interrupted_remembers_what_the_broker_has(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Publisher("b", tmp_path) as publisher:
        publish(publisher, rows(5, KeyboardInterrupt))
    assert sent_again(tmp_path, 5) == [b"/office/NP/dofe|e4"]


def test_a_batch_that_was_handed_over_in_part_is_sent_again(tmp_path: Path) -> None:
    with Publisher("b", tmp_path) as publisher:
        broker(publisher).fails = 3
        with pytest.raises(RuntimeError):
            publish(publisher, rows(4))
    assert len(sent_again(tmp_path, 4)) == 2
