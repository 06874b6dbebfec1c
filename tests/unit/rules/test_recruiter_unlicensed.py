"""T-CHN-02: a recruiter without licence, or a sub-agent whom the law of that day does not allow."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge

WHEN = at("2025-03-10T06:00:00Z")
AGENCY, PARTNER = "BD:bmet:1", "QA:mol:2"
AGENT, BROKER = "BD:subagent:3", "BD:person:p_1"


def edge(target: str | None, moment: str | int = WHEN, source: str | None = None, **body: Any) -> Fact:
    details = {name: body.pop(name) for name in ("id", "corrects", "retracted", "recorded") if name in body}
    said = {"from_party": source, "to_party": target, **body}
    return fact("recruitment.recruiter_declared", moment, body={name: each for name, each in said.items() if each is not None}, **details)


def entry(kind: str, party: str, moment: str | int = "2024-01-01", **details: Any) -> Fact:
    extra = {name: details.pop(name) for name in ("id", "recorded") if name in details}
    field = "subagent" if kind.startswith("subagent") else "holder"
    body = {field: party, "jurisdiction": party[:2], **{("from" if name == "from_" else name): each for name, each in details.items()}}
    named = sorted(f"party:{each}" for each in {party, details.get("principal")} - {None})
    return fact(f"licensing.{kind}", moment, body=body, subjects=named, **extra)


LICENSED = entry("agency_registered", AGENCY, id="licence", role="agency", valid_from="2024-01-01", valid_until="2025-03-10")
LINKED = entry("subagent_linked", AGENT, id="link", principal=AGENCY, valid_from="2024-01-01")


def outcomes(*facts: Fact, register: tuple[Fact, ...] = (), as_of: str | int = "2025-06-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-CHN-02", journey(*facts), at(as_of), standings=Standings(register))}


def said(*facts: Fact, register: tuple[Fact, ...] = (), of: str = "") -> str:
    """The reason of the one recruiter's finding, or which other outcome it is."""
    found = outcomes(*facts, register=register)
    outcome = found[of] if of else next(iter(found.values()))
    assert of or len(found) == 1
    return outcome.reason if isinstance(outcome, Finding) else type(outcome).__name__


@pytest.mark.covers("T-CHN-02", "plain", "boundary")
def test_licensed_to_the_end_of_its_last_day_and_no_longer() -> None:
    """18:00 UTC is midnight in Dhaka."""
    last = at("2025-03-10T18:00:00Z")
    assert isinstance(outcomes(edge(AGENCY, last - 1), register=(LICENSED,))[AGENCY], Clear)
    found = outcomes(edge(AGENCY, last, id="edge"), register=(LICENSED,))[AGENCY]
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("licence_expired", ("edge", "licence"), ("T-CHN-02.agency",))
    assert (found.parties, found.authority, found.since) == ((AGENCY,), "BD", last)
    assert found.due_at == at("2025-03-25T18:00:00Z") - 1  # Bangladesh rests on Friday and Saturday


@pytest.mark.covers("T-CHN-02", "boundary")
def test_before_its_first_day() -> None:
    first = at("2023-12-31T18:00:00Z")
    assert said(edge(AGENCY, first - 1), register=(LICENSED,)) == "licence_not_yet"
    assert said(edge(AGENCY, first), register=(LICENSED,)) == "Clear"


@pytest.mark.covers("T-CHN-02", "boundary")
def test_suspended_includes_the_first_day() -> None:
    paper = entry("agency_suspended", AGENCY, "2025-03-10T15:00:00Z", from_="2025-03-10")
    assert said(edge(AGENCY, "2025-03-09T18:00:00Z"), register=(LICENSED, paper)) == "licence_suspended"
    assert said(edge(AGENCY, "2025-03-09T17:59:59Z"), register=(LICENSED, paper)) == "Clear"


@pytest.mark.covers("T-CHN-02", "plain")
@pytest.mark.parametrize("decision", ["cancelled", "blacklisted"])
def test_cancelled_or_blacklisted(decision: str) -> None:
    assert said(edge(AGENCY), register=(LICENSED, entry(f"agency_{decision}", AGENCY, from_="2025-02-01"))) == f"licence_{decision}"


