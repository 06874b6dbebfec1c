"""T-VIS-03: any two of four signs, each to its limit; one sign is silent; what is not known is insufficient."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY, HOUR
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, OFFICER, OTHER = "T-VIS-03", "p_" + "a" * 32, "p_" + "b" * 32
DAY0, NOW = at("2025-05-10T09:00:00Z"), at("2025-05-20")
MINUTE = 60_000


def approved(demand: str = "NP:dofe:D1", time: Any = DAY0, officer: str | None = OFFICER, network: str | None = "10.1",
             late: bool | None = False, **more: Any) -> dict[str, Any]:  # fmt: skip
    body = {"country": "QA", "agency": "NP:dofe:1234", "demand": demand, "officer": officer, "network": network, "out_of_hours": late}
    given = {name: value for name, value in body.items() if value is not None}
    return told("visa.clearance_issued", time, given, who=f"w{demand}{at(time)}", source="/office/NP/dofe", **more)


def rejected(time: Any = DAY0 - 2 * DAY) -> dict[str, Any]:
    return told("oversight.demand_rejected", time, {"demand": "NP:dofe:D1", "reason": "forged"}, source="/office/NP/dofe")


def submitted(time: Any) -> dict[str, Any]:
    body = {"employer": "QA:cr:1", "country": "QA", "jobs": 5}
    return told("recruitment.demand_submitted", time, body, source="/office/NP/dofe", refs={"demand": "NP:dofe:D1"})


def leave(first: str = "2025-05-09", last: str = "2025-05-10", officer: str = OFFICER) -> dict[str, Any]:
    body = {"officer": officer, "jurisdiction": "NP", "from": first, "until": last}
    return told("licensing.officer_leave", f"{first}T03:00:00Z", body, source="/office/NP/dofe")


def usual(count: int = 6, network: str = "10.1") -> list[dict[str, Any]]:
    return [approved(f"NP:dofe:U{number}", DAY0 - (60 + number) * DAY, network=network) for number in range(count)]


def burst(count: int = 10, over: int = 60 * MINUTE, time: Any = DAY0 - 30 * MINUTE) -> list[dict[str, Any]]:
    return [approved(f"NP:dofe:B{number}", at(time) + over * number // (count - 1), late=True) for number in range(count)]


def said(population: Population, *events: dict[str, Any], now: Any = NOW) -> list[str]:
    population.publish(*events)
    return sorted(population.judge(WATCH, now).found.elements())


@pytest.mark.covers("T-VIS-03", "plain")
@pytest.mark.parametrize("events", [
    [rejected(), leave(), approved()],
    [rejected(), *usual(), approved(network="8.8")],
    [leave(), *usual(), approved(network="8.8")],
    [leave(), *burst()],
    [rejected(), *burst(), approved(late=True)],
])  # fmt: skip
def test_any_two_signs_are_a_finding_for_oversight(population: Population, events: list[dict[str, Any]]) -> None:
    assert said(population, *events) == ["finding"]
    body = population.reports()["NP", OFFICER]
    assert body["reason"] == "irregular_approval"
    assert body["parties"] == ["NP:dofe:1234"]
    assert {alert.audience for alert in population.alerts(WATCH)} == {"oversight"}
    assert OFFICER not in body["summary"]
    assert population.judge(WATCH, NOW + HOUR).new == {}


@pytest.mark.covers("T-VIS-03", "look_alike")
@pytest.mark.parametrize("events", [
    [rejected(), approved()],
    [leave(), approved()],
    [*usual(), approved(network="8.8")],
    burst(),
    [rejected(), submitted(DAY0 - DAY), leave(), approved()],  # a new document
    [rejected(DAY0 + DAY), leave(), approved()],  # rejected afterwards
    [rejected(), leave(officer=OTHER), approved()],
    [rejected(), leave("2025-05-08", "2025-05-09"), approved()],
    [rejected(), *usual(network="8.8"), approved(network="8.8")],
    [rejected(), *usual(4), approved(network="8.8")],  # too little history
    [leave(), *burst(9)],
    [leave(), *burst(10, 9 * 7 * MINUTE)],  # 63 minutes
    [leave(), *[{**each, "body": {**each["body"], "out_of_hours": False}} for each in burst()]],
])  # fmt: skip
def test_one_sign_is_silent(population: Population, events: list[dict[str, Any]]) -> None:
    assert "finding" not in said(population, *events)


@pytest.mark.covers("T-VIS-03", "boundary")
@pytest.mark.parametrize(("time", "found"), [
    ("2025-05-08T18:14:59Z", False), ("2025-05-08T18:15:00Z", True), ("2025-05-10T18:14:59Z", True), ("2025-05-10T18:15:00Z", False),
])  # fmt: skip
def test_leave_is_of_whole_days_in_the_officer_s_own_country(population: Population, time: str, found: bool) -> None:
    assert ("finding" in said(population, rejected(DAY0 - 5 * DAY), leave(), approved(time=time))) == found


def test_an_attestation_is_an_approval_too(population: Population) -> None:
    body = {"demand": "NP:dofe:D1", "depth": "stamp", "officer": OFFICER}
    attested = told("oversight.demand_attested", DAY0, body, source="/office/NP/dofe")
    assert said(population, rejected(), leave(), attested) == ["finding"]


@pytest.mark.covers("T-VIS-03", "missing")
def test_one_sign_and_something_unknown_is_insufficient(population: Population) -> None:
    assert said(population, rejected(), approved(officer=None)) == ["insufficient"]
    assert said(population, approved("NP:dofe:D2", officer=None)) == ["insufficient"]


@pytest.mark.covers("T-VIS-03", "late")
def test_a_document_published_late_ends_it(population: Population) -> None:
    assert said(population, rejected(), leave(), approved()) == ["finding"]
    population.publish(submitted(DAY0 - DAY) | {"recordedat": NOW})
    assert population.judge(WATCH, NOW + HOUR).new == {"clear": 1}
    assert [alert.status for alert in population.alerts(WATCH)] == ["withdrawn"]


@pytest.mark.covers("T-VIS-03", "boundary")
def test_it_ends_with_its_window(population: Population) -> None:
    assert said(population, rejected(), leave(), approved()) == ["finding"]
    assert population.judge(WATCH, DAY0 + 30 * DAY).new == {}
    assert population.judge(WATCH, DAY0 + 30 * DAY + HOUR).new == {"clear": 1}
