"""Records in ready-made batches: each one's order, place and acknowledgement, and a failure that is not swallowed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import RecordMetadata, TopicPartition

from streams.agents.delivery import KafkaDelivery, Record, by_key

SIZE = 400  # bytes of a batch here


class Producer:
    """As much of aiokafka's as a delivery uses: each partition is a log; `refused` is a topic that takes nothing."""

    def __init__(self, **_settings: Any) -> None:
        self.logs: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.sizes: list[int] = []
        self.refused = ""

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(SIZE, 0)

    async def partitions_for(self, _topic: str) -> set[int]:
        return {3, 0, 2, 1}

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[RecordMetadata]:
        acknowledged = asyncio.get_running_loop().create_future()
        if topic == self.refused:
            acknowledged.set_exception(KafkaTimeoutError())
            return acknowledged
        log = self.logs[topic, partition]
        acknowledged.set_result(RecordMetadata(topic, partition, TopicPartition(topic, partition), len(log), -1, 0, 0))
        self.sizes.append(batch.record_count())
        log += MemoryRecords(bytes(batch._build())).next_batch()
        return acknowledged


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> Producer:
    made = Producer()
    monkeypatch.setattr("streams.agents.delivery.AIOKafkaProducer", lambda **settings: made)
    return made


def record(topic: str, partition: int | None, key: str, value: bytes | None = b"v" * 60) -> Record:
    return topic, partition, key.encode(), value, [("epoch", b"5")]


async def test_what_is_acknowledged_comes_back_in_the_order_it_was_given(producer: Producer) -> None:
    given = [record("facts", n % 2, f"{n}") for n in range(40)] + [record("findings", 1, "last")]
    found = await KafkaDelivery("", {}).send(given)
    assert [(each.topic, each.partition) for each in found] == [(topic, partition) for topic, partition, *_ in given]
    assert [producer.logs[each.topic, each.partition][each.offset].key for each in found] == [key for _, _, key, *_ in given]
    assert [each.key for each in producer.logs["facts", 0]] == [b"%d" % n for n in range(0, 40, 2)]


async def test_more_than_a_batch_takes_several_and_a_record_larger_than_one_goes_alone(producer: Producer) -> None:
    given = [record("facts", 0, "a"), record("facts", 0, "large", b"x" * 3 * SIZE), *(record("facts", 0, f"{n}") for n in range(6))]
    found = await KafkaDelivery("", {}).send(given)
    assert producer.sizes == [1, 1, 4, 2]
    assert [each.offset for each in found] == list(range(8))


async def test_nothing_of_a_record_is_lost(producer: Producer) -> None:
    await KafkaDelivery("", {}).send([("alerts.x", 2, b"k", None, []), ("alerts.x", 2, b"", b"v", [("a", b"1"), ("b", b"2")])])
    first, second = producer.logs["alerts.x", 2]
    assert (first.key, first.value, list(first.headers)) == (b"k", None, [])
    assert (second.key, second.value, list(second.headers)) == (b"", b"v", [("a", b"1"), ("b", b"2")])


async def test_without_a_partition_the_key_names_it(producer: Producer) -> None:
    found = await KafkaDelivery("", {}).send([record("journeys", None, f"j{n}") for n in range(30)])
    assert [each.partition for each in found] == [by_key(b"j%d" % n, {0, 1, 2, 3}) for n in range(30)]
    assert {each.partition for each in found} == {0, 1, 2, 3}


def test_a_key_is_dealt_as_by_the_java_client() -> None:
    hashes = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}  # Kafka's own UtilsTest
    assert [by_key(key, range(100)) for key in hashes] == [(value & 0x7FFFFFFF) % 100 for value in hashes.values()]


async def test_nothing_to_send_asks_the_broker_nothing(producer: Producer) -> None:
    assert await KafkaDelivery("", {}).send(iter(())) == []
    assert not producer.logs


async def test_one_batch_that_fails_fails_the_whole(producer: Producer) -> None:
    producer.refused = "findings"
    with pytest.raises(KafkaTimeoutError):
        await KafkaDelivery("", {}).send([record("facts", 0, "a"), record("findings", 0, "b")])


async def test_a_record_that_no_topic_would_take_is_refused_before_anything_leaves(producer: Producer) -> None:
    with pytest.raises(MessageSizeTooLargeError):
        await KafkaDelivery("", {}).send([record("facts", 0, "a"), record("facts", 0, "b", b"x" * (17 << 20))])
    assert not producer.logs
