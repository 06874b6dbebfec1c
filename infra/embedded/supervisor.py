"""Everything on one machine: Kafka, the ClickHouse front, workers and a sink as children, watched and started again."""

from __future__ import annotations

import http.client
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import click

from infra.embedded import state as states
from infra.embedded.kafka import KafkaNode, environment
from infra.embedded.ports import LOOPBACK, require
from infra.embedded.processes import Identity, identity, spawn, started
from infra.kafka.topics import create
from infra.settings import PREFIX, Settings

log = logging.getLogger(__name__)
LEAST_FREE_BYTES = 300 << 20
READY_SECONDS = 60.0


@dataclass
class Child:
    """One child: how to start it again, and what runs now."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    restarts: int = 0
    not_before: float = 0.0


class Deployment:
    """A deployment in a home, as a context manager. `as_of` fixes time for the demo and tests."""

    def __init__(
        self, settings: Settings, *, workers: int | None = None, as_of: str = "", say: Callable[[str], None] = lambda line: None
    ) -> None:
        self.settings, self.home = settings, settings.root
        self._workers, self._as_of, self._say = workers or settings.workers, as_of or settings.as_of, say
        self.children: dict[str, Child] = {}
        self.bootstrap = self.clickhouse = ""
        self.metrics: dict[str, int] = {}

    # Starting.

    def __enter__(self) -> Deployment:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Starts all of it, in order, each ready before the next. Raises click.ClickException with one clear line."""
        self._alone()
        self._room()
        names = tuple(f"worker-{n}" for n in range(1, self._workers + 1))
        kept = states.ports(self.home, ("kafka", "controller", "clickhouse", "sink", *names))
        self.metrics = {name: kept[name] for name in (*names, "sink")}
        self._kafka(kept)
        create(self.bootstrap, embedded=True)
        self._front(kept["clickhouse"])
        self._command("migrate", self.environment())
        for name in names:
            self._start(name, [*_fairpassage(), "worker", "--name", name], {PREFIX + "METRICS_PORT": str(kept[name])})
        self._start("sink", [*_fairpassage(), "sink"], {PREFIX + "METRICS_PORT": str(kept["sink"])})
        self._write()

    def _alone(self) -> None:
        """One supervisor a home; what an earlier one left behind is ended first."""
        found = states.read(self.home)
        if found is None:
            return
        if found.supervisor.alive:
            raise click.ClickException(f"already running here (pid {found.supervisor.pid}); `fairpassage stop` ends it.")
        for child in found.children.values():
            child.end()
        states.remove(self.home)

    def _room(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        left = shutil.disk_usage(self.home).free
        if left < LEAST_FREE_BYTES:
            raise click.ClickException(f"the disk of {self.home} is full: {left >> 20} MB left, {LEAST_FREE_BYTES >> 20} MB needed.")

    def _kafka(self, kept: dict[str, int]) -> None:
        port = require(self.settings.kafka_port or kept["kafka"], "Kafka", PREFIX + "KAFKA_PORT")
        node = KafkaNode(self.home, port, require(kept["controller"], "Kafka's controller", "no setting; run again"), self.settings.jars)
        self._say("starting Apache Kafka")
        node.prepare()
        child = self._spawn("kafka", node.command(), environment())
        node.wait(child.process, self._log("kafka"))
        self.bootstrap = node.bootstrap

    def _front(self, kept: int) -> None:
        port = require(self.settings.clickhouse_port or kept, "the ClickHouse front", PREFIX + "CLICKHOUSE_PORT")
        password = states.secret_file(self.home, "clickhouse.password")
        self._say("starting the ClickHouse front")
        command = [sys.executable, "-m", "infra.embedded.clickhouse", "--home", str(self.home / "clickhouse"),
                   "--port", str(port), "--password-file", str(password)]  # fmt: skip
        child = self._spawn("clickhouse", command, dict(os.environ))
        self.clickhouse = f"http://{LOOPBACK}:{port}"
        _until_answered(self.clickhouse, child.process, self._log("clickhouse"))

    def environment(self) -> dict[str, str]:
        """The settings that a command of this deployment runs with."""
        found = {**os.environ, PREFIX + "HOME": str(self.home), PREFIX + "BOOTSTRAP": self.bootstrap,
                 PREFIX + "CLICKHOUSE_URL": self.clickhouse,
                 PREFIX + "CLICKHOUSE_PASSWORD_FILE": str(states.secret_file(self.home, "clickhouse.password")),
                 PREFIX + "INTAKE_KEY_FILE": str(self.settings.intake_key_file or states.secret_file(self.home, "intake.key")),
                 PREFIX + "LINKING_KEY_FILE": str(self.settings.linking_key_file or states.secret_file(self.home, "linking.key")),
                 PREFIX + "SESSION_TIMEOUT": str(min(6.0, self.settings.session_timeout))}  # fmt: skip
        return {**found, PREFIX + "AS_OF": self._as_of} if self._as_of else found

    def _command(self, name: str, env: dict[str, str]) -> None:
        done = subprocess.run([*_fairpassage(), name], capture_output=True, text=True, env=env, check=False)
        if done.returncode:
            raise click.ClickException(f"`fairpassage {name}` failed: {(done.stderr or done.stdout).strip()[-400:]}")

    def _start(self, name: str, command: list[str], extra: dict[str, str]) -> None:
        self._say(f"starting {name}")
        self._spawn(name, command, {**self.environment(), **extra})

    def _spawn(self, name: str, command: list[str], env: dict[str, str]) -> Child:
        self.children[name] = Child(name, command, env, spawn(command, self._log(name), env))
        self._write()
        return self.children[name]

    def _log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def _write(self) -> None:
        mine = Identity(os.getpid(), started(os.getpid()))
        now = {name: identity(child.process) for name, child in self.children.items()}
        states.write(self.home, states.State(mine, now, self.bootstrap, self.clickhouse, self.metrics))

    # Running.

    def watch(self) -> None:
        """Starts again what ended, later each time it ends soon; call it now and then."""
        for child in self.children.values():
            code = child.process.poll()
            if code is None or time.monotonic() < child.not_before:
                continue
            child.restarts += 1
            child.not_before = time.monotonic() + min(30.0, 2.0**child.restarts)
            self._say(f"{child.name} ended with {code}; started again")
            child.process = spawn(child.command, self._log(child.name), child.environment)
            self._write()

    def kill(self, name: str) -> None:
        """SIGKILL to one child, for tests of what happens then."""
        self.children[name].process.kill()
        self.children[name].process.wait()

    def stop(self) -> None:
        """Ends every child, the ones that write first, and leaves none."""
        order = sorted(self.children, key=lambda name: (name == "kafka", name == "clickhouse", name))
        for group in (order[:-2], order[-2:]) if len(order) > 2 else (order,):
            for name in group:
                self.children[name].process.terminate()
            for name in group:
                _end(self.children[name].process)
        self.children.clear()
        found = states.read(self.home)
        if found is not None and found.supervisor.pid == os.getpid():
            states.remove(self.home)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _fairpassage() -> list[str]:
    return [sys.executable, "-m", "infra.cli.main"]


def _until_answered(url: str, process: subprocess.Popen[bytes], file: Path) -> None:
    """Waits for the front's /ping."""
    host, _, port = url.removeprefix("http://").partition(":")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            connection = http.client.HTTPConnection(host, int(port), timeout=2)
            connection.request("GET", "/ping")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
    last = file.read_text("utf-8", errors="replace").strip().splitlines()[-1:] if file.exists() else []
    raise click.ClickException(f"the ClickHouse front did not start: {(last or ['no message'])[0][:300]} (log: {file})")
