"""T-CON-06: twenty workers of one employer, seven days, the same terms, for the worse."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY, HOUR, SECOND
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, FIRM = "T-CON-06", "QA:cr:55-1023"
DAY0 = at("2025-05-10T09:00:00Z")
NOW = DAY0 + 8 * DAY
BEFORE: dict[str, Any] = {"wage": 1200_00, "hours_per_week": 48.0, "rest_days": 1.0, "months": 24, "isco": "7112", "site": "QA:site:1"}


def terms(type: str, who: str, time: Any, firm: str = FIRM, **body: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"country": "QA", "employer": firm} | body
    if "wage" in given:
        given |= {"wage": {"minor": given["wage"], "currency": "QAR"}, "wage_period": "month"}
    return told(type, time, given, who=who, id=f"{type[-6:]}-{who}-{at(time)}")


def contracts(count: int = 20, **more: Any) -> list[dict[str, Any]]:
    return [terms("oversight.contract_registered_origin", f"w{number}", DAY0 - 200 * DAY, **(BEFORE | more)) for number in range(count)]


def amended(count: int = 20, over: int = 7 * DAY, **body: Any) -> list[dict[str, Any]]:
    given = body or {"wage": 1000_00}
    times = [DAY0 + over * number // max(count - 1, 1) for number in range(count)]
    return [terms("deployment.contract_amended", f"w{number}", time, **given) for number, time in enumerate(times)]


def found(population: Population, *events: dict[str, Any]) -> dict[str, int]:
    population.publish(*events)
    return dict(population.judge(WATCH, NOW).found)


@pytest.mark.covers("T-CON-06", "plain", "boundary")
def test_twenty_alike_for_the_worse_in_seven_days(population: Population) -> None:
    assert found(population, *contracts(), *amended()) == {"finding": 1}
    ((firm, issue),) = population.reports()
    body = population.reports()[firm, issue]
    assert (firm, issue[:3], body["reason"]) == (FIRM, "NP ", "mass_amendments")
    assert body["figures"] == ["workers=20", "nationals=20", "days=7", "worse=wage"]
    assert (len(body["evidence"]), body["since"]) == (20, DAY0 + 7 * DAY)
    assert {alert.audience for alert in population.alerts(WATCH)} == {"embassy.NP-QA", "labour-inspectorate.QA"}
    assert population.judge(WATCH, NOW + HOUR).new == {}


@pytest.mark.covers("T-CON-06", "look_alike", "boundary")
@pytest.mark.parametrize("events", [
    [*contracts(), *amended(19)],
    [*contracts(), *amended(over=7 * DAY + SECOND)],
    [*contracts(), *amended(wage=1400_00)],  # better
    [*contracts(), *amended(hours_per_week=40.0, rest_days=2.0)],
    [*contracts(), *amended(isco="3123")],  # a promotion
    [*contracts(), *amended(**BEFORE)],  # nothing changed
    [*contracts(), *[event for number in range(20) for event in amended(1, wage=900_00 + number)]],  # each his own, and one worker's
    [*contracts(), *amended(10), *amended(1, firm="QA:cr:9")],
])  # fmt: skip
def test_a_look_alike_is_silent(population: Population, events: list[dict[str, Any]]) -> None:
    assert "finding" not in found(population, *events)


@pytest.mark.parametrize("body", [
    {"hours_per_week": 60.0}, {"rest_days": 0.5}, {"months": 36}, {"months": 12}, {"isco": "9313"}, {"site": "QA:site:2"},
    BEFORE | {"wage": 1000_00},  # the whole contract told again, with one change
    {"wage": 1300_00, "hours_per_week": 60.0},  # better and worse
])  # fmt: skip
def test_each_thing_for_the_worse_counts(population: Population, body: dict[str, Any]) -> None:
    assert found(population, *contracts(), *amended(**body)) == {"finding": 1}


def test_wages_of_different_workers_cut_to_one_are_alike(population: Population) -> None:
    before = [terms("oversight.contract_registered_origin", f"w{number}", DAY0 - 99 * DAY, wage=1100_00 + number) for number in range(20)]
    assert found(population, *before, *amended()) == {"finding": 1}


@pytest.mark.covers("T-CON-06", "missing", "late")
def test_without_the_terms_before_it_is_insufficient_and_late_contracts_tell(population: Population) -> None:
    assert found(population, *amended()) == {"insufficient": 1}
    (body,) = population.reports().values()
    assert body["missing"] == "the terms before the amendments"
    population.publish(*contracts())
    assert population.judge(WATCH, NOW + HOUR).new == {"finding": 1, "clear": 1}
    ((_, issue),) = population.findings(WATCH)
    assert issue.startswith("NP ")


def test_a_worker_amended_twice_is_one_and_each_embassy_hears_of_its_own(population: Population) -> None:
    twice = [*amended(19), terms("deployment.contract_amended", "w0", DAY0 + DAY, wage=1000_00)]
    assert "finding" not in found(population, *contracts(), *twice)
    other = [told("oversight.contract_registered_origin", DAY0 - 200 * DAY, {"country": "QA", "employer": FIRM, "wage": {
        "minor": 1200_00, "currency": "QAR"}, "wage_period": "month"}, who="in", origin="IN"),
        told("deployment.contract_amended", DAY0 + DAY, {"country": "QA", "employer": FIRM, "wage": {"minor": 1000_00, "currency": "QAR"},
             "wage_period": "month"}, who="in", origin="IN")]  # fmt: skip
    assert found(population, *other) == {"finding": 2}


@pytest.mark.covers("T-CON-06", "boundary")
def test_it_stands_for_ninety_days_after_the_last_of_them_and_no_hour_more(population: Population) -> None:
    last = DAY0 + 7 * DAY
    assert found(population, *contracts(), *amended()) == {"finding": 1}
    assert population.judge(WATCH, last + 90 * DAY).new == {}
    assert population.judge(WATCH, last + 90 * DAY + HOUR).new == {"clear": 1}
    assert population.findings(WATCH) == {}
