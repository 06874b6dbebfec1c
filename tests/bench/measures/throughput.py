"""Input events a second, intake to alert: one worker, two, a single home; beside them the same job without Faust."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

from schemas.catalogue import CONTEXTS
from schemas.homes import partition as home_partition
from streams.domain import frames as framing
from streams.publishers.simulator.parameters import CORRIDORS
from tests.bench import plain
from tests.bench.bench import Bench
from tests.bench.calibration import BATCH, PARTITIONS, frames
from tests.bench.corpus import Corpus, produce
from tests.bench.measure import Aim, Figure, Found, Measure, at_least
from tests.bench.progress import Progress, Ran, together
from tests.bench.turns import in_turn, of_each
from tests.bench.workers import ROOT, child, until, worker

UNIT = "events/s"
READY = 200  # events before the others: by then every partition is open
AIM = at_least(5_000)
AS_BEFORE = at_least(0.8)  # of the rate under the first set of rules
TWICE = at_least(1.7)
HOME = "NP"
QUIX = ROOT / ".venv" / "quix"  # where the target installs Quix Streams
# Two corridors of one weight, both ends of each dealt to one partition, which two workers have one of: see `evenly`.
EVEN = (("NP", "KW"), ("ET", "SA"))


def with_workers(bench: Bench, corpus: Corpus, count: int, first: bool = False) -> Ran:
    """So many workers on a backlog that comes at once, when they have shared the partitions out and opened them."""
    folder, records = bench.folder(f"workers-{count}{'-first' if first else ''}"), corpus.records
    with bench.kafka() as bootstrap, ExitStack() as stack:
        produce(bootstrap, records[:READY])
        running = []
        for number in range(1, count + 1):
            command, settings = worker(bootstrap, folder, bench.key, f"worker-{number}", first)
            running.append(stack.enter_context(child(folder, f"worker-{number}", command, settings)))
        progress = Progress(bootstrap)
        until(lambda: progress.settled(CONTEXTS, READY) and progress.shared(count), "workers that are ready", 120, running, 0.5)
        produce(bootstrap, records[READY:])
        return progress.run(len(records) - READY, running, limit(bench), records=len(records))


def limit(bench: Bench) -> float:
    """Seconds after which a run is given up."""
    return 3_600.0 if bench.full else 60.0 + 6 * bench.seconds


def one(bench: Bench) -> Found:
    """One worker, all corridors; the same under the first set of rules, turn by turn, since what else the machine does comes and goes."""
    corpus, whole, first = bench.corpus(bench.enough() // 2), list[Ran](), list[Ran]()
    for fewer in in_turn():
        (first if fewer else whole).append(with_workers(bench, corpus, 1, fewer))
    ran, less = together(whole), together(first)
    yield Figure("one", "one worker, intake to alert", ran.rate, UNIT, AIM, ran.note, "plain")
    yield Figure("one.first", "the same under the first set of rules", less.rate, UNIT, None, less.note, "plain")
    ratios = [a.rate / b.rate for a, b in zip(whole, first, strict=True)]
    each = f"{of_each(ratios)}; in CPU an event {less.cpu / ran.cpu:.2f}"
    yield Figure("one.ratio", "the whole catalogue against the first set", median(ratios), "times", AS_BEFORE, each)


def evenly(bench: Bench) -> Corpus:
    """Events that two workers share evenly."""
    base = {each.origin: each for each in CORRIDORS}
    return bench.corpus(bench.enough(), tuple(replace(base[origin], destination=to, weight=1.0) for origin, to in EVEN))


def two(bench: Bench) -> Found:
    """One worker and two, on homes that divide evenly."""
    corpus = evenly(bench)
    alone, both = (with_workers(bench, corpus, count) for count in (1, 2))
    yield Figure("even.one", "one worker, two even homes", alone.rate, UNIT, None, alone.note, "plain")
    yield Figure("even.two", "two workers, the same", both.rate, UNIT, None, both.note, "plain")
    yield Figure("even.ratio", "two workers against one", both.rate / alone.rate, "times", TWICE)


def single(bench: Bench) -> Found:
    """The ceiling of one home: its frames, made beforehand, through the one partition that it lives in."""
    corpus = bench.corpus(bench.enough(), tuple(each for each in CORRIDORS if each.origin == HOME))
    facts = [(home, fact) for home, fact, _ in corpus.copies() if home == HOME]
    made = [("feed", frame.home.encode(), framing.encode(frame))
            for first in range(0, len(facts), BATCH) for frame in frames(facts[first : first + BATCH])]  # fmt: skip
    folder = bench.folder("single")
    with bench.kafka() as bootstrap:
        produce(bootstrap, made, home_partition(HOME, PARTITIONS))
        command, settings = worker(bootstrap, folder, bench.key)
        with child(folder, "worker-1", command, settings) as running:
            ran = Progress(bootstrap).run(len(facts), [running], limit(bench), ("feed",), len(made))
    yield Figure("single", "one home's ceiling, intake done elsewhere", ran.rate, UNIT, None, ran.note, "plain")


def without_faust(bench: Bench, module: str, group: str, *path: str) -> Ran:
    """Another engine on the same events."""
    corpus, folder = bench.corpus(bench.enough()), bench.folder(group)
    with bench.kafka() as bootstrap:
        produce(bootstrap, corpus.records)
        paths = ":".join((*path, str(ROOT)))
        command = ("/usr/bin/env", f"PYTHONPATH={paths}", sys.executable, "-m", module, bootstrap, str(folder), str(bench.key))
        with child(folder, group, command) as running:
            return Progress(bootstrap).run(len(corpus.records), [running], limit(bench), group=group)


def plain_loop(bench: Bench) -> Found:
    """aiokafka alone."""
    ran = without_faust(bench, "tests.bench.plain", plain.GROUP)
    yield Figure("plain", "plain aiokafka loop, no Faust", ran.rate, UNIT, None, ran.note)


def quix(bench: Bench) -> Found:
    """Quix Streams, where the target could install it."""
    yield from _quix(bench, QUIX)


def _quix(bench: Bench, place: Path) -> Iterator[Figure]:
    if not (place / "quixstreams").is_dir():
        yield Figure("quix", "the same on Quix Streams", None, UNIT, None, "quixstreams is not there: the target could not install it")
        return
    ran = without_faust(bench, "tests.bench.quix", "quix", str(place))
    yield Figure("quix", "the same on Quix Streams", ran.rate, UNIT, None, ran.note, "plain")


def _measure(name: str, what: str, aim: Aim | None) -> Measure:
    runs = {"one": one, "two": two, "single": single, "plain": plain_loop, "quix": quix}
    return Measure(name, what, UNIT, aim, runs[name])


MEASURES = (
    _measure("plain", "the job in a plain aiokafka loop", None),
    _measure("one", "one worker, intake to alert", AIM),
    _measure("two", "two workers on homes that divide evenly", TWICE),
    _measure("single", "one home's ceiling", None),
    _measure("quix", "the job on Quix Streams", None),
)
