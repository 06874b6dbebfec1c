"""Processes under measurement: started as children, watched from outside, ended by their own pid."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.children import PATIENCE
from infra.embedded.processes import reason, spawn
from infra.settings import PREFIX

ROOT = Path(__file__).parents[2]
FAIRPASSAGE = (sys.executable, "-m", "infra.cli.main")
FIRST_SET = (sys.executable, "-m", "tests.bench.firstset")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A child: its process and its log."""

    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raises RuntimeError with the reason in its log when it has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended with status {self.process.returncode}: {reason(self.log)}")

    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss(self) -> float:
        """Megabytes that it holds in memory now."""
        return rss(self.process.pid)


def rss(pid: int | str = "self") -> float:
    """Resident megabytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1_024


@contextmanager
def child(folder: Path, name: str, command: Sequence[str], settings: dict[str, str] | None = None) -> Iterator[Running]:
    """A child with these settings (FAIRPASSAGE_*) and no others but where the jars are; ended with the with-block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name == f"{PREFIX}CACHE"}
    given = {PREFIX + name: value for name, value in (settings or {}).items()}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    log = folder / f"{name}.log"
    process = spawn(command, log, {**kept, "PYTHONPATH": path, **given})
    try:
        yield Running(process, log)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker(bootstrap: str, folder: Path, key: Path, name: str = "worker-1", first: bool = False) -> tuple[list[str], dict[str, str]]:
    """Command and settings of `fairpassage worker`, with all rules or with the `first` set."""
    settings = {"HOME": str(folder), "BOOTSTRAP": bootstrap, "INTAKE_KEY_FILE": str(key), "MASTER_KEY_FILE": str(key),
                "SESSION_TIMEOUT": "6", "LOG_LEVEL": "WARNING"}  # fmt: skip
    return [*(FIRST_SET if first else FAIRPASSAGE), "worker", "--name", name], settings


def until(condition: Callable[[], bool], what: str, seconds: float, running: Sequence[Running] = (), pause: float = 0.05) -> None:
    """Waits until a condition holds. Raises TimeoutError when the time is up, RuntimeError when a child has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        for each in running:
            each.check()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)
