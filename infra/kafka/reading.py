"""Reads topics to their end as they are now, outside any group: for commands that show what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import TopicMetadata

TIMEOUT = 15.0


def consumer(bootstrap: str, security: Mapping[str, Any]) -> Consumer:
    """A consumer that commits nothing, in a group that its user may have."""
    group = f"{security['sasl.username']}.reader" if "sasl.username" in security else "fairpassage-reader"
    return Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False,
                     "enable.partition.eof": False, "log_level": 0, **security})  # fmt: skip


def topic_names(client: Consumer, bootstrap: str) -> list[str]:
    """The topics there are. Raises click.ClickException when no broker answers."""
    return sorted(_metadata(client, bootstrap))


def _metadata(client: Consumer, bootstrap: str = "") -> dict[str, TopicMetadata]:
    try:
        found: dict[str, TopicMetadata] = client.list_topics(timeout=TIMEOUT).topics
        return found
    except KafkaException as problem:
        client.poll(0)  # raises for a login that failed
        raise click.ClickException(f"no broker answers{f' at {bootstrap}' if bootstrap else ''}: {problem.args[0].str()}.") from problem


def messages(client: Consumer, topics: list[str], follow: bool = False) -> Iterator[Message]:
    """Every record of these topics from the beginning to the end as it is now; with `follow`, on and on.

    Raises click.ClickException for a topic that this user may not read: nothing in it, and not allowed, are two answers.
    """
    ends = {place: end for place, (low, end) in _bounds(client, topics).items() if follow or end > low}
    if not ends:
        return
    client.assign([TopicPartition(name, number, OFFSET_BEGINNING) for name, number in ends])
    waiting = dict(ends)
    while waiting or follow:
        for message in client.consume(500, timeout=0.2):
            if _sound(message):
                yield message
        for position in client.position([TopicPartition(name, number) for name, number in waiting]):
            if position.offset >= waiting[position.topic, position.partition]:
                del waiting[position.topic, position.partition]


def _bounds(client: Consumer, topics: list[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """(first offset, next offset) of each partition of those topics that are there."""
    metadata = _metadata(client)
    for name in topics:
        if name not in metadata:
            _allowed(client, name)
    places = [(name, number) for name in topics if name in metadata for number in metadata[name].partitions]
    return {place: client.get_watermark_offsets(TopicPartition(*place), timeout=TIMEOUT) for place in places}


def _sound(message: Message) -> bool:
    """Whether it is a record. Raises click.ClickException where it says that the topic is refused; a group is not used here."""
    problem = message.error()
    if problem is not None and problem.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
        raise refused(str(message.topic()))
    return problem is None


def _allowed(client: Consumer, name: str) -> None:
    problem = client.list_topics(name, timeout=TIMEOUT).topics[name].error
    if problem is not None and problem.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
        raise refused(name)


def refused(name: str) -> click.ClickException:
    """What a user hears of a topic that is not theirs."""
    return click.ClickException(f"the broker refuses {name} to this user; FAIRPASSAGE_KAFKA_USERNAME says who it is.")


def headers(message: Message) -> list[tuple[str, bytes]]:
    """A record's headers, repeated names included; a null value as empty bytes."""
    found = message.headers() or []
    listed = found.items() if isinstance(found, dict) else found
    return [(str(name), value.encode() if isinstance(value, str) else value or b"") for name, value in listed]
