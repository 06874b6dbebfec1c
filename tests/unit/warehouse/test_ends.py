"""A partition that is never quiet has an end too: where the log ended when the client last heard of it."""

from __future__ import annotations

from typing import Any

import pytest
from confluent_kafka import TopicPartition

from consumers.warehouse import sink as sinks
from consumers.warehouse.pieces import Buffer
from consumers.warehouse.records import Record
from consumers.warehouse.sink import Sink, SinkConfig


class Client:
    """A consumer that gives no record and no end, and knows where the log ended."""

    def __init__(self, high: int) -> None:
        self.high = high

    def consume(self, count: int, seconds: float) -> list[Any]:
        return []

    def get_watermark_offsets(self, place: TopicPartition, cached: bool) -> tuple[int, int]:
        assert cached, "a question to the broker at every turn"
        return 0, self.high


@pytest.mark.parametrize(("high", "cut"), [(1, True), (2, False), (-1001, False)])
def test_an_open_block_is_cut_where_the_log_is_known_to_end(high: int, cut: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "consumer", lambda *_given: Client(high))
    monkeypatch.setattr(sinks, "Letters", lambda *_given: None)
    sink = Sink(SinkConfig("nowhere"), None)  # type: ignore[arg-type]  # no warehouse is asked
    buffer = sink._buffers["facts", 0] = Buffer(0)
    buffer.add(Record("facts", 0, 0, b"k", b"v"), 0.0)
    sink._read(0.0)
    assert (buffer.cut(9.0, 0.5) is not None) is cut
