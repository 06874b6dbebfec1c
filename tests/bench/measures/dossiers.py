"""One dossier with many facts: what one more costs, against one with ten. The dossier is an office's, and the facts its beats."""

from __future__ import annotations

import time
from collections.abc import Iterator

from schemas.examples import example
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import HOUR, parse, text
from streams.dossiers.partition import Partition
from streams.intake import accept
from streams.store.rocks import RocksStore
from tests.bench.bench import Bench
from tests.bench.calibration import context, now
from tests.bench.measure import Curve, Figure, Found, Measure, under
from tests.bench.population import HOME
from tests.bench.probes import quantile

SIZES = (10, 1_000, 10_000, 100_000)
MORE, LEAST = 50, 5  # facts added one by one at each size, at most and at least
AIM = under(2)
BUDGET = 4.0  # times the seconds of a throughput run
LOT = 1_000


def beats(first: int, many: int) -> Iterator[Fact]:
    """Beats of one office, an hour apart, as intake makes facts of them."""
    given = example("oversight.office_heartbeat")
    begins = now() - 200_000 * HOUR
    for number in range(first, first + many):
        at = begins + number * HOUR
        event = {**given, "id": f"beat-{number}", "source": f"/office/{HOME}/bench", "time": parse(text(at)), "recordedat": at}
        for home, fact in accept(event, dict).copies:
            if home == HOME:
                yield fact


def grow(partition: Partition, first: int, many: int, deadline: float) -> bool:
    """Adds facts in lots and judges once a lot; False when the time was up before all of them were there."""
    for start in range(first, first + many, LOT):
        if time.monotonic() > deadline:
            return False
        partition.accept([Frame(HOME, tuple(beats(start, min(LOT, first + many - start))))], now())
        partition.store.commit()
    return True


def one_more(partition: Partition, first: int) -> float:
    """Milliseconds for one more fact, judged and stored: the median of several, of fewer where one takes long."""
    times: list[float] = []
    for fact in beats(first, MORE):
        began = time.perf_counter()
        partition.accept([Frame(HOME, (fact,))], now())
        partition.store.commit()
        times.append((time.perf_counter() - began) * 1_000)
        if len(times) >= LEAST and sum(times) > 5_000:
            break
    return quantile(times, 0.5)


def run(bench: Bench) -> Found:
    """Ascending sizes, as far as the time goes."""
    partition, have, seconds = Partition(RocksStore(bench.folder("dossier")), context()), 0, BUDGET * bench.seconds
    deadline = time.monotonic() + (86_400.0 if bench.full else seconds)
    points = list[tuple[float, float]]()
    for size in SIZES:
        if not grow(partition, have, size - have, deadline):
            note = f"not reached in {seconds:.0f} s; FULL=1 does it"
            yield Figure(f"dossier.{size}", f"one more fact on {size:,}", None, "ms", None, note)
            yield Figure("dossier.ratio", f"the same against {SIZES[0]}", None, "times", AIM, note)
            break
        points.append((size, one_more(partition, size)))
        have = size + MORE
        yield Figure(f"dossier.{size}", f"one more fact on {size:,}", points[-1][1], "ms")
    if len(points) == len(SIZES):
        yield Figure("dossier.ratio", f"the same on {SIZES[-1]:,} against {SIZES[0]}", points[-1][1] / points[0][1], "times", AIM)
    yield Curve("dossier", "One more fact in one dossier", "facts in it", "ms", "an office's dossier", tuple(points), "x")
    partition.store.close()


MEASURES = (Measure("dossier", "one more fact in a large dossier", "ms", AIM, run),)
