"""The faults, one function each: does harm, waits until others have taken over, mends it. Returns the seconds of the takeover.

They are done in two lanes at once, workers and brokers in one, sinks and the front in the other. In a lane none begins before the
one before it is mended: one broker of three, and a worker with it, while the front is away, is what the deployment must bear.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.chaos.collecting import SINKS as SINK_GROUP
from tests.chaos.deployment import SINKS
from tests.chaos.field import Field
from tests.chaos.proxy import Mode

OUTAGE = 6.0  # seconds without the front
HELD = 3.0  # seconds for which an office holds back what it has
AGAIN = 1_000  # events that it publishes once more with that
MONTH = 30 * 86_400_000  # ms of the run's time, of which an hour is a blink
Lane = Literal["workers", "front"]
LARGEST = 4_096  # bytes of a file on the full disk: no store can be opened there


@dataclass(frozen=True)
class Fault:
    """A fault, and how often it is done in the minutes of a usual run."""

    name: str
    often: int
    act: Callable[[Field], float]
    lane: Lane = "workers"


# Workers.


def worker_killed(field: Field) -> float:
    """SIGKILL, in the midst of whatever it does."""
    return _killed(field, field.worker(), lambda worker: None)


def killed_in_a_backlog(field: Field) -> float:
    """SIGKILL when what an office held back has just come, all at once."""
    backlog(field)
    return worker_killed(field)


def backlog(field: Field) -> None:
    """An office was cut off for a while: what it held back comes at once, and some of what came before once more."""
    with field.office.held():
        field.wait(HELD)
    field.office.repeat(AGAIN)
    field.wait(0.4)


def two_killed(field: Field) -> float:
    """SIGKILL to two workers of three in the same instant: the third has all partitions for a while."""
    workers = field.random.sample(field.deployment.workers, 2)
    gone = set[str]().union(*map(field.gone, workers))
    for worker in workers:
        field.kill(worker)
    field.deployment.again(*workers)
    return field.takeover(gone)


def _killed(field: Field, worker: str, meanwhile: Callable[[str], None]) -> float:
    gone = field.gone(worker)
    field.kill(worker)
    meanwhile(worker)
    field.deployment.again(worker)
    return field.takeover(gone)


def worker_asleep(field: Field) -> float:
    """SIGSTOP in a backlog for longer than the session, then SIGCONT: a zombie that writes what it had in hand."""
    worker = field.worker()
    gone = field.gone(worker)
    backlog(field)
    field.deployment.sleep(worker)
    try:
        seconds = field.takeover(gone)
        field.wait(1.0)
    finally:
        field.deployment.wake(worker)
    field.gone(worker)  # it has joined again
    return seconds


def partition_returns(field: Field) -> float:
    """A worker leaves as it should, others have its partitions, and it gets some back: its stores are of before."""
    worker = field.worker()
    gone = field.gone(worker)
    field.deployment.leave(worker)
    seconds = field.takeover(gone)
    field.wait(1.0)
    field.deployment.again(worker)
    field.takeover(gone)
    field.gone(worker)
    return seconds


def killed_in_a_sweep(field: Field) -> float:
    """SIGKILL between what a standing touched and the word that all of it was looked at."""
    sweep, ended = field.deployment.hooks.sweep, field.deployment.ended
    members = {worker: field.gone(worker) for worker in field.deployment.workers}
    before = {worker: ended[worker] for worker in members}
    sweep.touch()
    try:
        field.until(lambda: not sweep.exists(), "no standing changed that somebody names")
    finally:
        sweep.unlink(missing_ok=True)
    field.until(lambda: any(ended[worker] > before[worker] for worker in members), "nobody died of it")
    dead = next(worker for worker in members if ended[worker] > before[worker])
    field.killed.append(dead)
    return field.takeover(members[dead])


def store_deleted(field: Field) -> float:
    """A worker is killed, and its directory is gone when it comes back."""
    stores = field.deployment.home / "workers"
    return _killed(field, field.worker(), lambda worker: shutil.rmtree(stores / worker))


def disk_full(field: Field) -> float:
    """A worker comes back on a disk that takes nothing: it ends, uncommitted, until there is room."""
    worker, hook = field.worker(), field.deployment.hooks
    gone, before = field.gone(worker), field.deployment.ended[worker]
    field.kill(worker)
    shutil.rmtree(field.deployment.home / "workers" / worker)
    hook.full(worker).write_text(str(LARGEST))
    field.deployment.again(worker)
    seconds = field.takeover(gone)
    field.until(lambda: field.deployment.ended[worker] > before, f"{worker} did not mind its full disk")
    hook.full(worker).unlink()
    field.deployment.restart(worker)
    return seconds


def clock_off(field: Field) -> float:
    """A worker's clock is ahead for a while, and then right again: as_of never goes back in a partition."""
    worker, hook = field.worker(), field.deployment.hooks
    hook.ahead(worker).write_text(str(MONTH))
    try:
        _killed(field, worker, lambda worker: None)
        field.gone(worker)
        field.wait(5.0)
    finally:
        hook.ahead(worker).unlink()
    return _killed(field, worker, lambda worker: None)


