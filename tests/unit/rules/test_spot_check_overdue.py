"""T-SPT-01: unannounced visits, by risk."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.registry import catalogue
from tests.support.builders import at, fact
from tests.support.lately import lately
from tests.support.places import outcome, said

FIRM = "party:QA:cr:1"
FIRST = "2024-03-01T06:00:00Z"
HALF = at("2024-08-28T21:00:00Z")  # the 180th day after is over in Doha
YEAR = at("2025-03-01T21:00:00Z")


def worker(time: str = FIRST, **body: Any) -> Fact:
    return fact("deployment.arrived", time, id="came", body={"country": "QA", "employer": "QA:cr:1", **body}, subjects=(FIRM,),
                worker=["passport:NP:a"])  # fmt: skip


def check(time: str, announced: bool | None = False, id: str = "check", **body: Any) -> Fact:
    told = {} if announced is None else {"announced": announced}
    return said("oversight.spot_check_done", time, FIRM, id=id, employer="QA:cr:1", **told, **body)


def risk(level: str, time: str = "2024-04-01", **body: Any) -> Fact:
    return said("licensing.party_risk_assessed", time, FIRM, party="QA:cr:1", risk=level, **body)


def judged(as_of: str | int, *facts: Fact, subject: str = FIRM) -> Outcome | None:
    return outcome("T-SPT-01", subject, as_of, *facts)


@pytest.mark.covers("T-SPT-01", "plain", "boundary")
def test_180_days_at_high_risk() -> None:
    before = judged(HALF - 1, worker(), risk("high"))
    assert isinstance(before, Clear)
    assert before.next_at == HALF
    found = judged(HALF, worker(), risk("high"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("high_risk_unvisited", ("came",), ("T-SPT-01.default",))
    assert (found.since, found.parties, found.authority) == (HALF, ("QA:cr:1",), "QA")


@pytest.mark.covers("T-SPT-01", "plain", "boundary")
@pytest.mark.parametrize("level", ["low", "medium"])
def test_365_days_else(level: str) -> None:
    before = judged(YEAR - 1, worker(), risk(level))
    assert isinstance(before, Clear)
    assert before.next_at == YEAR
    found = judged(YEAR, worker(), risk(level))
    assert isinstance(found, Finding)
    assert (found.reason, found.since) == ("unvisited", YEAR)


@pytest.mark.covers("T-SPT-01", "boundary", "missing")
def test_unknown_risk_is_insufficient_from_the_180th_to_the_365th_day() -> None:
    assert isinstance(judged(HALF - 1, worker()), Clear)
    between = judged(HALF, worker())
    assert isinstance(between, Insufficient)
    assert between.next_at == YEAR
    assert isinstance(judged(YEAR - 1, worker()), Insufficient)
    assert isinstance(judged(YEAR, worker()), Finding)


@pytest.mark.covers("T-SPT-01", "look_alike")
def test_the_days_run_from_the_last_unannounced_visit() -> None:
    found = judged("2025-06-01", worker(), check("2024-12-10T06:00:00Z"))
    assert isinstance(found, Clear)
    assert found.evidence == ("check",)
    assert isinstance(judged("2025-06-10", worker(), check("2024-12-10T06:00:00Z")), Insufficient)


@pytest.mark.covers("T-SPT-01", "missing")
def test_an_announced_visit_is_no_spot_check() -> None:
    assert isinstance(judged(YEAR, worker(), check("2025-01-10", announced=True)), Finding)
    doubtful = judged(YEAR, worker(), check("2025-01-10", announced=None))
    assert isinstance(doubtful, Insufficient)
    assert doubtful.evidence == ("check",)
    assert isinstance(judged("2026-02-01", worker(), check("2025-01-10", announced=None)), Finding)


def test_a_check_told_late_ends_it() -> None:
    assert isinstance(judged(YEAR, worker(), check("2025-02-01", recorded="2025-03-01")), Clear)


def test_the_latest_assessment_in_force_decides_and_lapses_with_its_last_day() -> None:
    assert isinstance(judged(HALF, worker(), risk("high"), risk("low", "2024-05-01")), Clear)
    lapsing = risk("low", valid_until="2024-10-31")
    found = judged("2024-10-01", worker(), lapsing)
    assert isinstance(found, Clear)
    assert found.next_at == at("2024-10-31T21:00:00Z")
    assert isinstance(judged("2024-11-01", worker(), lapsing), Insufficient)


def test_risk_that_is_found_to_be_high_later_is_overdue_from_then() -> None:
    found = judged("2024-12-02", worker(), risk("high", "2024-12-01"))
    assert isinstance(found, Finding)
    assert found.since == at("2024-12-01")


def test_an_agency_is_watched_from_its_licence_and_a_site_from_its_first_worker() -> None:
    agency, site = "party:NP:dofe:7", "party:QA:site:1"
    licensed = said("licensing.agency_registered", FIRST, agency, holder="NP:dofe:7", role="agency", jurisdiction="NP")
    assert isinstance(judged("2025-03-02", licensed, subject=agency), Finding)
    assigned = fact("deployment.worksite_assigned", FIRST, body={"site": "QA:site:1"}, subjects=(site,), worker=["passport:NP:a"])
    assert isinstance(judged("2025-03-02", assigned, subject=site), Finding)


@pytest.mark.covers("T-SPT-01", "look_alike")
def test_whoever_has_no_worker_and_no_licence_is_not_judged() -> None:
    nobody = said("deployment.worksite_assigned", FIRST, FIRM, employer="QA:cr:1", workers=40)
    assert judged("2026-01-01", nobody) is None


@pytest.mark.covers("T-SPT-01", "look_alike")
def test_a_household_is_inspected_with_its_sector() -> None:
    home = "party:QA:person:p_1"
    came = fact("deployment.arrived", FIRST, body={"employer": "QA:person:p_1"}, subjects=(home,), worker=["passport:NP:a"])
    assert judged("2026-01-01", came, subject=home) is None


def test_who_visits_hears_of_it_and_nobody_else_and_no_date_of_a_visit_is_told() -> None:
    rule = next(rule for rule in catalogue() if rule.id == "T-SPT-01")
    assert set(rule.audience) == {"labour-inspectorate", "licensing-authority"}
    found = judged(YEAR, worker())
    assert isinstance(found, Finding)
    assert "2024-03-01" in found.summary
    assert "2025" not in found.summary


@pytest.mark.covers("T-SPT-01", "late")
def test_a_visit_told_late_withdraws_the_alert() -> None:
    late = check("2024-12-01", recorded="2025-03-10")
    assert lately("T-SPT-01", [worker(), risk("low")], [late], YEAR, "2025-03-11") == ("raised", "withdrawn")
