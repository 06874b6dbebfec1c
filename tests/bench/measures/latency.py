"""Latency from publishing to a readable alert: at steady rates, and behind a backlog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from statistics import median

from schemas.catalogue import CONTEXTS
from tests.bench.bench import Bench
from tests.bench.corpus import Sent, produce
from tests.bench.machine import disk_waits
from tests.bench.measure import Curve, Figure, Found, Measure, under
from tests.bench.probes import Watch, probes, quantile
from tests.bench.progress import Progress
from tests.bench.turns import in_turn, of_each
from tests.bench.workers import Running, child, until, worker

LOWER = (100, 500)  # events a second, also under the first set of rules
ABOVE = 2_000  # more than a worker on this machine can do
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


@dataclass(frozen=True)
class Steady:
    """What came of a rate that was held: the probes' latencies in ms, how many waited when publishing ended, how many for ever; seconds
    of the worker's CPU, in which somebody waited for a disk, and in all."""

    latencies: list[float]
    behind: int
    lost: int
    cpu: float
    disk: float
    seconds: float

    @property
    def note(self) -> str:
        """What stands beside the figure."""
        share = f"{self.cpu / self.seconds:.0%} of a core, {self.disk / self.seconds:.0%} of the time with a wait for the disk"
        said = f"{len(self.latencies):,} probes in {self.seconds:.0f} s, {share}"
        if self.behind > PROBES:
            said += f"; above the capacity: {self.behind:,} of {len(self.latencies) + self.lost:,} probes waited when publishing ended"
        return said + (f"; {self.lost:,} unanswered after two minutes more" if self.lost else "")


def joined(turns: Sequence[Steady]) -> Steady:
    """Several turns as one."""
    latencies = [each for turn in turns for each in turn.latencies]
    most, lost = max(turn.behind for turn in turns), sum(turn.lost for turn in turns)
    return Steady(latencies, most, lost, *(sum(getattr(turn, name) for turn in turns) for name in ("cpu", "disk", "seconds")))


class Warm:
    """A worker that is ready, and events for it without end."""

    def __init__(self, watch: Watch, running: Running, records: Sequence[Sent]) -> None:
        self._watch, self._running = watch, running
        self._background = iter(cycle(records))  # what comes again is known already: see README.md

    def steady(self, rate: int, seconds: float) -> Steady:
        """Holds a rate so long, then waits for what is under way."""
        used, waited = self._running.cpu(), disk_waits()
        self._watch.steady(mixed(self._background, rate, seconds), rate, seconds)
        cpu, disk, behind = self._running.cpu() - used, disk_waits() - waited, len(self._watch.sent) - len(self._watch.heard)
        lost = self._watch.until_heard(120, self._running.check)
        return Steady(self._watch.latencies(), behind, lost, cpu, disk, seconds)


def run(bench: Bench) -> Found:
    """Each rate, the slowest first, on one worker; the lower ones under the first set of rules as well, turn by turn."""
    standings, records = bench.corpus(bench.enough()).parted()
    with ExitStack() as stack:
        ready = {fewer: Warm(*stack.enter_context(warm(bench, f"latency-{fewer}", standings, fewer)), records) for fewer in (False, True)}
        for rate in LOWER:
            yield from _compared(ready, rate, bench.seconds * 0.4)
    with warm(bench, "latency-above", standings) as (watch, running):
        yield from _figures(ABOVE, Warm(watch, running, records).steady(ABOVE, bench.seconds * 0.6))


def _compared(ready: Mapping[bool, Warm], rate: int, seconds: float) -> Iterator[Figure]:
    """A rate under all rules and under the first set, in turns, since what else the machine does comes and goes."""
    turns: dict[bool, list[Steady]] = {False: [], True: []}
    for fewer in in_turn():
        turns[fewer].append(ready[fewer].steady(rate, seconds))
    for fewer, each in turns.items():
        yield from _figures(rate, joined(each), fewer)
    ratios = [quantile(a.latencies, 0.5) / quantile(b.latencies, 0.5) for a, b in zip(turns[False], turns[True], strict=True)]
    what = f"the whole catalogue against the first set at {rate:,} events/s, p50"
    yield Figure(f"latency.{rate}.ratio", what, median(ratios), "times", AS_BEFORE, of_each(ratios))


def _figures(rate: int, found: Steady, first: bool = False) -> Iterator[Figure]:
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        aim = AIM if (rate, name, first) == (AIMED, "p99", False) else None
        what = f"publish to alert at {rate:,} events/s, {name}{', under the first set of rules' if first else ''}"
        value = quantile(found.latencies, share)
        yield Figure(f"latency.{rate}.{name}{'.first' if first else ''}", what, value, "ms", aim, found.note)


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
