"""A tick: the store of a partition with a million open due dates, of which 500 have come due."""

from __future__ import annotations

import time

import msgspec

from streams.domain.instants import DAY, Instant
from streams.dossiers.partition import Partition
from streams.dossiers.publishing import write
from streams.store.rocks import RocksStore
from tests.bench.bench import Bench
from tests.bench.calibration import context, now
from tests.bench.measure import Figure, Found, Measure, under
from tests.bench.population import Population, population
from tests.bench.probes import quantile

OPEN, DUE, TICKS = 1_000_000, 500, 5
AIM = under(50)
YEARS = 3_650 * DAY


def fill(partition: Partition, people: Population, many: int) -> None:
    """Entries of dossiers that are due years from now."""
    for number in range(many):
        entry = msgspec.structs.replace(people.entry, subject=f"journey:NP:later{number:011x}", next_due=now() + YEARS + number,
                                        published=(), announces=())  # fmt: skip
        write(partition.store, entry)
        if number % 20_000 == 0:
            partition.store.commit()
    partition.store.commit()


def come_due(partition: Partition, people: Population, journeys: int, at: Instant) -> None:
    """Judged journeys whose entries say that they are due at `at`: what the tick has to look at again."""
    for first in range(0, journeys, 100):
        partition.accept([people.frame(first, 100)], now())
        partition.store.commit()
    for number in range(journeys):
        entry = partition.entry(people.copy(number)[1].subject)
        assert entry is not None
        write(partition.store, msgspec.structs.replace(entry, next_due=at + number // DUE))
    partition.store.commit()


def run(bench: Bench) -> Found:
    """Several ticks of 500 each; the median."""
    people, at = population(), now() + DAY
    partition = Partition(RocksStore(bench.folder("tick")), context())
    come_due(partition, people, DUE * TICKS, at)
    began = time.monotonic()
    fill(partition, people, OPEN - DUE * TICKS)
    bench.say(f"{OPEN:,} due dates written in {time.monotonic() - began:.0f} s")
    times, found = list[float](), 0
    for number in range(TICKS):
        began = time.perf_counter()
        due = partition.due(at + number)
        partition.tick(at + number)
        partition.store.commit()
        times.append((time.perf_counter() - began) * 1_000)
        found += len(due)
    if found != DUE * TICKS:
        raise RuntimeError(f"{found} dossiers were due, not {DUE * TICKS}")
    note = f"median of {TICKS}; slowest {max(times):.0f} ms; {DUE} journeys of ten facts judged again each time"
    yield Figure("tick", f"a tick, {DUE} of {OPEN:,} due", quantile(times, 0.5), "ms", AIM, note)
    partition.store.close()


MEASURES = (Measure("tick", "a tick with a million due dates", "ms", AIM, run),)
