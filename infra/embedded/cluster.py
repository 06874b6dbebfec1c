"""Three Kafka nodes on one machine: what a cluster does when one of them is gone, for the tests of faults."""

from __future__ import annotations

import json
from pathlib import Path

from infra.embedded.kafka import KafkaNode, Quorum
from infra.embedded.ports import LOOPBACK

NODES = (1, 2, 3)


class KafkaCluster:
    """Brokers that are controllers too, each with its data in `home`/broker-N; every topic is on all of them.

    `ports` are (broker's, controller's) of each. A broker's name is that of its child process.
    """

    def __init__(self, home: Path, ports: tuple[tuple[int, int], ...], cache: Path) -> None:
        self._home, self._ports, self._cache = home, ports, cache
        self.nodes: dict[str, KafkaNode] = {}

    @property
    def bootstrap(self) -> str:
        """The addresses of all of them."""
        return ",".join(f"{LOOPBACK}:{port}" for port, _ in self._ports)

    def prepare(self) -> None:
        """Writes their properties and formats their data directories the first time, under one cluster id that is kept."""
        voters = tuple(f"{number}@{LOOPBACK}:{controller}" for number, (_, controller) in zip(NODES, self._ports, strict=True))
        cluster = self._cluster()
        for number, (port, controller) in zip(NODES, self._ports, strict=True):
            name = f"broker-{number}"
            self.nodes[name] = KafkaNode(self._home / name, port, controller, self._cache, quorum=Quorum(number, cluster, voters))
            self.nodes[name].prepare()

    def _cluster(self) -> str:
        kept = self._home / "cluster.id"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(KafkaNode(self._home / "broker-1", *self._ports[0], self._cache).new_id())
        return kept.read_text()

    def controller(self) -> str:
        """The broker that leads the controllers, as far as their files say; '' while none does.

        What a client is told is any broker: it asks the brokers, and these forward what is for the controller.
        """
        found = [state for node in self.nodes.values() if (state := _state(node)) is not None]
        leader = max(found, default=(0, -1))[1]
        return f"broker-{leader}" if leader > 0 else ""


def _state(node: KafkaNode) -> tuple[int, int] | None:
    """(epoch, leader's number) as a node knows them; None when its file is not there or just being replaced."""
    try:
        raw = json.loads((node.home / "data" / "__cluster_metadata-0" / "quorum-state").read_text("utf-8"))
        return int(raw["leaderEpoch"]), int(raw["leaderId"])
    except (OSError, ValueError, KeyError):
        return None
