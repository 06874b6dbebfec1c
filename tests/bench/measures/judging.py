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
from tests.bench.measure import Figure, Found, Measure, under
from tests.bench.probes import quantile

# What the catalogue was when the aims of throughput and latency were set.
FIRST = frozenset({"T-CHN-01", "T-CHN-02", "T-CHN-04", "T-CHN-06", "T-OUT-01", "T-OUT-02", "T-OUT-03", "T-OUT-04", "T-CON-01", "T-CON-02",
                   "T-CON-04", "T-PDO-01", "T-ATT-01", "T-CMP-01", "T-OFF-01", "T-DQ-01"})  # fmt: skip
FACTS, MOST = 30, 200
AIM = under(300)


def journeys(bench: Bench) -> Iterator[tuple[Fact, ...]]:
    """Journeys of thirty facts: those of one worker, and of the next where that has fewer, as of the same person."""
    events = [event for event in bench.corpus(20_000).events() if event.get("worker")]
    by_worker: dict[str, list[Fact]] = {}
    for event in events:
        accepted = accept(event, lambda each: rekey(each, KEY))
        for home, fact in accepted.copies:
            if fact.worker is not None and fact.worker.origin == home:
                by_worker.setdefault(fact.strong[0] if fact.strong else "", []).append(fact)
    waiting: list[Fact] = []
    for facts in by_worker.values():
        waiting += facts
        if len(waiting) >= FACTS:
            yield tuple(sorted(waiting[:FACTS], key=lambda fact: fact.key))
            waiting = []


def one_more(rules: Catalogue, facts: tuple[Fact, ...], as_of: int) -> list[float]:
    """Microseconds of judging each of the last ten facts as it comes, after the others were judged."""
    policy, standings, times = default(), Standings(), list[float]()
    before = evaluate(JourneyView(id="journey:NP:0", known=facts[: FACTS - 11], person="one"), standings, policy, as_of, rules)
    for many in range(FACTS - 10, FACTS + 1):
        view = JourneyView(id="journey:NP:0", known=facts[:many], person="one")
        began = time.process_time_ns()
        before = evaluate(view, standings, policy, as_of, rules, before)
        times.append((time.process_time_ns() - began) / 1_000)
    return times


def run(bench: Bench) -> Found:
    """Both catalogues on the same journeys, one after the other, so that what slows the machine slows both."""
    whole, first, as_of = catalogue(), Catalogue(rule for rule in catalogue() if rule.id in FIRST), now()
    spent: dict[str, list[float]] = {"whole": [], "first": []}
    for number, facts in enumerate(journeys(bench)):
        if number == MOST:
            break
        for name, rules in (("whole", whole), ("first", first)):
            spent[name] += one_more(rules, facts, as_of)
    mean = {name: sum(times) / len(times) for name, times in spent.items()}
    yield Figure("judge.whole", f"one more event on a journey of {FACTS} facts, whole catalogue, mean", mean["whole"], "us", AIM)
    yield Figure("judge.p95", "the same, 95th percentile", quantile(spent["whole"], 0.95), "us")
    yield Figure("judge.first", "the same under the first set of rules, mean", mean["first"], "us")
    yield Figure("judge.ratio", "whole catalogue against the first set", mean["whole"] / mean["first"], "times")


MEASURES = (Measure("judge", "judging one more event of a journey", "us", AIM, run),)
