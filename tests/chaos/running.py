"""One run: starts, publishes, does the faults in turn, waits until all is worked off, compares."""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from clickhouse_connect.driver.client import Client
from confluent_kafka import KafkaException

from infra.clickhouse.connection import client as connect
from infra.demo.settling import Log, NotSettled, settle
from infra.settings import secret
from streams.publishers.identity import read_key
from tests.chaos import collecting, pace
from tests.chaos.checking import Difference, Found, Wanted, check
from tests.chaos.deployment import Cluster
from tests.chaos.faults import Fault
from tests.chaos.field import Field, Stuck
from tests.chaos.office import Office
from tests.chaos.pace import Pace
from tests.support.simulated import START, simulated

WORKERS = 3
JOURNEYS = 30  # simulated workers for each minute; what offices and registers say comes on top of it, 10,000 events in any run
PER_RULE = 1
WARM = 10.0  # seconds of publishing before the first fault


@dataclass(frozen=True)
class Plan:
    """What is asked for. `patience` is how many seconds all may take to settle; `build` the workers' (see `builds.py`)."""

    minutes: float
    seed: int
    faults: Sequence[Fault]
    build: str = "plain"
    patience: float = 300.0


@dataclass
class Done:
    """One fault that was done: when it began (unix seconds), and the takeover's seconds; None when it got stuck."""

    name: str
    began: float
    takeover: float | None


@dataclass
class Row:
    """A line of the table: takeovers in seconds."""

    fault: str
    times: int = 0
    lost: int = 0
    duplicated: int = 0
    takeovers: list[float] = field(default_factory=list)

    @property
    def usual(self) -> float | None:
        """The takeovers' median."""
        return median(self.takeovers) if self.takeovers else None


@dataclass
class Outcome:
    """What a run showed. `problems` are faults that got stuck and what did not settle: they differ too."""

    plan: Plan
    rows: list[Row] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and not self.problems


def run(plan: Plan, home: Path, say: Callable[[str], None]) -> Outcome:
    """A run in a home of its own, whose data stay there. Raises click.ClickException when it cannot start."""
    made = simulated(max(60, round(JOURNEYS * plan.minutes)), f"chaos {plan.seed}", PER_RULE)
    # A child dies with the thread that started it: those of the lanes outlive the deployment.
    with ThreadPoolExecutor() as lanes, Cluster(home, made.as_of, WORKERS, plan.build, say) as deployment:
        assert isinstance(deployment, Cluster)
        key = read_key(Path(deployment.environment()["FAIRPASSAGE_LINKING_KEY_FILE"]), "FAIRPASSAGE_LINKING_KEY_FILE")
        office = Office(deployment.bootstrap, made, key)
        say(f"publishing {len(office.rows):,} events")
        office.begin(going := Pace(time.time() + 1.0, START, made.as_of, plan.minutes * 60))
        pace.begin(deployment.home, going)
        here, outcome = Field(deployment, office, random.Random(f"faults {plan.seed}"), say), Outcome(plan)
        done = _hurt(lanes, here, plan, outcome)
        say("waiting until all is worked off")
        _settle(here, plan, outcome)
        _judge(here, made.as_of, done, outcome)
    return outcome


def _hurt(threads: ThreadPoolExecutor, here: Field, plan: Plan, outcome: Outcome) -> list[Done]:
    """The faults of each lane in a thread of its own, where who is hit is chance of its own; in order of their beginning."""
    lanes = {lane: [fault for fault in plan.faults if fault.lane == lane] for lane in sorted({fault.lane for fault in plan.faults})}
    fields = {lane: Field(here.deployment, here.office, random.Random(f"{lane} {plan.seed}"), here.say) for lane in lanes}
    waiting = [threads.submit(_lane, fields[lane], faults, plan.minutes * 60, outcome) for lane, faults in lanes.items()]
    done = [each for found in waiting for each in found.result()]
    outcome.totals["workers killed"] = sum(len(field.killed) for field in fields.values())
    return sorted(done, key=lambda each: each.began)