@pytest.mark.covers("T-CHN-02", "missing")
def test_an_agency_that_the_register_does_not_have_is_insufficient_and_declared_unlicensed_is_a_finding() -> None:
    assert said(edge(AGENCY)) == "Insufficient"
    assert said(edge(AGENCY, licensed=True)) == "Insufficient"
    assert said(edge(AGENCY, licensed=False)) == "declared_unlicensed"
    assert said(edge(AGENCY, licensed=False), register=(LICENSED,)) == "Clear"


def test_another_jurisdictions_licence_does_not_count() -> None:
    elsewhere = entry("agency_registered", AGENCY, jurisdiction="QA")
    assert said(edge(AGENCY), register=(elsewhere,)) == "Insufficient"
    assert said(edge(AGENCY, jurisdiction="QA"), register=(elsewhere,)) == "Clear"


def test_a_destination_agency_is_judged_by_its_own_register() -> None:
    paper = entry("agency_registered", PARTNER, role="destination_agency")
    assert said(edge(PARTNER, role="destination_agency"), register=(paper,)) == "Clear"
    ended = entry("agency_registered", PARTNER, role="destination_agency", valid_from="2024-01-01", valid_until="2024-12-31")
    found = outcomes(edge(PARTNER, role="destination_agency"), register=(ended,))[PARTNER]
    assert isinstance(found, Finding)
    assert found.authority == "QA"


def test_a_sub_agents_registration_makes_nobody_an_agency() -> None:
    paper = entry("agency_registered", AGENCY, role="subagent")
    assert said(edge(AGENCY, role="agency"), register=(paper,)) == "Insufficient"
    assert said(edge(AGENCY, role="subagent"), register=(paper,)) == "Clear"


@pytest.mark.covers("T-CHN-02", "plain", "boundary", "missing")
@pytest.mark.parametrize(
    ("country", "moment", "reason", "row"),
    [
        ("IN", "2010-01-01", "subagent_prohibited", "T-CHN-02.subagent.IN"),
        ("NP", "2019-02-22T18:14:59Z", "Insufficient", ""),
        ("NP", "2019-02-22T18:15:00Z", "subagent_prohibited", "T-CHN-02.subagent.NP"),
        ("BD", "2023-09-30T17:59:59Z", "Insufficient", ""),
        ("BD", "2023-09-30T18:00:00Z", "subagent_unregistered", "T-CHN-02.subagent.BD"),
        ("PH", "2025-01-01", "Insufficient", ""),
    ],
)
def test_the_law_on_sub_agents_is_that_of_the_day_and_the_place(country: str, moment: str, reason: str, row: str) -> None:
    """18:15 UTC is midnight in Kathmandu, 18:00 in Dhaka; where the law is silent or unknown nothing is concluded."""
    found = outcomes(edge(f"{country}:person:p_9", moment, role="subagent"))[f"{country}:person:p_9"]
    assert (found.reason if isinstance(found, Finding) else type(found).__name__) == reason
    assert (found.policy_rows if isinstance(found, Finding) else ("",)) == (row,)


def test_before_2019_a_nepali_sub_agent_with_permission_is_clear() -> None:
    agent = "NP:subagent:1"
    paper = entry("subagent_linked", agent, "2018-01-01", principal="NP:dofe:1", valid_from="2018-01-01")
    assert said(edge(agent, "2018-06-01", role="subagent"), register=(paper,)) == "Clear"
    assert said(edge(agent, "2019-06-01", role="subagent"), register=(paper,)) == "subagent_prohibited"


@pytest.mark.covers("T-CHN-02", "look_alike")
def test_a_licensed_agency_is_no_prohibited_sub_agent_whatever_it_is_called() -> None:
    agency = "IN:mea:7"
    assert said(edge(agency, role="subagent"), register=(entry("agency_registered", agency, role="agency"),)) == "Clear"
    assert said(edge(agency, role="subagent"), register=(entry("agency_registered", agency, role="subagent"),)) == "subagent_prohibited"


