"""T-VIS-01: more visas than capacity and a tenth; twenty visas, and no sign of work 60 days after the first arrival."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.employers import ARRIVALS, BLOCKS, ISSUED, SIGNS, tell_employer
from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import MemorySums
from streams.domain.views import SumsView
from tests.support.builders import at, fact, journey, sums
from tests.support.judging import judge
from tests.support.lately import lately
from tests.support.registers import known, said

FIRM, OTHER = "QA:cr:100", "QA:cr:7"
AS_OF = at("2025-06-01")
CAME = at("2025-02-01T09:00:00Z")
SOURCE = "/office/QA/mol"


def block(visas: int, moment: str | Instant = "2025-01-10", demand: str | None = "NP:dofe:D-1", **details: Any) -> Fact:
    body = {"employer": FIRM, "visas": visas, "country": "QA", **({"demand": demand} if demand else {})}
    return fact("visa.visa_block_issued", moment, body=body, subjects=(f"party:{FIRM}",), source=SOURCE, **details)


def about(type: str, moment: str | Instant, employer: str | None = FIRM, homes: tuple[str, ...] = ("NP", "QA"), **body: Any) -> Fact:
    """As the employer's home has an event about a worker."""
    body |= {"employer": employer} if employer else {}
    made = fact(type, moment, body=body, subjects=(f"party:{FIRM}",), source=SOURCE)
    return structs.replace(made, homes=homes, withheld=True)


def visa(moment: str | Instant = "2025-01-10", **details: Any) -> Fact:
    return about("visa.visa_issued", moment, **details)


def arrival(moment: str | Instant = CAME, **details: Any) -> Fact:
    return about("deployment.arrived", moment, **details)


def capacity(many: int, moment: str | Instant = "2024-01-01", employer: str = FIRM, **details: Any) -> Fact:
    return said("licensing.employer_capacity_declared", moment, {"employer": employer, "jurisdiction": "QA", "capacity": many}, **details)


def premises(active: bool = True, moment: str | Instant = "2025-02-10") -> Fact:
    return fact("licensing.premises_evidence", moment, body={"employer": FIRM, "kind": "utility", "active": active},
                subjects=(f"party:{FIRM}",), source=SOURCE)  # fmt: skip


def outcomes(*facts: Fact, as_of: Instant = AS_OF) -> dict[str, Outcome]:
    papers = [each for each in facts if each.type == "licensing.employer_capacity_declared"]
    view = sums(f"party:{FIRM}", (BLOCKS, ISSUED, ARRIVALS, SIGNS), *facts)
    return {each.issue: each for each in judge("T-VIS-01", view, as_of, standings=known(*papers))}


def over(*facts: Fact) -> Outcome:
    return next(each for issue, each in outcomes(*facts).items() if issue.startswith("capacity"))


def ghost(*facts: Fact, as_of: Instant = AS_OF) -> Outcome:
    return next(each for issue, each in outcomes(*facts, as_of=as_of).items() if issue.startswith("ghost"))


@pytest.mark.covers("T-VIS-01", "boundary")
@pytest.mark.parametrize(("visas", "kind"), [(100, Clear), (110, Clear), (111, Finding)])
def test_a_tenth_more_than_capacity_is_within_it(visas: int, kind: type[Outcome]) -> None:
    assert isinstance(over(capacity(100), block(visas)), kind)


@pytest.mark.covers("T-VIS-01", "plain")
def test_what_is_said_of_it() -> None:
    found = outcomes(capacity(100, id="declared"), block(120, id="block"))["capacity NP"]
    assert isinstance(found, Finding)
    assert found.evidence == ("block", "declared")
    assert (found.origin, found.destination, found.policy_rows) == ("NP", "QA", ("T-VIS-01.default",))
    assert found.since == at("2025-01-09T21:00:00Z")  # that day's beginning in Doha


@pytest.mark.covers("T-VIS-01", "look_alike")
def test_blocks_and_workers_visas_are_not_added_up() -> None:
    assert isinstance(over(capacity(10), block(11), *(visa() for _ in range(11))), Clear)
    assert isinstance(over(capacity(10), block(5), *(visa() for _ in range(12))), Finding)
    assert isinstance(over(capacity(10), block(6), block(6)), Finding)


