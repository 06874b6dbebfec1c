"""What the simulator plants for the watches is found through ClickHouse, and what only looks like it is not."""

from __future__ import annotations

import pytest

from streams.publishers.simulator.run import WATCHED
from streams.rules.registry import catalogue
from tests.found.watched import judged
from tests.support.simulated import scored, simulated
from tests.support.watching import Population

pytestmark = [pytest.mark.integration, pytest.mark.together, pytest.mark.timeout(240)]
EACH = 10  # cases, and as many look-alikes: each way in which a watch's stories go, once at least


def test_what_is_planted_is_found_and_no_look_alike(population: Population) -> None:
    run = simulated(60, "11", EACH)
    scores = scored(judged(run.sealed(), run.as_of, population.place, population.connect), run.planted)
    for rule in WATCHED:
        score = scores[rule]
        assert (score.missed, score.surplus) == ((), ()), rule
        assert min(score.planted, score.look_alikes) >= EACH, rule


def test_every_watch_is_planted_in_every_way_that_its_stories_go() -> None:
    assert WATCHED.keys() == {rule.id for rule in catalogue() if rule.by == "watch"}
    said = {(line.rule, line.variant, line.expected) for line in simulated(60, "11", EACH).planted}
    for rule, kinds in WATCHED.items():
        assert all(len(tells) <= EACH for tells in kinds)
        told = {(rule, tell.__name__.strip("_"), abuse) for tells, abuse in zip(kinds, (True, False), strict=True) for tell in tells}
        assert told <= said, rule
