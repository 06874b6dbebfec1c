"""The table of what is found: figures of all seeds added up, and what falls short of it."""

from __future__ import annotations

from streams.rules.registry import catalogue
from tests.found.scoreboard import added_up, page, short

RULES = [rule.id for rule in catalogue()]
GOOD = dict.fromkeys(RULES, (60, 60, 0, 70))


def test_figures_of_all_seeds_are_added_up() -> None:
    sums, events = added_up([("1", 10, GOOD), ("2", 20, GOOD)])
    assert (sums["T-CON-01"].planted, sums["T-CON-01"].look_alikes, sum(events.values())) == (120, 140, 30)
    assert short(sums, 100) == []
    rows = [line for line in page(sums, events, 2_000, "abc") if line.startswith("| T-CON-01 |")]
    assert rows == ["| T-CON-01 | contract not registered | 120 | 120 | 0 | 140 | 1.0000 | 1.0000 |"]


def test_what_is_missed_found_wrongly_or_hardly_planted_falls_short() -> None:
    sums, _ = added_up([("1", 10, {**GOOD, "T-CON-01": (200, 199, 0, 200), "T-CON-02": (200, 200, 3, 200), "T-CON-04": (99, 99, 0, 200)})])
    said = short(sums, 50)
    assert [line.partition(":")[0] for line in said] == ["T-CON-01", "T-CON-02"]
    assert any(line == "T-CON-04: 99 planted, 200 look-alikes" for line in short(sums, 100))


def test_a_rule_that_nothing_plants_is_named() -> None:
    sums, _ = added_up([("1", 10, {rule: figures for rule, figures in GOOD.items() if rule != "T-CON-01"})])
    assert short(sums, 50) == ["T-CON-01: nothing is planted"]