def _lane(here: Field, faults: Sequence[Fault], seconds: float, outcome: Outcome) -> list[Done]:
    """Spread over the seconds; one that is late pushes the next ones back."""
    began, done = time.monotonic(), list[Done]()
    for number, fault in enumerate(faults):
        at = WARM + (seconds - WARM) * number / len(faults)
        here.wait(max(0.0, began + at - time.monotonic()))
        done.append(Done(fault.name, time.time(), None))
        try:
            done[-1].takeover = fault.act(here)
            here.say(f"{fault.name}: taken over after {done[-1].takeover:.1f} s")
        except Stuck as stuck:
            outcome.problems.append(f"{fault.name}: {stuck}")
            here.deployment.mend()
            here.say(f"{fault.name}: {stuck}")
    return done


def _client(deployment: Cluster) -> Client:
    password = Path(deployment.environment()["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"])
    return connect(deployment.clickhouse, "default", secret(password), "fairpassage")


def _settle(here: Field, plan: Plan, outcome: Outcome) -> None:
    deadline = time.monotonic() + plan.minutes * 60 + plan.patience
    while here.office.is_alive() and time.monotonic() < deadline:
        here.wait(0.5)
    here.office.finish()
    published, client = len(here.office.acknowledged) + len(here.office.rejected), _client(here.deployment)

    def stored() -> int:
        return int(client.query("SELECT uniqExact(id) FROM facts").result_rows[0][0])

    here.wait(3.0)  # the last ticks
    end = time.monotonic() + plan.patience
    while time.monotonic() < end:
        with suppress(KafkaException):  # leaders change a while after the brokers are back
            try:
                settle(Log(here.deployment.bootstrap), stored, published, end - time.monotonic(), lambda have: None, here.deployment.watch)
            except NotSettled as problem:
                outcome.problems.append(str(problem))
            break
    client.close()


def _judge(here: Field, as_of: int, done: Sequence[Done], outcome: Outcome) -> None:
    master = Path(here.deployment.environment()["FAIRPASSAGE_MASTER_KEY_FILE"])
    here.say("comparing")
    held, client = collecting.topics(here.deployment.bootstrap, read_key(master, "FAIRPASSAGE_MASTER_KEY_FILE")), _client(here.deployment)
    wanted, found = collecting.wanted(here.office, held, as_of), collecting.found(here.deployment.bootstrap, client, held)
    client.close()
    outcome.differences = check(wanted, found)
    lost = [here.office.acknowledged[fact] for fact in wanted.facts - found.stored]
    outcome.rows = table(done, lost, held.repeats)
    outcome.totals |= _totals(wanted, found, held)


def _totals(wanted: Wanted, found: Found, held: collecting.Topics) -> dict[str, int]:
    return {
        "events": len(wanted.facts), "events stored": len(found.stored), "bad records": len(wanted.rejected),
        "dead letters": len(found.letters), "findings": len(wanted.findings), "open alerts": len(wanted.alerts),
        "alert records": sum(map(len, found.histories.values())), "late entries' alerts": len(found.late),
        "records delivered again": len(held.repeats),
    }  # fmt: skip


def table(done: Sequence[Done], lost: Iterable[float], repeated: Iterable[float]) -> list[Row]:
    """A row a fault. What was lost, or delivered again, is counted at the last fault that had begun by then (unix seconds)."""
    rows = {each.name: Row(each.name) for each in done}
    for each in done:
        rows[each.name].times += each.takeover is not None
        if each.takeover is not None:
            rows[each.name].takeovers.append(each.takeover)
    begins = [each.began for each in done]

    def row(at: float) -> Row:
        return rows[done[max(0, bisect_right(begins, at) - 1)].name]

    with suppress(IndexError):  # without faults there is nothing to count at
        for at in lost:
            row(at).lost += 1
        for at in repeated:
            row(at).duplicated += 1
    return sorted(rows.values(), key=lambda each: each.fault)
