"""What a run is made of, without engines: the schedule, the run's time, bad records, the table."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from schemas.codec import DecodeError, decode
from schemas.topicfiles import declared, topic
from streams.acceptance import record_key
from streams.domain.answering import case_of
from streams.domain.instants import DAY
from streams.domain.outputs import OPEN
from streams.domain.places import kind
from streams.evaluate import Evaluated, evaluate_events
from streams.publishers.reading import Ready, read
from streams.rules.policy import default
from tests.chaos.__main__ import chaos
from tests.chaos.collecting import published
from tests.chaos.faults import FAULTS
from tests.chaos.office import bad
from tests.chaos.pace import Pace
from tests.chaos.report import MACHINE, as_json, page, text
from tests.chaos.running import Done, Outcome, Plan, table
from tests.chaos.schedule import USUAL, schedule
from tests.support.simulated import KEY, simulated

# What a usual run has to do at least: how often, by the faults that count for it. Of some, two workers die.
KILLS = ("worker killed", "worker killed in a backlog", "two workers killed", "two workers killed", "worker killed in a sweep",
         "store deleted", "broker and worker killed", "clock a month ahead", "clock a month ahead", "disk full")  # fmt: skip
BOTH = "broker and worker killed"
LEAST = [
    (20, KILLS), (5, ("worker asleep",)), (3, ("store deleted",)), (1, ("disk full",)), (2, (BOTH,)),
    (5, ("broker killed", "feed's leader killed", "controller killed", BOTH)),
    (5, ("front killed", "front answers 500", "front's answer is lost", "front slow")),
]  # fmt: skip


@pytest.mark.parametrize(("least", "names"), LEAST, ids=lambda each: str(each)[:40])
def test_a_usual_run_has_the_faults_that_were_promised(least: int, names: tuple[str, ...]) -> None:
    often = Counter(fault.name for fault in schedule(USUAL, 1))
    assert sum(often[name] for name in names) >= least


def test_a_seed_decides_the_order_and_the_minutes_how_often() -> None:
    assert schedule(3, 7) == schedule(3, 7)
    assert [fault.name for fault in schedule(3, 7)] != [fault.name for fault in schedule(3, 8)]
    assert {fault.name for fault in schedule(1, 1)} == {fault.name for fault in FAULTS}, "a short run does each once"
    assert len(schedule(60, 1)) == 10 * len(schedule(USUAL, 1))


def test_a_runs_time_goes_from_its_first_instant_to_its_last() -> None:
    pace = Pace(began=100.0, first=1_000, last=3_000, seconds=10.0)
    assert [pace.at(wall) for wall in (0.0, 100.0, 105.0, 110.0, 500.0)] == [1_000, 1_000, 2_000, 3_000, 3_000]


@pytest.mark.parametrize("number", range(5))
def test_each_kind_of_bad_record_is_one_that_intake_refuses(number: int) -> None:
    lines = [line for _, line in simulated(10, "bad").raw]
    rows = [row for row in read(lines, KEY, 1_900_000_000_000, topic("visa").max_record_bytes) if isinstance(row, Ready)]
    assert len(rows) > 1_000
    for row in rows[::40]:
        where, key, value = bad(row, number)
        try:
            refused = value is None or record_key(decode(where, value)) != key
        except DecodeError:
            refused = True
        assert refused, (row.event["type"], number)


def test_evaluate_is_told_when_alerts_were_raised_and_by_that_finds_those_that_nobody_answered() -> None:
    run = simulated(10, "unanswered")

    def unanswered(*told: dict[str, Any]) -> tuple[set[str], Evaluated]:
        result = evaluate_events((*run.sealed(), *told), default(), run.as_of, declared)
        return {subject for subject, each in result.findings() if each.rule.startswith("T-EMB-02")}, result

    before, result = unanswered()
    entries = [replace(entry, published=tuple(replace(each, raised_at=run.as_of - 90 * DAY) for each in entry.published))
               for entry in result.entries.values()]  # fmt: skip
    after, told = unanswered(*published(entries, run.as_of))
    opened = {case_of(entry.home, each.alert) for entry in entries if kind(entry.subject) != "case"
              for each in entry.published if each.status in OPEN and each.audiences}  # fmt: skip
    assert len(opened) > 20
    assert after - before == opened
    rest = {(subject, each.alert) for subject, each in result.findings()}
    assert {(subject, each.alert) for subject, each in told.findings() if subject not in opened} == rest, "and nothing else"


def test_what_is_lost_or_repeated_is_counted_at_the_fault_before_it() -> None:
    done = [Done("a", 10.0, 6.0), Done("b", 20.0, None), Done("a", 30.0, 8.0)]
    first, second = table(done, lost=[12.0, 25.0], repeated=[5.0, 35.0])
    assert (first.fault, first.times, first.lost, first.duplicated, first.takeovers) == ("a", 2, 1, 2, [6.0, 8.0])
    assert (second.fault, second.times, second.lost, second.duplicated, second.usual) == ("b", 0, 1, 0, None)


def test_the_table_keeps_to_80_columns_and_says_what_got_stuck() -> None:
    done = [Done(fault.name, float(number), 123.4) for number, fault in enumerate(FAULTS)]
    rows = table(done, [], [0.5] * 12_345)
    outcome = Outcome(Plan(10, 1, FAULTS), rows, problems=["disk full: " + "x" * 200], totals={"events": 9})
    assert max(map(len, text(outcome).splitlines())) <= 80
    assert not outcome.whole
    assert "STUCK    disk full" in text(outcome)
    lines = page(outcome, "make chaos", dict.fromkeys((*MACHINE, "commit"), "x")).splitlines()
    assert len([line for line in lines if line.startswith("| ")]) == len(FAULTS) + 3
    assert any(line.startswith("Disk full: xxx") for line in lines)
    found = as_json(outcome)
    assert (found["whole"], found["faults"][0]["takeover_seconds"]) == (False, [123.4])


def test_a_fault_that_nobody_knows_is_an_error_also_among_known_ones() -> None:
    """Else a build that names its faults would do without one that was renamed, and pass."""
    done = CliRunner().invoke(chaos, ["--only", "disk full,front kiled"])
    assert done.exit_code == 2
    assert "no fault is called front kiled. There are: worker killed, " in done.output


def test_the_faults_of_the_build_are_known() -> None:
    named = re.search(r'^make chaos .*ONLY="([^"]+)"', (Path(__file__).parents[2] / ".ci" / "run").read_text(), re.MULTILINE)
    assert named is not None
    assert set(named[1].split(",")) <= {fault.name for fault in FAULTS}