@pytest.mark.covers("T-VIS-01", "boundary")
def test_over_a_year_and_no_longer() -> None:
    first = at("2024-03-01")
    assert isinstance(over(capacity(10), block(8, first), block(4, first + 364 * DAY)), Finding)
    assert isinstance(over(capacity(10), block(8, first), block(4, first + 365 * DAY)), Clear)


def test_the_capacity_declared_last_by_that_day_or_else_first_afterwards() -> None:
    assert isinstance(over(capacity(10), capacity(100, "2025-01-10T15:00:00Z"), block(50)), Clear)
    assert isinstance(over(capacity(10), capacity(100, "2025-01-11"), block(50)), Finding)
    assert isinstance(over(capacity(10, "2025-03-01"), block(50)), Finding)
    assert isinstance(over(capacity(100), capacity(10, "2025-03-01"), block(50)), Clear)


@pytest.mark.covers("T-VIS-01", "missing")
def test_no_capacity_is_insufficient_and_a_household_declares_none() -> None:
    assert isinstance(over(block(5), capacity(1, employer=OTHER)), Insufficient)
    person = "QA:person:p_" + "0" * 32
    one = fact("visa.visa_issued", "2025-01-10", body={"employer": person}, subjects=(f"party:{person}",), source=SOURCE)
    assert judge("T-VIS-01", sums(f"party:{person}", (BLOCKS, ISSUED, ARRIVALS, SIGNS), one), AS_OF) == []


def test_zero_is_a_capacity() -> None:
    assert isinstance(over(capacity(0), block(1)), Finding)


def test_a_block_that_was_retracted_or_is_still_to_come() -> None:
    gone = block(120, id="gone", corrects="block", retracted=True, recorded="2025-02-01")
    assert outcomes(capacity(100), block(120, id="block"), gone) == {}
    assert isinstance(over(capacity(100), block(50), block(120, "2025-09-01")), Clear)


# Ghost employers.


@pytest.mark.covers("T-VIS-01", "plain", "boundary")
def test_twenty_visas_and_no_sign_sixty_days_after_the_first_arrival() -> None:
    facts = block(20, id="block"), arrival()
    waiting = ghost(*facts, as_of=CAME + 60 * DAY)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == CAME + 60 * DAY + 1
    found = ghost(*facts, as_of=CAME + 60 * DAY + 1)
    assert isinstance(found, Finding)
    assert (found.reason, found.origin, found.since) == ("no_sign_of_work", "NP", CAME + 60 * DAY)
    assert "block" in found.evidence


@pytest.mark.covers("T-VIS-01", "boundary")
def test_nineteen_are_too_few() -> None:
    assert not [issue for issue in outcomes(block(19), arrival()) if issue.startswith("ghost")]
    assert isinstance(ghost(*(visa() for _ in range(20)), arrival()), Finding)


SIGN = [about("deployment.wage_paid", "2025-03-20"), about("deployment.worksite_assigned", "2025-03-20"), premises(),
        about("deployment.worksite_assigned", "2025-03-20", employer=OTHER, contractor=FIRM)]  # fmt: skip


@pytest.mark.covers("T-VIS-01", "look_alike")
@pytest.mark.parametrize("sign", SIGN, ids=lambda each: each.type)
def test_a_wage_a_work_site_or_activity_is_a_sign(sign: Fact) -> None:
    assert isinstance(ghost(block(20), arrival(), sign), Clear)


@pytest.mark.covers("T-VIS-01", "late")
def test_a_sign_that_comes_late_ends_it() -> None:
    late = about("deployment.wage_paid", CAME + 90 * DAY)
    assert isinstance(ghost(block(20), arrival(), late, as_of=CAME + 80 * DAY), Finding)
    assert isinstance(ghost(block(20), arrival(), late, as_of=CAME + 91 * DAY), Clear)


@pytest.mark.parametrize("other", [premises(active=False), about("deployment.worksite_assigned", "2025-02-20", employer=OTHER),
                                   about("deployment.wage_paid", "2025-02-20", employer=OTHER)])  # fmt: skip
