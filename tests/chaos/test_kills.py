"""Nothing is lost when a worker dies in the midst of its work, and a store that is gone raises nothing new.

`commit_first` is a build that commits before it delivers: the same checks find what it loses, so they can fail.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.embedded.supervisor import Deployment
from tests.support.faults import Expected, Hurt, deployment, expected
from tests.support.simulated import Simulated, simulated

pytestmark = [pytest.mark.integration, pytest.mark.chaos, pytest.mark.timeout(540)]
LEAST = 4_000  # events and facts unfinished in the killed worker's partitions


@pytest.fixture(scope="module")
def run() -> Simulated:
    """Enough events for three backlogs, each of which keeps a worker busy until it dies."""
    return simulated(3_000, "kills", 5)


@pytest.fixture(scope="module")
def hurt(tmp_path_factory: pytest.TempPathFactory, run: Simulated) -> Iterator[Hurt]:
    """Two workers, a sink, Kafka and ClickHouse."""
    with deployment(tmp_path_factory.mktemp("hurt") / "home", run) as running:
        yield Hurt(running, run)


@cache
def wanted_of(published: int, hurt: Hurt) -> Expected:
    """What `evaluate` finds in all that was published so far."""
    return expected(hurt)


def agrees(hurt: Hurt) -> None:
    """Every event is in ClickHouse, and what is told is what `evaluate` finds in the same events."""
    wanted = wanted_of(hurt.published, hurt)
    assert wanted.told
    assert wanted.facts == hurt.stored()
    assert hurt.told() == wanted.told
    assert hurt.stored_alerts() == wanted.alerts


def test_one_of_two_workers_is_killed_with_a_backlog_three_times_in_a_row(hurt: Hurt, run: Simulated) -> None:
    lines, victims = [line for _, line in run.raw], ("worker-1", "worker-2", "worker-1")
    third = len(lines) // 3 + 1
    for number, victim in enumerate(victims):
        hurt.publish(lines[number * third : (number + 1) * third])
        hurt.kill_busy(victim, LEAST)
    hurt.settle()
    agrees(hurt)


def test_a_store_that_is_gone_raises_nothing_new(hurt: Hurt) -> None:
    before = hurt.announced()
    hurt.deployment.kill("worker-2")
    stores = hurt.deployment.home / "workers/worker-2"
    assert list(stores.glob("p*"))
    shutil.rmtree(stores)
    hurt.until(lambda: list(stores.glob("p*")), "no partition was opened from nothing")
    hurt.settle()
    assert hurt.announced() == before
    agrees(hurt)


class CommitFirst(Deployment):
    """Workers that commit before they deliver."""

    worker_command = (sys.executable, "-m", "tests.support.commit_first", "worker")


@pytest.mark.long
def test_a_build_that_commits_first_is_found_out(tmp_path: Path) -> None:
    run = simulated(700, "commits-first", 2)
    with deployment(tmp_path / "home", run, CommitFirst) as running:
        hurt = Hurt(running, run)
        hurt.publish(line for _, line in run.raw)
        hurt.kill_busy("worker-1", 1_000)
        shutil.rmtree(running.home / "workers/worker-1")
        hurt.drain()
        lost = expected(hurt).facts - hurt.stored()
    assert lost