@pytest.mark.covers("T-CHN-02", "boundary")
def test_a_sub_agent_linked_to_an_agency_until_the_day_on_which_it_is_unlinked() -> None:
    end = entry("subagent_unlinked", AGENT, "2025-03-10T09:00:00Z", principal=AGENCY, from_="2025-03-10")
    assert said(edge(AGENT, role="subagent"), register=(LINKED,)) == "Clear"
    assert said(edge(AGENT, "2025-03-09T17:59:59Z", role="subagent"), register=(LINKED, end)) == "Clear"
    assert said(edge(AGENT, "2025-03-09T18:00:00Z", role="subagent"), register=(LINKED, end)) == "subagent_unregistered"


def test_a_registered_sub_agent_that_is_no_agency_any_more() -> None:
    former = entry("agency_registered", AGENT, role="agency", valid_from="2020-01-01", valid_until="2021-01-01")
    assert said(edge(AGENT, role="subagent"), register=(LINKED, former)) == "Clear"
    assert said(edge(AGENT, role="subagent"), register=(former,)) == "licence_expired"


def test_a_linked_sub_agent_that_is_suspended_as_one() -> None:
    paper = entry("agency_suspended", AGENT, "2025-01-01", from_="2025-01-01", role="subagent")
    assert said(edge(AGENT, role="subagent"), register=(LINKED, paper)) == "licence_suspended"


def test_a_natural_person_in_no_declared_role_is_a_sub_agent() -> None:
    assert said(edge(BROKER)) == "subagent_unregistered"
    assert said(edge(BROKER, role="recruiter")) == "subagent_unregistered"


@pytest.mark.covers("T-CHN-02", "look_alike")
def test_a_clerk_acts_under_the_organisations_licence() -> None:
    clerk = edge(None, person=BROKER, organisation=AGENCY, role="recruiter")
    assert set(outcomes(clerk, register=(LICENSED,))) == {AGENCY}
    assert said(clerk, register=(LICENSED,)) == "Clear"
    assert said(edge(None, person=BROKER, organisation=AGENCY, role="subagent"), register=(LICENSED,)) == "subagent_unregistered"


def test_a_person_with_an_organisation_and_in_no_role_may_be_its_sub_agent() -> None:
    found = outcomes(edge(None, person=BROKER, organisation=AGENCY), register=(LICENSED,))
    assert {issue: type(each) for issue, each in found.items()} == {AGENCY: Clear, BROKER: Insufficient}


def test_who_recruits_under_their_own_name_is_a_person() -> None:
    assert said(edge(None, person=BROKER, organisation=BROKER, role="recruiter")) == "subagent_unregistered"


def test_who_passed_on_is_judged_though_no_link_leads_there() -> None:
    found = outcomes(edge(AGENCY, source=BROKER, role="agency"), register=(LICENSED,))
    assert {key: type(each) for key, each in found.items()} == {AGENCY: Clear, BROKER: Finding}


def test_what_is_declared_of_a_licence_is_said_of_the_further_end() -> None:
    found = outcomes(edge(PARTNER, source=AGENCY, role="destination_agency", licensed=False))
    assert {key: type(each) for key, each in found.items()} == {AGENCY: Insufficient, PARTNER: Finding}


def test_who_passed_on_is_judged_in_the_role_of_the_link_that_leads_there() -> None:
    onward = edge(AGENCY, WHEN + HOUR, source="BD:subagent: 3", role="agency")
    assert said(edge(AGENT, role="subagent"), onward, register=(LINKED, LICENSED), of=AGENT) == "Clear"


def test_the_organisation_of_a_clerk_is_not_judged_a_second_time_when_it_passes_on() -> None:
    clerk = edge(None, person=BROKER, organisation=AGENCY, role="agency")
    onward = edge(PARTNER, source=AGENCY, role="employer")
    assert said(clerk, onward, register=(entry("agency_registered", AGENCY, role="agency"),), of=AGENCY) == "Clear"


