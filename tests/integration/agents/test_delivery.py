"""A delivery on a real broker: many batches of a partition in their order, by key where no partition is named, and headers."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord
from confluent_kafka.admin import AdminClient, NewTopic

from streams.agents.batches import LARGEST_RECORD
from streams.agents.delivery import BATCH_BYTES, KafkaDelivery, Record

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
Read = dict[int, ConsumerRecord[bytes, bytes]]


async def read(bootstrap: str, topic: str, partition: int, offsets: list[int]) -> Read:
    """The records at these offsets and between them."""
    consumer, tp = AIOKafkaConsumer(bootstrap_servers=bootstrap, max_partition_fetch_bytes=16 << 20), TopicPartition(topic, partition)
    await consumer.start()
    try:
        consumer.assign([tp])
        consumer.seek(tp, min(offsets))
        found: Read = {}
        while max(offsets) not in found:
            found |= {each.offset: each for each in (await consumer.getmany(tp, timeout_ms=1_000)).get(tp, [])}
        return found
    finally:
        await consumer.stop()


@pytest.fixture
def topic(kafka: str) -> str:
    """A topic of this test's own, which takes records as large as a worker's topics do: others read those."""
    name, admin = f"delivery.{uuid.uuid4().hex[:8]}", AdminClient({"bootstrap.servers": kafka})
    wanted = NewTopic(name, 8, 1, config={"max.message.bytes": str(LARGEST_RECORD)})
    admin.create_topics([wanted])[name].result(30)
    return name


async def test_several_senders_at_once_keep_each_ones_order_and_lose_nothing(kafka: str, topic: str) -> None:
    delivery = KafkaDelivery(kafka, {})
    await delivery.start()
    size = BATCH_BYTES // 10

    def records(sender: int) -> list[Record]:
        return [(topic, 6, f"{sender}|{n}".encode(), bytes(size), [("epoch", b"%d" % n)]) for n in range(45)]

    try:
        sent = await asyncio.gather(*(delivery.send(records(sender)) for sender in range(3)))
    finally:
        await delivery.stop()
    offsets = [[each.offset for each in one] for one in sent]
    found = await read(kafka, topic, 6, [each for ones in offsets for each in ones])
    for sender, ones in enumerate(offsets):
        assert ones == sorted(set(ones))
        assert [found[offset].key for offset in ones] == [f"{sender}|{n}".encode() for n in range(45)]
        assert [found[offset].headers for offset in ones] == [(("epoch", b"%d" % n),) for n in range(45)]


async def test_a_key_goes_where_a_plain_producer_sends_it(kafka: str, topic: str) -> None:
    delivery, plain = KafkaDelivery(kafka, {}), AIOKafkaProducer(bootstrap_servers=kafka)
    keys = [f"key-{n}".encode() for n in range(20)]
    await delivery.start()
    await plain.start()
    try:
        there = [(await plain.send_and_wait(topic, b"", key)).partition for key in keys]
        ours = await delivery.send([(topic, None, key, None, []) for key in keys])
    finally:
        await plain.stop()
        await delivery.stop()
    assert [each.partition for each in ours] == there


async def test_a_record_of_many_batches_size_is_delivered(kafka: str, topic: str) -> None:
    delivery = KafkaDelivery(kafka, {})
    await delivery.start()
    try:
        given: list[Record] = [(topic, 5, b"key", bytes(length), []) for length in (1, 8 << 20, 2)]
        sent = [each.offset for each in await delivery.send(given)]
    finally:
        await delivery.stop()
    found = await read(kafka, topic, 5, sent)
    assert [len(found[offset].value or b"") for offset in sent] == [1, 8 << 20, 2]
