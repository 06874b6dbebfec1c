"""When everything published has been worked off: nothing lags, nothing grows, and ClickHouse has every fact."""

from __future__ import annotations

import time
from collections.abc import Callable

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

Ends = dict[tuple[str, int], int]
TIMEOUT = 30.0
QUIET = 3  # looks in a row, a second apart, that must agree


class NotSettled(Exception):
    """The time was up: says what was still to be done."""


class Log:
    """Where a broker's topics end, and how far its groups have come."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def ends(self) -> Ends:
        """The next offset of every partition of every topic but Kafka's own."""
        found = self._admin.list_topics(timeout=TIMEOUT).topics
        latest: OffsetSpec = OffsetSpec.latest()
        wanted = {TopicPartition(name, number): latest
                  for name, topic in found.items() if not name.startswith("__") for number in topic.partitions}  # fmt: skip
        futures = self._admin.list_offsets(wanted, request_timeout=TIMEOUT)
        return {(tp.topic, tp.partition): future.result(TIMEOUT).offset for tp, future in futures.items()}

    def lag(self, ends: Ends) -> int:
        """Records that some group has still to commit."""
        groups = [group.group_id for group in self._admin.list_consumer_groups(request_timeout=TIMEOUT).result(TIMEOUT).valid]
        behind = 0
        for group in groups:
            asked = [ConsumerGroupTopicPartitions(group)]
            answer = self._admin.list_consumer_group_offsets(asked, request_timeout=TIMEOUT)[group].result(TIMEOUT)
            for tp in answer.topic_partitions:
                behind += max(0, ends.get((tp.topic, tp.partition), 0) - max(0, tp.offset))
        return behind


def dead_lettered(ends: Ends) -> int:
    """Records on dead-letter topics."""
    return sum(end for (topic, _), end in ends.items() if topic.endswith(".dlq"))


def settle(
    log: Log, stored: Callable[[], int], published: int, seconds: float, step: Callable[[int], None], watch: Callable[[], None]
) -> Ends:
    """Waits until `stored` facts and dead letters make up what was published, and three looks agree. Raises NotSettled."""
    deadline, before, same, have, lag = time.monotonic() + seconds, Ends(), 0, 0, 0
    while time.monotonic() < deadline:
        watch()
        ends, have = log.ends(), stored()
        lag = log.lag(ends)
        step(have)
        whole = have + dead_lettered(ends) >= published
        same = same + 1 if whole and lag == 0 and ends == before else 0
        if same >= QUIET:
            return ends
        before = ends
        time.sleep(1.0)
    raise NotSettled(f"after {seconds:.0f} s {have:,} of {published:,} events are stored and {lag:,} records wait; see the logs")
