"""A deployment on three brokers, with two sinks behind a proxy, whose every child can be killed, stopped and started again."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from infra.embedded import state as states
from infra.embedded.cluster import NODES, KafkaCluster
from infra.embedded.kafka import environment
from infra.embedded.supervisor import FAIRPASSAGE, READY_SECONDS, Deployment
from infra.kafka import offsets
from infra.kafka.topics import create
from infra.settings import PREFIX, load
from streams.domain.instants import Instant, text
from tests.chaos.hooks import Hooks
from tests.chaos.proxy import Proxy

SINKS = ("sink-1", "sink-2")
COPIES = len(NODES)


class Cluster(Deployment):
    """Three brokers, the front, workers, two sinks. `build` is the workers' (see `builds.py`), `last` the run's last instant.

    `ended` counts by name what ended by itself. Two threads may hurt it at once.
    """

    def __init__(self, home: Path, last: Instant, workers: int, build: str, say: Callable[[str], None]) -> None:
        super().__init__(load(home=home, kafka_port=0, clickhouse_port=0), workers=workers, as_of=text(last), say=say)
        self.worker_command = (sys.executable, "-m", "tests.chaos.builds", build, "worker")
        self.workers = tuple(f"worker-{n}" for n in range(1, workers + 1))
        self.hooks, self.ended = Hooks(self.home), Counter[str]()
        self.proxy: Proxy | None = None
        self._held: set[str] = set()
        self._mine = threading.RLock()

    # Starting.

    def brokers(self) -> None:
        """Starts the three, and creates the topics on all of them."""
        names = [f"{what}-{number}" for number in NODES for what in ("kafka", "controller")]
        kept = states.ports(self.home, tuple(names))
        pairs = tuple((kept[f"kafka-{number}"], kept[f"controller-{number}"]) for number in NODES)
        self.cluster = KafkaCluster(self.home, pairs, self.settings.jars)
        self._say("starting three Kafka brokers")
        self.cluster.prepare()
        for name, node in self.cluster.nodes.items():
            self.children.start(name, node.command(), environment())
        for name, node in self.cluster.nodes.items():
            node.wait(self.children.process(name), self.children.log(name))
        self.bootstrap = self.cluster.bootstrap
        self._meet()
        create(self.bootstrap, embedded=True, copies=COPIES)

    def _meet(self) -> None:
        admin, deadline = offsets.admin(self.bootstrap, {}), time.monotonic() + READY_SECONDS
        while len(admin.list_topics(timeout=offsets.TIMEOUT).brokers) < COPIES:
            if time.monotonic() > deadline:
                raise click.ClickException(f"the brokers did not meet within {READY_SECONDS:.0f} s; their logs are in {self.home / 'logs'}")
            time.sleep(0.1)

    def _front(self, port: int) -> None:
        super()._front(port)
        self.proxy = Proxy(port)

    def commands(self) -> dict[str, tuple[str, ...]]:
        """The workers and two sinks."""
        workers = {name: (*self.worker_command, "--name", name) for name in self.workers}
        return workers | dict.fromkeys(SINKS, (*FAIRPASSAGE, "sink"))

    def environment_of(self, name: str) -> dict[str, str]:
        """A child's environment: the sinks find ClickHouse behind the proxy."""
        assert self.proxy is not None
        behind = {PREFIX + "CLICKHOUSE_URL": self.proxy.url} if name in SINKS else {}
        return super().environment_of(name) | behind

    # What is done to it.

    def watch(self) -> None:
        """Starts again what ended by itself; what is held down stays down."""
        with self._mine:
            ended = self.children.watch(but=self._held)
        for name, status in ended:
            self.ended[name] += 1
            self._say(f"{name} ended with status {status} and was started again")

    def kill(self, name: str) -> None:
        """SIGKILL; it stays down until `again`."""
        with self._mine:
            self._held.add(name)
            super().kill(name)

    def leave(self, name: str) -> None:
        """SIGTERM, and waits until it is gone; it stays down until `again`."""
        with self._mine:
            self._held.add(name)
            process = self.children.process(name)
        process.terminate()
        process.wait()

    def again(self, *names: str) -> None:
        """Starts again what is down."""
        with self._mine:
            for name in names:
                self.children.again(name)
                self._held.discard(name)

    def restart(self, name: str) -> None:
        """SIGKILL to what may just be down, and starts it again at once."""
        self.kill(name)
        self.again(name)

    def sleep(self, name: str) -> None:
        """SIGSTOP: it does nothing, and does not know."""
        self.children.process(name).send_signal(signal.SIGSTOP)

    def wake(self, name: str) -> None:
        """SIGCONT."""
        self.children.process(name).send_signal(signal.SIGCONT)

    def mend(self) -> None:
        """Whatever a fault left undone: all is up, awake and answered."""
        self.again(*sorted(self._held))
        for name in (*self.workers, *SINKS):
            self.wake(name)
        if self.proxy is not None:
            self.proxy.mode = "passes"

    def stop(self) -> None:
        """Ends all of it at once: the data go with the run."""
        for child in self.children.values():
            child.process.kill()
        super().stop()
        if self.proxy is not None:
            self.proxy.close()
            self.proxy = None
