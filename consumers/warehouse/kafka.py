"""What the sink asks of Kafka: a consumer, committed positions with their plans, and each topic's own id."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient

from consumers.warehouse.records import Headers, Record

log = logging.getLogger(__name__)

TIMEOUT = 30.0  # seconds
_PLAN = "last="
# Not ours any more: the next owner repeats what was not committed.
_FENCED = frozenset({
    KafkaError.ILLEGAL_GENERATION, KafkaError.UNKNOWN_MEMBER_ID, KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.FENCED_INSTANCE_ID, KafkaError._STATE, KafkaError._ASSIGNMENT_LOST,  # noqa: SLF001  # their public names
})  # fmt: skip


class Away(Exception):
    """The group's coordinator, or a partition, is not to be had now."""


def consumer(bootstrap: str, group: str, session_timeout: float, security: Mapping[str, Any]) -> Consumer:
    """A consumer that commits only when told, says when a partition ends, and prefetches at most 32 MB."""
    return Consumer({
        "bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False, "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest", "enable.partition.eof": True, "session.timeout.ms": int(session_timeout * 1000),
        "heartbeat.interval.ms": int(session_timeout * 1000 / 4), "queued.max.messages.kbytes": 32 << 10,
        "fetch.wait.max.ms": 100, "fetch.message.max.bytes": 4 << 20, "topic.metadata.refresh.interval.ms": 10_000,
        "allow.auto.create.topics": False, "partition.assignment.strategy": "range", **security,
    })  # fmt: skip


def record(message: Message) -> Record:
    """A message as a plain value."""
    given = message.headers()
    return Record(
        message.topic() or "", message.partition() or 0, message.offset() or 0, message.key(), message.value(),
        _headers(given) if given else (), message.timestamp()[1],
    )  # fmt: skip


def _headers(given: dict[str, str | bytes | None] | list[tuple[str, str | bytes | None]]) -> Headers:
    pairs = given.items() if isinstance(given, dict) else given
    return tuple((name, value.encode() if isinstance(value, str) else value or b"") for name, value in pairs)


def logs(bootstrap: str, topics: set[str], security: Mapping[str, Any]) -> dict[str, str]:
    """Kafka's own id of each topic: a topic that was deleted and made again has another. Raises Away."""
    if not topics:
        return {}
    admin = AdminClient({"bootstrap.servers": bootstrap, **security})
    waiting = admin.describe_topics(TopicCollection(sorted(topics)), request_timeout=TIMEOUT)
    try:
        return {name: str(each.result(TIMEOUT + 5).topic_id) for name, each in waiting.items()}
    except (KafkaException, TimeoutError) as problem:
        raise Away(str(problem)) from problem


def committed(client: Consumer, partitions: list[TopicPartition]) -> dict[tuple[str, int], tuple[int, int | None]]:
    """By (topic, partition): the committed offset (-1: none), and where an open piece was planned to end. Raises Away."""
    try:
        answers = client.committed(partitions, timeout=TIMEOUT) if partitions else []
    except KafkaException as problem:
        raise Away(str(problem)) from problem
    found: dict[tuple[str, int], tuple[int, int | None]] = {}
    for each in answers:
        if each.error is not None:
            raise Away(each.error.name())
        plan = (each.metadata or "").removeprefix(_PLAN)
        found[each.topic, each.partition] = max(each.offset, -1), int(plan) if plan.isdigit() else None
    return found


def within(client: Consumer, place: tuple[str, int], start: int) -> int:
    """The start, if the log has it: else the log's first offset. Raises Away.

    A log that is shorter than what was committed or stored lost records (an unclean election): all of it is read again.
    """
    try:
        low, high = client.get_watermark_offsets(TopicPartition(*place), timeout=TIMEOUT)
    except KafkaException as problem:
        raise Away(str(problem)) from problem
    if start > high:
        log.error("the log is shorter than what was stored of it; reading it again", extra={"topic": place[0], "partition": place[1]})
        return low
    return max(start, low)


def commit(client: Consumer, positions: Mapping[tuple[str, int], tuple[int, int | None]]) -> None:
    """Commit (offset, plan or None) of each (topic, partition); returns when the group has it.

    Raises Away when they are not ours any more, or the coordinator is not to be had for half a minute.
    """
    offsets = [
        TopicPartition(*place, offset) if plan is None else TopicPartition(*place, offset, f"{_PLAN}{plan}")
        for place, (offset, plan) in positions.items()
    ]
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            done = client.commit(offsets=offsets, asynchronous=False)
        except KafkaException as problem:
            error = problem.args[0]
            if error.code() in _FENCED or not error.retriable() or time.monotonic() > deadline:
                raise Away(error.name()) from problem
            time.sleep(0.2)
            continue
        failed = [each.error for each in done or () if each.error is not None]
        if failed:
            raise Away(failed[0].name())
        return
