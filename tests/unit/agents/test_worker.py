"""How the Faust app is set up: no web server, no tables, and what a rule or policy row changes."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from faust.types import TP
from faust.types.enums import ProcessingGuarantee

from streams.agents.config import WorkerConfig
from streams.agents.delivery import or_die
from streams.agents.worker import PassageApp, Worker, _slices, collect_seldom, layout_of, version_of
from streams.domain import frames
from streams.domain.frames import Frame
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue
from tests.support.builders import fact
from tests.support.faust_events import event


def config(directory: Path, policy: Policy) -> WorkerConfig:
    return WorkerConfig("127.0.0.1:1", directory, b"k" * 32, b"m" * 32, ("visa",), policy, lambda audience: True, lambda home, many: 0)


@pytest.fixture
def app(tmp_path: Path) -> PassageApp:
    return Worker(config(tmp_path, default())).app


def test_there_is_no_web_server_and_there_are_no_tables(app: PassageApp) -> None:
    assert app.conf.web_enabled is False
    assert not app.tables.data
    assert not app.conf.topic_allow_declare
    assert str(app.conf.processing_guarantee) == str(ProcessingGuarantee.AT_LEAST_ONCE)


def test_a_batch_is_judged_in_slices_of_about_so_many_facts_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.agents.worker.SLICE", 1_000)
    facts = tuple(fact("deployment.departed", "2025-03-01") for _ in range(400))
    batch = [event("feed", frames.encode(Frame("NP", facts)), offset=offset) for offset in range(7)]
    sliced = [([each.message.offset for each in some], sum(len(frame.facts) for frame in found)) for some, found in _slices(batch)]
    assert sliced == [([0, 1, 2], 1_200), ([3, 4, 5], 1_200), ([6], 400)]


class Opened:
    """A partition that remembers whether it was closed."""

    def __init__(self, number: int) -> None:
        self.number, self.closed = number, False

    async def close(self) -> None:
        self.closed = True


class Opening:
    """Opens at once, and counts."""

    def __init__(self) -> None:
        self.opened: list[int] = []

    async def open(self, number: int) -> Opened:
        self.opened.append(number)
        return Opened(number)


@pytest.fixture
def dealt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Worker, set[int]]:
    """A worker with no broker, and what its group has dealt it."""
    worker, mine = Worker(config(tmp_path, default())), {1, 2}
    monkeypatch.setattr(worker, "_mine", lambda: mine)
    monkeypatch.setattr(worker, "opener", Opening(), raising=False)
    monkeypatch.setattr(worker, "tail", SimpleNamespace(add=lambda owned: None, remove=lambda number: None), raising=False)
    return worker, mine


async def test_nothing_is_opened_while_the_group_deals_its_partitions(dealt: tuple[Worker, set[int]]) -> None:
    worker, mine = dealt
    worker.app.rebalancing = True
    waiting = asyncio.create_task(worker._open(1))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    mine.discard(1)
    worker.app.rebalancing = False
    assert await waiting is None
    assert not worker.opener.opened  # type: ignore[attr-defined]


async def test_what_is_open_and_was_not_dealt_is_closed_and_opened_anew(dealt: tuple[Worker, set[int]]) -> None:
    worker, _ = dealt
    worker.app.rebalancing = False
    first, other = await worker._open(1), await worker._open(2)
    assert first is not None
    assert other is not None
    await worker._assigned(None, {TP("feed", 2), TP("recruitment", 1)})
    assert (first.closed, other.closed) == (True, False)
    assert await worker._open(1) is not first


async def test_a_revocation_closes(dealt: tuple[Worker, set[int]]) -> None:
    worker, _ = dealt
    worker.app.rebalancing = False
    first = await worker._open(1)
    await worker._revoked(None, {TP("feed", 1), TP("visa", 1)})
    assert first is not None
    assert first.closed


@pytest.mark.parametrize(("small", "order"), [
    (1 << 19, [(3, 7), (3, 8), (3, 9), (1, 7), (1, 8), (1, 9)]),
    (0, [(1, 7), (1, 8), (1, 9), (3, 7), (3, 8), (3, 9)]),
])  # fmt: skip
async def test_a_small_batch_is_worked_on_in_all_its_partitions_at_once_and_a_large_one_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int, order: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr("streams.agents.worker.SLICE", 1)
    monkeypatch.setattr("streams.agents.worker.SMALL", small)
    done: list[tuple[int, int]] = []

    class Waiting:
        """The first partition waits for its broker, and longer than the other takes altogether."""

        def __init__(self, number: int) -> None:
            self.number = number

        async def process(self, frames: list[Frame], position: int) -> bool:
            for _ in range(100 if self.number == 1 else 1):
                await asyncio.sleep(0)
            done.append((self.number, position))
            return True

    async def opened(number: int) -> Waiting:
        return Waiting(number)

    worker = Worker(config(tmp_path, default()))
    monkeypatch.setattr(worker, "_open", opened)
    batch = [event("feed", frames.encode(Frame("NP", (fact("deployment.departed", "2025-03-01"),))), offset=n) for n in range(6, 9)]
    other = [event("feed", each.message.value, offset=each.message.offset) for each in batch]
    for each in batch:
        each.message.partition = 1
    await worker._process([*batch, *other])
    assert done == order


def test_two_agents(app: PassageApp) -> None:
    assert set(app.agents) == {"intake", "dossiers"}


def test_another_policy_is_another_version(tmp_path: Path) -> None:
    rows = default().all()
    other = Policy([replace(rows[0], values={**rows[0].values, "grace_days": 99}), *rows[1:]])
    assert version_of(config(tmp_path, default())) == version_of(config(tmp_path, Policy(rows)))
    assert version_of(config(tmp_path, default())) != version_of(config(tmp_path, other))


def test_another_calendar_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(config(tmp_path, default()))
    monkeypatch.setattr("streams.agents.worker.CALENDARS", "another")
    assert version_of(config(tmp_path, default())) != before


def test_another_measure_is_another_layout_and_another_threshold_is_not() -> None:
    rules = catalogue()
    measured = next(rule for rule in rules if rule.measures)
    renamed = replace(measured, measures=(replace(measured.measures[0], name="another"), *measured.measures[1:]))
    assert layout_of(rules) == layout_of(reversed(rules))
    assert layout_of(rules) != layout_of([renamed if rule is measured else rule for rule in rules])
    assert layout_of(rules) != layout_of([replace(rule, version=2) if rule is measured else rule for rule in rules])


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_what_a_worker_was_started_with_is_not_gone_through_again_and_new_cycles_still_are() -> None:
    collect_seldom()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000

    class Ring:
        """An object that holds itself."""

    ring, seen = Ring(), list[int]()
    ring.__dict__["self"] = ring
    weakref.finalize(ring, seen.append, 1)
    del ring
    kept = [[number] for number in range(gc.get_threshold()[0] + 1_000)]
    assert kept
    assert seen == [1]


async def test_what_raises_in_an_agent_ends_the_process_uncommitted(ended: list[int]) -> None:
    async def fails() -> None:
        raise ValueError("a bug")

    with pytest.raises(SystemExit):
        await or_die(fails(), "a batch")
    assert ended == [1]
