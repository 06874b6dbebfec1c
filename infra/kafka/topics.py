"""Creates the topics from their files; run again it changes nothing, and says what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from infra.kafka import offsets
from schemas.catalogue import CONTEXTS
from schemas.topicfiles import Topic, topics

DAY_MS = 86_400_000
TIMEOUT = 60.0  # to create or describe


@dataclass(frozen=True)
class Report:
    """Names created, names that were there, and (topic, setting, is, should be) for each difference."""

    created: tuple[str, ...]
    present: tuple[str, ...]
    differences: tuple[tuple[str, str, str, str], ...]


def settings(topic: Topic, copies: int) -> dict[str, str]:
    """Broker settings of a topic of which so many brokers have a copy.

    What is replaced, erased or too old leaves the disk within a day or two where records still come: a segment is closed after a
    day at most, and compacted then, however little of it is stale.
    """
    found = {"cleanup.policy": topic.cleanup, "max.message.bytes": str(topic.max_record_bytes), "segment.ms": str(DAY_MS)}
    if topic.cleanup == "delete":
        found["retention.ms"] = str(topic.retention_days * DAY_MS if topic.retention_days >= 0 else -1)
    else:
        found["max.compaction.lag.ms"] = str(DAY_MS)
    if topic.name in CONTEXTS:
        found["message.timestamp.type"] = "LogAppendTime"  # what an event is held against is the broker's clock, not its office's
    if copies > 1:
        found["min.insync.replicas"] = "2"
    return found


def create(
    bootstrap: str, *, embedded: bool, security: Mapping[str, Any] | None = None, dry_run: bool = False, copies: int | None = None
) -> Report:
    """Creates what is missing, each topic on `copies` brokers (None: one here, three in service).

    Raises KafkaException when the broker refuses or cannot be reached.
    """
    copies = copies if copies is not None else replication(embedded)
    admin = offsets.admin(bootstrap, security or {})
    there = offsets.topics(admin)
    wanted = {topic.name: topic for topic in topics()}
    missing = [topic for name, topic in wanted.items() if name not in there]
    if missing and not dry_run:
        _create(admin, missing, embedded, copies)
    present = [topic for name, topic in wanted.items() if name in there]
    differences = [*_partitions(there, present, embedded), *_differences(admin, present, copies)]
    return Report(tuple(sorted(t.name for t in missing)), tuple(sorted(t.name for t in present)), tuple(sorted(differences)))


def replication(embedded: bool) -> int:
    """On how many brokers a topic is, here or in service."""
    return 1 if embedded else 3


def partitions(topic: Topic, embedded: bool) -> int:
    """How many partitions a topic has, here or in service."""
    return topic.embedded_partitions if embedded else topic.partitions


def _partitions(there: Mapping[str, int], present: list[Topic], embedded: bool) -> Iterator[tuple[str, str, str, str]]:
    for topic in present:
        if there[topic.name] != (wanted := partitions(topic, embedded)):
            yield topic.name, "partitions", str(there[topic.name]), str(wanted)


def _create(admin: AdminClient, missing: list[Topic], embedded: bool, copies: int) -> None:
    new = [NewTopic(topic.name, num_partitions=partitions(topic, embedded),
                    replication_factor=copies, config=settings(topic, copies)) for topic in missing]  # fmt: skip
    for waiting in admin.create_topics(new, operation_timeout=TIMEOUT).values():
        try:
            waiting.result(TIMEOUT)
        except KafkaException as problem:
            if problem.args[0].name() != "TOPIC_ALREADY_EXISTS":  # two deployments may start at once
                raise


def _differences(admin: AdminClient, present: list[Topic], copies: int) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    if not present:
        return found
    asked = [ConfigResource(ResourceType.TOPIC, topic.name) for topic in present]
    answers = {resource.name: waiting.result(TIMEOUT) for resource, waiting in admin.describe_configs(asked).items()}
    for topic in present:
        for name, value in settings(topic, copies).items():
            actual = answers[topic.name][name].value
            if str(actual) != value:
                found.append((topic.name, name, str(actual), value))
    return found
