"""`python -m tests.chaos.builds BUILD worker --name NAME`: the worker as it is, by the run's time and with the harness's hooks.

BUILD is `plain`, or one with a fault of ours that the harness must find out: `commit-first` commits before it delivers,
`forgetful` keeps no due dates when it opens a partition.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from infra.cli.main import main
from streams.agents import owned
from streams.agents.opening import Opener
from streams.agents.owned import Owned
from streams.agents.worker import Worker
from streams.domain.instants import Instant
from streams.dossiers.touched import Touched
from streams.store import keys as k
from streams.store.kv import after
from tests.chaos import commit_first, pace
from tests.chaos.hooks import Hooks

PAGE = 1_000  # due dates taken away at once


def by_the_runs_time(hooks: Hooks, name: str) -> None:
    """The worker's clock is the run's, ahead of it where a hook says so, and never beyond the instant that the settings fix."""
    found = list[pace.Pace]()
    ahead = int(hooks.ahead(name).read_text()) if hooks.ahead(name).exists() else 0

    def clock(self: Worker) -> Instant:
        assert self.config.as_of is not None
        if not found and (known := pace.read(hooks.home)) is not None:
            found.append(known)
        return min(self.config.as_of, found[0].at(time.time()) + ahead) if found else 0

    Worker.clock = clock  # type: ignore[method-assign]


def dies_in_a_sweep(hooks: Hooks) -> None:
    """When a sweep has delivered a part, and a hook asks for it, the process is gone at once."""
    real = Owned.settle

    async def settle(self: Owned, touched: Touched, size: int) -> None:
        await real(self, touched, size)
        if size == owned.SLICE and hooks.sweep.exists():
            hooks.sweep.unlink(missing_ok=True)
            os.kill(os.getpid(), signal.SIGKILL)

    Owned.settle = settle  # type: ignore[method-assign]


def on_a_full_disk(hooks: Hooks, name: str) -> None:
    """No file may grow beyond what a hook says: the store's do not, and what it says itself goes to a file of its own."""
    if hooks.full(name).exists():
        log = os.open(hooks.home / "logs" / f"{name}.full.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        most = int(hooks.full(name).read_text())
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _forgets_due_dates() -> None:
    real = Opener.open

    async def opened(self: Opener, number: int) -> Owned:
        found = await real(self, number)
        store, first = found.partition.store, k.DUE.encode()
        while due := store.range(first, after(first), PAGE):
            for key in due:
                store.delete(key)
            store.commit()
        return found

    Opener.open = opened  # type: ignore[method-assign]


BUILDS: dict[str, Callable[[], None]] = {
    "plain": lambda: None,
    "commit-first": commit_first.install,
    "forgetful": _forgets_due_dates,
}


if __name__ == "__main__":
    build, hooks_of, worker = sys.argv.pop(1), Hooks(Path(os.environ["FAIRPASSAGE_HOME"])), sys.argv[-1]
    by_the_runs_time(hooks_of, worker)
    dies_in_a_sweep(hooks_of)
    BUILDS[build]()
    on_a_full_disk(hooks_of, worker)
    main()
