"""T-INS-02: fifty migrants in a sector, and no inspection for a year; domestic work from the first."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import Key
from streams.rules.sector_uncovered import tell_division, tell_sector
from tests.support.builders import at, fact, journey
from tests.support.lately import lately
from tests.support.places import outcome, place, said

SECTOR, HOMES = "place:QA/41", "place:QA/97"
Heard = tuple[str, Key, int]


def begun(day: str, many: int) -> Heard:
    return "sector.begun", (day,), many


def ended(day: str, many: int) -> Heard:
    return "sector.ended", (day,), many


def visit(time: str, sector: str = "QA/41", id: str | None = None, **body: object) -> Fact:
    return said("oversight.inspection_done", time, f"place:{sector}", id=id, sector=sector, **body)


FIFTY = (begun("2024-01-10", 50),)
OVER = at("2025-06-01T21:00:00Z")  # the first of June 2025 is over in Doha, 365 days after the first of June 2024


def judged(as_of: str | int, *facts: Fact, heard: tuple[Heard, ...] = FIFTY, sector: str = SECTOR) -> Outcome | None:
    return outcome("T-INS-02", sector, as_of, *facts, heard=heard)


@pytest.mark.covers("T-INS-02", "plain", "boundary")
def test_a_year_after_the_last_inspection() -> None:
    inspected = visit("2024-06-01T06:00:00Z", id="visit")
    before = judged(OVER - 1, inspected)
    assert isinstance(before, Clear)
    assert before.next_at == OVER
    found = judged(OVER, inspected)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows, found.since) == ("sector_uncovered", ("visit",), ("T-INS-02.default",), OVER)
    assert "sector 41 of QA" in found.summary


@pytest.mark.covers("T-INS-02", "boundary")
def test_fifty_and_one_fewer() -> None:
    assert isinstance(judged(OVER, heard=(begun("2024-01-10", 50),)), Finding)
    assert isinstance(judged(OVER, heard=(begun("2024-01-10", 49),)), Clear)


@pytest.mark.covers("T-INS-02", "look_alike")
def test_who_left_is_no_longer_there() -> None:
    assert isinstance(judged(OVER, heard=(begun("2024-01-10", 51), ended("2024-05-01", 2))), Clear)
    found = judged(OVER, heard=(begun("2024-01-10", 51), ended("2024-05-01", 2), begun("2025-03-01", 1)))
    assert isinstance(found, Finding)
    assert found.since == at("2025-02-28T21:00:00Z")  # a year after the first worker is over before


@pytest.mark.covers("T-INS-02", "plain", "boundary")
def test_domestic_work_is_judged_from_the_first_worker() -> None:
    found = judged("2025-01-10T21:00:00Z", heard=(begun("2024-01-11", 1),), sector=HOMES)
    assert isinstance(found, Finding)
    assert found.policy_rows == ("T-INS-02.domestic",)
    assert isinstance(judged("2025-01-10T20:59:59Z", heard=(begun("2024-01-11", 1),), sector=HOMES), Insufficient)


@pytest.mark.covers("T-INS-02", "boundary", "missing")
def test_never_inspected_is_insufficient_for_a_year_and_then_it_is_shown() -> None:
    over = at("2025-01-09T21:00:00Z")
    found = judged(over - 1)
    assert isinstance(found, Insufficient)
    assert found.next_at == over
    never = judged(over)
    assert isinstance(never, Finding)
    assert never.evidence == ("ev-2024-01-10-0", "ev-2024-01-10-1", "ev-2024-01-10-10")


@pytest.mark.covers("T-INS-02", "late")
def test_an_inspection_told_late_ends_it_and_one_taken_back_does_not() -> None:
    late = visit("2025-01-15", id="late", recorded="2025-06-10")
    assert isinstance(judged("2025-06-15", late), Clear)
    undone = visit("2025-01-15", corrects="late", retracted=True, recorded="2025-06-12")
    assert isinstance(judged("2025-06-15", late, undone), Finding)


def test_what_an_office_counted_may_be_more_than_journeys_tell() -> None:
    counted = said("oversight.stock_reported", "2024-01-10", SECTOR, id="stock", sector="QA/41", workers=60)
    found = judged(OVER, counted, heard=(begun("2024-02-01", 3),))
    assert isinstance(found, Finding)
    assert found.evidence == ("stock",)
    fewer = said("oversight.stock_reported", "2025-01-10", SECTOR, sector="QA/41", workers=49)
    assert isinstance(judged(OVER, counted, fewer, heard=()), Clear)


@pytest.mark.covers("T-INS-02", "look_alike")
def test_classes_add_up_in_their_division() -> None:
    classes = tuple(("sector.stock", ("2024-01-10", isic, 30), 1) for isic in ("8121", "8130"))
    assert isinstance(judged(OVER, heard=classes, sector="place:QA/81"), Finding)
    assert isinstance(judged(OVER, heard=classes[:1], sector="place:QA/81"), Clear)


def test_a_class_is_judged_in_its_division_which_it_tells_what_it_heard() -> None:
    facts = (visit("2024-06-01T06:00:00Z", "QA/4100", id="visit"),
             said("oversight.stock_reported", "2024-07-01", "place:QA/4100", id="stock", sector="QA/4100", workers=9))  # fmt: skip
    view = place("T-INS-02", "place:QA/4100", facts)
    assert list(tell_division(view)) == [
        (SECTOR, "sector.inspections", ("2024-06-01",), ("visit",)), (SECTOR, "sector.stock", ("2024-07-01", "4100", 9), ("stock",)),
    ]  # fmt: skip
    assert outcome("T-INS-02", "place:QA/4100", OVER, *facts) is None


def employer(*facts: Fact) -> list[object]:
    return list(tell_division(place("T-INS-02", "party:QA:cr:1", facts)))


def test_an_inspection_of_an_employer_counts_for_its_sector_where_it_has_one() -> None:
    seen = said("oversight.inspection_done", "2024-06-01T06:00:00Z", "party:QA:cr:1", id="seen", employer="QA:cr:1")
    builds = said("licensing.employer_registered", "2023-01-01", "party:QA:cr:1", employer="QA:cr:1", isic="4100")
    cleans = said("deployment.worksite_assigned", "2024-01-01", "party:QA:cr:1", employer="QA:cr:1", isic="8121")
    supplies = said("licensing.employer_registered", "2023-01-01", "party:QA:cr:1", employer="QA:cr:1", isic="7820")
    assert employer(seen, builds) == [(SECTOR, "sector.inspections", ("2024-06-01",), ("seen",))]
    assert employer(seen, builds, supplies) == employer(seen, builds)
    assert employer(seen, builds, cleans) == []
    assert employer(seen) == []
    named = said("oversight.inspection_done", "2024-06-01", "party:QA:cr:1", employer="QA:cr:1", sector="QA/4100")
    assert employer(named, builds) == []


def test_a_journey_tells_each_sector_when_its_worker_came_and_went_and_nothing_else() -> None:
    worker = ["passport:NP:a"]
    facts = [
        fact("deployment.arrived", "2024-01-05T06:00:00Z", id="came", body={"country": "QA"}, worker=worker),
        fact("oversight.contract_authenticated_destination", "2024-01-08", body={"country": "QA", "employer_isic": "4100"}, worker=worker),
    ]
    assert list(tell_sector(journey(*facts))) == [(SECTOR, "sector.begun", ("2024-01-05",), ("came",))]
    moved = fact("deployment.worksite_assigned", "2024-02-01T06:00:00Z", id="moved", worker=worker,
                 body={"country": "QA", "household": True})  # fmt: skip
    home = fact("deployment.repatriation_done", "2024-09-01T06:00:00Z", body={}, worker=worker)
    assert list(tell_sector(journey(*facts, moved, home))) == [
        (HOMES, "sector.begun", ("2024-02-01",), ("moved",)), (HOMES, "sector.ended", ("2024-09-01",), ("moved",)),
    ]  # fmt: skip


def test_who_is_lent_out_works_in_no_sector_of_suppliers() -> None:
    facts = [
        fact("deployment.arrived", "2024-01-05", body={"country": "QA"}),
        fact("oversight.contract_authenticated_destination", "2024-01-08", body={"country": "QA", "employer_isic": "7820"}),
    ]
    assert list(tell_sector(journey(*facts))) == []


@pytest.mark.covers("T-INS-02", "late")
def test_an_inspection_told_late_withdraws_the_alert() -> None:
    counted = said("oversight.stock_reported", "2024-01-10", SECTOR, sector="QA/41", workers=60)
    late = visit("2025-01-05", recorded="2025-06-10")
    assert lately("T-INS-02", [counted], [late], "2025-06-05", "2025-06-11") == ("raised", "withdrawn")
