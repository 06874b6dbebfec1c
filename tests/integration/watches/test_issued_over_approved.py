"""T-VIS-02: one more than approved, per demand and per agency; voided places, a worker cleared twice, a register that is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.instants import DAY, HOUR
from tests.support.builders import at
from tests.support.watching import Population, told

pytestmark = [pytest.mark.integration, pytest.mark.together]
WATCH, DEMAND, AGENCY = "T-VIS-02", "NP:dofe:LT-77", "NP:dofe:1234"
DAY0, NOW = at("2025-03-01T08:00:00Z"), at("2025-06-01")
ALL = "all demands"


def demand(
    certified: int | None = 3, name: str = DEMAND, time: Any = DAY0 - 30 * DAY, jobs: int | None = None, **more: Any
) -> dict[str, Any]:
    body = {"employer": "QA:cr:1", "agency": AGENCY, "country": "QA", "jobs_certified": certified, "jobs": jobs} | more
    return told("recruitment.demand_submitted", time, {key: value for key, value in body.items() if value is not None},
                source="/office/NP/dofe", refs={"demand": name})  # fmt: skip


def cleared(who: str, time: Any = DAY0, name: str | None = DEMAND, agency: str = AGENCY, **more: Any) -> dict[str, Any]:
    body = {"country": "QA", "agency": agency} | ({"demand": name} if name else {})
    return told("visa.clearance_issued", time, body, who=who, source="/office/NP/dofe", id=f"c-{who}-{at(time)}", **more)


def voided(who: str, time: Any, of: Any = DAY0) -> dict[str, Any]:
    return told("visa.clearance_voided", time, {"clearance": f"c-{who}-{at(of)}", "demand": DEMAND}, source="/office/NP/dofe")


def four() -> list[dict[str, Any]]:
    return [cleared(f"w{number}") for number in range(4)]


def said(population: Population, *events: dict[str, Any], now: Any = NOW) -> dict[tuple[str, str], str]:
    population.publish(*events)
    population.judge(WATCH, now)
    return {key: str(body["outcome"]) for key, body in population.reports().items()}


@pytest.mark.covers("T-VIS-02", "plain")
def test_one_more_than_approved_is_found_on_the_demand_and_the_agency_and_only_oversight_hears(population: Population) -> None:
    assert said(population, demand(), *four()) == {(DEMAND, ""): "finding", (AGENCY, ALL): "finding"}
    body = population.reports()[DEMAND, ""]
    assert body["figures"] == ["issued=4", "approved=3", "excess=1"]
    assert len(body["evidence"]) == 4
    assert {alert.audience for alert in population.alerts(WATCH)} == {"oversight"}
    assert population.judge(WATCH, NOW + HOUR).new == {}


@pytest.mark.covers("T-VIS-02", "look_alike")
@pytest.mark.parametrize("events", [
    [demand(4), *four()],
    [demand(), *four()[:3], cleared("w2", DAY0 + DAY)],  # a worker cleared twice
    [demand(), *four(), voided("w3", DAY0 + DAY)],
    [demand(2), demand(4, time=DAY0 - DAY), *four()],  # approved anew
    [demand(4), *four(), demand(1, "NP:dofe:LT-78", agency="NP:dofe:9"), cleared("w9", name="NP:dofe:LT-78")],  # farmed: CHN-06's
    [demand(4), *[cleared(f"w{number}", name="NP:dofe:lt 77") for number in range(0)], *four()],
])  # fmt: skip
def test_a_look_alike_is_silent(population: Population, events: list[dict[str, Any]]) -> None:
    assert "finding" not in said(population, *events).values()


@pytest.mark.covers("T-VIS-02", "boundary")
@pytest.mark.parametrize(("void", "found"), [(DAY0 + 10 * DAY - 1, False), (DAY0 + 10 * DAY, True)])
def test_a_place_is_freed_only_before_the_worker_left(population: Population, void: Any, found: bool) -> None:
    left = told("deployment.departed", DAY0 + 10 * DAY, {"country": "QA"}, who="w3")
    assert ((DEMAND, "") in said(population, demand(), *four(), left, voided("w3", void))) == found


@pytest.mark.covers("T-VIS-02", "boundary")
def test_an_agency_s_demands_are_added_up_with_its_clearances_on_none(population: Population) -> None:
    events = [demand(10, agency="NP:dofe:12-34"), demand(1, "NP:dofe:LT-78", agency="NP:dofe:12 34")]
    loose = [cleared(f"x{number}", name=None, agency="NP:dofe:12-34") for number in range(11)]
    assert said(population, *events, *loose) == {}
    found = said(population, cleared("y", name="NP:dofe:LT-78", agency="NP:dofe:12-34"), now=NOW + HOUR)
    assert found == {("NP:dofe:12-34", ALL): "finding"}
    assert population.reports()["NP:dofe:12-34", ALL]["figures"] == ["issued=12", "approved=11", "positions=11", "demands=2", "excess=1"]


@pytest.mark.covers("T-VIS-02", "missing")
def test_what_is_not_known_is_insufficient_and_more_than_requested_is_more_than_approved(population: Population) -> None:
    assert said(population, demand(None), *four()) == {(DEMAND, ""): "insufficient", (AGENCY, ALL): "insufficient"}
    assert said(population, demand(None, jobs=4, time=DAY0 - DAY), now=NOW + HOUR) == {}
    enough = demand(None, "NP:dofe:LT-79", agency="NP:dofe:9"), demand(4, "NP:dofe:LT-80", agency="NP:dofe:9")
    loose = [cleared(f"z{number}", name=None, agency="NP:dofe:9") for number in range(5)]
    assert said(population, *enough, *loose[:4], now=NOW + 2 * HOUR) == {}  # enough, however many the other has
    assert said(population, loose[4], now=NOW + 3 * HOUR) == {("NP:dofe:9", ALL): "insufficient"}
    found = said(population, cleared("w5"), now=NOW + 4 * HOUR)
    assert found == {(DEMAND, ""): "finding", (AGENCY, ALL): "finding"}
    assert population.reports()[DEMAND, ""]["reason"] == "issued_over_requested"


def test_positions_attested_stand_where_none_were_certified(population: Population) -> None:
    attested = told("oversight.demand_attested", DAY0 - DAY, {"demand": DEMAND, "agency": AGENCY, "depth": "desk", "jobs": 3},
                    source="/office/NP/embassy-doha", refs={"demand": DEMAND})  # fmt: skip
    assert said(population, demand(None, jobs=9), attested, *four())[DEMAND, ""] == "finding"


@pytest.mark.covers("T-VIS-02", "missing")
def test_clearances_without_any_demand_known_are_insufficient(population: Population) -> None:
    assert said(population, cleared("w", name=None)) == {(AGENCY, ALL): "insufficient"}
    assert population.reports()[AGENCY, ALL]["missing"] == "the demands that the agency holds"


@pytest.mark.covers("T-VIS-02", "late")
def test_a_late_approval_ends_it(population: Population) -> None:
    said(population, demand(), *four())
    late = demand(4, time=DAY0 - DAY) | {"recordedat": NOW}
    assert said(population, late, now=NOW + HOUR) == {(DEMAND, ""): "clear", (AGENCY, ALL): "clear"}
    assert population.findings(WATCH) == {}
    assert [alert.status for alert in population.alerts(WATCH)] == ["withdrawn", "withdrawn"]


def test_the_published_case_of_eight_agencies(population: Population) -> None:
    """domain.md 3.7, in a hundredth: 2,960 approved, 6,938 issued, 3,978 more."""
    approved, issued = (40, 40, 40, 40, 34, 34, 34, 34), (90, 90, 90, 90, 84, 84, 83, 83)
    agencies = [f"BD:bmet:{number}" for number in range(8)]
    events = [demand(count, f"BD:bmet:D{number}", agency=agencies[number]) for number, count in enumerate(approved)]
    events += [cleared(f"a{number}-{each}", name=None, agency=agencies[number])
               for number, count in enumerate(issued) for each in range(count)]  # fmt: skip
    assert set(said(population, *events).values()) == {"finding"}
    excess = [int(body["figures"][-1].partition("=")[2]) for body in population.reports().values()]
    assert (len(excess), sum(excess)) == (8, sum(issued) - sum(approved))
    named = sorted(event["id"] for event in events if event["id"].startswith("c-a0-"))
    assert population.reports()[agencies[0], ALL]["evidence"] == named[:50]  # the first fifty, whichever run finds them
