"""T-OUT-04: a contract for domestic work or care, and a place of work that is no household."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge, only
from tests.support.lately import lately

FAMILY, CAFE, CLINIC = "QA:person:p_1", "QA:cr:500", "QA:cr:600"
MAID, NURSERY, CARER, WAITER = "9111", "5311", "5322", "5131"


def contract(
    isco: str | None = MAID, isic: str | None = "9700", employer: str | None = FAMILY, moment: str = "2025-03-01", **details: Any
) -> Fact:
    said = {"employer": employer, "isco": isco, "employer_isic": isic, "country": "QA"}
    body = {name: value for name, value in said.items() if value is not None}
    return fact("oversight.contract_authenticated_destination", moment, source="/office/QA/mol", body=body, **details)


def works(
    employer: str | None = CAFE, isic: str | None = "5610", household: bool | None = None, moment: str = "2025-03-10", **details: Any
) -> Fact:
    said = {"employer": employer, "isic": isic, "household": household, "country": "QA", "from": details.pop("first", None),
            "until": details.pop("until", None)}  # fmt: skip
    body = {name: value for name, value in said.items() if value is not None}
    return fact("deployment.worksite_assigned", moment, source="/office/QA/mol", body=body, **details)


def permit(moment: str, **body: str) -> Fact:
    said = {"from_employer": FAMILY, "to_employer": CAFE, "country": "QA"} | body
    return fact("deployment.secondment_approved", moment, source="/office/QA/mol", subjects=(f"party:{FAMILY}",), body=said)


def registered(isic: str, employer: str = CLINIC, moment: str = "2024-01-01") -> Fact:
    body = {"employer": employer, "jurisdiction": "QA", "isic": isic}
    return fact("licensing.employer_registered", moment, source="/office/QA/mol", subjects=(f"party:{employer}",), body=body)


def outcome(*facts: Fact, issue: str = CAFE, as_of: str | int = "2025-09-01", standings: tuple[Fact, ...] = ()) -> Outcome:
    return only("T-OUT-04", journey(*facts), at(as_of), issue, standings=Standings(standings))


def missing(found: Outcome) -> str:
    assert isinstance(found, Insufficient)
    return found.missing


@pytest.mark.covers("T-OUT-04", "plain")
def test_hired_for_a_household_and_at_work_in_a_cafe() -> None:
    found = outcome(contract(id="paper"), works(id="site"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("not_a_household", ("paper", "site"), ("T-OUT-04.default",))
    assert (found.since, found.destination, found.parties) == (at("2025-03-10"), "QA", (CAFE,))


@pytest.mark.parametrize("isco", [MAID, NURSERY, CARER])
@pytest.mark.parametrize("isic", ["9700", "97", "5610"])
def test_domestic_workers_and_carers_of_whatever_employer_but_a_clinic(isco: str, isic: str) -> None:
    assert isinstance(outcome(contract(isco, isic), works()), Finding)
    assert isinstance(outcome(contract(isco, isic), works(household=True)), Clear)


@pytest.mark.parametrize("isco", [WAITER, "9112", "8322", None])
def test_whoever_is_hired_by_a_household(isco: str | None) -> None:
    assert isinstance(outcome(contract(isco), works()), Finding)


@pytest.mark.covers("T-OUT-04", "look_alike")
@pytest.mark.parametrize("isco", [WAITER, "9112", "5321"])
def test_other_work_for_a_business_is_no_matter_of_this_rule(isco: str) -> None:
    found = outcome(contract(isco, "5610", CAFE, id="paper"), works(), issue="")
    assert isinstance(found, Clear)
    assert found.evidence == ("paper",)


@pytest.mark.parametrize(("household", "isic", "verdict"), [
    (True, "9700", Clear), (True, None, Clear), (True, "5610", Clear), (False, "9700", Finding), (False, None, Finding),
    (None, "9700", Clear), (None, "5610", Finding), (None, None, Insufficient),
])  # fmt: skip
def test_what_is_declared_of_the_place_goes_before_what_is_done_there(household: bool | None, isic: str | None, verdict: type) -> None:
    assert isinstance(outcome(contract(), works(isic=isic, household=household)), verdict)


@pytest.mark.covers("T-OUT-04", "missing")
def test_a_place_of_unknown_kind_is_not_cleared_by_another() -> None:
    found = outcome(contract(), works(household=True), works(isic=None, moment="2025-04-01"))
    assert missing(found) == "whether the work site is a household"
    assert isinstance(outcome(contract(), works(), works(isic=None, moment="2025-04-01")), Finding)


@pytest.mark.covers("T-OUT-04", "look_alike")
@pytest.mark.parametrize("isic", ["8510", "8620", "8710", "8810"])
@pytest.mark.parametrize("isco", [NURSERY, CARER])
def test_a_carer_of_a_school_clinic_or_home_works_where_the_contract_says(isco: str, isic: str) -> None:
    own = contract(isco, isic, CLINIC)
    assert isinstance(outcome(own, works(CLINIC, isic), issue=CLINIC), Clear)
    assert isinstance(outcome(own, works(CLINIC, None), issue=CLINIC), Clear)
    assert isinstance(outcome(own, works("QA:cr:600 ", isic), issue="QA:cr:600 "), Clear)


def test_a_clinics_carer_at_work_for_someone_else_is_elsewhere() -> None:
    own = contract(CARER, "8620", CLINIC)
    assert isinstance(outcome(own, works()), Finding)
    assert isinstance(outcome(own, works("QA:cr:601", "8620"), issue="QA:cr:601"), Finding)
    assert missing(outcome(own, works(None, "8620"), issue="")) == "who directs the work"
    lent = permit("2025-03-01", from_employer=CLINIC)
    assert isinstance(outcome(own, works(), lent), Clear)


def test_a_clinics_domestic_worker_is_elsewhere_even_there() -> None:
    assert isinstance(outcome(contract(MAID, "8620", CLINIC), works(CLINIC, "8620"), issue=CLINIC), Finding)


def test_only_the_register_can_tell_what_a_carers_own_employer_is() -> None:
    facts = contract(CARER, None, CLINIC), works(CLINIC, "8620")
    assert missing(outcome(*facts, issue=CLINIC)) == "the contract employer's sector"
    assert isinstance(outcome(*facts, issue=CLINIC, standings=(registered("8620"),)), Clear)
    assert isinstance(outcome(*facts, issue=CLINIC, standings=(registered("9700"),)), Finding)
    assert missing(outcome(contract(CARER, None, CLINIC), works(CLINIC, None, False), issue=CLINIC)) == "the contract employer's sector"
    assert isinstance(outcome(contract(CARER, None, CLINIC), works(CLINIC), issue=CLINIC), Finding)  # a cafe is neither
    assert isinstance(outcome(contract(CARER, None, CLINIC), works(CAFE, "8620")), Finding)  # and another's clinic is not its own


def test_the_register_speaks_from_its_day_on() -> None:
    facts = contract(CARER, None, CLINIC), works(CLINIC, "8620")
    said = (registered("8620", moment="2025-10-01"),)
    waiting = outcome(*facts, issue=CLINIC, standings=said)
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == at("2025-10-01")
    assert isinstance(outcome(*facts, issue=CLINIC, standings=said, as_of="2025-10-01"), Clear)


@pytest.mark.covers("T-OUT-04", "missing")
@pytest.mark.parametrize("isco", [None, "9", "91", "911", "5", "53"])
def test_a_kind_of_work_unknown_or_too_coarse_is_insufficient(isco: str | None) -> None:
    assert missing(outcome(contract(isco, "5610"), works())) == "the contract's kind of work"
    assert isinstance(outcome(contract(isco, "5610"), works(household=True)), Clear)


@pytest.mark.parametrize("isco", ["92", "52", "512"])
def test_a_coarse_kind_of_work_that_is_no_domestic_work_is_none(isco: str) -> None:
    assert isinstance(outcome(contract(isco, "5610"), works(), issue=""), Clear)


@pytest.mark.covers("T-OUT-04", "missing")
def test_without_sector_or_contract_it_cannot_be_told() -> None:
    assert missing(outcome(contract(WAITER, None), works())) == "the contract's kind of work"
    assert missing(outcome(works())) == "the contract's kind of work"


def test_another_employers_contract_tells_no_sector() -> None:
    home = fact("oversight.contract_registered_origin", "2025-02-01", body={"employer": CAFE, "employer_isic": "5610", "country": "QA"})
    assert isinstance(outcome(home, contract(WAITER, None, FAMILY), works()), Insufficient)


@pytest.mark.covers("T-OUT-04", "look_alike")
@pytest.mark.parametrize("valid", [{}, {"valid_from": "2025-03-10"}, {"valid_until": "2025-12-31"}])
def test_a_permit_in_force_excuses_it(valid: dict[str, str]) -> None:
    assert isinstance(outcome(contract(), works(), permit("2025-03-01", **valid)), Clear)
    assert isinstance(outcome(contract(), works(), standings=(permit("2025-03-01", **valid),)), Clear)
    assert isinstance(outcome(contract(), works(), permit("2025-03-01", to_employer=CLINIC, **valid)), Finding)


@pytest.mark.covers("T-OUT-04", "boundary", "late")
def test_a_late_permit_ends_it_and_a_lapsed_one_does_not() -> None:
    late = contract(), works(), permit("2025-06-01")
    assert isinstance(outcome(*late, as_of="2025-05-31"), Finding)
    assert isinstance(outcome(*late, as_of="2025-06-01"), Clear)
    lapses = at("2025-06-01") - 3 * HOUR
    short = contract(), works(), permit("2025-03-01", valid_until="2025-05-31")
    waiting = outcome(*short, as_of=lapses - 1)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == lapses
    assert isinstance(outcome(*short, as_of=lapses), Finding)


def test_a_transfer_to_who_directs_the_work_ends_it_and_one_away_does_not() -> None:
    moved = fact("deployment.employer_transferred", "2025-05-01", source="/office/QA/mol",
                 body={"from_employer": FAMILY, "to_employer": CAFE, "country": "QA"})  # fmt: skip
    assert isinstance(outcome(contract(), works(), moved), Clear)
    assert isinstance(outcome(contract(), works(), moved, as_of="2025-04-30"), Finding)
    family = contract(MAID, "9700", CAFE, "2025-05-05")  # authenticated after the worker was transferred away from another family
    ours = works(FAMILY, "5610", moment="2025-03-10", until="2025-04-20")
    assert isinstance(outcome(family, moved, ours, issue=FAMILY), Finding)


def test_one_issue_for_each_employer_whatever_its_spelling() -> None:
    facts = (works("QA:cr:Cafe Doha"), works("QA:cr:CAFE DOHA", moment="2025-04-01"), works(CLINIC, moment="2025-05-01"),
             works(FAMILY, "9700", moment="2025-06-01"))  # fmt: skip
    found = judge("T-OUT-04", journey(contract(), *facts), at("2025-09-01"))
    assert [(each.issue, type(each)) for each in found] == [("QA:cr:600", Finding), ("QA:cr:CAFE DOHA", Finding), (FAMILY, Clear)]


@pytest.mark.covers("T-OUT-04", "boundary")
def test_as_of_in_the_middle_and_a_first_day_to_come() -> None:
    begins = at("2025-06-01") - 3 * HOUR
    facts = contract(), works(first="2025-06-01", moment="2025-03-12")
    waiting = outcome(*facts, as_of=begins - 1)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == begins
    assert isinstance(outcome(*facts, as_of=begins), Finding)
    assert evaluation("T-OUT-04", journey(*facts), at("2025-04-01")).next_due == begins


def test_corrections_of_the_place_and_of_the_contract() -> None:
    wrong = works(id="wrong")
    assert isinstance(outcome(contract(), wrong, works(household=True, corrects="wrong", recorded="2025-05-01")), Clear)
    gone = works(corrects="wrong", retracted=True, recorded="2025-05-01")
    assert judge("T-OUT-04", journey(contract(), wrong, gone), at("2025-09-01")) == []
    paper = contract(WAITER, "5610", CAFE, id="paper")
    right = contract(MAID, "9700", corrects="paper", recorded="2025-05-01")
    assert isinstance(outcome(paper, right, works()), Finding)


def test_arrived_and_no_work_site_is_insufficient_and_neither_is_no_duty() -> None:
    arrived = fact("deployment.arrived", "2025-03-02", source="/office/QA/mol", body={"country": "QA"})
    assert missing(outcome(contract(), arrived, issue="")) == "the work site"
    assert judge("T-OUT-04", journey(contract()), at("2025-09-01")) == []


@pytest.mark.covers("T-OUT-04", "late")
def test_a_permit_told_late_withdraws_the_alert() -> None:
    assert lately("T-OUT-04", [contract(), works()], [permit("2025-03-01")], "2025-04-01", "2025-06-01") == ("raised", "withdrawn")
