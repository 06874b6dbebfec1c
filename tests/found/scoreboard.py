"""Figures of simulated runs added up by rule: what was planted, what was found of it, and what else; as a table, and what falls short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from streams.publishers.simulator.score import Score
from streams.rules.registry import catalogue
from tests.found.watched import clickhouse, judged
from tests.support.simulated import scored, simulated

PRECISION = 0.99
NOTHING = Score(0, 0, 0, 0, (), ())


Counted = Mapping[str, tuple[int, int, int, int]]


def one(task: tuple[str, int, int]) -> tuple[str, int, Counted]:
    """(seed, events, figures by rule) of one seed's run."""
    seed, workers, per_rule = task
    run = simulated(workers, seed, per_rule)
    events = run.sealed()
    with clickhouse() as (place, connect):
        result = judged(events, run.as_of, place, connect)
    return seed, len(events), {rule: (each.planted, each.found, each.wrong, each.look_alikes)
                               for rule, each in scored(result, run.planted).items()}  # fmt: skip


def added_up(runs: Iterable[tuple[str, int, Counted]]) -> tuple[dict[str, Score], Counter[str]]:
    """Figures by rule, and events by seed."""
    sums: dict[str, Score] = {}
    events: Counter[str] = Counter()
    for seed, many, counted in runs:
        events[seed] += many
        for rule, (planted, found, wrong, look_alikes) in counted.items():
            was = sums.get(rule, NOTHING)
            sums[rule] = Score(was.planted + planted, was.found + found, was.wrong + wrong, was.look_alikes + look_alikes, (), ())
    return sums, events


def page(sums: Mapping[str, Score], events: Counter[str], workers: int, made_at: str) -> Iterator[str]:
    """The table, in Markdown."""
    names = {rule.id: rule.harm.replace("_", " ") for rule in catalogue()}
    yield "# What is found of what was planted"
    yield ""
    yield f"Made by `make found` at commit {made_at}: {len(events)} seeds, {workers:,} workers each, {sum(events.values()):,} events;"
    yield "they come in late, twice and in disorder, offices are down for days, and some records are corrected. A look-alike is one fact"
    yield "away from the harm. Watches (rules over the population) run once at the end, on a ClickHouse that holds the facts and"
    yield "journeys; what they report is judged with the rest, and the finding on its subject is what counts."
    yield ""
    yield "| rule | harm | planted | found | wrong | look-alikes | recall | precision |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for rule, each in sorted(sums.items()):
        yield (f"| {rule} | {names.get(rule, '')} | {each.planted:,} | {each.found:,} | {each.wrong:,} | {each.look_alikes:,} | "
               f"{each.recall:.4f} | {each.precision:.4f} |")  # fmt: skip


def short(sums: Mapping[str, Score], least: int) -> list[str]:
    """What falls short: rules that miss or find too much, or of which too little was planted; and rules that nothing plants."""
    known = {rule.id for rule in catalogue()}
    wrong = [f"{rule}: recall {each.recall:.4f}, precision {each.precision:.4f}" for rule, each in sorted(sums.items())
             if each.recall < 1 or each.precision < PRECISION]  # fmt: skip
    few = [f"{rule}: {each.planted} planted, {each.look_alikes} look-alikes" for rule, each in sorted(sums.items())
           if rule in known and min(each.planted, each.look_alikes) < least]  # fmt: skip
    return wrong + few + [f"{rule}: nothing is planted" for rule in sorted(known - sums.keys())]
