"""`fairpassage up` as its own process, for tests of what happens to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.embedded import state
from infra.embedded.processes import Identity

FAIRPASSAGE = (sys.executable, "-m", "infra.cli.main")
ROOT = Path(__file__).parents[2]
READY, PATIENCE = "Ctrl-C ends it.", 90.0


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a command in this home, with these settings and no others but where the jars are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAIRPASSAGE_") or name == "FAIRPASSAGE_CACHE"}
    given = {f"FAIRPASSAGE_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "FAIRPASSAGE_HOME": str(home), "PYTHONPATH": str(ROOT), **given}


def fairpassage(home: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*FAIRPASSAGE, *command], capture_output=True, text=True, check=False, env=environment(home, **settings), timeout=PATIENCE
    )


def answer(home: Path, *command: str, **settings: str) -> dict[str, Any]:
    """The one JSON object that a command prints."""
    found: dict[str, Any] = json.loads(fairpassage(home, *command, "--json", **settings).stdout)
    return found


@dataclass
class Up:
    """A running `fairpassage up`."""

    process: subprocess.Popen[bytes]
    home: Path

    def children(self) -> dict[str, Identity]:
        """Its children, as it wrote them down."""
        found = state.read(self.home)
        assert found is not None
        return found.children

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL to the supervisor alone."""
        self.process.kill()
        self.process.wait(PATIENCE)


def start(home: Path, **settings: str) -> Up:
    """Starts it and waits until it says that it runs. Fails with what it said when it ends instead."""
    home.mkdir(parents=True, exist_ok=True)
    said = home / "up.out"
    with said.open("wb") as out:
        process = subprocess.Popen([*FAIRPASSAGE, "up"], stdout=out, stderr=subprocess.STDOUT, env=environment(home, **settings))
    deadline = time.monotonic() + PATIENCE
    while READY not in said.read_text():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.05)
    return Up(process, home)


def gone(found: dict[str, Identity]) -> bool:
    """Waits until none of these processes runs."""
    deadline = time.monotonic() + PATIENCE
    while any(each.alive for each in found.values()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
