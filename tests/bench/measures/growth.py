"""What an event costs as the number of journeys grows: events a second, and memory, of one partition in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from streams.dossiers.partition import Partition
from streams.store.rocks import RocksStore
from tests.bench.bench import Bench
from tests.bench.calibration import context, now
from tests.bench.measure import Curve, Figure, Found, Measure
from tests.bench.population import FACTS, population
from tests.bench.workers import ROOT, rss

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
LOT = 100  # journeys taken in at once: a batch of a thousand facts
WINDOW = 5  # lots before each size over which its rate is taken
BUDGET = 8.0  # times the seconds of a throughput run


def grow(folder: Path, seconds: float) -> None:
    """Takes journeys in until the time is up; prints [journeys, events a second of CPU, megabytes] at each size."""
    people, partition = population(), Partition(RocksStore(folder), context())
    deadline, have = time.monotonic() + seconds, 0
    for size in SIZES:
        times: list[float] = []
        while have < size:
            if time.monotonic() > deadline:
                return
            frame, began = people.frame(have, LOT), time.process_time()
            partition.accept([frame], now())
            partition.store.commit()
            times.append(time.process_time() - began)
            have += LOT
        window = times[-WINDOW:]
        print(json.dumps([have, LOT * FACTS * len(window) / sum(window), rss()]), flush=True)


def run(bench: Bench) -> Found:
    """As far as the time goes."""
    seconds = 86_400.0 if bench.full else BUDGET * bench.seconds
    command = (sys.executable, "-m", "tests.bench.measures.growth", str(bench.folder("growth")), str(seconds))
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"growing failed: {done.stderr.strip()[-300:]}")
    found = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    for journeys, rate, megabytes in found:
        what = f"a partition of {journeys:,} journeys"
        yield Figure(f"growth.{journeys}.rate", f"{what} takes", rate, "events/s", None, "one process, its CPU")
        yield Figure(f"growth.{journeys}.memory", f"{what} holds", megabytes, "MB")
    if missing := [size for size in SIZES if size not in {journeys for journeys, _, _ in found}]:
        sizes = ", ".join(f"{size:,}" for size in missing)
        yield Figure("growth.unreached", "larger partitions", None, "events/s", None, f"not reached in {seconds:.0f} s: {sizes} journeys")
    for plot, title, unit, at in (("growth", "Events a second", "events/s", 1), ("memory", "Memory", "MB", 2)):
        points = tuple((each[0], each[at]) for each in found)
        yield Curve(plot, f"{title} against journeys", "journeys in the partition", unit, "one partition", points, "x")


if __name__ == "__main__":
    grow(Path(sys.argv[1]), float(sys.argv[2]))

MEASURES = (Measure("growth", "cost as journeys grow", "events/s", None, run),)
