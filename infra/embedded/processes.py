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
from functools import partial
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOG_BYTES = 16 << 20
_START = b"---- started ----\n"


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork
_PS = "/bin/ps"


def _die_with(parent: int) -> None:
    """Linux sends SIGKILL to the child when its parent ends, however it ends: no orphan is left in the way."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended between the fork and this line
            os._exit(1)


def started(pid: int) -> str:
    """When a process started, as the system tells it; '' when there is none. With the pid it names one process."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    if sys.platform == "linux":
        return ""
    return subprocess.run([_PS, "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()


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
    """Starts a child in a session of its own, its output in a log file; a Ctrl-C at the terminal is the parent's alone.

    Call it from the main thread: the child ends with the thread that started it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    _rotate(log)
    with log.open("ab") as out:
        out.write(_START)
        out.flush()
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=dict(environment),
            start_new_session=True,
            preexec_fn=partial(_die_with, os.getpid()),  # noqa: PLW1509  two system calls, on what was loaded before
        )  # fmt: skip


def reason(log: Path) -> str:
    """The line since the last start that says why a child ended: a full disk and a port in use have words of their own."""
    text = log.read_bytes().rpartition(_START)[2].decode("utf-8", errors="replace") if log.exists() else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "No space left" in line or "Address already in use" in line]
    errors = [line for line in lines if "ERROR" in line or "Exception" in line or "Error:" in line]
    return (telling[:1] or errors[-1:] or lines[-1:] or ["no message"])[0][:300]


def _rotate(log: Path) -> None:
    """One log file before this one is kept."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(log.suffix + ".1"))


def identity(process: subprocess.Popen[bytes]) -> Identity:
    """A child's identity."""
    return Identity(process.pid, started(process.pid))
