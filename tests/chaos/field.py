"""What the faults act on: the deployment, the publisher, and how long it takes until others have taken over."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeVar

from confluent_kafka import KafkaException

from infra.kafka import offsets
from schemas.catalogue import CONTEXTS
from tests.chaos.collecting import SUNK, WORKERS
from tests.chaos.deployment import COPIES, Cluster
from tests.chaos.office import Office

PATIENCE = 90.0  # seconds until what a fault waits for must have come
Parts = frozenset[tuple[str, int]]
T = TypeVar("T")


class Stuck(Exception):
    """What had to come did not."""


@dataclass(frozen=True)
class Members:
    """A group as the broker describes it: whether it is dealt, and by member id the client's id and its partitions."""

    stable: bool
    clients: dict[str, str]
    parts: dict[str, Parts]

    def of(self, worker: str) -> set[str]:
        """The member ids of a worker."""
        return {member for member, client in self.clients.items() if client == f"fairpassage-{worker}"}

    def dealt(self) -> Parts:
        """Every partition that some member has."""
        return frozenset().union(*self.parts.values())


@dataclass(eq=False)
class Field:
    """A run in hand. `random` decides who is hit; `say` hears what is done."""

    deployment: Cluster
    office: Office
    random: random.Random
    say: Callable[[str], None]
    killed: list[str] = field(default_factory=list)  # workers, each time

    def __post_init__(self) -> None:
        self.admin = offsets.admin(self.deployment.bootstrap, {})
        self._topics = offsets.topics(self.admin)

    # Waiting, while what ended by itself is started again.

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.deployment.watch()
            time.sleep(0.1)

    def until(self, condition: Callable[[], object], what: str) -> float:
        """Seconds until it holds. Raises Stuck."""
        began = time.monotonic()
        self.ask(condition, what)
        return time.monotonic() - began

    def ask(self, question: Callable[[], T], what: str) -> T:
        """The first answer that is not empty; a broker that does not answer meanwhile is none. Raises Stuck.

        After an error another client asks: one whose broker is gone may go on asking that one.
        """
        deadline, why = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            try:
                if found := question():
                    return found
            except (KafkaException, TimeoutError) as problem:
                why = f" ({problem})"
                self.admin = offsets.admin(self.deployment.bootstrap, {})
            self.wait(0.2)
        raise Stuck(f"{what}: not within {PATIENCE:.0f} s{why}")

    # Groups.

    def members(self, group: str) -> Members:
        """A group now. Raises KafkaException while its coordinator is away."""
        found = self.admin.describe_consumer_groups([group], request_timeout=5)[group].result(6)
        parts = {each.member_id: frozenset((tp.topic, tp.partition) for tp in each.assignment.topic_partitions) for each in found.members}
        return Members(found.state.name == "STABLE", {each.member_id: each.client_id for each in found.members}, parts)

    def wanted(self, group: str) -> Parts:
        """Every partition that a group has to have dealt."""
        mine = (*CONTEXTS, "feed") if group == WORKERS else tuple(name for name in self._topics if _sunk(name))
        return frozenset((name, number) for name in mine for number in range(self._topics[name]))

    def taken_over(self, group: str, gone: Collection[str]) -> bool:
        """Whether a group has dealt all it has to among members of which none is one of those gone."""
        now = self.members(group)
        return now.stable and not set(now.clients) & set(gone) and now.dealt() >= self.wanted(group)

    def feeds(self) -> int:
        """How many partitions the feed has."""
        return self._topics["feed"]

    def gone(self, worker: str) -> set[str]:
        """The member ids that a worker has now, however busy the group is."""
        return self.ask(lambda: self.members(WORKERS).of(worker), f"{worker} is no member")

    def takeover(self, gone: Collection[str], group: str = WORKERS) -> float:
        """Seconds until others have what the members that are gone had."""
        return self.until(lambda: self.taken_over(group, gone), f"nobody took over what {sorted(gone)} had")

    # Who is hit.

    def worker(self) -> str:
        """A worker, by chance."""
        return self.random.choice(self.deployment.workers)

    def kill(self, worker: str) -> None:
        """SIGKILL to a worker, which is counted."""
        self.deployment.kill(worker)
        self.killed.append(worker)

    def leader(self, topic: str, number: int) -> str:
        """The broker that leads a partition. Raises KafkaException."""
        return f"broker-{self.admin.list_topics(topic, timeout=5).topics[topic].partitions[number].leader}"

    def leaders(self) -> set[str]:
        """The brokers that lead a partition; 'broker--1' among them where one has no leader. Raises KafkaException."""
        found = self.admin.list_topics(timeout=5).topics
        return {f"broker-{part.leader}" for each in found.values() for part in each.partitions.values()}

    def led(self, but: str) -> bool:
        """Whether every partition has a leader that is not this broker."""
        return not {but, "broker--1"} & self.leaders()

    def replicated(self) -> bool:
        """Whether every record is on every broker again."""
        found = self.admin.list_topics(timeout=5).topics
        return all(len(part.isrs) == COPIES for each in found.values() for part in each.partitions.values())


def _sunk(topic: str) -> bool:
    return topic in SUNK or topic.startswith("alerts.") or topic.endswith(".dlq")
