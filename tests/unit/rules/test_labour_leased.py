"""T-OUT-02: a labour supplier's worker, two user firms or more than one move within 90 days."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, only
from tests.support.lately import lately

SUPPLIER, FIRST, SECOND, THIRD = "QA:cr:100", "QA:cr:201", "QA:cr:202", "QA:cr:203"
BEGAN = "2025-03-10"
NINETY, NINETY_ONE = "2025-06-08", "2025-06-09"


def contract(moment: str = "2025-03-01", employer: str | None = SUPPLIER, isic: str | None = "7820", **details: Any) -> Fact:
    said = {"employer": employer, "employer_isic": isic, "country": "QA"}
    body = {name: value for name, value in said.items() if value is not None}
    kind = details.pop("type", "oversight.contract_authenticated_destination")
    return fact(kind, moment, source="/office/QA/mol", body=body, **details)


def works(employer: str | None, first: str, site: str | None = "QA:site:1", **details: Any) -> Fact:
    said = {"employer": employer, "site": site, "country": "QA", "from": first, "until": details.pop("until", None)}
    body = {name: value for name, value in said.items() if value is not None}
    moment = details.pop("time", at(first) + 8 * HOUR + DAY)  # told the day after: the first day is what counts
    return fact("deployment.worksite_assigned", moment, source="/office/QA/mol", body=body, **details)


def permit(to: str | None, moment: str, **body: Any) -> Fact:
    said = {"from_employer": SUPPLIER, "to_employer": to, "country": "QA"} | body
    return fact("deployment.secondment_approved", moment, source="/office/QA/mol", subjects=(f"party:{SUPPLIER}",),
                body={name: value for name, value in said.items() if value is not None})  # fmt: skip


def transfer(to: str, moment: str, away: str | None = SUPPLIER) -> Fact:
    body = {"from_employer": away, "to_employer": to, "country": "QA"}
    return fact("deployment.employer_transferred", moment, source="/office/QA/mol", body={k: v for k, v in body.items() if v is not None})


def registered(isic: str, moment: str = "2024-01-01", employer: str = SUPPLIER, **details: Any) -> Fact:
    body = {"employer": employer, "jurisdiction": "QA", "isic": isic}
    return fact("licensing.employer_registered", moment, source="/office/QA/mol", subjects=(f"party:{employer}",), body=body, **details)


def outcome(*facts: Fact, as_of: str | int = "2025-09-01", standings: tuple[Fact, ...] = ()) -> Outcome:
    return only("T-OUT-02", journey(*facts), at(as_of), standings=Standings(standings))


@pytest.mark.covers("T-OUT-02", "plain")
def test_two_firms_in_ninety_days() -> None:
    one, two = works(FIRST, BEGAN, id="one"), works(SECOND, "2025-04-10", id="two")
    found = outcome(contract(id="paper"), one, two)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("several_firms", ("one", "paper", "two"), ("T-OUT-02.default",))
    assert (found.since, found.destination) == (at("2025-04-10") - 3 * HOUR, "QA")  # Qatar is three hours ahead
    assert found.parties == (SUPPLIER, FIRST, SECOND)


@pytest.mark.covers("T-OUT-02", "boundary")
@pytest.mark.parametrize(("second", "verdict"), [(NINETY, Finding), (NINETY_ONE, Clear)])
def test_ninety_local_days_are_within_and_the_next_is_not(second: str, verdict: type) -> None:
    assert isinstance(outcome(contract(), works(FIRST, BEGAN), works(SECOND, second)), verdict)


@pytest.mark.covers("T-OUT-02", "boundary")
@pytest.mark.parametrize(("second", "verdict"), [(NINETY, Finding), (NINETY_ONE, Clear)])
def test_ninety_days_between_the_first_move_and_the_last(second: str, verdict: type) -> None:
    """One firm, three sites: the place where the work began is no move."""
    sites = works(FIRST, "2025-01-01", "QA:site:1"), works(FIRST, BEGAN, "QA:site:2"), works(FIRST, second, "QA:site:3")
    found = outcome(contract(), *sites)
    assert isinstance(found, verdict)
    assert getattr(found, "reason", "") == ("several_moves" if verdict is Finding else "")


def test_days_are_those_of_the_place_of_work() -> None:
    """Late on 10 March in UTC is the eleventh in Qatar: ninety days on is 9 June there, not 8 June."""
    late = works(FIRST, "2025-03-11", time="2025-03-10T22:00:00Z")
    assert isinstance(outcome(contract(), late, works(SECOND, NINETY_ONE)), Finding)
    assert isinstance(outcome(contract(), late, works(SECOND, "2025-06-10")), Clear)


def test_work_that_began_in_the_day_counts_from_that_day() -> None:
    """Told at noon of its first day; ninety-one days on begins at midnight, which is still the day before in UTC."""
    noon = works(FIRST, BEGAN, time="2025-03-10T09:00:00Z")
    assert isinstance(outcome(contract(), noon, works(SECOND, NINETY)), Finding)
    assert isinstance(outcome(contract(), noon, works(SECOND, NINETY_ONE)), Clear)


def test_moves_follow_the_days_of_work_and_not_of_telling() -> None:
    """There, elsewhere and back; told as there, back and elsewhere."""
    days = (("2025-04-01", "QA:site:2", "2025-07-03"), ("2025-05-01", "QA:site:1", "2025-07-02"))
    sites = works(FIRST, BEGAN, time="2025-07-01"), *(works(FIRST, day, site, time=told) for day, site, told in days)
    assert isinstance(outcome(contract(), *sites), Finding)


@pytest.mark.covers("T-OUT-02", "look_alike")
def test_one_firm_and_one_move_are_not_many() -> None:
    assert isinstance(outcome(contract(), works(FIRST, BEGAN)), Clear)
    assert isinstance(outcome(contract(), works(FIRST, BEGAN), works(FIRST, "2025-04-01", "QA:site:2")), Clear)


@pytest.mark.covers("T-OUT-02", "look_alike")
def test_the_supplier_itself_is_no_user_firm_but_going_back_is_a_move() -> None:
    depot, firm = works(SUPPLIER, BEGAN, "QA:site:9"), works(FIRST, "2025-03-20")
    assert isinstance(outcome(contract(), depot, firm), Clear)
    again = outcome(contract(), depot, firm, works(SUPPLIER, "2025-04-01", "QA:site:9"))
    assert isinstance(again, Finding)
    assert again.reason == "several_moves"


def test_the_window_slides_to_a_later_return() -> None:
    """Half a year apart at first; then the first firm again, days before the second."""
    one, two = works(FIRST, "2025-01-01"), works(SECOND, "2025-08-01")
    assert isinstance(outcome(contract(), one, two), Clear)
    assert isinstance(outcome(contract(), one, works(FIRST, "2025-07-20"), two), Finding)


@pytest.mark.covers("T-OUT-02", "look_alike")
@pytest.mark.parametrize("spelling", ["QA:cr:ACME-Trading W.L.L.", "QA:cr:Acme trading wll"])
def test_two_spellings_are_one_firm_and_one_site(spelling: str) -> None:
    base = works("QA:cr:ACME TRADING WLL", BEGAN, "QA:site:Tower A")
    assert isinstance(outcome(contract(), base, works(spelling, "2025-04-01", "QA:site:TOWER-A")), Clear)
    ways = [works(spelling, day, site) for day, site in (("2025-04-01", "QA:site:tower a"), ("2025-04-20", "QA:site:Tower, A"))]
    assert isinstance(outcome(contract(), base, *ways), Clear)


@pytest.mark.covers("T-OUT-02", "look_alike")
def test_no_labour_supplier() -> None:
    found = outcome(contract(isic="4100", id="paper"), works(FIRST, BEGAN), works(SECOND, "2025-04-01"))
    assert isinstance(found, Clear)
    assert found.evidence == ("paper",)


@pytest.mark.parametrize("isic", ["7810", "7820", "7830", "78"])
def test_every_kind_of_labour_supply(isic: str) -> None:
    assert isinstance(outcome(contract(isic=isic), works(FIRST, BEGAN), works(SECOND, "2025-04-01")), Finding)


def test_the_register_tells_the_sector_that_the_contract_leaves_out() -> None:
    facts = contract(isic=None), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    assert isinstance(outcome(*facts), Insufficient)
    assert isinstance(outcome(*facts, standings=(registered("7820"),)), Finding)
    assert isinstance(outcome(*facts, standings=(registered("7820", employer="QA:cr:100."),)), Finding)  # another spelling
    assert isinstance(outcome(*facts, standings=(registered("4100"),)), Clear)
    assert isinstance(outcome(*facts, standings=(registered("4100", employer=FIRST),)), Insufficient)


def test_the_register_says_what_it_said_at_the_time_and_when_to_look_again() -> None:
    facts = contract(isic=None), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    said = registered("4100"), registered("7820", "2025-10-01")
    waiting = outcome(*facts, standings=said)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2025-10-01")
    assert isinstance(outcome(*facts, standings=said, as_of="2025-10-01"), Finding)
    corrected = registered("4100", "2025-10-01", corrects=said[1].event_id, recorded="2025-10-05")
    assert isinstance(outcome(*facts, standings=(*said, corrected), as_of="2025-10-06"), Clear)


def test_another_employers_contract_tells_no_sector() -> None:
    """Registered at home with a builder, authenticated with someone else of whom no sector is known."""
    home = contract("2025-02-01", "QA:cr:9", "4100", type="oversight.contract_registered_origin")
    facts = home, contract(isic=None), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    assert isinstance(outcome(*facts), Insufficient)
    assert isinstance(outcome(*facts, standings=(registered("7820"),)), Finding)


@pytest.mark.covers("T-OUT-02", "missing")
def test_without_sector_employer_or_contract_it_cannot_be_told() -> None:
    placed = works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    for papers, missing in (
        ((contract(isic=None),), "the contract employer's sector"), ((contract(employer=None),), "the contract's employer"),
        ((), "the contract's employer"),
    ):  # fmt: skip
        found = outcome(*papers, *placed)
        assert isinstance(found, Insufficient)
        assert found.missing == missing


@pytest.mark.covers("T-OUT-02", "missing")
def test_without_who_directs_the_work_it_cannot_be_told() -> None:
    found = outcome(contract(), works(FIRST, BEGAN), works(None, "2025-04-01"))
    assert isinstance(found, Insufficient)
    assert found.missing == "who directs the work"


@pytest.mark.covers("T-OUT-02", "missing")
def test_unknown_sites_that_could_be_moves_are_insufficient() -> None:
    one, last = works(FIRST, BEGAN, "QA:site:1"), works(FIRST, "2025-05-01", "QA:site:2")
    found = outcome(contract(), one, works(FIRST, "2025-04-01", None), last)
    assert isinstance(found, Insufficient)
    assert found.missing == "the site of the work"
    assert isinstance(outcome(contract(), one, works(FIRST, "2025-04-01", None)), Clear)


def test_arrived_and_no_work_site_is_insufficient_and_neither_is_no_duty() -> None:
    arrived = fact("deployment.arrived", "2025-03-02", source="/office/QA/mol", body={"country": "QA"})
    assert isinstance(outcome(contract(), arrived), Insufficient)
    assert evaluation("T-OUT-02", journey(contract()), at("2025-09-01")).judged == ()


@pytest.mark.parametrize("valid", [{}, {"valid_from": BEGAN}, {"valid_from": "2025-04-01", "valid_until": "2025-12-31"}])
def test_a_permit_in_force_excuses_its_firm(valid: dict[str, str]) -> None:
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    assert isinstance(outcome(*facts, permit(SECOND, "2025-03-30", **valid)), Clear)
    assert isinstance(outcome(*facts, permit(None, "2025-03-30", **valid)), Clear)
    assert isinstance(outcome(*facts, permit(THIRD, "2025-03-30", **valid)), Finding)


@pytest.mark.covers("T-OUT-02", "late")
def test_a_permit_that_comes_late_ends_it() -> None:
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01"), permit(SECOND, "2025-06-01", valid_from="2025-06-01")
    assert isinstance(outcome(*facts, as_of="2025-05-31T20:59:59.999Z"), Finding)
    assert isinstance(outcome(*facts, as_of="2025-06-01"), Clear)


def test_a_permit_that_lapsed_excuses_nothing_from_the_next_day() -> None:
    given = permit(SECOND, "2025-03-30", valid_from="2025-04-01", valid_until="2025-05-31")
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01"), given
    lapses = at("2025-06-01") - 3 * HOUR
    waiting = outcome(*facts, as_of=lapses - 1)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == lapses
    assert isinstance(outcome(*facts, as_of=lapses), Finding)


def test_a_permit_that_held_to_the_end_of_the_work_still_excuses_it() -> None:
    given = permit(SECOND, "2025-03-30", valid_from="2025-04-01", valid_until="2025-05-31")
    short = works(SECOND, "2025-04-01", until="2025-05-31")
    assert isinstance(outcome(contract(), works(FIRST, BEGAN), short, given), Clear)
    longer = works(SECOND, "2025-04-01", until="2025-06-01")
    assert isinstance(outcome(contract(), works(FIRST, BEGAN), longer, given), Finding)


def test_a_permit_of_the_employers_workers_counts_and_another_employers_does_not() -> None:
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    assert isinstance(outcome(*facts, standings=(permit(SECOND, "2025-03-30"),)), Clear)
    others = permit(SECOND, "2025-03-30", from_employer="QA:cr:7")
    assert isinstance(outcome(*facts, standings=(others,)), Finding)
    later = outcome(*facts, standings=(permit(SECOND, "2025-12-01"),))
    assert isinstance(later, Finding)
    assert later.next_at == at("2025-12-01")


def test_a_transfer_makes_the_new_employer_no_user_firm() -> None:
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01")
    assert isinstance(outcome(*facts, transfer(SECOND, "2025-03-31")), Clear)
    assert isinstance(outcome(*facts, transfer(SECOND, "2025-07-01")), Clear)
    assert isinstance(outcome(*facts, transfer(SECOND, "2025-07-01"), as_of="2025-06-30"), Finding)


def test_a_transfer_dated_before_the_contract_leaves_the_supplier_the_supplier() -> None:
    """Authenticated after the transfer: whom it led away from is an employer of record, and neither excused nor a user firm."""
    late = contract("2025-05-01", THIRD)
    facts = transfer(THIRD, "2025-04-20"), late, works(SUPPLIER, BEGAN, "QA:site:9"), works(FIRST, "2025-03-20")
    assert isinstance(outcome(*facts), Clear)
    assert isinstance(outcome(*facts, works(SECOND, "2025-03-25")), Finding)


def test_as_of_in_the_middle_and_a_first_day_to_come() -> None:
    facts = contract(), works(FIRST, BEGAN), works(SECOND, "2025-06-01", time="2025-03-12")
    begins = at("2025-06-01") - 3 * HOUR
    waiting = outcome(*facts, as_of="2025-04-01")
    assert isinstance(waiting, Clear)
    assert waiting.next_at == begins
    assert isinstance(outcome(*facts, as_of=begins - 1), Clear)
    assert isinstance(outcome(*facts, as_of=begins), Finding)


def test_work_that_is_all_to_come_is_looked_at_when_it_begins() -> None:
    facts = contract(), works(FIRST, "2025-06-01", time="2025-03-12"), works(SECOND, "2025-06-10", time="2025-03-12")
    assert evaluation("T-OUT-02", journey(*facts), at("2025-04-01")).next_due == at("2025-06-01") - 3 * HOUR


@pytest.mark.covers("T-OUT-02", "late")
def test_a_correction_takes_a_firm_away_and_a_retraction_too() -> None:
    one, two = works(FIRST, BEGAN), works(SECOND, "2025-04-01", id="wrong")
    assert isinstance(outcome(contract(), one, two), Finding)
    right = works(FIRST, "2025-04-01", corrects="wrong", recorded="2025-05-01")
    assert isinstance(outcome(contract(), one, two, right), Clear)
    gone = works(SECOND, "2025-04-01", corrects="wrong", retracted=True, recorded="2025-05-02")
    assert isinstance(outcome(contract(), one, two, gone), Clear)
    moved = works(SECOND, NINETY_ONE, corrects="wrong", recorded="2025-07-01")
    assert isinstance(outcome(contract(), one, two, moved), Clear)


def test_it_stands_after_the_contract_ended() -> None:
    """What happened stays found; only papers, or a correction, end it."""
    ended = fact("deployment.contract_ended", "2025-05-01", source="/office/QA/mol", body={"employer": SUPPLIER})
    assert isinstance(outcome(contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01"), ended), Finding)


@pytest.mark.covers("T-OUT-02", "late")
def test_a_permit_told_late_withdraws_the_alert() -> None:
    facts, late = (contract(), works(FIRST, BEGAN), works(SECOND, "2025-04-01")), permit(SECOND, "2025-03-30")
    assert lately("T-OUT-02", facts, [late], "2025-05-01", "2025-07-01") == ("raised", "withdrawn")