def test_what_is_no_sign_of_this_employer(other: Fact) -> None:
    assert isinstance(ghost(block(20), arrival(), other), Finding)


def test_the_clock_begins_with_the_first_arrival() -> None:
    assert isinstance(ghost(block(20), arrival(), arrival(CAME + 50 * DAY), as_of=CAME + 61 * DAY), Finding)
    assert isinstance(ghost(block(20), arrival(CAME + 50 * DAY), as_of=CAME + 61 * DAY), Clear)


@pytest.mark.covers("T-VIS-01", "missing")
def test_nobody_arrived_is_insufficient_and_one_to_come_is_waited_for() -> None:
    assert isinstance(ghost(block(20)), Insufficient)
    waiting = ghost(block(20), arrival(), as_of=CAME - 1)
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == CAME


def test_each_embassy_hears() -> None:
    found = outcomes(block(20), arrival(), visa(homes=("BD", "QA")))
    assert {each.origin for each in found.values() if isinstance(each, Finding)} == {"NP", "BD"}
    unknown = outcomes(block(20, demand=None), arrival(homes=()))
    assert [each.origin for each in unknown.values() if isinstance(each, Finding)] == [""]


# What a journey tells its employer of record.

WORKER = ["passport:NP:a"]
CONTRACT = fact("oversight.contract_registered_origin", "2025-01-01", body={"employer": FIRM, "country": "QA"}, worker=WORKER)


def step(type: str, moment: str | Instant, **body: Any) -> Fact:
    return fact(type, moment, body=body, worker=WORKER, id=type, refs=Refs())


def test_what_names_no_employer_is_the_employer_of_records() -> None:
    facts = (step("visa.visa_issued", "2025-01-10"), step("deployment.arrived", CAME), step("deployment.wage_paid", "2025-03-20"),
             step("deployment.worksite_assigned", "2025-02-03"))  # fmt: skip
    told = {(about, measure): key for about, measure, key, _ in tell_employer(journey(CONTRACT, *facts))}
    assert told == {
        (f"party:{FIRM}", ISSUED.name): ("2025-01-10", "NP"), (f"party:{FIRM}", ARRIVALS.name): (CAME, "NP"),
        (f"party:{FIRM}", SIGNS.name): ("2025-03-20", "deployment.wage_paid"),
    }
    assert list(tell_employer(journey(*facts))) == []


def test_what_names_one_is_told_by_nobody_and_of_many_wages_the_first_alone() -> None:
    assert list(tell_employer(journey(CONTRACT, step("deployment.arrived", CAME, employer=OTHER)))) == []
    wages = [fact("deployment.wage_paid", f"2025-0{month}-20", worker=WORKER) for month in (3, 4, 5)]
    assert [key for _, _, key, _ in tell_employer(journey(CONTRACT, *wages))] == [("2025-03-20", "deployment.wage_paid")]


def test_an_employer_that_offices_name_nowhere_is_judged_by_what_journeys_tell() -> None:
    """Twenty journeys with a contract, whose visas and arrivals name no sponsor."""
    told = MemorySums()
    for n in range(20):
        view = journey(CONTRACT, step("visa.visa_issued", "2025-01-10"), step("deployment.arrived", CAME), id=f"journey:NP:{n:016x}")
        for _, measure, key, events in tell_employer(view):
            told.add(measure, key, events[0], view.id)
    dossier = SumsView(id=f"party:{FIRM}", sums=told, types=frozenset({CONTRACT.type}))
    found = {each.issue: each for each in judge("T-VIS-01", dossier, AS_OF)}
    assert isinstance(found["ghost NP"], Finding)


@pytest.mark.covers("T-VIS-01", "late")
def test_a_sign_of_work_told_late_withdraws_the_alert() -> None:
    late = about("deployment.wage_paid", CAME + 20 * DAY)
    found = lately("T-VIS-01", [block(20), arrival()], [late], CAME + 61 * DAY, CAME + 90 * DAY, "ghost NP")
    assert found == ("raised", "withdrawn")
