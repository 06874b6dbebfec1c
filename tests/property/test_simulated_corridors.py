"""On simulated corridors every rule finds all that was planted and hardly anything else, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from streams.evaluate import BATCH, evaluate_events
from streams.publishers.simulator.truth import Migration
from streams.rules.policy import default
from streams.rules.registry import catalogue
from tests.support.simulated import Simulated, named, scored, simulated

RULES = (
    "T-ATT-01",
    "T-ATT-02",
    "T-BLA-01",
    "T-BLA-02",
    "T-CHN-01",
    "T-CHN-02",
    "T-CHN-03",
    "T-CHN-04",
    "T-CHN-05",
    "T-CHN-06",
    "T-CMP-01",
    "T-CMP-02",
    "T-CON-01",
    "T-CON-02",
    "T-CON-03",
    "T-CON-04",
    "T-CON-05",
    "T-DOC-01",
    "T-DQ-01",
    "T-FEE-01",
    "T-FEE-02",
    "T-FEE-03",
    "T-FEE-04",
    "T-FEE-05",
    "T-FPO-01",
    "T-HRS-01",
    "T-INS-02",
    "T-INS-03",
    "T-INS-04",
    "T-INS-05",
    "T-INT-01",
    "T-INT-02",
    "T-LEG-01",
    "T-LEG-02",
    "T-LIC-01",
    "T-LIC-02",
    "T-LIC-05",
    "T-OFF-01",
    "T-OUT-01",
    "T-OUT-02",
    "T-OUT-03",
    "T-OUT-04",
    "T-PDO-01",
    "T-PEN-01",
    "T-RET-01",
    "T-RET-02",
    "T-RTL-01",
    "T-SPT-01",
    "T-TRI-01",
    "T-TRI-02",
    "T-TRI-03",
    "T-TRI-04",
    "T-VIS-01",
    "T-VIS-04",
    "T-WAG-01",
    "T-EMB-02",
    "Y-DEB-01",
    "Y-NEG-01",
    "Y-PHX-01",
)
WATCHES = frozenset(rule.id for rule in catalogue() if rule.by == "watch")
Events = list[dict[str, Any]]


def as_it_came(events: Events) -> Events:
    return events


def shuffled(events: Events) -> Events:
    Random(5).shuffle(events)
    return events


def shuffled_and_some_twice(events: Events) -> Events:
    return shuffled([*events, *events[::20]])


def backwards_and_twice(events: Events) -> Events:
    return [*reversed(events), *events[::3]]


def found(run: Simulated, order: Callable[[Events], Events], batch: int = BATCH) -> None:
    result = evaluate_events(order(run.sealed()), default(), run.as_of, batch=batch)
    reported = {line.subject for line in run.planted if line.rule in WATCHES and line.expected}
    scores = scored(result, [line for line in run.planted if not (line.rule.startswith("Y-") and line.subject in reported)])
    for rule in scores.keys() - WATCHES:  # what watches report comes from ClickHouse: tests/integration/watches/test_planted.py
        score = scores[rule]
        assert score.recall == 1.0, (rule, score.missed[:3])
        assert score.precision >= 0.99, (rule, score.surplus[:3])
    live = {journey.id for journey in result.journeys.values() if journey.status != "replaced"}
    assert live == {_id(each) for each in run.journeys}


def _id(journey: Migration) -> str:
    return named(journey.corridor.partition("-")[0], journey.opening)


def test_every_rule_has_a_hundred_abuses_and_a_hundred_look_alikes() -> None:
    run = simulated(2_000, "2", 100)
    for rule in (*RULES, *sorted(WATCHES)):
        assert sum(each.rule == rule and each.expected for each in run.planted) >= 100, rule
        assert sum(each.rule == rule and each.look_alike for each in run.planted) >= 100, rule


@pytest.mark.timeout(600)
def test_all_that_was_planted_is_found_and_hardly_anything_else() -> None:
    found(simulated(2_000, "2", 100), shuffled_and_some_twice)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("order", [as_it_came, shuffled, backwards_and_twice])
def test_the_order_of_arrival_and_repetition_change_nothing(order: Callable[[Events], Events]) -> None:
    found(simulated(500, "3", 20), order, batch=1_000)
