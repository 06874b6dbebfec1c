"""T-CHN-06: a job order held by one agency, whose workers two or more others process."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.job_order_farmed_out import DONE, HELD, PARTNERS, PROCESSED
from tests.support.builders import at, fact, sums
from tests.support.judging import judge

ORDER = "NP:dofe:D-1"
HOLDER, B, C, D = (f"NP:dofe:{number}" for number in (1, 2, 3, 4))
FIRST = at("2025-03-01T06:00:00Z")
DETAILS = ("id", "corrects", "retracted", "recorded", "worker")


def _about(kind: str, day: int, said: dict[str, Any]) -> Fact:
    details = {name: said.pop(name) for name in DETAILS if name in said}
    return fact(kind, FIRST + day * DAY, refs=Refs(demand=ORDER), subjects=(f"demand:{ORDER}",),
                body={name: value for name, value in said.items() if value}, **details)  # fmt: skip


def held(agency: str | None = HOLDER, day: int = -30, kind: str = "recruitment.demand_submitted", **said: Any) -> Fact:
    return _about(kind, day, {"agency": agency, "country": "QA", "employer": "QA:cr:9", **said})


def cleared(agency: str | None, day: int = 0, kind: str = "visa.clearance_issued", **said: Any) -> Fact:
    return _about(kind, day, {"agency": agency, "worker": ["passport:NP:a"], **said})


def partner(target: str | None, by: str | None = "employer", day: int = -20, **said: Any) -> Fact:
    return _about("recruitment.recruiter_declared", day, {"to_party": target, "declared_by": by, "role": "agency", **said})


def outcome(*facts: Fact, as_of: str | int = "2025-09-01") -> Outcome | None:
    found = judge("T-CHN-06", sums(f"demand:{ORDER}", (HELD, PARTNERS, DONE), *facts), at(as_of))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.covers("T-CHN-06", "plain")
def test_two_others_process_its_workers() -> None:
    found = outcome(held(id="order"), cleared(HOLDER), cleared(B, 1, id="b"), cleared(C, 5, id="c"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("processed_by_others", ("b", "c", "order"), ("T-CHN-06.default",))
    assert (found.parties, found.origin, found.destination, found.authority) == ((HOLDER, B, C), "NP", "QA", "NP")
    began = at("2025-03-05T18:15:00Z")  # the day of the second, in Kathmandu
    assert (found.since, found.due_at) == (began, began + 3 * DAY)


@pytest.mark.covers("T-CHN-06", "boundary")
def test_one_other_is_clear_however_many_workers_and_a_second_is_not() -> None:
    assert isinstance(outcome(held(), *(cleared(B, day) for day in range(9))), Clear)
    assert isinstance(outcome(held(), *(cleared(B, day) for day in range(9)), cleared(C)), Finding)


@pytest.mark.covers("T-CHN-06", "look_alike")
def test_the_holder_itself() -> None:
    assert isinstance(outcome(held(), cleared(HOLDER), cleared(HOLDER, 1)), Clear)


@pytest.mark.parametrize("kind", sorted(PROCESSED))
def test_each_step_that_an_agency_does_counts(kind: str) -> None:
    assert isinstance(outcome(held(), cleared(B), cleared(C, 1, kind)), Finding)


@pytest.mark.covers("T-CHN-06", "look_alike")
def test_spellings_are_one_agency() -> None:
    assert isinstance(outcome(held("NP:dofe:LT-1"), cleared("NP:dofe:lt 1"), cleared("NP:dofe:LT1", 1), cleared(B)), Clear)
    assert isinstance(outcome(held(), cleared("NP:dofe:LT-2"), cleared("NP:dofe:lt 2", 1)), Clear)


def test_a_natural_person_is_no_agency() -> None:
    assert isinstance(outcome(held(), cleared(B), cleared("NP:person:p_1", 1)), Clear)
    assert isinstance(outcome(held("NP:person:p_1"), cleared(B), cleared(C, 1)), Insufficient)


@pytest.mark.covers("T-CHN-06", "look_alike")
def test_for_whom_it_was_attested_is_party_too() -> None:
    assert isinstance(outcome(held(), held(B, -10, "oversight.demand_attested"), cleared(B), cleared(C, 1)), Clear)


@pytest.mark.covers("T-CHN-06", "look_alike")
@pytest.mark.parametrize("by", ["employer", "office"])
def test_whom_the_employer_or_an_office_declared_is_party(by: str) -> None:
    assert isinstance(outcome(held(), partner(B, by), cleared(B), cleared(C, 1)), Clear)


@pytest.mark.parametrize("by", ["agency", "worker", None])
def test_whom_another_declared_is_not(by: str | None) -> None:
    assert isinstance(outcome(held(), partner(B, by), cleared(B), cleared(C, 1)), Finding)


def test_who_passes_it_on_is_party_and_the_organisation_of_a_person_too() -> None:
    assert isinstance(outcome(held(), partner(D, from_party=B), cleared(B), cleared(C, 1)), Clear)
    assert isinstance(outcome(held(), partner(None, person="NP:person:p_1", organisation=B), cleared(B), cleared(C, 1)), Clear)


def test_a_link_to_oneself_makes_nobody_party() -> None:
    assert isinstance(outcome(held(), partner(B, from_party=B), cleared(B), cleared(C, 1)), Finding)


def test_what_is_declared_of_one_worker_makes_nobody_party_to_the_order() -> None:
    assert isinstance(outcome(held(), partner(B, "office", worker=["passport:NP:a"]), cleared(B), cleared(C, 1)), Finding)


def test_a_party_known_by_name_alone_may_be_one_of_the_others() -> None:
    named = partner(None, organisation_name="Acme")
    assert isinstance(outcome(held(), named, cleared(B), cleared(C, 1)), Insufficient)
    assert isinstance(outcome(held(), named, cleared(B), cleared(C, 1), cleared(D, 2)), Finding)


@pytest.mark.covers("T-CHN-06", "missing")
def test_a_holder_unknown_is_insufficient() -> None:
    assert isinstance(outcome(cleared(B), cleared(C, 1)), Insufficient)
    assert isinstance(outcome(held(None), cleared(B)), Insufficient)


@pytest.mark.covers("T-CHN-06", "missing")
def test_clearances_that_name_no_agency_are_insufficient_where_they_could_decide() -> None:
    assert isinstance(outcome(held(), cleared(None)), Clear)
    assert isinstance(outcome(held(), cleared(None), cleared(None)), Insufficient)  # on one day, of two workers
    assert isinstance(outcome(held(), cleared(B), cleared(None, 1)), Insufficient)
    assert isinstance(outcome(held(), cleared(B), cleared(C, 1), cleared(None, 2)), Finding)


def test_another_step_that_names_no_agency_says_nothing() -> None:
    assert outcome(held(), cleared(None, 0, "recruitment.worker_registered")) is None


def test_no_worker_processed_is_no_outcome() -> None:
    assert outcome(held(), partner(B)) is None


@pytest.mark.covers("T-CHN-06", "late")
def test_a_step_retracted_or_dated_wrongly_ahead_is_none() -> None:
    facts = held(), cleared(B), cleared(C, 1, id="c")
    assert isinstance(outcome(*facts), Finding)
    assert isinstance(outcome(*facts, cleared(C, 1, corrects="c", retracted=True, recorded="2025-04-01")), Clear)
    assert isinstance(outcome(*facts[:2], cleared(C, 2, recorded=FIRST)), Clear)


@pytest.mark.covers("T-CHN-06", "late")
def test_an_order_corrected_to_another_holder() -> None:
    facts = held(id="order"), cleared(B), cleared(C, 1)
    assert isinstance(outcome(*facts), Finding)
    assert isinstance(outcome(*facts, held(B, corrects="order", recorded="2025-04-01")), Clear)


@pytest.mark.covers("T-CHN-06", "boundary")
def test_the_second_counts_from_the_beginning_of_its_day() -> None:
    facts, begins = (held(), cleared(B), cleared(C, 5)), at("2025-03-05T18:15:00Z")
    before = outcome(*facts, as_of=begins - 1)
    assert isinstance(before, Clear)
    assert before.next_at == begins
    assert isinstance(outcome(*facts, as_of=begins), Finding)


def test_declared_party_late_ends_it_from_that_day_on() -> None:
    facts, begins = (held(), cleared(B), cleared(C, 1), partner(B, day=40)), at("2025-04-09T18:15:00Z")
    before = outcome(*facts, as_of=begins - 1)
    assert isinstance(before, Finding)
    assert before.next_at == begins
    assert isinstance(outcome(*facts, as_of=begins), Clear)


def test_a_holder_is_not_known_before_the_order_is_submitted() -> None:
    facts = held(day=10), cleared(B), cleared(C, 1)
    assert isinstance(outcome(*facts, as_of="2025-03-05"), Insufficient)
    assert isinstance(outcome(*facts), Finding)


def test_an_order_of_which_all_is_still_to_come_waits() -> None:
    waiting = outcome(held(), cleared(B), cleared(C, 1), as_of="2025-02-10")
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2025-02-28T18:15:00Z")
