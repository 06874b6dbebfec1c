"""How many records topics hold, and how many of them a group has not committed yet. Reads only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConsumerGroupDescription, OffsetSpec

TIMEOUT = 15.0
_MOMENT = 5.0  # for the client itself to say that its time is up

_FIRST = 5.0
_MOVING = frozenset({KafkaError.COORDINATOR_LOAD_IN_PROGRESS, KafkaError.COORDINATOR_NOT_AVAILABLE, KafkaError.NOT_COORDINATOR,
                     KafkaError._WAIT_COORD})  # noqa: SLF001  # its public name  # fmt: skip

T = TypeVar("T")


class Admin(AdminClient):
    """An administration client that can also ask for a group's offsets without joining it.

    librdkafka 2.16's own administration request for them ends the process with a segmentation fault where the group's coordinator is
    still loading, or another broker by now (confluent-kafka-python's issue 1982): after a start, and whenever a broker fails.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(dict(config))
        self._config, self._readers = config, dict[str, Consumer]()

    def reader(self, group: str) -> Consumer:
        """A consumer that has the group's name and subscribes to nothing, so that it never becomes a member."""
        if group not in self._readers:
            self._readers[group] = Consumer({**self._config, "group.id": group, "enable.auto.commit": False})
        return self._readers[group]


def answer(waiting: Future[T]) -> T:
    """What the broker answers to a request that was given TIMEOUT. Raises KafkaException, also where there was none in time."""
    try:
        return waiting.result(TIMEOUT + _MOMENT)
    except TimeoutError as problem:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"no answer in {TIMEOUT:.0f} s")) from problem  # noqa: SLF001  # its public name


def admin(bootstrap: str, security: Mapping[str, Any]) -> Admin:
    """An administration client that keeps its connection errors to itself: what fails is raised where it is asked."""
    config: dict[str, Any] = {"bootstrap.servers": bootstrap, "log_level": 0, "error_cb": lambda _problem: None, **security}
    return Admin(config)


def topics(client: AdminClient) -> dict[str, int]:
    """Topic -> number of partitions. Raises KafkaException when no broker answers, click.ClickException when it refuses the user."""
    try:
        found = client.list_topics(timeout=TIMEOUT).topics
    except KafkaException:
        client.poll(0)  # says so, if that was the reason
        raise
    return {name: len(each.partitions) for name, each in found.items() if not name.startswith("__")}


def _ask(client: AdminClient, asked: Iterable[tuple[str, int]], spec: OffsetSpec) -> dict[tuple[str, int], int]:
    wanted = {TopicPartition(topic, number): spec for topic, number in asked}
    if not wanted:
        return {}
    deadline = time.monotonic() + TIMEOUT
    while True:
        answers = client.list_offsets(wanted, request_timeout=TIMEOUT)
        try:
            return {(each.topic, each.partition): answer(waiting).offset for each, waiting in answers.items()}
        except KafkaException as problem:  # a partition that was made just now has no leader yet
            if problem.args[0].code() != KafkaError.NOT_LEADER_FOR_PARTITION or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def sizes(client: AdminClient, names: Iterable[str]) -> dict[str, int]:
    """Topic -> records from its earliest to its latest offset (compacted ones count as if they were there)."""
    found: dict[str, int] = {}
    for (topic, _), (first, last) in bounds(client, names).items():
        found[topic] = found.get(topic, 0) + last - first
    return found


def bounds(client: AdminClient, names: Iterable[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """(first offset, next offset) of each partition of these topics, as far as they are there. Raises KafkaException."""
    known = topics(client)
    asked = [(name, number) for name in names if name in known for number in range(known[name])]
    first, last = _ask(client, asked, OffsetSpec.earliest()), _ask(client, asked, OffsetSpec.latest())
    return {place: (first[place], last[place]) for place in asked}


def committed(client: Admin, group: str) -> dict[tuple[str, int], int]:
    """How far a group has committed each partition that it ever committed. Raises KafkaException."""
    wanted = [TopicPartition(name, number) for name, count in topics(client).items() for number in range(count)]
    found = _asked(lambda: [each for each in client.reader(group).committed(wanted, timeout=TIMEOUT) if _known(each)])
    return {(each.topic, each.partition): each.offset for each in found}


def _asked(question: Callable[[], T]) -> T:
    """What a group's coordinator answers; one that is loading, or just moving, is asked again. Raises KafkaException."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return question()
        except KafkaException as problem:
            if problem.args[0].code() not in _MOVING or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _known(found: TopicPartition) -> bool:
    if found.error is not None:
        raise KafkaException(found.error)
    return bool(found.offset >= 0)


def lag(client: Admin, group: str) -> dict[str, int]:
    """Topic -> records that a group has not committed yet, over the partitions it has ever committed. Raises KafkaException."""
    known = committed(client, group)
    ends = _ask(client, known, OffsetSpec.latest())
    found: dict[str, int] = {}
    for (topic, number), offset in known.items():
        found[topic] = found.get(topic, 0) + max(0, ends[topic, number] - offset)
    return found


def described(client: AdminClient, group: str) -> ConsumerGroupDescription:
    """A group as its coordinator has it. Raises KafkaException.

    The first question of a broker that makes its groups' topic just then is never answered (librdkafka 2.16 waits its time out); the
    next one is.
    """
    try:
        return _asked(lambda: _described(client, group, _FIRST))
    except KafkaException as problem:
        if problem.args[0].code() != KafkaError._TIMED_OUT:  # noqa: SLF001  # its public name
            raise
    return _asked(lambda: _described(client, group, TIMEOUT))


def _described(client: AdminClient, group: str, seconds: float) -> ConsumerGroupDescription:
    found: ConsumerGroupDescription = answer(client.describe_consumer_groups([group], request_timeout=seconds)[group])
    return found


def reason(problem: KafkaException) -> str:
    """A broker's answer in its own words."""
    return str(problem.args[0].str()) if problem.args and hasattr(problem.args[0], "str") else str(problem)


class Logs:
    """Kafka's own word on its logs and groups."""

    def __init__(self, client: Admin) -> None:
        self._client = client

    def ends(self, topics: Iterable[str]) -> Mapping[tuple[str, int], tuple[int, int]]:
        """(first offset, next offset) of each partition of these topics, as far as they are there."""
        return bounds(self._client, topics)

    def committed(self, group: str) -> Mapping[tuple[str, int], int]:
        """How far a group has committed each partition that it ever committed."""
        return committed(self._client, group)

    def cluster(self) -> str:
        """Kafka's id of the cluster."""
        return str(self._client.list_topics(timeout=TIMEOUT).cluster_id)
