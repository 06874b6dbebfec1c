"""Everything on one machine: Kafka, the ClickHouse front, workers, a sink and watches as children, watched and started again."""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import IO

import click
from confluent_kafka import KafkaException

from infra.embedded import state as states
from infra.embedded.children import Children
from infra.embedded.kafka import KafkaNode, environment
from infra.embedded.ports import LOOPBACK, require, taken
from infra.embedded.processes import Identity, reason, started
from infra.kafka.topics import create
from infra.settings import PREFIX, Settings

LEAST_FREE_BYTES = 500 << 20
READY_SECONDS = 60.0
FAIRPASSAGE = (sys.executable, "-m", "infra.cli.main")
ENGINES = ("clickhouse", "kafka")  # ended last, in this order: what writes to them goes first


class Deployment:
    """A deployment in a home, as a context manager. `as_of` fixes time for the demo and tests; `say` hears what it does;
    `watching` runs the watches on their schedule too."""

    worker_command: tuple[str, ...] = (*FAIRPASSAGE, "worker")

    def __init__(
        self, settings: Settings, *, workers: int | None = None, as_of: str = "", say: Callable[[str], None] = lambda line: None,
        watching: bool = False,
    ) -> None:  # fmt: skip
        self.settings, self.home = settings, settings.root
        self.bootstrap = self.clickhouse = ""
        self.metrics: dict[str, int] = {}
        self.children = Children(self.home / "logs", self._write)
        self._workers, self._as_of, self._say = workers or settings.workers, as_of or settings.as_of, say
        self._lock: IO[str] | None = None
        self._watching = watching

    # Starting.

    def __enter__(self) -> Deployment:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Starts all of it, in order, each ready before the next; a start that fails leaves nothing running.

        Raises click.ClickException with one clear line.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        try:
            self._alone()
            self._room()
            self._engines()
            self._processes()
        except OSError as problem:
            raise click.ClickException(f"{problem.filename or self.home}: {problem.strerror or problem}.") from problem
        except KafkaException as problem:
            raise click.ClickException(f"Kafka did not create the topics: {problem} (its log: {self.children.log('kafka')})") from problem

    def _alone(self) -> None:
        """One supervisor a home, by a lock that ends with its process; what an earlier one left behind is ended first."""
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / "up.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            remedy = "`fairpassage status` shows it, `fairpassage stop` ends it"
            raise click.ClickException(f"already running in {self.home}; {remedy}.") from None
        self._lock = lock
        if (found := states.read(self.home)) is not None:
            for child in found.children.values():
                child.end()
            states.remove(self.home)

    def _room(self) -> None:
        left = shutil.disk_usage(self.home).free
        if left < LEAST_FREE_BYTES:
            raise click.ClickException(f"the disk of {self.home} is full: {left >> 20} MB left, {LEAST_FREE_BYTES >> 20} MB needed.")

    def _engines(self) -> None:
        self.brokers()
        self._front(self.settings.clickhouse_port or states.ports(self.home, ("clickhouse",))["clickhouse"])
        self.run("migrate")

    def brokers(self) -> None:
        """Starts Kafka, and creates its topics."""
        kept = states.ports(self.home, ("kafka", "controller", "clickhouse"))
        self._kafka(self.settings.kafka_port or kept["kafka"], kept["controller"])
        create(self.bootstrap, embedded=True)

    def _kafka(self, port: int, controller: int) -> None:
        self._say("starting Apache Kafka")
        require(port, "Kafka", f"set {PREFIX}KAFKA_PORT to another")
        require(controller, "Kafka's controller", f"remove {states.ports_file(self.home)} so that others are picked")
        node = KafkaNode(self.home, port, controller, self.settings.jars)
        node.prepare()
        process = self.children.start("kafka", node.command(), environment())
        node.wait(process, self.children.log("kafka"))
        self.bootstrap = node.bootstrap

    def _front(self, port: int) -> None:
        self._say("starting ClickHouse")
        require(port, "ClickHouse", f"set {PREFIX}CLICKHOUSE_PORT to another")
        password = states.secret_file(self.home, "clickhouse.password")
        command = [sys.executable, "-m", "infra.embedded.clickhouse", "--home", str(self.home / "clickhouse"), "--port", str(port),
                   "--password-file", str(password)]  # fmt: skip
        if self.settings.clickhouse_users_file is not None:
            command += ["--users-file", str(self.settings.clickhouse_users_file.expanduser().resolve())]
        self.children.start("clickhouse", command, os.environ)
        _until(partial(_answers, port), "clickhouse", self.children)
        self.clickhouse = f"http://{LOOPBACK}:{port}"

    def _processes(self) -> None:
        names = self.commands()
        self.metrics = states.free_ports(self.home, ("up", *names))
        for name, command in names.items():
            self._say(f"starting {name}" if "-" in name else f"starting the {name}")
            self.children.start(name, command, self.environment_of(name))
        for name in names:
            _until(partial(taken, self.metrics[name]), name, self.children)  # a process serves its metrics when it runs

    def commands(self) -> dict[str, tuple[str, ...]]:
        """What runs beside the engines: each child's command by its name, in the order of starting."""
        names = [f"worker-{n}" for n in range(1, self._workers + 1)]
        workers = {name: (*self.worker_command, "--name", name) for name in names}
        return workers | {name: (*FAIRPASSAGE, name) for name in (("sink", "watch") if self._watching else ("sink",))}

    def environment_of(self, name: str) -> dict[str, str]:
        """A child's environment."""
        return {**self.environment(), PREFIX + "METRICS_PORT": str(self.metrics[name])}

    def environment(self) -> dict[str, str]:
        """The settings that a command of this deployment runs with, beside what is set already."""
        found = {
            "HOME": self.home, "BOOTSTRAP": self.bootstrap, "CLICKHOUSE_URL": self.clickhouse,
            "CLICKHOUSE_PASSWORD_FILE": states.secret_file(self.home, "clickhouse.password"),
            "INTAKE_KEY_FILE": self.settings.intake_key_file or states.secret_file(self.home, "intake.key"),
            "LINKING_KEY_FILE": self.settings.linking_key_file or states.secret_file(self.home, "linking.key"),
            "MASTER_KEY_FILE": self.settings.master_key_file or states.secret_file(self.home, "master.key"),
            "SESSION_TIMEOUT": min(6.0, self.settings.session_timeout),  # one desk hears of a killed worker soon
        }  # fmt: skip
        fixed = {"AS_OF": self._as_of} if self._as_of else {}
        return {**os.environ, **{PREFIX + name: str(value) for name, value in (found | fixed).items()}}

    def run(self, *command: str) -> str:
        """What a `fairpassage` command of this deployment prints. Raises click.ClickException when it fails."""
        done = subprocess.run([*FAIRPASSAGE, *command], capture_output=True, text=True, env=self.environment(), check=False)
        if done.returncode:
            raise click.ClickException(f"`fairpassage {' '.join(command)}` failed: {(done.stderr or done.stdout).strip()[-400:]}")
        return done.stdout

    def _write(self) -> None:
        mine = Identity(os.getpid(), started(os.getpid()))
        states.write(self.home, states.State(mine, self.children.identities(), self.bootstrap, self.clickhouse, self.metrics))

    # Running.

    def watch(self) -> None:
        """Starts again what ended, and says so; call it now and then."""
        for name, status in self.children.watch():
            self._say(f"{name} ended with status {status} and was started again (log: {self.children.log(name)})")

    def kill(self, name: str) -> None:
        """SIGKILL to one child, for tests of what happens then; `watch` starts it again."""
        self.children.kill(name)

    def stop(self) -> None:
        """Ends every child, those that write first, and leaves none."""
        self.children.stop(last=ENGINES)
        if self._lock is not None:
            states.remove(self.home)
            self._lock.close()
            self._lock = None


def _until(ready: Callable[[], bool], name: str, children: Children) -> None:
    """Waits until a child is ready. Raises click.ClickException with the reason in its log when it ended or hangs."""
    process, log = children.process(name), children.log(name)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    how = "is not ready" if (status := process.poll()) is None else f"ended with status {status}"
    raise click.ClickException(f"{name} did not start, it {how}: {reason(log)} (whole log: {log})")


def _answers(port: int) -> bool:
    """Whether the front answers its /ping."""
    try:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
        connection.request("GET", "/ping")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
