"""A pid is only ours with its start time, and a child ends with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from infra.embedded.processes import Identity, identity, reason, spawn, started

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")


def _gone(found: Identity, patience: float = 20.0) -> bool:
    deadline = time.monotonic() + patience
    while found.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not found.alive


def test_a_process_is_alive_until_it_ends(tmp_path: Path) -> None:
    process = spawn(SLEEP, tmp_path / "log", os.environ)
    found = identity(process)
    assert found.alive
    found.end()
    assert not found.alive
    assert process.wait() == -signal.SIGTERM


def test_a_pid_that_is_another_process_by_now_is_left_alone(tmp_path: Path) -> None:
    process = spawn(SLEEP, tmp_path / "log", os.environ)
    try:
        somebody_else = Identity(process.pid, "1")
        assert not somebody_else.alive
        somebody_else.end()
        assert identity(process).alive
    finally:
        process.kill()
        process.wait()


def test_what_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
    process = spawn((sys.executable, "-c", stubborn), tmp_path / "log", os.environ)
    while "ready" not in (tmp_path / "log").read_text():
        time.sleep(0.02)
    identity(process).end(patience=0.2)
    assert process.wait() == -signal.SIGKILL


def test_a_child_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path; from infra.embedded.processes import spawn\n"
        "child = spawn((sys.executable, '-c', 'import time; time.sleep(600)'), Path(sys.argv[1]), os.environ)\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    child = Identity(pid, started(pid))
    assert child.alive
    parent.kill()
    parent.wait()
    assert _gone(child)


def test_the_reason_is_of_the_last_start_alone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for said in ("Address already in use", "some ERROR here"):
        spawn((sys.executable, "-c", f"print({said!r})"), log, os.environ).wait()
    assert reason(log) == "some ERROR here"


def test_a_full_disk_is_told_before_what_followed_from_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    said = "java.io.IOException: No space left on device\\nERROR Shutting down"
    spawn((sys.executable, "-c", f"print('{said}')"), log, os.environ).wait()
    assert "No space left" in reason(log)
