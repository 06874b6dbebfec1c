"""T-INS-03: a visit that met the workers, in words that they understand, without the employer there."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact, Worker
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import Key
from streams.rules.inspected_without_interview import tell_workplace
from tests.support.builders import at, fact, journey
from tests.support.lately import lately
from tests.support.places import outcomes, said

SITE, FIRM = "party:QA:site:1", "party:QA:cr:1"
DAY = "2025-03-10"
GOOD = {"worker_interviewed": True, "interpreter": False, "employer_present": False, "languages": ["ne"]}
NEPALI: tuple[tuple[str, Key, int], ...] = (("workplace.workers", ("2024-05-01", "", "ne"), 3),)


def visit(time: str | int = f"{DAY}T07:00:00Z", id: str | None = None, **body: Any) -> Fact:
    details = {name: body.pop(name) for name in ("corrects", "retracted", "recorded") if name in body}
    told = {name: value for name, value in {**GOOD, "site": "QA:site:1", "employer": "QA:cr:1", **body}.items() if value is not None}
    return said("oversight.inspection_done", time, SITE, FIRM, id=id, **told, **details)


def judged(*facts: Fact, heard: tuple[tuple[str, Key, int], ...] = NEPALI, day: str = DAY, subject: str = SITE) -> Outcome:
    return outcomes("T-INS-03", subject, "2025-12-01", *facts, heard=heard)[day]


@pytest.mark.covers("T-INS-03", "look_alike")
def test_as_it_should_be() -> None:
    assert isinstance(judged(visit()), Clear)


@pytest.mark.covers("T-INS-03", "plain")
@pytest.mark.parametrize(
    ("body", "reason"),
    [({"worker_interviewed": False}, "no_interview"), ({"employer_present": True}, "employer_present"),
     ({"languages": ["ar", "en"]}, "language_not_understood"), ({"worker_interviewed": False, "employer_present": None}, "no_interview")],
)  # fmt: skip
def test_each_way_in_which_it_is_none(body: dict[str, Any], reason: str) -> None:
    found = judged(visit(id="visit", **body))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.issue, found.parties) == (reason, ("visit",), DAY, ("QA:site:1",))
    assert found.since == at("2025-03-09T21:00:00Z")


@pytest.mark.covers("T-INS-03", "look_alike")
@pytest.mark.parametrize("body", [{"languages": ["ar"], "interpreter": True}, {"languages": ["ar", "nep"]}])
def test_an_interpreter_or_one_language_of_theirs_is_enough(body: dict[str, Any]) -> None:
    assert isinstance(judged(visit(**body)), Clear)


@pytest.mark.covers("T-INS-03", "missing")
@pytest.mark.parametrize(
    "body",
    [{"worker_interviewed": None}, {"employer_present": None}, {"languages": None}, {"languages": ["ar"], "interpreter": None}],
)
def test_what_nobody_said_of_the_visit_is_insufficient(body: dict[str, Any]) -> None:
    assert isinstance(judged(visit(**body)), Insufficient)


@pytest.mark.covers("T-INS-03", "missing")
def test_where_no_migrant_is_known_to_work_it_is_insufficient() -> None:
    for months in (("2024-05-01", "2025-02-01"), ("2025-04-01", "")):
        assert isinstance(judged(visit(worker_interviewed=False), heard=(("workplace.workers", (*months, "ne"), 1),)), Insufficient)
    assert isinstance(judged(visit(worker_interviewed=False), heard=()), Insufficient)


def test_workers_who_left_in_the_month_of_the_visit_were_there() -> None:
    heard = (("workplace.workers", ("2024-05-01", "2025-03-01", "ne"), 1),)
    assert isinstance(judged(visit(worker_interviewed=False), heard=heard), Finding)


@pytest.mark.covers("T-INS-03", "boundary")
@pytest.mark.parametrize(("began", "left", "kind"), [
    ("2025-03-01", "", Finding), ("2025-04-01", "", Insufficient), ("2024-05-01", "2025-03-01", Finding),
    ("2024-05-01", "2025-02-01", Insufficient),
])  # fmt: skip
def test_the_month_of_the_visit_is_within_and_those_beside_it_are_not(began: str, left: str, kind: type) -> None:
    assert isinstance(judged(visit(worker_interviewed=False), heard=(("workplace.workers", (began, left, "ne"), 1),)), kind)


@pytest.mark.covers("T-INS-03", "boundary")
def test_a_visit_is_of_its_local_day_to_the_last_instant() -> None:
    late = at("2025-03-10T21:00:00Z")  # midnight in Doha
    for moment, day in ((late - 1, DAY), (late, "2025-03-11")):
        assert isinstance(judged(visit(moment, worker_interviewed=False), day=day), Finding)


@pytest.mark.covers("T-INS-03", "missing")
def test_a_worker_of_whom_nobody_knows_a_language_may_have_been_asked_in_it() -> None:
    unknown = (*NEPALI, ("workplace.workers", ("2024-06-01", "", ""), 1))
    assert isinstance(judged(visit(languages=["ar"]), heard=unknown), Insufficient)
    assert isinstance(judged(visit(), heard=unknown), Clear)


def test_a_later_visit_makes_it_up_and_an_earlier_one_does_not() -> None:
    bad, good = visit(worker_interviewed=False), visit("2025-05-01T07:00:00Z")
    assert isinstance(judged(bad, good), Clear)
    assert isinstance(judged(bad, visit("2025-01-01T07:00:00Z")), Finding)
    assert isinstance(judged(bad, visit(f"{DAY}T10:00:00Z")), Clear)


def test_each_day_is_an_issue() -> None:
    facts = visit(employer_present=True), visit("2025-06-01T07:00:00Z", languages=["ar"])
    found = outcomes("T-INS-03", SITE, "2025-12-01", *facts, heard=NEPALI)
    assert {day: type(each) for day, each in found.items()} == {DAY: Finding, "2025-06-01": Finding}


def test_a_visit_is_judged_where_it_was() -> None:
    """At the site; at the employer only where no site is named; a visit to an agency is to no workplace."""
    assert outcomes("T-INS-03", FIRM, "2025-12-01", visit(worker_interviewed=False), heard=NEPALI) == {}
    assert isinstance(judged(visit(site=None, worker_interviewed=False), subject=FIRM), Finding)
    agency = said("oversight.inspection_done", DAY, "party:QA:mol:7", agency="QA:mol:7", worker_interviewed=False)
    assert outcomes("T-INS-03", "party:QA:mol:7", "2025-12-01", agency, heard=NEPALI) == {}


def test_a_corrected_visit_counts_as_corrected() -> None:
    first = visit(id="visit", worker_interviewed=False)
    assert isinstance(judged(first, visit(corrects="visit", recorded="2025-04-01")), Clear)


def test_a_journey_tells_site_and_employer_its_languages_by_month_and_no_more() -> None:
    assigned = fact("deployment.worksite_assigned", "2024-05-20", id="placed", worker=["passport:NP:a"],
                    body={"employer": "QA:cr:1", "site": "QA:site:1", "country": "QA"})  # fmt: skip
    speaks = structs.replace(assigned, worker=Worker("NP", assigned.worker.identifiers if assigned.worker else (), ("nep", "hi")))
    home = fact("deployment.repatriation_done", "2025-02-03", worker=["passport:NP:a"])
    assert list(tell_workplace(journey(speaks, home))) == [
        (party, "workplace.workers", ("2024-05-01", "2025-02-01", code), ("placed",)) for party in (FIRM, SITE) for code in ("hi", "ne")
    ]
    assert [key for _, _, key, _ in tell_workplace(journey(assigned))] == [("2024-05-01", "", "")] * 2



def test_nothing_that_is_said_tells_who_was_interviewed() -> None:
    found = judged(visit(employer_present=True))
    assert isinstance(found, Finding)
    assert set(found.evidence) & {"placed"} == set()


@pytest.mark.covers("T-INS-03", "late")
def test_a_later_visit_that_is_told_late_withdraws_the_alert() -> None:
    placed = fact("deployment.worksite_assigned", "2024-05-20", worker=["passport:NP:a"], subjects=(SITE, FIRM),
                  body={"employer": "QA:cr:1", "site": "QA:site:1", "country": "QA"})  # fmt: skip
    good = visit("2025-03-20T07:00:00Z", interpreter=True, recorded="2025-06-01")
    assert lately("T-INS-03", [placed, visit(worker_interviewed=False)], [good], "2025-04-01", "2025-06-02") == ("raised", "withdrawn")
