"""Latency from publishing to a readable alert: at steady rates, and behind a backlog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle

from schemas.catalogue import CONTEXTS
from tests.bench.bench import Bench
from tests.bench.corpus import Sent, produce
from tests.bench.measure import Curve, Figure, Found, Measure, under
from tests.bench.probes import Watch, probes, quantile
from tests.bench.progress import Progress
from tests.bench.workers import Running, child, until, worker

RATES = (100, 500, 2_000)
LOWER = (100, 500)  # also measured under the first set of rules
AS_BEFORE = under(1.2)
PROBES = 50  # a second, among the others
AIMED = 500
AIM = under(100)
LAGS = (0, 500, 2_000, 8_000)
BEHIND = 25  # probes that wait behind a backlog


@contextmanager
def warm(bench: Bench, name: str, before: Sequence[Sent], first: bool = False) -> Iterator[tuple[Watch, Running]]:
    """A node and a worker that has its partitions open, and has done what was published `before`."""
    folder = bench.folder(name)
    with bench.kafka() as bootstrap:
        produce(bootstrap, before)
        command, settings = worker(bootstrap, folder, bench.key, first=first)
        with child(folder, "worker-1", command, settings) as running:
            until(lambda: Progress(bootstrap).settled(CONTEXTS, len(before)), "what was published before", 120, [running], 0.5)
            watch = Watch(bootstrap)
            for probe, record in probes(50):
                watch.publish(record, probe)
            if watch.until_heard(60, running.check):
                raise RuntimeError("a worker that has nothing else to do does not answer")
            watch.latencies()
            yield watch, running


def mixed(background: Iterator[Sent], rate: int, seconds: float) -> Iterator[tuple[str, Sent]]:
    """Background with probes among it, evenly."""
    every = max(1, rate // PROBES)
    waiting = iter(probes(round(rate / every * seconds) + 100))
    number = 0
    while True:
        number += 1
        yield next(waiting) if number % every == 0 else ("", next(background))


def run(bench: Bench) -> Found:
    """Each rate in turn, the slowest first, on one worker; the lower ones under the first set of rules as well."""
    whole, first = (_rates(bench, fewer) for fewer in (False, True))
    medians = dict[tuple[bool, int], float]()
    for fewer, figures in ((False, whole), (True, first)):
        for rate, name, figure in figures:
            if name == "p50" and figure.value is not None:
                medians[fewer, rate] = figure.value
            yield figure
    for rate in LOWER:
        what = f"the whole catalogue against the first set at {rate:,} events/s, p50"
        yield Figure(f"latency.{rate}.ratio", what, medians[False, rate] / medians[True, rate], "times", AS_BEFORE)


def _rates(bench: Bench, first: bool) -> Iterator[tuple[int, str, Figure]]:
    """(rate, share, figure) of each rate, under all rules or the first set."""
    seconds, (standings, records) = bench.seconds * 0.6, bench.corpus(bench.enough()).parted()
    with warm(bench, "latency-first" if first else "latency", standings, first) as (watch, running):
        background = iter(cycle(records))  # what comes again is known already: see README.md
        for rate in LOWER if first else RATES:
            used = running.cpu()
            watch.steady(mixed(background, rate, seconds), rate, seconds)
            busy = (running.cpu() - used) / seconds
            behind = len(watch.sent) - len(watch.heard)
            lost = watch.until_heard(120, running.check)
            found = watch.latencies()
            note = f"{len(found):,} probes in {seconds:.0f} s, {busy:.0%} of a core"
            if behind > PROBES:
                note += f"; above the capacity: {behind:,} of {len(found) + lost:,} probes waited when publishing ended"
            if lost:
                note += f"; {lost:,} unanswered after two minutes more"
            for share, name in ((0.5, "p50"), (0.99, "p99")):
                aim = AIM if (rate, name, first) == (AIMED, "p99", False) else None
                what = f"publish to alert at {rate:,} events/s, {name}{', under the first set of rules' if first else ''}"
                yield rate, name, Figure(f"latency.{rate}.{name}{'.first' if first else ''}", what, quantile(found, share), "ms", aim, note)


def lag(bench: Bench) -> Found:
    """Probes published right behind a backlog of so many events."""
    (standings, records), points, first = bench.corpus(bench.enough()).parted(), list[tuple[float, float]](), 0
    with warm(bench, "lag", standings) as (watch, running):
        for behind in LAGS:
            if first + behind > len(records):
                yield Figure(f"lag.{behind}", f"latency behind {behind:,} events", None, "ms", None, "not reached: fewer events were made")
                continue
            waiting = probes(BEHIND)
            produce(watch.bootstrap, records[first : first + behind])
            for probe, record in waiting:
                watch.publish(record, probe)
            watch.until_heard(180, running.check)
            first += behind
            points.append((behind, quantile(watch.latencies(), 0.5)))
            yield Figure(f"lag.{behind}", f"latency behind {behind:,} events, p50", points[-1][1], "ms")
    yield Curve("lag", "Latency against lag", "events waiting ahead", "ms to alert (p50)", "one worker", tuple(points))


MEASURES = (
    Measure("latency", "publish to alert", "ms", AIM, run),
    Measure("lag", "latency against lag", "ms", None, lag),
)
