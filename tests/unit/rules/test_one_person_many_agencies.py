"""T-CHN-04: one natural person tied to three agencies within ninety days."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.one_person_many_agencies import TIES
from tests.support.builders import at, fact, journey, sums
from tests.support.judging import judge

PERSON = "NP:person:p_1"
A, B, C, D = (f"NP:dofe:{number}" for number in (1, 2, 3, 4))
FIRST = at("2025-01-10T06:00:00Z")


def edge(day: int, source: str | None, target: str | None, role: str = "agency", **body: Any) -> Fact:
    details = {name: body.pop(name) for name in ("id", "corrects", "retracted", "recorded") if name in body}
    said = {"from_party": source, "to_party": target, "role": role, **body}
    named = {body.get("person"), body.get("organisation"), source, target} - {None}
    return fact("recruitment.recruiter_declared", FIRST + day * DAY, subjects=sorted(f"party:{each}" for each in named),
                body={name: value for name, value in said.items() if value}, **details)  # fmt: skip


def to(agency: str, day: int = 0, **body: Any) -> Fact:
    """The person brings a worker to an agency, so many days after the first."""
    return edge(day, PERSON, agency, **body)


def registered(day: int, principal: str, subagent: str = PERSON) -> Fact:
    body = {"subagent": subagent, "principal": principal, "jurisdiction": "NP"}
    return fact("licensing.subagent_linked", FIRST + day * DAY, subjects=sorted((f"party:{principal}", f"party:{subagent}")), body=body)


def outcome(*facts: Fact, as_of: str | int = "2026-01-01", person: str = PERSON) -> Outcome | None:
    found = judge("T-CHN-04", sums(f"party:{person}", (TIES,), *facts), at(as_of))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.covers("T-CHN-04", "plain")
def test_three_agencies() -> None:
    found = outcome(to(A, 0, id="a"), to(B, 10, id="b"), to(C, 20, id="c"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("many_agencies", ("a", "b", "c"), ("T-CHN-04.default",))
    assert (found.parties, found.authority) == ((A, B, C, PERSON), "NP")
    began = at("2025-01-29T18:15:00Z")  # the day of the third, in Kathmandu
    assert (found.since, found.due_at) == (began, at("2025-02-11T18:15:00Z") - 1)  # Nepal rests on Saturday
    assert "for 3 agencies" in found.summary


@pytest.mark.covers("T-CHN-04", "look_alike")
def test_two_are_noise_however_often() -> None:
    assert isinstance(outcome(*(to(agency, day) for day in range(5) for agency in (A, B))), Clear)


@pytest.mark.covers("T-CHN-04", "boundary")
@pytest.mark.parametrize(("day", "kind"), [(90, Finding), (91, Clear)])
def test_ninety_days_apart_are_within_and_ninety_one_are_not(day: int, kind: type[Outcome]) -> None:
    assert isinstance(outcome(to(A), to(B, 45), to(C, day)), kind)


@pytest.mark.covers("T-CHN-04", "boundary")
def test_a_day_is_the_persons_own_countrys() -> None:
    """Twelve and a quarter hours after the first it is midnight in Kathmandu."""
    last = FIRST + 90 * DAY + 44_100_000
    facts = to(A), to(B, 1)
    third = {"body": {"from_party": PERSON, "to_party": C}, "subjects": (f"party:{PERSON}",)}
    assert isinstance(outcome(*facts, fact("recruitment.recruiter_declared", last - 1, **third)), Finding)  # type: ignore[arg-type]
    assert isinstance(outcome(*facts, fact("recruitment.recruiter_declared", last, **third)), Clear)  # type: ignore[arg-type]


def test_the_window_moves_on() -> None:
    found = outcome(to(A, id="early"), to(B, 50, id="b"), to(C, 100, id="c"), to(D, 130, id="d"))
    assert isinstance(found, Finding)
    assert found.evidence == ("b", "c", "d")


def test_an_agency_seen_again_keeps_the_window_and_not_the_count() -> None:
    assert isinstance(outcome(to(A), to(B, 50), to(A, 60), to(C, 141)), Clear)
    assert isinstance(outcome(to(A), to(B, 50), to(A, 60), to(C, 140)), Finding)


@pytest.mark.covers("T-CHN-04", "look_alike")
def test_spellings_of_an_agency_are_one() -> None:
    assert isinstance(outcome(to("NP:dofe:LT-1"), to("NP:dofe:lt 1", 1), to("NP:dofe:LT1.", 2), to(B, 3)), Clear)


@pytest.mark.covers("T-CHN-04", "missing")
def test_a_name_alone_may_be_one_of_the_numbers() -> None:
    named = [edge(day, None, None, person=PERSON, organisation_name=name) for day, name in ((2, "Acme"), (3, "Beta"), (4, "Gamma"))]
    assert isinstance(outcome(to(A), to(B, 1), named[0]), Insufficient)
    assert isinstance(outcome(to(A), named[0], edge(4, None, None, person=PERSON, organisation_name="ACME.")), Clear)
    assert isinstance(outcome(to(A), *named), Finding)


def test_registered_as_sub_agent_is_a_tie() -> None:
    assert isinstance(outcome(to(A), to(B, 1), registered(2, C)), Finding)


def test_the_principal_of_others_registrations_is_tied_to_no_agency_by_them() -> None:
    assert outcome(*(registered(day, PERSON, f"NP:subagent:{day}") for day in range(3))) is None


def test_who_took_workers_over_from_agencies() -> None:
    assert isinstance(outcome(edge(0, A, PERSON), edge(1, B, PERSON), edge(2, C, PERSON)), Finding)


@pytest.mark.covers("T-CHN-04", "look_alike")
def test_a_clerk_is_tied_to_their_own_agency_alone_whoever_passes_workers_to_it() -> None:
    facts = [edge(day, source, None, person=PERSON, organisation=D) for day, source in enumerate((A, B, C))]
    assert isinstance(outcome(*facts), Clear)


def test_the_natural_person_of_an_agency_that_is_declared() -> None:
    facts = [edge(day, None, agency, person=PERSON) for day, agency in enumerate((A, B, C))]
    assert isinstance(outcome(*facts), Finding)


def test_an_employer_is_no_recruiter_and_no_agency() -> None:
    hired = [edge(day, agency, PERSON, role="employer") for day, agency in enumerate((A, B, C))]
    assert outcome(*hired) is None
    assert isinstance(outcome(to(A), to(B, 1), to("QA:cr:1", 2, role="employer")), Clear)


def test_other_persons_are_no_agencies() -> None:
    assert isinstance(outcome(to(A), to(B, 1), to("NP:person:p_2", 2), to("NP:person:p_3", 3)), Clear)


@pytest.mark.covers("T-CHN-04", "missing")
def test_whose_agencies_nobody_names_is_insufficient() -> None:
    found = outcome(edge(0, None, PERSON, role="subagent", id="edge"))
    assert isinstance(found, Insufficient)
    assert found.evidence == ("edge",)
    under_own_name = edge(0, None, None, person=PERSON, organisation=PERSON)
    assert isinstance(outcome(under_own_name), Insufficient)


def test_a_link_to_oneself_is_none() -> None:
    assert outcome(to(PERSON)) is None


def test_an_organisation_is_not_judged() -> None:
    assert outcome(edge(0, D, A), edge(1, D, B), edge(2, D, C), person=D) is None


@pytest.mark.covers("T-CHN-04", "late")
def test_a_tie_retracted_or_dated_wrongly_ahead_is_none() -> None:
    facts = to(A), to(B, 1), to(C, 2, id="c")
    assert isinstance(outcome(*facts), Finding)
    assert isinstance(outcome(*facts, to(C, 2, corrects="c", retracted=True, recorded="2025-02-01")), Clear)
    assert isinstance(outcome(*facts[:2], to(C, 3, recorded=FIRST)), Clear)


def test_the_third_counts_from_the_beginning_of_its_day() -> None:
    facts, begins = (to(A), to(B, 10), to(C, 20)), at("2025-01-29T18:15:00Z")
    before = outcome(*facts, as_of=begins - 1)
    assert isinstance(before, Clear)
    assert before.next_at == begins
    assert isinstance(outcome(*facts, as_of=begins), Finding)


def test_a_person_in_journeys_of_their_own_is_not_judged_there() -> None:
    assert judge("T-CHN-04", journey(to(A), to(B), to(C)), at("2026-01-01")) == []
