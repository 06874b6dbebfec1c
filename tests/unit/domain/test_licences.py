"""What a register says of a recruiter at an instant."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.licences import Licence, licence_at, linked_at
from streams.domain.standings import Standings
from tests.support.builders import at, fact

AGENCY, PRINCIPAL = "NP:dofe:LT-77", "NP:dofe:12"
ROLES = frozenset({"agency"})
LATER = at("2026-01-01")
# Midnight in Kathmandu is 18:15 UTC of the day before.
MARCH, JUNE = at("2024-02-29T18:15:00Z"), at("2024-05-31T18:15:00Z")
NOON = at("2024-06-01T06:15:00Z")


def entry(kind: str, moment: str | int, **details: Any) -> Fact:
    event = {name: details.pop(name) for name in ("id", "corrects", "retracted", "recorded") if name in details}
    body = {"holder": AGENCY, "jurisdiction": "NP", **{("from" if name == "from_" else name): each for name, each in details.items()}}
    named = {body.get("holder"), body.get("subagent"), body.get("principal")} - {None}
    return fact(f"licensing.{kind}", moment, body=body, subjects=sorted(f"party:{each}" for each in named), **event)


def granted(first: str | None = "2024-01-01", last: str | None = None, moment: str | int = "2024-01-01", **details: Any) -> Fact:
    return entry("agency_registered", moment, valid_from=first, valid_until=last, **details)


def decided(kind: str, first: str | None, moment: str | int | None = None, **details: Any) -> Fact:
    return entry(f"agency_{kind}", moment if moment is not None else f"{first}T06:00:00Z", from_=first, **details)


def linked(kind: str = "linked", moment: str | int = "2024-03-01", **details: Any) -> Fact:
    return entry(f"subagent_{kind}", moment, holder=None, subagent=AGENCY, **({"principal": PRINCIPAL} | details))


def licence(*facts: Fact, when: int = NOON, as_of: int = LATER, party: str = AGENCY, roles: frozenset[str] = ROLES) -> Licence:
    return licence_at(Standings(facts).at(as_of), party, "NP", when, roles)


def state(*facts: Fact, **details: Any) -> str:
    return licence(*facts, **details).state


def links(*facts: Fact, when: int = NOON, party: str = AGENCY, where: str = "NP") -> tuple[Fact, ...]:
    return linked_at(Standings(facts).at(LATER), party, where, when)


def test_no_record_is_unknown_and_never_unlicensed() -> None:
    assert licence() == Licence("unknown")


@pytest.mark.parametrize(("when", "said"), [(MARCH - 1, "not_yet"), (MARCH, "valid"), (JUNE - 1, "valid"), (JUNE, "expired")])
def test_first_and_last_day_are_whole_days_of_the_jurisdiction(when: int, said: str) -> None:
    paper = granted("2024-03-01", "2024-05-31")
    assert licence(paper, when=when) == Licence(said, (paper,))  # type: ignore[arg-type]


def test_without_dates_it_holds_from_its_own_instant_on() -> None:
    assert [state(granted(None, moment=NOON), when=when) for when in (NOON - 1, NOON)] == ["not_yet", "valid"]


def test_a_renewal_to_come_is_no_sign_that_there_was_none_before() -> None:
    renewal = entry("agency_renewed", "2024-07-01", valid_from="2024-07-01")
    assert state(renewal) == "unknown"
    assert state(renewal, when=at("2024-07-02")) == "valid"


def test_between_the_end_and_the_renewal_it_had_expired() -> None:
    assert state(granted(last="2024-04-30"), entry("agency_renewed", "2024-07-01", valid_from="2024-07-01")) == "expired"


def test_another_jurisdictions_register_says_nothing() -> None:
    assert state(granted(jurisdiction="QA")) == "unknown"
    assert state(granted(), decided("suspended", "2024-05-01", jurisdiction="QA")) == "valid"


def test_another_roles_licence_and_decisions_do_not_count_and_one_without_role_does() -> None:
    assert state(granted(role="employer")) == "unknown"
    assert state(granted(role="agency"), decided("blacklisted", "2024-05-01", role="employer")) == "valid"
    assert state(granted(), decided("blacklisted", "2024-05-01")) == "blacklisted"


def test_the_register_may_spell_the_party_otherwise() -> None:
    assert state(granted(), party="NP:dofe:lt 77") == "valid"
    assert state(granted(), party="NP:dofe:LT-78") == "unknown"


@pytest.mark.parametrize("kind", ["suspended", "cancelled", "blacklisted"])
def test_a_decision_known_by_its_date_includes_its_first_day(kind: str) -> None:
    paper = decided(kind, "2024-06-01", moment="2024-06-01T15:00:00Z")
    assert [state(granted(), paper, when=when) for when in (JUNE - 1, JUNE, JUNE + DAY)] == ["valid", kind, kind]


def test_a_decision_without_a_date_holds_from_its_instant() -> None:
    paper = decided("suspended", None, moment=NOON)
    assert [state(granted(), paper, when=when) for when in (NOON - 1, NOON)] == ["valid", "suspended"]


def test_its_last_day_is_included() -> None:
    paper = decided("suspended", "2024-05-01", until="2024-05-31")
    assert [state(granted(), paper, when=when) for when in (JUNE - 1, JUNE)] == ["suspended", "valid"]


@pytest.mark.parametrize("kind", ["suspended", "blacklisted"])
def test_lifted_from_the_first_day_of_the_release(kind: str) -> None:
    facts = granted(), decided(kind, "2024-05-01"), decided("released", "2024-06-01")
    assert [state(*facts, when=when) for when in (JUNE - 1, JUNE)] == [kind, "valid"]


def test_suspended_again_on_the_day_of_the_release() -> None:
    facts = granted(), decided("suspended", "2024-05-01"), decided("released", "2024-06-01", "2024-06-01T04:00:00Z")
    again = decided("suspended", "2024-06-01", "2024-06-01T08:00:00Z")
    assert state(*facts, again) == "suspended"


def test_lifted_on_the_day_on_which_it_was_imposed() -> None:
    imposed = decided("suspended", None, moment="2024-06-01T04:00:00Z")
    assert state(granted(), imposed, decided("released", "2024-06-01", "2024-06-01T08:00:00Z"), when=JUNE + 20 * HOUR) == "valid"


def test_a_release_does_not_undo_a_cancellation_and_a_later_licence_does() -> None:
    gone = decided("cancelled", "2024-03-01")
    assert state(granted(), gone, decided("released", "2024-04-01")) == "cancelled"
    facts = granted(), gone, granted("2024-06-01", moment="2024-05-20")
    assert [state(*facts, when=when) for when in (JUNE - 1, JUNE)] == ["cancelled", "valid"]


def test_a_licence_of_the_day_of_its_cancellation_is_the_one_cancelled() -> None:
    assert state(granted("2024-03-01", moment="2024-03-01"), decided("cancelled", "2024-03-01", "2024-03-01T08:00:00Z")) == "cancelled"


def test_a_renewal_granted_before_the_cancellation_does_not_outlive_it() -> None:
    ahead = entry("agency_renewed", "2024-01-10", valid_from="2024-05-01")
    assert state(granted(), ahead, decided("cancelled", "2024-03-01")) == "cancelled"


def test_the_gravest_decision_in_force_is_said() -> None:
    both = decided("suspended", "2024-05-01"), decided("blacklisted", "2024-05-02")
    assert state(granted(), *both) == "blacklisted"
    assert state(granted(), *both, decided("released", "2024-05-20")) == "valid"


def test_a_decision_without_any_licence_on_record_is_one() -> None:
    assert state(decided("cancelled", "2024-03-01")) == "cancelled"


def test_what_is_dated_after_the_evaluation_has_not_been_said() -> None:
    paper = decided("suspended", "2024-05-01", moment="2024-08-01")
    assert state(granted(), paper, as_of=at("2024-08-01") - 1) == "valid"
    assert state(granted(), paper, as_of=at("2024-08-01")) == "suspended"


def test_a_decision_retracted_or_corrected_is_none() -> None:
    first = decided("suspended", "2024-05-01", id="decision")
    gone = decided("suspended", "2024-05-01", corrects="decision", retracted=True, recorded="2024-05-09")
    moved = decided("suspended", "2024-07-01", corrects="decision", recorded="2024-07-09")
    assert [state(granted(), first), state(granted(), first, gone), state(granted(), first, moved)] == ["suspended", "valid", "valid"]


def test_what_is_dated_ahead_of_its_recording_is_not_read() -> None:
    assert state(granted(moment="2024-01-03", recorded="2024-01-01")) == "unknown"


@pytest.mark.parametrize(("when", "many"), [(MARCH - 1, 0), (MARCH, 1), (JUNE - 1, 1), (JUNE, 0)])
def test_a_sub_agents_registration_includes_its_first_and_last_day(when: int, many: int) -> None:
    assert len(links(linked(valid_from="2024-03-01", valid_until="2024-05-31"), when=when)) == many


def test_unlinked_from_its_first_day_on_and_from_this_principal_alone() -> None:
    paper, end = linked(valid_from="2024-03-01"), linked("unlinked", "2024-06-01T06:00:00Z", from_="2024-06-01")
    assert [len(links(paper, end, when=when)) for when in (JUNE - 1, JUNE)] == [1, 0]
    assert links(paper, linked("unlinked", "2024-05-01", principal="NP:dofe:13")) == (paper,)
    assert links(paper, linked("unlinked", "2024-05-01", principal="NP:dofe: 12")) == ()


def test_linked_again_after_it_was_unlinked() -> None:
    again = linked(moment="2024-05-20", valid_from="2024-05-20")
    assert links(linked(), linked("unlinked", "2024-05-01"), again) == (again,)


def test_the_principal_of_a_link_is_not_its_sub_agent() -> None:
    assert links(linked(), party=PRINCIPAL) == ()
    assert links(linked(), where="BD") == ()
