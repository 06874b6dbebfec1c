"""T-CMP-03: five in ninety days, more than expected, and a probability where the workers are known; small counts are not told."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY, HOUR, SECOND
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, FIRM, AGENCY = "T-CMP-03", "QA:cr:55-1023", "NP:dofe:1234"
FIRST = at("2025-03-01T10:30:00Z")
NOW = FIRST + 30 * DAY


def filed(who: str, time: Any = FIRST, role: str = "worker", **more: Any) -> dict[str, Any]:
    rest = {name: more.pop(name) for name in ("origin", "id", "source", "recorded", "refs", "weak") if name in more}
    body = {"complainant_role": role, "country": "QA"} | (more or {"against": FIRM})
    return told("complaint.complaint_filed", time, body, who=who, **rest)


def staff(count: int, firm: str = FIRM, time: Any = FIRST - 60 * DAY) -> list[dict[str, Any]]:
    return [told("deployment.arrived", time, {"country": "QA", "employer": firm}, who=f"staff{number}") for number in range(count)]


@pytest.mark.covers("T-CMP-03", "plain")
def test_five_are_a_cluster_and_small_counts_are_not_told(population: Population) -> None:
    population.publish(*(filed(f"w{number}", id=f"c{number}", origin="NP" if number < 3 else "IN") for number in range(6)))
    ran = population.judge(WATCH, NOW)
    assert ran.new == {"finding": 2}
    body = population.reports()[FIRM, "NP"]
    assert body["figures"] == ["complaints=6", "nationals=fewer than 5", "days=90"]
    assert body["evidence"] == ["c0", "c1", "c2"]  # of the embassy's own nationals
    assert "fewer than 5" in body["summary"]
    alerts = population.alerts(WATCH)
    assert {alert.audience for alert in alerts} == {"embassy.NP-QA", "embassy.IN-QA", "licensing-authority.QA"}
    assert all(alert.evidence == () for alert in alerts if alert.audience.startswith("licensing"))


@pytest.mark.covers("T-CMP-03", "look_alike")
@pytest.mark.parametrize("events", [
    [filed(f"w{number}") for number in range(4)],
    [filed("w", FIRST + number * HOUR) for number in range(6)],  # one worker's
    [filed("", refs={"case": "C-1"}) for _ in range(6)],  # one case's
    [filed(f"w{number}", role="employer") for number in range(6)],
    [filed(f"w{number}", against=f"QA:cr:{number}") for number in range(6)],
    [filed(f"w{number}", category="wages") for number in range(6)],  # about nobody
])  # fmt: skip
def test_a_look_alike_is_silent(population: Population, events: list[dict[str, Any]]) -> None:
    population.publish(*events)
    assert population.judge(WATCH, NOW).found["finding"] == 0


def test_whom_it_is_against_else_the_employer_else_the_agency(population: Population) -> None:
    about_the_agency = [{"against": AGENCY, "employer": FIRM}, {"agency": "NP:dofe:1234"}]
    population.publish(*(filed(f"w{number}", **about_the_agency[number % 2]) for number in range(4)))
    population.publish(*(filed(f"v{number}", employer=FIRM, agency=AGENCY) for number in range(4)))
    assert population.judge(WATCH, NOW).found == {"insufficient": 2}  # four of the one and four of the other
    population.publish(filed("w5", agency=AGENCY))
    assert population.judge(WATCH, NOW + HOUR).new == {"finding": 1}
    assert population.reports().keys() == {(AGENCY, "NP")}


@pytest.mark.covers("T-CMP-03", "boundary")
@pytest.mark.parametrize(("apart", "found"), [(90 * DAY, 1), (90 * DAY + SECOND, 0)])
def test_ninety_days_from_the_first_to_the_fifth(population: Population, apart: int, found: int) -> None:
    population.publish(filed("w0"), *(filed(f"w{number}", FIRST + apart) for number in range(1, 5)))
    assert population.judge(WATCH, FIRST + apart + HOUR).found["finding"] == found


@pytest.mark.covers("T-CMP-03", "boundary")
@pytest.mark.parametrize(("workers", "complaints", "said"), [
    (19, 3, "insufficient"),  # too few are known for an expectation
    (19, 5, "finding"),
    (20, 2, "finding"),  # 0.03 expected: 2 have p = 0.0006
    (20, 1, "clear"),
    (100, 2, "clear"),  # 0.17 expected: more than three times as many, p = 0.013
    (100, 3, "finding"),  # p = 0.0007
    (1000, 5, "clear"),  # 1.73 expected: five have p = 0.031
    (1000, 6, "finding"),  # p = 0.0096
])  # fmt: skip
def test_both_halves_are_weighed_against_the_workers_known(population: Population, workers: int, complaints: int, said: str) -> None:
    population.publish(*staff(workers), *(filed(f"staff{number}") for number in range(complaints)))
    ran = population.judge(WATCH, NOW)
    assert ran.found == {said: 1}


@pytest.mark.covers("T-CMP-03", "boundary")
@pytest.mark.parametrize(("complaints", "said"), [(12, "clear"), (13, "finding")])
def test_exactly_three_times_as_many_as_expected_is_not_more(population: Population, complaints: int, said: str) -> None:
    """Where the count alone is none, with four expected of a hundred workers: twelve have p = 0.0009."""
    population.publish(*staff(100), *(filed(f"staff{number}") for number in range(complaints)))
    ran = population.judge(WATCH, NOW, overrides={"complaints": 50, "per_1000": 200.0, "days": 73})
    assert ran.found == {said: 1}


@pytest.mark.covers("T-CMP-03", "boundary", "missing")
@pytest.mark.parametrize(("before", "said"), [(730 * DAY, "finding"), (730 * DAY + SECOND, "insufficient")])
def test_workers_of_more_than_two_years_ago_are_not_known(population: Population, before: int, said: str) -> None:
    until = at("2025-03-31T10:00:00Z")  # the last full hour
    population.publish(*staff(20, time=until - before), filed("staff0"), filed("staff1"))
    assert population.judge(WATCH, NOW).found == {said: 1}


def test_of_fewer_than_five_the_embassy_alone_hears(population: Population) -> None:
    population.publish(*staff(20), filed("staff0"), filed("staff1"))
    assert population.judge(WATCH, NOW).new == {"finding": 1}
    assert population.reports()[FIRM, "NP"]["reason"] == "more_than_expected"
    assert {alert.audience for alert in population.alerts(WATCH)} == {"embassy.NP-QA"}


@pytest.mark.covers("T-CMP-03", "missing")
def test_without_the_number_of_workers_two_complaints_are_insufficient(population: Population) -> None:
    population.publish(filed("a"), filed("b"))
    assert population.judge(WATCH, NOW).new == {"insufficient": 1}
    assert population.reports()[FIRM, "NP"]["missing"] == "how many workers are known there"


@pytest.mark.covers("T-CMP-03", "late")
def test_a_late_complaint_a_second_run_and_the_end_of_the_window(population: Population) -> None:
    population.publish(*(filed(f"w{number}") for number in range(4)))
    population.judge(WATCH, NOW)
    population.publish(filed("w4", FIRST + DAY, recorded=NOW + DAY))
    assert population.judge(WATCH, NOW + DAY).new == {"finding": 1}
    assert population.judge(WATCH, NOW + DAY + HOUR - 1).new == {}
    assert population.judge(WATCH, FIRST + 92 * DAY).new in ({"clear": 1}, {"insufficient": 1})
    assert population.findings(WATCH) == {}
