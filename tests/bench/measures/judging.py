"""One more event on a journey of thirty facts: what judging it costs under the whole catalogue, and under the first set of rules."""

from __future__ import annotations

import time
from collections.abc import Iterator

from streams.domain.facts import Fact
from streams.domain.standings import Standings
from streams.domain.views import JourneyView
from streams.intake import accept
from streams.publishers.identity import rekey
from streams.rules.evaluation import evaluate
from streams.rules.policy import default
from streams.rules.registry import Catalogue, catalogue
from tests.bench.bench import Bench
from tests.bench.calibration import now
from tests.bench.corpus import KEY
from tests.bench.firstset import first_set
from tests.bench.measure import Figure, Found, Measure, under
from tests.bench.probes import quantile

FACTS, MOST = 30, 200
AIM = under(300)


def journeys(bench: Bench) -> Iterator[tuple[Fact, ...]]:
    """Journeys of thirty facts: those of one worker, and of the next on the same corridor where that has fewer, as of one person."""
    events = [event for event in bench.corpus(20_000).events() if event.get("worker")]
    by_worker: dict[str, list[Fact]] = {}
    for event in events:
        accepted = accept(event, lambda each: rekey(each, KEY))
        for home, fact in accepted.copies:
            if fact.worker is not None and fact.worker.origin == home:
                by_worker.setdefault(fact.strong[0] if fact.strong else "", []).append(fact)
    waiting: dict[str, list[Fact]] = {}
    for facts in by_worker.values():
        corridor = JourneyView(id="journey:NP:0", known=tuple(sorted(facts, key=lambda fact: fact.key))).destination
        found = waiting.setdefault(corridor, [])
        found += facts
        if corridor and len(found) >= FACTS:
            yield tuple(sorted(found[:FACTS], key=lambda fact: fact.key))
            found.clear()


def one_more(rules: Catalogue, facts: tuple[Fact, ...], as_of: int) -> tuple[float, list[float]]:
    """Microseconds of judging each of the last ten facts as it comes, after the others were judged: CPU of one, and by the wall of each.

    Reading the CPU's clock costs a tenth of what is measured, so it is read once for all of them.
    """
    policy, standings, times = default(), Standings(), list[float]()
    before = evaluate(JourneyView(id="journey:NP:0", known=facts[: FACTS - 11], person="one"), standings, policy, as_of, rules)
    views = [JourneyView(id="journey:NP:0", known=facts[:many], person="one") for many in range(FACTS - 10, FACTS + 1)]
    busy = time.process_time_ns()
    for view in views:
        began = time.perf_counter_ns()
        before = evaluate(view, standings, policy, as_of, rules, before)
        times.append((time.perf_counter_ns() - began) / 1_000)
    return (time.process_time_ns() - busy) / 1_000 / len(times), times


def run(bench: Bench) -> Found:
    """Both catalogues on the same journeys, one after the other, so that what slows the machine slows both."""
    whole, first, as_of = catalogue(), first_set(), now()
    spent: dict[str, list[float]] = {"whole": [], "first": []}
    each: list[float] = []
    for number, facts in enumerate(journeys(bench)):
        if number == MOST:
            break
        for name, rules in (("whole", whole), ("first", first)):
            mean, times = one_more(rules, facts, as_of)
            spent[name].append(mean)
            each += times if name == "whole" else []
    mean_of = {name: sum(means) / len(means) for name, means in spent.items()}
    yield Figure("judge.whole", f"one more event on a journey of {FACTS} facts, whole catalogue, mean", mean_of["whole"], "us", AIM)
    yield Figure("judge.p50", "the same, median by the wall", quantile(each, 0.5), "us")
    yield Figure("judge.p95", "the same, 95th percentile by the wall", quantile(each, 0.95), "us")
    yield Figure("judge.first", "the same under the first set of rules, mean", mean_of["first"], "us")
    yield Figure("judge.ratio", "whole catalogue against the first set", mean_of["whole"] / mean_of["first"], "times")


MEASURES = (Measure("judge", "judging one more event of a journey", "us", AIM, run),)
