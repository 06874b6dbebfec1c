"""T-DTH-01: two workers of one employer in 90 days; the day, the look-alikes, the late notice, the second run."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY, HOUR, SECOND
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
FIRM, OTHER = "QA:cr:55-1023", "QA:cr:77"
WATCH = "T-DTH-01"
FIRST = at("2025-03-01T10:30:00Z")


def died(who: str, time: Any = FIRST, firm: str | None = FIRM, **more: Any) -> dict[str, Any]:
    return told("deployment.death_notified", time, {"employer": firm, "country": "QA"} if firm else {"country": "QA"}, who=who, **more)


def hurt(who: str, time: Any = FIRST, firm: str = FIRM, **more: Any) -> dict[str, Any]:
    return told("deployment.injury_notified", time, {"employer": firm}, who=who, **more)


@pytest.mark.covers("T-DTH-01", "plain")
def test_two_workers_are_a_cluster_and_each_embassy_hears(population: Population) -> None:
    second = hurt("b", FIRST + DAY, id="two", firm="QA:cr:55 1023")
    population.publish(died("a", id="one"), second, hurt("c", FIRST + 2 * DAY, origin="IN", id="three"))
    ran = population.judge(WATCH, FIRST + 3 * DAY)
    assert (ran.found, ran.new) == ({"finding": 2}, {"finding": 2})
    found = population.reports()
    assert found.keys() == {(FIRM, "NP"), (FIRM, "IN")}
    body = found[FIRM, "NP"]
    assert body["figures"] == ["workers=3", "died=1", "nationals=2", "days=90"]
    assert (body["evidence"], body["since"], body["window_until"]) == (["one", "two"], FIRST + DAY, at("2025-03-04T10:00:00Z"))
    assert {alert.audience for alert in population.alerts(WATCH)} == {"embassy.NP-QA", "embassy.IN-QA"}
    assert {alert.severity for alert in population.alerts(WATCH)} == {"P1"}


@pytest.mark.covers("T-DTH-01", "look_alike")
@pytest.mark.parametrize("events", [
    (died("a"),),
    (died("a"), died("b", firm=OTHER)),
    (hurt("a"), died("a", FIRST + DAY)),  # what an injury led to
    (died("a"), died("a", FIRST + HOUR, source="/office/NP/embassy-doha")),  # told by two offices
    (died("a"), died("b", firm=None)),  # an unknown employer is T-DQ-01's
])  # fmt: skip
def test_a_look_alike_is_silent(population: Population, events: tuple[dict[str, Any], ...]) -> None:
    population.publish(*events)
    ran = population.judge(WATCH, FIRST + 3 * DAY)
    assert (ran.found["finding"], ran.new) == (0, {})
    assert population.alerts(WATCH) == []


@pytest.mark.covers("T-DTH-01", "boundary")
@pytest.mark.parametrize(("apart", "found"), [(90 * DAY, 1), (90 * DAY + SECOND, 0)])
def test_ninety_days_apart_is_within_and_a_second_more_is_not(population: Population, apart: int, found: int) -> None:
    population.publish(died("a"), died("b", FIRST + apart))
    assert population.judge(WATCH, FIRST + apart + HOUR).found["finding"] == found


def test_it_stands_until_ninety_days_after_the_last(population: Population) -> None:
    second = FIRST + DAY
    population.publish(died("a"), died("b", second))
    population.judge(WATCH, second + HOUR)
    last = second + 90 * DAY
    assert population.judge(WATCH, last).new == {}
    assert population.judge(WATCH, last + HOUR).new == {"clear": 1}
    assert population.findings(WATCH) == {}


@pytest.mark.covers("T-DTH-01", "missing", "late")
def test_an_employer_that_is_not_known_is_asked_for_and_counts_once_it_is(population: Population) -> None:
    """Missing, it is no cluster and no all-clear of anybody: the office hears of it (T-DQ-01)."""
    unknown = died("b", FIRST + DAY, firm=None, id="nobodys")
    population.publish(died("a"), unknown)
    assert population.judge(WATCH, FIRST + 3 * DAY).found["finding"] == 0
    assert {(issue, each.reason) for (_, issue), each in population.findings("T-DQ-01").items()} == {
        ("employer_unknown:nobodys", "employer_unknown")}  # fmt: skip
    population.publish(died("b", FIRST + DAY, recorded=FIRST + 4 * DAY, corrects="nobodys", was={"origin": "NP", "subjects": []}))
    assert population.judge(WATCH, FIRST + 5 * DAY).new == {"finding": 1}
    assert population.findings("T-DQ-01") == {}


def test_a_notice_without_a_known_worker_is_a_case_of_its_own(population: Population) -> None:
    population.publish(died("a"), died("", FIRST + DAY, id="nobody"), died("07", FIRST + DAY, weak=True, id="weak"))
    population.judge(WATCH, FIRST + 3 * DAY)
    assert population.reports()[FIRM, "NP"]["figures"][0] == "workers=3"


def test_a_run_again_and_a_late_run_say_the_same(population: Population) -> None:
    population.publish(died("a"), died("b", FIRST + DAY))
    until = at("2025-03-04T10:00:00Z")
    population.judge(WATCH, until, dry=True)
    assert population.delivered == []
    population.judge(WATCH, until)
    first = [(row.event["id"], row.fact) for row in population.delivered]
    assert len(first) == 1
    assert population.judge(WATCH, until + 59 * 60_000).new == {}
    assert population.judge(WATCH, until + 5 * HOUR).new == {}  # the next windows say nothing new either


def test_what_was_not_delivered_is_made_again_byte_for_byte(population: Population) -> None:
    """A run that ended between its publishing and ClickHouse's having it."""
    population.publish(died("a"), died("b", FIRST + DAY))
    made = []
    for late in (0, 40 * 60_000):
        population.judge(WATCH, at("2025-03-04T10:00:00Z") + late, keep=False)
        made.append([(row.event["id"], row.fact, row.data) for row in population.delivered])
    assert made[0] == made[1] != []


@pytest.mark.covers("T-DTH-01", "late")
def test_late_evidence_raises_and_a_correction_withdraws(population: Population) -> None:
    population.publish(died("a"))
    assert population.judge(WATCH, FIRST + 3 * DAY).new == {}
    population.publish(died("b", FIRST + DAY, recorded=FIRST + 20 * DAY, id="late"))
    assert population.judge(WATCH, FIRST + 20 * DAY).new == {"finding": 1}
    alert = population.findings(WATCH)[f"party:{FIRM}", "NP"].alert
    moved = died("b", FIRST + DAY, firm=OTHER, recorded=FIRST + 30 * DAY, corrects="late",
                 was={"origin": "NP", "subjects": [f"party:{FIRM}"]})  # fmt: skip
    population.publish(moved)
    assert population.judge(WATCH, FIRST + 30 * DAY).new == {"clear": 1}
    assert [(each.id, each.status) for each in population.alerts(WATCH)] == [(alert, "withdrawn")]


@pytest.mark.covers("T-DTH-01", "missing")
def test_while_the_sink_lags_nothing_is_said_and_least_of_all_that_it_is_clear(population: Population) -> None:
    population.publish(died("a"), died("b", FIRST + DAY))
    population.judge(WATCH, FIRST + 3 * DAY)
    ran = population.judge(WATCH, FIRST + 200 * DAY, lacking="3 records of facts")
    assert (ran.new, ran.found, ran.as_json()["outcome"]) == ({}, {}, "insufficient")
    assert population.findings(WATCH).keys() == {(f"party:{FIRM}", "NP")}
    assert population.judge(WATCH, FIRST + 200 * DAY).new == {"clear": 1}
