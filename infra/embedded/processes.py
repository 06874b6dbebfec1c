"""Child processes that never outlive their parent, and pids that are never mistaken for somebody else's."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Linux sends SIGKILL to the child when its parent ends, however it ends: no orphan is left in the way."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def started(pid: int) -> str:
    """When a process started, as the system tells it; '' when there is none. With the pid it names one process."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    if sys.platform == "linux":
        return ""
    return subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()


@dataclass(frozen=True)
class Identity:
    """A pid with the time it started."""

    pid: int
    started: str

    @property
    def alive(self) -> bool:
        """Whether that very process still runs."""
        return bool(self.started) and started(self.pid) == self.started

    def end(self, patience: float = 10.0) -> None:
        """Ends it: SIGTERM, then SIGKILL. A pid that is another process by now is left alone."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            deadline = time.monotonic() + patience
            while self.alive and time.monotonic() < deadline:
                time.sleep(0.05)


def spawn(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own, its output in a log file; a Ctrl-C at the terminal is the parent's alone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=dict(environment),
            start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip


def identity(process: subprocess.Popen[bytes]) -> Identity:
    """A child's identity."""
    return Identity(process.pid, started(process.pid))
