"""T-WAG-02: thirty percent of five workers, two months running; what is late, what is unknown, what comes later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from streams.domain.instants import DAY
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, FIRM = "T-WAG-02", "QA:cr:55-1023"
MONTHS = ("2025-02", "2025-03", "2025-04")
NOW = at("2025-05-09")  # the seven days after 1 May are over


def last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def due(who: str, month: str, firm: str = FIRM, minor: int | None = 1000_00, **more: Any) -> dict[str, Any]:
    last = last_day(month)
    body: dict[str, Any] = {"employer": firm, "period_start": f"{month}-01", "period_end": last.isoformat(),
                            "due": (last + timedelta(days=1)).isoformat()}  # fmt: skip
    if minor is not None:
        body["amount"] = {"minor": minor, "currency": "QAR"}
    return told("deployment.wage_due", f"{last.isoformat()}T12:00:00Z", body, who=who, **more)


def paid(who: str, month: str, after: int = 1, minor: int = 1000_00, firm: str | None = FIRM) -> dict[str, Any]:
    last = last_day(month)
    body = {"amount": {"minor": minor, "currency": "QAR"}, "period_start": f"{month}-01", "period_end": last.isoformat()}
    when = (last + timedelta(days=1 + after)).isoformat()
    return told("deployment.wage_paid", f"{when}T10:00:00Z", body | ({"employer": firm} if firm else {}), who=who)


def payroll(late: dict[str, int], workers: int = 10) -> list[dict[str, Any]]:
    """Each month so many of the workers are not paid; all others the day after it was due."""
    return [event for month, count in late.items() for number in range(workers)
            for event in (due(f"w{number}", month), *([] if number < count else [paid(f"w{number}", month)]))]  # fmt: skip


def said(population: Population, *events: dict[str, Any], now: Any = NOW) -> dict[str, int]:
    population.publish(*events)
    return dict(population.judge(WATCH, now).found)


def arrived(who: str, **more: Any) -> dict[str, Any]:
    return told("deployment.arrived", "2025-01-10", {"country": "QA", "employer": FIRM}, who=who, **more)


@pytest.mark.covers("T-WAG-02", "plain")
def test_thirty_percent_in_two_months_is_the_gravest(population: Population) -> None:
    assert said(population, *payroll({"2025-03": 3, "2025-04": 4})) == {"finding": 1}
    body = population.reports()[FIRM, "NP"]
    assert body["figures"] == ["workers=10", "late=4", "late_before=3", "unknown=0", "month=2025-04"]
    assert len(body["evidence"]) == 7
    alerts = population.alerts(WATCH)
    assert {(alert.audience, alert.severity) for alert in alerts} == {("embassy.NP-QA", "P1")}
    assert population.judge(WATCH, NOW + DAY).new == {}


@pytest.mark.covers("T-WAG-02", "look_alike")
@pytest.mark.parametrize("late", [
    {"2025-03": 2, "2025-04": 4}, {"2025-03": 4, "2025-04": 2}, {"2025-04": 9}, {"2025-02": 5, "2025-03": 5, "2025-04": 0},
    {"2025-02": 5, "2025-04": 5},
])  # fmt: skip
def test_one_month_or_fewer_workers_is_silent(population: Population, late: dict[str, int]) -> None:
    assert "finding" not in said(population, *payroll(late))


@pytest.mark.covers("T-WAG-02", "boundary")
@pytest.mark.parametrize(("after", "found"), [(7, "clear"), (8, "finding")])
def test_the_seventh_day_is_in_time(population: Population, after: int, found: str) -> None:
    events = payroll({"2025-03": 3, "2025-04": 3})
    late = [paid(f"w{number}", month, after) for number in range(3) for month in ("2025-03", "2025-04")]
    assert said(population, *events, *late) == {found: 1}


@pytest.mark.covers("T-WAG-02", "boundary")
@pytest.mark.parametrize(("instant", "found"), [("20:59:59.999Z", "clear"), ("21:00:00Z", "finding")])
def test_the_seventh_day_is_one_where_the_employer_is(population: Population, instant: str, found: str) -> None:
    """21:00 UTC is midnight in Doha."""
    late = [paid(f"w{number}", month) | {"time": at(f"{day}T{instant}"), "recordedat": at(f"{day}T{instant}")}
            for number in range(3) for month, day in (("2025-03", "2025-04-08"), ("2025-04", "2025-05-08"))]  # fmt: skip
    assert said(population, *payroll({"2025-03": 3, "2025-04": 3}), *late) == {found: 1}


@pytest.mark.covers("T-WAG-02", "missing")
@pytest.mark.parametrize(("stated", "currency", "minor", "found"), [
    (False, "QAR", 1000_00, "insufficient"), (True, "USD", 1000_00, "insufficient"), (True, "QAR", 1000_00, "clear"),
    (True, "QAR", 900_00, "finding"), (False, "", 0, "finding"),
])  # fmt: skip
def test_what_nobody_stated_or_another_currency_may_be_short(
    population: Population, stated: bool, currency: str, minor: int, found: str
) -> None:
    """A wage of which no payment at all is known is late, whatever it is."""
    months = ("2025-03", "2025-04")
    for month in months:
        owed = [due(f"w{number}", month, minor=None if number < 3 and not stated else 1000_00) for number in range(10)]
        came = [paid(f"w{number}", month) for number in range(3, 10)]
        some = [paid(f"w{number}", month) for number in range(3)] if currency else []
        for each in some:
            each["body"]["amount"] = {"minor": minor, "currency": currency}
        population.publish(*owed, *came, *some)
    assert said(population) == {found: 1}


@pytest.mark.covers("T-WAG-02", "boundary")
@pytest.mark.parametrize(("minor", "found"), [(950_00, "clear"), (949_99, "finding")])
def test_short_by_more_than_five_percent_is_late(population: Population, minor: int, found: str) -> None:
    short = [paid(f"w{number}", month, minor=minor) for number in range(3) for month in ("2025-03", "2025-04")]
    assert said(population, *payroll({"2025-03": 3, "2025-04": 3}), *short) == {found: 1}


def test_a_wage_whose_days_are_not_over_is_not_late_yet(population: Population) -> None:
    events = payroll({"2025-02": 0, "2025-03": 5, "2025-04": 5})
    assert said(population, *events, now=NOW - DAY) == {"clear": 1}
    assert said(population, now=NOW) == {"finding": 1}


def test_what_comes_later_was_late_and_a_good_month_ends_it(population: Population) -> None:
    said(population, *payroll({"2025-03": 3, "2025-04": 3}))
    population.publish(*(paid(f"w{number}", "2025-04", 30) for number in range(3)))
    assert population.judge(WATCH, NOW + 20 * DAY).new == {}
    population.publish(*payroll({"2025-05": 0}))
    assert population.judge(WATCH, at("2025-06-09")).new == {"clear": 1}
    assert population.findings(WATCH) == {}


@pytest.mark.covers("T-WAG-02", "boundary", "missing")
def test_five_workers_are_enough_and_four_are_insufficient(population: Population) -> None:
    assert said(population, *payroll({"2025-03": 2, "2025-04": 2}, 5)) == {"finding": 1}
    few = [event | {"body": event["body"] | {"employer": "QA:cr:4"}} for event in payroll({"2025-03": 2, "2025-04": 2}, 4)]
    assert said(population, *few) == {"finding": 1, "insufficient": 1}
    assert population.reports()["QA:cr:4", "NP"]["missing"] == "5 workers known in both months"


@pytest.mark.covers("T-WAG-02", "missing")
def test_workers_of_whom_nothing_is_known_make_it_insufficient_where_they_could_reach_thirty(population: Population) -> None:
    events = payroll({"2025-03": 2, "2025-04": 2})
    assert said(population, *events) == {"clear": 1}
    assert said(population, *(arrived(f"other{number}") for number in range(1))) == {"clear": 1}  # 3 of 11
    assert said(population, *(arrived(f"more{number}") for number in range(1))) == {"insufficient": 1}  # 4 of 12
    home = [told("deployment.repatriation_done", "2025-02-01", {"cause": "end_of_contract"}, who="more0")]
    assert said(population, *home) == {"clear": 1}


@pytest.mark.covers("T-WAG-02", "late")
def test_a_payment_told_late_ends_it_and_a_payment_without_an_employer_counts(population: Population) -> None:
    said(population, *payroll({"2025-03": 3, "2025-04": 3}))
    population.publish(paid("w0", "2025-04", firm=None) | {"recordedat": NOW})
    assert population.judge(WATCH, NOW + DAY).new == {"clear": 1}
    assert [alert.status for alert in population.alerts(WATCH)] == ["withdrawn"]
