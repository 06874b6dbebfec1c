"""T-CHN-07: the share of a corridor's departures, to the percent; ten departures; who went alone, and whose agency nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from streams.domain.instants import DAY
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, NOW = "T-CHN-07", at("2025-06-01")
AGENCIES = [f"NP:dofe:{number}" for number in range(100, 140)]


def left(who: str, agency: str | None, time: Any = NOW - 10 * DAY, country: str = "QA", origin: str = "NP") -> list[dict[str, Any]]:
    body = {"country": country} | ({"agency": agency} if agency else {})
    return [told("visa.clearance_issued", at(time) - 5 * DAY, body, who=who, origin=origin),
            told("deployment.departed", time, {"country": country}, who=who, origin=origin)]  # fmt: skip


def many(agencies: Iterable[str | None], **more: Any) -> list[dict[str, Any]]:
    return [event for number, agency in enumerate(agencies) for event in left(f"w{number}", agency, **more)]


def outcome(population: Population, issue: str = "departures", place: str = "NP-QA") -> str:
    ran = population.judge(WATCH, NOW)
    return next((each.outcome for each in ran.places if (each.subject, each.issue) == (f"place:{place}", issue)), "")


@pytest.mark.covers("T-CHN-07", "plain")
def test_more_than_thirty_percent_is_found_and_goes_to_oversight_and_the_committee(population: Population) -> None:
    population.publish(*many([AGENCIES[0]] * 4 + AGENCIES[1:7]), *left("other", AGENCIES[0], country="MY"))
    assert outcome(population) == "finding"
    body = population.reports()["NP-QA", "departures"]
    assert (body["reason"], body["parties"]) == ("agency_share", [AGENCIES[0]])
    assert body["figures"] == ["share_percent=40", "hhi=2200", "counted=10", "agencies=7", "unknown=0"]
    assert len(body["evidence"]) == 4
    assert {alert.audience for alert in population.alerts(WATCH)} == {"oversight", "tripartite-committee.QA"}
    assert population.findings(WATCH).keys() == {("place:NP-QA", "departures")}


@pytest.mark.covers("T-CHN-07", "boundary")
@pytest.mark.parametrize(("agencies", "said"), [
    ([AGENCIES[0]] * 3 + AGENCIES[1:8], "clear"),  # exactly 30 %
    ([AGENCIES[0]] * 4 + AGENCIES[1:10], "finding"),  # four of thirteen are 30.8 %
    ([AGENCIES[0]] * 4 + AGENCIES[1:6], "insufficient"),  # nine departures
    ([agency for agency in AGENCIES[:4] for _ in range(5)], "clear"),  # HHI exactly 2,500, shares of 25 %
    ([AGENCIES[0]] * 37 + [AGENCIES[1], AGENCIES[2]] * 36 + [AGENCIES[3]] * 35, "finding"),  # HHI 2,500.96, shares below 26 %
    ([agency for agency in AGENCIES[:3] for _ in range(29)] + [AGENCIES[3]] * 13, "finding"),  # 29 % each, HHI 2,692
])  # fmt: skip
def test_the_limits(population: Population, agencies: list[str], said: str) -> None:
    population.publish(*many(agencies))
    assert outcome(population) == said


@pytest.mark.covers("T-CHN-07", "look_alike")
def test_its_workers_elsewhere_before_and_those_who_left_twice_add_nothing(population: Population) -> None:
    first, *others = AGENCIES[:8]
    other = [event for number in range(4) for event in left(f"far{number}", first, country="MY")]
    early = [event for number in range(4) for event in left(f"early{number}", first, time=NOW - 120 * DAY)]
    again = told("deployment.departed", NOW - 9 * DAY, {"country": "QA"}, who="w0")
    population.publish(*many([first] * 3 + others), *other, *early, again)
    assert outcome(population) == "clear"
    assert population.alerts(WATCH) == []


def test_spellings_are_one_agency_and_a_worker_cleared_twice_is_one(population: Population) -> None:
    spelled = ["NP:dofe:LT-7", "NP:dofe:lt 7", "NP:dofe:LT7", "NP:dofe:Lt.7"]
    again = told("visa.clearance_issued", NOW - 20 * DAY, {"country": "QA", "agency": AGENCIES[30]}, who="w0")
    population.publish(*many(spelled + AGENCIES[1:7]), again)
    assert outcome(population) == "finding"
    assert population.reports()["NP-QA", "departures"]["figures"][0] == "share_percent=40"


@pytest.mark.covers("T-CHN-07", "missing")
def test_who_went_alone_counts_in_the_whole_and_an_unknown_agency_makes_it_insufficient(population: Population) -> None:
    body = {"country": "QA", "channel": "direct"}
    alone = [told("recruitment.worker_registered", NOW - 30 * DAY, body, who=f"w{number}") for number in (8, 9)]
    population.publish(*many([AGENCIES[0]] * 3 + AGENCIES[1:6] + [None, None]), *alone)
    assert outcome(population) == "clear"
    population.publish(*left("nobody knows", None))
    assert outcome(population) == "insufficient"
    assert population.reports()["NP-QA", "departures"]["missing"] == "the agency of some of them"


@pytest.mark.covers("T-CHN-07", "boundary")
def test_only_the_window_counts_and_its_days_are_whole(population: Population) -> None:
    population.publish(*many([AGENCIES[0]] * 4 + AGENCIES[1:7], time=NOW - 90 * DAY))
    assert outcome(population) == "finding"
    assert population.judge(WATCH, NOW + DAY - 1).new == {}
    later = population.judge(WATCH, NOW + DAY)
    assert later.new == {"insufficient": 1}  # nobody left since: nothing is known of the market, and that is not clear
    assert population.findings(WATCH) == {}


@pytest.mark.covers("T-CHN-07", "late")
def test_late_departures_change_the_share_and_a_second_run_says_nothing_new(population: Population) -> None:
    population.publish(*many([AGENCIES[0]] * 4 + AGENCIES[1:7]))
    assert outcome(population) == "finding"
    assert population.judge(WATCH, NOW).new == {}
    population.publish(*[event for number, agency in enumerate(AGENCIES[10:24]) for event in left(f"late{number}", agency)])
    assert population.judge(WATCH, NOW + DAY).new == {"clear": 1}


def test_job_orders_of_a_jurisdiction_are_judged_by_the_organisations_they_declare(population: Population) -> None:
    def order(number: int, firm: str) -> dict[str, Any]:
        body = {"demand": f"US:reg:{number}", "organisation_name": firm, "declared_by": "employer", "organisation": f"US:reg:{firm}"}
        return told("recruitment.recruiter_declared", NOW - DAY, body, source="/office/US/register", refs={"demand": f"US:reg:{number}"})

    firms = ["Green Co.", "Green Co.", "GREEN CO", "GREEN CO", *(f"Firm {number}" for number in range(6))]
    population.publish(*(order(number, firm) for number, firm in enumerate(firms)))
    assert outcome(population, "job orders", "US") == "finding"
    assert population.reports()["US", "job orders"]["figures"][:3] == ["share_percent=40", "hhi=2200", "counted=10"]
