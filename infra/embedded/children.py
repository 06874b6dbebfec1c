"""The children of one supervisor: started, watched and started again, ended in order."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.processes import Identity, identity, spawn
from infra.metrics import CHILD_RESTARTS, CHILD_UP

STEADY = 60.0  # seconds after which an end is no longer one of a series
LONGEST_PAUSE = 30.0  # seconds before a child that keeps ending is started again
PATIENCE = 20.0  # seconds between SIGTERM and SIGKILL


@dataclass
class Child:
    """One child: how to start it again, what runs now, and how often in a row it ended soon."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]
    since: float
    restarts: int = 0

    def pause(self) -> float:
        """Seconds from its last start before it is started again."""
        return min(LONGEST_PAUSE, 2.0**self.restarts - 1)


class Children:
    """Children by name, in the order they were started. `changed` is told whenever a process is another one."""

    def __init__(self, logs: Path, changed: Callable[[], None]) -> None:
        self._logs, self._changed = logs, changed
        self._children: dict[str, Child] = {}

    def log(self, name: str) -> Path:
        """A child's log file."""
        return self._logs / f"{name}.log"

    def values(self) -> Iterable[Child]:
        """The children, in the order they were started."""
        return self._children.values()

    def identities(self) -> dict[str, Identity]:
        """Name -> pid and start time."""
        return {name: identity(child.process) for name, child in self._children.items()}

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """What runs under a name now. Raises KeyError."""
        return self._children[name].process

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Starts a child."""
        process = spawn(command, self.log(name), environment)
        self._children[name] = Child(name, command, environment, process, time.monotonic())
        CHILD_UP.labels(name).set(1)
        self._changed()
        return process

    def watch(self, but: Container[str] = ()) -> list[tuple[str, int]]:
        """Starts again what has ended, later each time it ends soon; (name, exit status) of each. Call it now and then.

        Those named `but` stay as they are.
        """
        found = []
        for child in (each for name, each in self._children.items() if name not in but):
            status, ran = child.process.poll(), time.monotonic() - child.since
            if status is None:
                continue
            CHILD_UP.labels(child.name).set(0)
            if ran < child.pause():
                continue
            child.restarts = 0 if ran > STEADY else child.restarts + 1
            child.process, child.since = spawn(child.command, self.log(child.name), child.environment), time.monotonic()
            CHILD_RESTARTS.labels(child.name).inc()
            CHILD_UP.labels(child.name).set(1)
            self._changed()
            found.append((child.name, status))
        return found

    def again(self, name: str) -> None:
        """Starts at once what was killed; nothing when it runs. For tests, which say when."""
        child = self._children[name]
        if child.process.poll() is not None:
            child.process, child.since, child.restarts = spawn(child.command, self.log(name), child.environment), time.monotonic(), 0
            CHILD_UP.labels(name).set(1)
            self._changed()

    def kill(self, name: str) -> None:
        """SIGKILL to one child, for tests of what happens then."""
        self._children[name].process.kill()
        self._children[name].process.wait()

    def stop(self, last: Sequence[str] = ()) -> None:
        """Ends every child and waits; those named `last` go one by one after the others. Leaves none."""
        first = [child for name, child in self._children.items() if name not in last]
        for group in (first, *([self._children[name]] for name in last if name in self._children)):
            for child in group:
                child.process.terminate()
            for child in group:
                _end(child.process)
                CHILD_UP.labels(child.name).set(0)
        self._children.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