def rebalances(field: Field) -> float:
    """Workers leave and come back one after the other while there is a backlog."""
    backlog(field)
    began = time.monotonic()
    gone = set[str]()
    for worker in field.random.sample(field.deployment.workers, 2):
        gone |= field.gone(worker)
        field.deployment.leave(worker)
        field.deployment.again(worker)
        field.wait(1.0)
    field.takeover(gone)
    return time.monotonic() - began


# Sinks and the front.


def sink_killed(field: Field) -> float:
    """SIGKILL to one of two sinks; which of the members it was, the group finds out."""
    before = set(field.ask(lambda: field.members(SINK_GROUP).clients, "no sink is a member"))
    name = field.random.choice(SINKS)
    field.deployment.kill(name)
    field.deployment.again(name)

    def replaced() -> bool:
        now = set(field.members(SINK_GROUP).clients)
        return bool(before - now) and field.taken_over(SINK_GROUP, before - now)

    return field.until(replaced, f"nobody took over from {name}")


def front_killed(field: Field) -> float:
    """SIGKILL to ClickHouse's front, which is away for a while."""
    field.deployment.kill("clickhouse")
    field.wait(OUTAGE)
    field.deployment.again("clickhouse")
    return _inserts_again(field)


def _inserts_again(field: Field) -> float:
    proxy = field.deployment.proxy
    assert proxy is not None
    before = proxy.inserted
    return field.until(lambda: proxy.inserted > before, "nothing was inserted again")


def front_in(mode: Mode) -> Callable[[Field], float]:
    """The front answers in another way for a while."""

    def act(field: Field) -> float:
        proxy = field.deployment.proxy
        assert proxy is not None
        proxy.mode = mode
        try:
            field.wait(OUTAGE)
        finally:
            proxy.mode = "passes"
        return _inserts_again(field)

    act.__doc__ = f"For a while, the front {mode}."
    return act


# Brokers.


def _broker_killed(field: Field, broker: str) -> float:
    field.deployment.kill(broker)
    seconds = field.until(lambda: field.led(broker), f"{broker} still leads")
    _back(field, broker)
    return seconds


def _back(field: Field, broker: str) -> None:
    field.deployment.again(broker)
    field.until(field.replicated, f"{broker} did not catch up")


def broker_killed(field: Field) -> float:
    """SIGKILL to one of three brokers."""
    return _broker_killed(field, _leading(field))


def _leading(field: Field) -> str:
    """A broker, by chance. One that was away leads nothing for minutes, and nobody would miss it."""
    nodes = field.deployment.cluster.nodes.keys()
    return field.random.choice(field.ask(lambda: sorted(nodes & field.leaders()), "no broker leads anything"))


def leader_killed(field: Field) -> float:
    """SIGKILL to the broker that leads a partition of the feed."""
    number = field.random.randrange(field.feeds())
    return _broker_killed(field, field.ask(lambda: field.leader("feed", number), "the feed has no leader"))


def controller_killed(field: Field) -> float:
    """SIGKILL to the broker that leads the controllers."""
    return _broker_killed(field, field.ask(field.deployment.cluster.controller, "there is no controller"))


def broker_and_worker_killed(field: Field) -> float:
    """SIGKILL to a broker and a worker in the same instant."""
    broker, worker = _leading(field), field.worker()
    gone = field.gone(worker)
    field.deployment.kill(broker)
    field.kill(worker)
    began = time.monotonic()
    field.until(lambda: field.led(broker), f"{broker} still leads")
    field.deployment.again(worker)
    field.takeover(gone)
    seconds = time.monotonic() - began
    _back(field, broker)
    return seconds


FAULTS = (
    Fault("worker killed", 3, worker_killed),
    Fault("worker killed in a backlog", 3, killed_in_a_backlog),
    Fault("two workers killed", 3, two_killed),
    Fault("worker asleep", 5, worker_asleep),
    Fault("partition goes and returns", 1, partition_returns),
    Fault("worker killed in a sweep", 1, killed_in_a_sweep),
    Fault("store deleted", 3, store_deleted),
    Fault("disk full", 1, disk_full),
    Fault("clock a month ahead", 1, clock_off),
    Fault("rebalances in a backlog", 1, rebalances),
    Fault("broker killed", 1, broker_killed),
    Fault("feed's leader killed", 1, leader_killed),
    Fault("controller killed", 1, controller_killed),
    Fault("broker and worker killed", 2, broker_and_worker_killed),
    Fault("sink killed", 3, sink_killed, "front"),
    Fault("front killed", 2, front_killed, "front"),
    Fault("front answers 500", 1, front_in("fails"), "front"),
    Fault("front's answer is lost", 1, front_in("loses the answer"), "front"),
    Fault("front slow", 1, front_in("is slow"), "front"),
)