@pytest.mark.covers("T-CHN-02", "look_alike")
def test_the_employer_is_no_recruiter() -> None:
    assert outcomes(edge("QA:cr:1", role="employer"), edge("QA:person:p_4", role="employer")) == {}


def test_spellings_of_one_recruiter_are_one_issue_and_one_register_entry() -> None:
    register = (entry("agency_registered", "BD:bmet:RL-12", valid_from="2020-01-01", valid_until="2024-12-31"),)
    found = outcomes(edge("BD:bmet:rl 12"), edge("BD:bmet:RL12", WHEN + HOUR), register=register)
    assert list(found) == ["BD:bmet:RL12"]
    finding = found["BD:bmet:RL12"]
    assert isinstance(finding, Finding)
    assert (finding.reason, finding.since, finding.parties) == ("licence_expired", WHEN, ("BD:bmet:RL12", "BD:bmet:rl 12"))


def test_the_first_unlawful_act_decides_and_a_lawful_one_hides_nothing() -> None:
    lawful, first, second = edge(AGENCY), edge(AGENCY, WHEN + 2 * DAY, id="first"), edge(AGENCY, WHEN + 3 * DAY, id="second")
    found = outcomes(lawful, second, first, register=(LICENSED,))[AGENCY]
    assert isinstance(found, Finding)
    assert (found.since, found.evidence) == (WHEN + 2 * DAY, ("first", "licence", "second"))


def test_one_act_of_which_too_little_is_known_is_not_clear() -> None:
    assert said(edge(AGENCY), edge(AGENCY, role="contractor"), register=(LICENSED,)) == "Insufficient"


@pytest.mark.covers("T-CHN-02", "missing")
@pytest.mark.parametrize("body", [{}, {"organisation_name": "Acme"}, {"source": AGENCY, "organisation_name": "Acme"}])
def test_a_link_to_nobody_known_is_insufficient(body: dict[str, str]) -> None:
    assert isinstance(outcomes(edge(None, **body), register=(LICENSED,))[""], Insufficient)


def test_a_link_to_oneself_names_no_recruiter() -> None:
    loop = edge("BD:bmet:RL-12", source="BD:bmet:rl 12", licensed=False)
    assert {type(each) for each in outcomes(loop).values()} == {Insufficient}


@pytest.mark.covers("T-CHN-02", "late")
def test_nothing_declared_in_force_is_no_outcome() -> None:
    wrong, gone = edge(BROKER, id="edge"), edge(BROKER, corrects="edge", retracted=True, recorded="2025-04-01")
    assert said(wrong) == "subagent_unregistered"
    assert outcomes(wrong, gone) == {}


def test_a_licence_renewed_or_a_decision_lifted_later_does_not_mend_the_act() -> None:
    renewed = entry("agency_renewed", AGENCY, "2025-03-20", valid_from="2025-03-20")
    assert said(edge(AGENCY, WHEN + DAY), register=(LICENSED, renewed)) == "licence_expired"


@pytest.mark.covers("T-CHN-02", "late")
def test_a_registration_made_up_late_for_the_day_of_the_act_ends_it() -> None:
    late = entry("agency_registered", AGENT, "2025-05-01", role="subagent", valid_from="2025-03-01")
    before, after = (outcomes(edge(AGENT, role="subagent"), register=(late,), as_of=at("2025-05-01") + step)[AGENT] for step in (-1, 0))
    assert isinstance(before, Finding)
    assert isinstance(after, Clear)
    assert before.next_at == at("2025-05-01")
    assert after.next_at is None


def test_the_registers_next_word_is_waited_for() -> None:
    paper = entry("agency_suspended", AGENCY, "2025-05-01", from_="2025-03-01")
    view = journey(edge(AGENCY))
    assert evaluation("T-CHN-02", view, at("2025-04-01"), standings=Standings([LICENSED, paper])).next_due == at("2025-05-01")
    assert evaluation("T-CHN-02", view, at("2025-05-01"), standings=Standings([LICENSED, paper])).next_due is None
