"""How far a consumer group has come, seen from the broker alone: the same eyes for every engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from confluent_kafka import ConsumerGroupState, KafkaException

from infra.kafka import offsets
from schemas.catalogue import CONTEXTS
from tests.bench.workers import Running

GROUP = "fairpassage"
LOOK = 0.1  # seconds between two looks
MOST_ERROR = 5  # looks: a run that is shorter tells no rate


@dataclass(frozen=True)
class Ran:
    """From the first record that intake wrote to the last fact: seconds, events a second, and microseconds of CPU an event."""

    events: int
    seconds: float
    rate: float
    cpu: float

    @property
    def note(self) -> str:
        """What stands beside the figure."""
        return f"{self.events:,} events in {self.seconds:.1f} s, {self.cpu:.0f} µs of CPU an event"


def together(runs: Sequence[Ran]) -> Ran:
    """Several runs as one."""
    events, seconds = sum(each.events for each in runs), sum(each.seconds for each in runs)
    return Ran(events, seconds, events / seconds, sum(each.cpu * each.events for each in runs) / events)


class Progress:
    """Looks at one broker."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = offsets.admin(bootstrap, {})

    def facts(self) -> int:
        """Records on `facts`."""
        return offsets.sizes(self._admin, ["facts"])["facts"]

    def committed(self, topics: Sequence[str] = CONTEXTS, group: str = GROUP) -> int:
        """How many records of these topics a group has committed; 0 while nobody coordinates it yet."""
        try:
            done = offsets.committed(self._admin, group)
        except KafkaException:
            return 0
        return sum(offset for (topic, _), offset in done.items() if topic in topics)

    def settled(self, topics: Sequence[str], records: int, group: str = GROUP) -> bool:
        """Whether a group has committed so many records of these topics, and all that a worker put on `feed`."""
        if self.committed(topics, group) < records:
            return False
        return group != GROUP or self.committed(("feed",), group) >= offsets.sizes(self._admin, ["feed"])["feed"]

    def shared(self, members: int) -> bool:
        """Whether so many workers have shared the partitions out between them. To be called once the group is there."""
        found = self._admin.describe_consumer_groups([GROUP], request_timeout=offsets.TIMEOUT)[GROUP].result(offsets.TIMEOUT)
        having = [each for each in found.members if each.assignment.topic_partitions]
        return found.state == ConsumerGroupState.STABLE and len(having) == members

    def run(
        self, events: int, running: Sequence[Running], seconds: float, topics: Sequence[str] = CONTEXTS, records: int = 0,
        group: str = GROUP,
    ) -> Ran:  # fmt: skip
        """Watches until `records` (one an event when left out) of these topics are settled; `events` are timed.

        Raises TimeoutError, or RuntimeError when a child ended.
        """
        deadline, base, moved = time.monotonic() + seconds, self.facts(), self._moved()
        began, last, before, used, spent, looked = 0.0, 0.0, base, 0.0, 0.0, 0.0
        while True:
            now, facts = time.monotonic(), self.facts()
            if not began and self._moved() > moved:
                began, used = now, sum(each.cpu() for each in running)
            if facts > before:
                last, before, spent = time.monotonic(), facts, sum(each.cpu() for each in running)
            for each in running:
                each.check()
            if now > deadline:
                done = f"{self.committed(topics, group):,} of {records or events:,}"
                raise TimeoutError(f"{done} records were committed within {seconds:.0f} s")
            if now - looked > 0.5:
                if self.settled(topics, records or events, group):
                    break
                looked = now
            time.sleep(LOOK)
        if not began or last - began < MOST_ERROR * LOOK:
            raise RuntimeError("all of it was done between a few looks: too few events to tell a rate")
        return Ran(events, last - began, events / (last - began), (spent - used) / events * 1e6)

    def _moved(self) -> int:
        """Whether anything has been done: intake's first record, or the first fact where there is no intake."""
        return sum(offsets.sizes(self._admin, ["feed", "facts"]).values())
