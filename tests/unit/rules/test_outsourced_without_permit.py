"""T-OUT-01: more than seven days of work for another employer, with no secondment or transfer valid."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge
from tests.support.lately import lately

OWN, OTHER, THIRD = "QA:cr:1", "QA:cr:2", "QA:cr:3"
BEGAN = at("2025-03-10T06:00:00Z")
DUE = BEGAN + 7 * DAY  # the last instant within the days of grace
ARRIVED = fact("deployment.arrived", "2025-03-01", id="arrived", body={"country": "QA"})


def _fact(kind: str, moment: str | int, said: dict[str, Any], subjects: tuple[str, ...] = ()) -> Fact:
    details = {name: said.pop(name) for name in ("id", "corrects", "retracted", "recorded") if name in said}
    body = {("from" if name == "from_" else name): value for name, value in said.items() if value is not None}
    return fact(kind, moment, source="/office/QA/mol", body=body, subjects=subjects, **details)


def contract(employer: str | None = OWN, moment: str | int = "2025-02-20", kind: str = "authenticated_destination", **said: Any) -> Fact:
    return _fact(f"oversight.contract_{kind}", moment, {"employer": employer, "country": "QA", **said})


def works(employer: str | None = OTHER, moment: str | int = BEGAN, **said: Any) -> Fact:
    return _fact("deployment.worksite_assigned", moment, {"employer": employer, "country": "QA", **said})


def permit(to: str | None = OTHER, moment: str | int = "2025-03-01", giver: str = OWN, **said: Any) -> Fact:
    body = {"from_employer": giver, "to_employer": to, "country": "QA", **said}
    return _fact("deployment.secondment_approved", moment, body, tuple(sorted(f"party:{each}" for each in {giver, to} if each)))


def transfer(to: str, moment: str | int, **said: Any) -> Fact:
    return _fact("deployment.employer_transferred", moment, {"from_employer": OWN, "to_employer": to, "country": "QA", **said})


def ended(moment: str | int, kind: str = "contract_ended") -> Fact:
    return _fact(f"deployment.{kind}", moment, {})


CONTRACT = contract(id="contract")


def outcomes(*facts: Fact, as_of: str | int = "2025-06-01", standings: tuple[Fact, ...] = ()) -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-OUT-01", journey(ARRIVED, *facts), at(as_of), standings=Standings(standings))}


def outcome(*facts: Fact, of: str = OTHER, as_of: str | int = "2025-06-01", standings: tuple[Fact, ...] = ()) -> Outcome:
    return outcomes(*facts, as_of=as_of, standings=standings)[of]


@pytest.mark.covers("T-OUT-01", "plain")
def test_work_for_another_employer_without_permit() -> None:
    found = outcome(CONTRACT, works(id="work"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("no_permit", ("contract", "work"), ("T-OUT-01.default",))
    assert (found.parties, found.destination, found.since, found.due_at) == ((OWN, OTHER), "QA", BEGAN, DUE + 3 * DAY)
    assert found.next_at is None


@pytest.mark.covers("T-OUT-01", "look_alike")
def test_work_for_the_contracts_employer_however_spelled() -> None:
    assert isinstance(outcome(contract("QA:cr:CR-1"), works("QA:cr:cr 1"), of="QA:cr:CR1"), Clear)


@pytest.mark.covers("T-OUT-01", "boundary")
def test_seven_days_are_grace_and_the_instant_after_is_not() -> None:
    waiting = outcome(CONTRACT, works(), as_of=DUE)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DUE + 1
    assert isinstance(outcome(CONTRACT, works(), as_of=DUE + 1), Finding)
    assert evaluation("T-OUT-01", journey(CONTRACT, works()), DUE).next_due == DUE + 1


@pytest.mark.covers("T-OUT-01", "boundary")
@pytest.mark.parametrize(("extra", "kind"), [(0, Clear), (1, Finding)])
def test_what_ended_within_the_grace_is_none_and_what_ended_later_was_one(extra: int, kind: type[Outcome]) -> None:
    assert isinstance(outcome(CONTRACT, works(), works(OWN, DUE + extra)), kind)
    assert isinstance(outcome(CONTRACT, works(), ended(DUE + extra)), kind)
    assert isinstance(outcome(CONTRACT, works(), ended(DUE + extra, "repatriation_done")), kind)


@pytest.mark.covers("T-OUT-01", "boundary")
def test_an_assignment_includes_its_last_day() -> None:
    """21:00 UTC is midnight in Doha."""
    from_midnight = at("2025-03-09T21:00:00Z")
    assert isinstance(outcome(CONTRACT, works(moment=from_midnight, until="2025-03-16")), Clear)
    assert isinstance(outcome(CONTRACT, works(moment=from_midnight, until="2025-03-17")), Finding)


def test_an_assignment_told_later_began_on_its_first_day() -> None:
    found = outcome(CONTRACT, works(moment="2025-03-20", from_="2025-03-10"))
    assert isinstance(found, Finding)
    assert found.since == at("2025-03-09T21:00:00Z")


def test_an_assignment_to_come_is_waited_for() -> None:
    waiting = outcome(CONTRACT, works(moment="2025-03-01", from_="2025-03-10"), as_of="2025-03-02")
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2025-03-16T21:00:00Z") + 1


@pytest.mark.covers("T-OUT-01", "look_alike")
@pytest.mark.parametrize("to", [OTHER, "QA:cr: 2", None])
def test_a_permit_to_this_employer_however_spelled_or_to_any(to: str | None) -> None:
    assert isinstance(outcome(CONTRACT, works(), permit(to)), Clear)


def test_a_permit_to_a_third_employer_does_not_count() -> None:
    assert isinstance(outcome(CONTRACT, works(), permit(THIRD)), Finding)


def test_a_permit_from_an_employer_who_is_not_the_contracts_does_not_count() -> None:
    assert isinstance(outcome(CONTRACT, works(), permit(giver=THIRD)), Finding)


def test_a_permit_of_another_country_does_not_count() -> None:
    assert isinstance(outcome(CONTRACT, works(), permit(country="SA")), Finding)
    assert isinstance(outcome(CONTRACT, works(country=None), permit(country="SA")), Finding)  # bound for Qatar
    assert isinstance(outcome(CONTRACT, works(country="SA"), permit(country="SA")), Clear)


@pytest.mark.covers("T-OUT-01", "boundary")
def test_a_permit_includes_its_first_and_its_last_day() -> None:
    began = works(moment="2025-03-09T21:00:00Z")
    paper = permit(valid_from="2025-03-10", valid_until="2025-04-09")
    ends = at("2025-04-09T21:00:00Z")
    lapsing = outcome(CONTRACT, began, paper, as_of=ends + 7 * DAY)
    assert isinstance(lapsing, Clear)
    assert lapsing.next_at == ends + 7 * DAY + 1
    found = outcome(CONTRACT, began, paper, as_of=ends + 7 * DAY + 1)
    assert isinstance(found, Finding)
    assert found.since == ends


@pytest.mark.covers("T-OUT-01", "late")
def test_a_late_permit_ends_the_finding_from_its_first_day_on() -> None:
    paper = permit(moment="2025-04-20T12:00:00Z", valid_from="2025-05-01")
    begins = at("2025-04-30T21:00:00Z")
    before = outcome(CONTRACT, works(), paper, as_of=begins - 1)
    assert isinstance(before, Finding)
    assert before.next_at == begins
    assert isinstance(outcome(CONTRACT, works(), paper, as_of=begins), Clear)


@pytest.mark.covers("T-OUT-01", "late")
def test_a_permit_given_late_for_the_time_before_counts_once_it_is_given() -> None:
    given = at("2025-04-20")
    paper = permit(moment=given, valid_from="2025-03-01")
    assert isinstance(outcome(CONTRACT, works(), paper, as_of=given - 1), Finding)
    assert isinstance(outcome(CONTRACT, works(), paper, as_of=given), Clear)
    assert evaluation("T-OUT-01", journey(CONTRACT, works(), paper), given - 1).next_due == given


def test_a_permit_after_the_work_is_over_mends_nothing() -> None:
    assert isinstance(outcome(CONTRACT, works(), works(OWN, DUE + DAY), permit(moment=DUE + 9 * DAY)), Finding)


def test_a_late_permit_mends_the_employers_earlier_site_too() -> None:
    sites = works(id="one"), works(moment=DUE + 5 * DAY, site="QA:site:2", id="two")
    assert isinstance(outcome(CONTRACT, *sites), Finding)
    assert isinstance(outcome(CONTRACT, *sites, permit(moment=DUE + 9 * DAY)), Clear)


def test_one_assignment_told_by_two_offices_is_mended_once() -> None:
    assert isinstance(outcome(CONTRACT, works(id="one"), works(id="two"), permit(moment=DUE + 9 * DAY)), Clear)


def test_the_grace_begins_again_when_a_permit_ends() -> None:
    paper = permit(moment=BEGAN + 6 * DAY, valid_until="2025-03-20")
    ends = at("2025-03-20T21:00:00Z")
    assert isinstance(outcome(CONTRACT, works(), paper, as_of=ends + 7 * DAY), Clear)
    assert isinstance(outcome(CONTRACT, works(), paper, as_of=ends + 7 * DAY + 1), Finding)


def test_the_grace_does_not_begin_again_at_a_third_employer() -> None:
    moved = BEGAN + 5 * DAY
    facts = CONTRACT, works(), works(THIRD, moved)
    assert isinstance(outcome(*facts), Clear)
    before = outcome(*facts, of=THIRD, as_of=DUE)
    assert isinstance(before, Clear)
    assert before.next_at == DUE + 1
    found = outcome(*facts, of=THIRD, as_of=DUE + 1)
    assert isinstance(found, Finding)
    assert (found.since, found.due_at) == (moved, DUE + 3 * DAY)


def test_at_a_third_employer_after_the_grace_it_is_found_at_once() -> None:
    moved = DUE + 5 * DAY
    facts = CONTRACT, works(), works(THIRD, moved - DAY, from_="2025-03-23")
    begins = at("2025-03-22T21:00:00Z")
    waiting = outcome(*facts, of=THIRD, as_of=begins - 1)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == begins
    found = outcome(*facts, of=THIRD, as_of=begins)
    assert isinstance(found, Finding)
    assert (found.since, found.due_at) == (begins, begins + 3 * DAY)


def test_the_grace_begins_again_after_work_for_the_own_employer() -> None:
    back, again = BEGAN + 5 * DAY, BEGAN + 6 * DAY
    facts = CONTRACT, works(), works(OWN, back), works(OTHER, again)
    assert isinstance(outcome(*facts, as_of=again + 7 * DAY), Clear)
    assert isinstance(outcome(*facts, as_of=again + 7 * DAY + 1), Finding)


def test_a_transfer_makes_the_new_employer_the_contracts() -> None:
    assert isinstance(outcome(CONTRACT, transfer(OTHER, BEGAN - DAY), works()), Clear)
    assert isinstance(outcome(CONTRACT, transfer(OTHER, DUE + 9 * DAY), works()), Clear)  # late, and it ends the finding
    assert isinstance(outcome(CONTRACT, transfer(THIRD, BEGAN - DAY), works()), Finding)


def test_after_a_transfer_the_former_employer_is_another_one() -> None:
    facts = CONTRACT, works(OWN), transfer(OTHER, BEGAN + DAY)
    found = outcome(*facts, of=OWN)
    assert isinstance(found, Finding)
    assert (found.since, found.parties) == (BEGAN + DAY, (OWN, OTHER))


def test_a_former_employers_permit_ends_with_the_transfer() -> None:
    facts = CONTRACT, works(THIRD), permit(THIRD)
    left = transfer(OTHER, BEGAN + DAY)
    assert isinstance(outcome(*facts, of=THIRD), Clear)
    assert isinstance(outcome(*facts, left, of=THIRD), Finding)
    assert isinstance(outcome(*facts, left, permit(THIRD, giver=OTHER), of=THIRD), Clear)


def test_the_destinations_contract_goes_before_the_origins_whenever_it_was_told() -> None:
    origin = contract(OTHER, "2025-03-01", "registered_origin")
    assert isinstance(outcome(origin, works()), Clear)
    assert isinstance(outcome(origin, contract(OWN, "2025-02-20"), works()), Finding)


def test_a_permit_of_the_employers_workers_counts_in_every_spelling() -> None:
    general = permit(giver="QA:cr:CR-1")
    facts = contract("QA:cr:cr 1"), works()
    assert isinstance(outcome(*facts), Finding)
    assert isinstance(outcome(*facts, standings=(general,)), Clear)


def test_a_permit_of_the_employers_workers_counts_once_it_is_given() -> None:
    given = DUE + 9 * DAY
    general = permit(moment=given, valid_from="2025-03-01")
    before = outcome(CONTRACT, works(), as_of=given - 1, standings=(general,))
    assert isinstance(before, Finding)
    assert before.next_at == given
    assert isinstance(outcome(CONTRACT, works(), as_of=given, standings=(general,)), Clear)


def test_a_permit_retracted_or_dated_wrongly_ahead_is_none() -> None:
    papers = permit(id="permit"), permit(corrects="permit", retracted=True, recorded="2025-04-01")
    assert isinstance(outcome(CONTRACT, works(), *papers), Finding)
    assert isinstance(outcome(CONTRACT, works(), standings=papers), Finding)
    ahead = permit(moment="2025-03-05", recorded="2025-03-01")
    assert isinstance(outcome(CONTRACT, works(), standings=(ahead,)), Finding)


def test_an_assignment_corrected_to_the_own_employer_ends_it() -> None:
    right = works(OWN, corrects="work", recorded="2025-04-01")
    assert list(outcomes(CONTRACT, works(id="work"), right)) == [OWN]


def test_spellings_of_an_employer_are_one_issue() -> None:
    found = outcomes(CONTRACT, works("QA:cr:CR-2"), works("QA:cr:cr 2", BEGAN + 4 * DAY))
    assert list(found) == ["QA:cr:CR2"]
    finding = found["QA:cr:CR2"]
    assert isinstance(finding, Finding)
    assert finding.parties == (OWN, "QA:cr:CR-2", "QA:cr:cr 2")
    assert finding.since == BEGAN


@pytest.mark.covers("T-OUT-01", "missing")
def test_missing_data_is_insufficient() -> None:
    assert isinstance(outcomes(CONTRACT)[""], Insufficient)  # arrived, and no work site
    assert isinstance(outcomes(CONTRACT, works(None))[""], Insufficient)
    assert isinstance(outcome(works()), Insufficient)
    assert isinstance(outcome(contract(None), works()), Insufficient)


@pytest.mark.covers("T-OUT-01", "missing")
def test_an_unknown_employer_hides_no_known_one() -> None:
    found = outcomes(CONTRACT, works(), works(None, DUE + HOUR))
    assert {key: type(each) for key, each in found.items()} == {"": Insufficient, OTHER: Finding}


def test_nobody_arrived_and_no_work_is_no_outcome() -> None:
    assert judge("T-OUT-01", journey(CONTRACT), at("2025-06-01")) == []


@pytest.mark.covers("T-OUT-01", "late")
@pytest.mark.parametrize("late", [permit(recorded=DUE + 20 * DAY), transfer(OTHER, BEGAN - DAY, recorded=DUE + 20 * DAY)])
def test_a_paper_told_late_withdraws_the_alert(late: Fact) -> None:
    facts = ARRIVED, CONTRACT, works()
    assert lately("T-OUT-01", facts, [structs.replace(late, subjects=())], DUE + DAY, DUE + 21 * DAY, OTHER) == ("raised", "withdrawn")
    if late.subjects:  # of the employer's workers
        assert lately("T-OUT-01", facts, [late], DUE + DAY, DUE + 21 * DAY, OTHER) == ("raised", "withdrawn")
