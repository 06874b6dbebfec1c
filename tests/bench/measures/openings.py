"""Time to open a partition from nothing and from its directory, and the memory it then holds, by number of journeys."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from confluent_kafka import Producer

from schemas.homes import partition as home_partition
from streams.agents.owned import SWEPT
from streams.agents.worker import version_of
from streams.domain.outputs import Mark, encode
from tests.bench.bench import Bench
from tests.bench.calibration import PARTITIONS
from tests.bench.measure import Curve, Figure, Found, Measure, under
from tests.bench.opening import config
from tests.bench.population import FACTS, HOME, Population, population
from tests.bench.workers import ROOT

SIZES = (2_000, 20_000, 200_000)
WHOLE = SIZES[-1]
NOTHING, DIRECTORY, MEMORY = under(30), under(1), under(600)
NUMBER = home_partition(HOME, PARTITIONS)
BUDGET = 12.0  # times the seconds of a throughput run
FIXED = 4.0  # seconds that an opening costs however small it is: two processes start


def fill(bootstrap: str, people: Population, journeys: int, version: str) -> None:
    """Puts a population on `facts` and `findings`, judged and swept by `version` of rules and policy, acknowledged."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "linger.ms": 20,
                         "queue.buffering.max.messages": 500_000, "log_level": 0})  # fmt: skip
    for count, (name, key, value, headers) in enumerate(people.records(journeys)):
        producer.produce(name, value, key, NUMBER, headers=headers)
        if count % 10_000 == 0 and producer.flush(120):
            raise RuntimeError("the broker does not keep up")
    producer.produce("findings", encode(Mark(0, version)), SWEPT, NUMBER)
    if producer.flush(120):
        raise RuntimeError("the broker did not take all of it")


def opened(bootstrap: str, folder: Path, key: Path, seconds: float) -> dict[str, float]:
    """One opening, in a process of its own. Raises RuntimeError with what it said."""
    command = (sys.executable, "-m", "tests.bench.opening", bootstrap, str(folder), str(key), str(NUMBER))
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=seconds)
    if done.returncode:
        raise RuntimeError(f"opening failed: {done.stderr.strip()[-300:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _figures(journeys: int, nothing: dict[str, float], directory: dict[str, float]) -> list[Figure]:
    whole = journeys == WHOLE
    size = f"{journeys:,} journeys of ten facts"
    return [
        Figure(f"open.nothing.{journeys}", f"{size} opened from nothing", nothing["seconds"], "s", NOTHING if whole else None),
        Figure(f"open.directory.{journeys}", f"{size} opened from a directory", directory["seconds"], "s", DIRECTORY if whole else None),
        Figure(f"memory.{journeys}", f"{size} in memory, opened from nothing", nothing["rss"], "MB", MEMORY if whole else None,
               f"at most {nothing['most']:,.0f} MB; {directory['rss']:,.0f} MB from a directory"),
    ]  # fmt: skip


def _unreached(last: int, took: float) -> list[Figure]:
    note = f"not measured: {last:,} journeys took {took:.0f} s, ten times as many are beyond this run; FULL=1 does it"
    return [
        Figure(f"open.nothing.{WHOLE}", f"{WHOLE:,} journeys opened from nothing", None, "s", NOTHING, note),
        Figure(f"open.directory.{WHOLE}", f"{WHOLE:,} journeys opened from a directory", None, "s", DIRECTORY, note),
        Figure(f"memory.{WHOLE}", f"{WHOLE:,} journeys in memory", None, "MB", MEMORY, note),
    ]  # fmt: skip


def run(bench: Bench) -> Found:
    """Ascending sizes, as far as the time goes."""
    people, began, took, last = population(), time.monotonic(), 0.0, 0
    left = 86_400.0 if bench.full else BUDGET * bench.seconds
    times: dict[str, list[tuple[float, float]]] = {"from nothing": [], "from its directory": []}
    for journeys in SIZES:
        if FIXED + max(1.0, took - FIXED) * 10 > left - (time.monotonic() - began):
            yield from _unreached(last, took)
            break
        folder = bench.folder(f"open-{journeys}")
        with bench.kafka() as bootstrap:
            start = time.monotonic()
            fill(bootstrap, people, journeys, version_of(config(bootstrap, folder, bench.key.read_bytes())))
            bench.say(f"{journeys:,} journeys on `facts` after {time.monotonic() - start:.0f} s; opening")
            nothing = opened(bootstrap, folder, bench.key, 2 * left)
            directory = opened(bootstrap, folder, bench.key, 2 * left)
        times["from nothing"].append((journeys * FACTS, nothing["seconds"]))
        times["from its directory"].append((journeys * FACTS, directory["seconds"]))
        yield from _figures(journeys, nothing, directory)
        took, last = time.monotonic() - start, journeys
    for label, points in times.items():
        yield Curve("opening", "Opening a partition", "facts", "seconds", label, tuple(points), "xy")


MEASURES = (Measure("opening", "opening a partition, and its memory", "s", NOTHING, run),)
