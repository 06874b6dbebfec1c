"""Reads topics to their end as they are now, outside any group: for commands that show what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

TIMEOUT = 15.0


def consumer(bootstrap: str, security: Mapping[str, str]) -> Consumer:
    """A consumer that commits nothing."""
    return Consumer({"bootstrap.servers": bootstrap, "group.id": "fairpassage-reader", "enable.auto.commit": False,
                     "enable.partition.eof": False, "log_level": 0, **security})  # fmt: skip


def topic_names(client: Consumer, bootstrap: str) -> list[str]:
    """The topics there are. Raises click.ClickException when no broker answers."""
    try:
        return sorted(client.list_topics(timeout=TIMEOUT).topics)
    except KafkaException as problem:
        raise click.ClickException(f"no broker answers at {bootstrap}: {problem.args[0].str()}.") from problem


def messages(client: Consumer, topics: list[str], follow: bool = False) -> Iterator[Message]:
    """Every record of these topics from the beginning to the end as it is now; with `follow`, on and on."""
    metadata = client.list_topics(timeout=TIMEOUT).topics
    ends: dict[tuple[str, int], int] = {}
    for name in topics:
        for number in metadata[name].partitions if name in metadata else ():
            low, high = client.get_watermark_offsets(TopicPartition(name, number), timeout=TIMEOUT)
            if follow or high > low:
                ends[name, number] = high
    if not ends:
        return
    client.assign([TopicPartition(name, number, OFFSET_BEGINNING) for name, number in ends])
    waiting = dict(ends)
    while waiting or follow:
        for message in client.consume(500, timeout=0.2):
            if message.error() is None:
                yield message
        for position in client.position([TopicPartition(name, number) for name, number in waiting]):
            if position.offset >= waiting[position.topic, position.partition]:
                del waiting[position.topic, position.partition]


def headers(message: Message) -> list[tuple[str, bytes]]:
    """A record's headers, repeated names included; a null value as empty bytes."""
    found = message.headers() or []
    listed = found.items() if isinstance(found, dict) else found
    return [(str(name), value.encode() if isinstance(value, str) else value or b"") for name, value in listed]
