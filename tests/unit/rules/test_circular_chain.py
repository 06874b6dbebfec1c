"""T-CHN-03: a circle of declared links, or money that goes back to whom an earlier link belongs."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.rules.chain_too_long import LINKS
from tests.support.builders import at, fact, journey, sums
from tests.support.fees import AGENCY, BEGAN, BROKER, OTHER, bound_for, edge, fee, refund
from tests.support.judging import judge

PARTNER, AGENT = "QA:mol:9", "NP:subagent:5"
LINE = edge(None, AGENCY, role="agency"), edge(AGENCY, PARTNER, -3, role="destination_agency")


def registered(subagent: str = AGENT, principal: str = AGENCY, kind: str = "linked", **said: Any) -> Fact:
    day = said.pop("day", -300)
    body = {"subagent": subagent, "principal": principal, "jurisdiction": "NP", **said}
    return fact(f"licensing.subagent_{kind}", BEGAN + day * DAY, body=body, id=f"{kind}-{subagent}",
                subjects=(f"party:{subagent}", f"party:{principal}"))  # fmt: skip


def outcomes(*facts: Fact, register: tuple[Fact, ...] = (), as_of: str | int = "2025-01-01") -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-CHN-03", journey(*facts), at(as_of), standings=Standings(register))}


@pytest.mark.covers("T-CHN-03", "plain")
def test_a_link_back_to_where_the_chain_was() -> None:
    back = edge(PARTNER, AGENCY, 2, id="back")
    found = outcomes(*LINE, back, bound_for("QA"))[""]
    assert isinstance(found, Finding)
    assert (found.reason, found.parties, found.destination) == ("circle", (AGENCY, PARTNER), "QA")
    assert (found.evidence, found.policy_rows) == (tuple(sorted((LINE[1].event_id, "back"))), ())
    assert (found.since, found.due_at) == (BEGAN + 2 * DAY, BEGAN + 5 * DAY)


def test_a_circle_of_three_with_a_person_in_it_is_one_issue() -> None:
    found = outcomes(edge(None, AGENCY), edge(AGENCY, BROKER), edge(BROKER, OTHER, -2), edge(OTHER, AGENCY, 4))
    assert list(found) == [""]
    assert isinstance(found[""], Finding)
    assert found[""].parties == (AGENCY, OTHER, BROKER)


@pytest.mark.covers("T-CHN-03", "look_alike")
def test_a_line_a_fork_and_the_same_link_twice_are_no_circle() -> None:
    assert isinstance(outcomes(*LINE)[""], Clear)
    assert isinstance(outcomes(*LINE, edge(AGENCY, PARTNER, 5), edge(AGENCY, OTHER), edge(OTHER, PARTNER))[""], Clear)


@pytest.mark.covers("T-CHN-03", "look_alike")
def test_a_party_that_passes_to_itself_is_a_slip_and_no_circle() -> None:
    assert isinstance(outcomes(*LINE, edge("NP:dofe:LT-7", "NP:dofe:lt 7"))[""], Clear)
    works = edge(None, None, person=BROKER, organisation=AGENCY)
    assert isinstance(outcomes(works, edge(AGENCY, BROKER, person=BROKER, organisation=AGENCY))[""], Clear)


def test_spellings_close_a_circle() -> None:
    assert isinstance(outcomes(edge("NP:dofe:LT-7", OTHER), edge(OTHER, "NP:dofe:lt 7"))[""], Finding)


@pytest.mark.covers("T-CHN-03", "missing")
def test_a_link_that_leads_nobody_knows_where_is_insufficient() -> None:
    assert isinstance(outcomes(*LINE, edge(PARTNER, None))[""], Insufficient)
    assert isinstance(outcomes(*LINE, edge(PARTNER, None), edge(PARTNER, AGENCY))[""], Finding)


@pytest.mark.covers("T-CHN-03", "late")
def test_it_is_no_circle_before_the_last_link_and_none_when_that_is_taken_back() -> None:
    back = edge(PARTNER, AGENCY, 2, id="back")
    before = outcomes(*LINE, back, as_of=BEGAN + DAY)[""]
    assert isinstance(before, Clear)
    assert before.next_at == BEGAN + 2 * DAY
    assert isinstance(outcomes(*LINE, back)[""], Finding)
    assert isinstance(outcomes(*LINE, back, edge(PARTNER, AGENCY, 2, id="never", corrects="back", retracted=True))[""], Clear)


@pytest.mark.covers("T-CHN-03", "plain")
def test_paid_to_the_sub_agent_of_an_agency_that_had_passed_the_worker_on() -> None:
    paid = fee(500, AGENT, id="paid")
    found = outcomes(*LINE, paid, register=(registered(),))
    assert isinstance(found[""], Clear)
    back = found[AGENT]
    assert isinstance(back, Finding)
    assert (back.reason, back.evidence) == ("paid_to_an_earlier_links_own", tuple(sorted((LINE[1].event_id, f"linked-{AGENT}", "paid"))))
    assert (back.parties, back.since) == ((AGENCY, AGENT), BEGAN)


def test_paid_to_the_agency_that_an_earlier_sub_agent_belongs_to() -> None:
    chain = edge(None, AGENT, role="subagent"), edge(AGENT, OTHER, role="agency")
    assert isinstance(outcomes(*chain, fee(500), register=(registered(),))[AGENCY], Finding)


@pytest.mark.covers("T-CHN-03", "look_alike")
def test_a_sub_agent_and_its_own_agency_in_one_line_are_no_circle() -> None:
    chain = edge(None, AGENT, role="subagent"), edge(AGENT, AGENCY, role="agency"), edge(AGENCY, PARTNER)
    found = outcomes(*chain, fee(500), fee(500, AGENT, 2), register=(registered(),))
    assert {issue: type(each) for issue, each in found.items()} == {"": Clear, AGENCY: Clear, AGENT: Clear}


def test_the_last_of_the_chain_has_passed_nobody_on() -> None:
    assert isinstance(outcomes(edge(None, AGENCY), fee(500, AGENT), register=(registered(),))[AGENT], Clear)


@pytest.mark.covers("T-CHN-03", "boundary")
def test_a_registration_counts_on_the_day_of_the_payment() -> None:
    paid = fee(500, AGENT)
    for entry in (registered(valid_until="2024-02-29"), registered(valid_from="2024-03-02")):
        assert isinstance(outcomes(*LINE, paid, register=(entry,))[AGENT], Clear)
    assert isinstance(outcomes(*LINE, paid, register=(registered(valid_until="2024-03-01"),))[AGENT], Finding)
    assert isinstance(outcomes(*LINE, paid, register=(registered(), registered(kind="unlinked", day=-1)))[AGENT], Clear)
    assert isinstance(outcomes(*LINE, paid, register=(registered(), registered(kind="unlinked", day=1)))[AGENT], Finding)
    assert isinstance(outcomes(*LINE, paid, register=(registered(principal=OTHER),))[AGENT], Clear)


@pytest.mark.covers("T-CHN-03", "boundary")
def test_what_was_given_back_or_paid_by_others_is_no_payment() -> None:
    assert isinstance(outcomes(*LINE, fee(500, AGENT), refund(500, payer=AGENT), register=(registered(),))[AGENT], Clear)
    assert isinstance(outcomes(*LINE, fee(500, AGENT), refund(499, payer=AGENT), register=(registered(),))[AGENT], Finding)
    assert AGENT not in outcomes(*LINE, fee(500, AGENT, payer="employer"), register=(registered(),))
    assert isinstance(outcomes(*LINE, fee(500, AGENT, payer=None, by="agency"), register=(registered(),))[AGENT], Insufficient)


@pytest.mark.covers("T-CHN-03", "missing")
def test_payees_or_links_that_nobody_names_are_insufficient() -> None:
    assert isinstance(outcomes(*LINE, fee(500, None))["payee"], Insufficient)
    assert isinstance(outcomes(fee(500, AGENT), register=(registered(),))[""], Insufficient)


ORDER = "NP:dofe:D-1"


def ordered(source: str | None, target: str | None, day: int = 0, **said: Any) -> Fact:
    details = {name: said.pop(name) for name in ("id", "worker") if name in said}
    body = {"from_party": source, "to_party": target, "declared_by": "employer", **said}
    return fact("recruitment.recruiter_declared", BEGAN + day * DAY, body={k: v for k, v in body.items() if v is not None},
                subjects=(f"demand:{ORDER}",), **details)  # fmt: skip


def of_order(*facts: Fact) -> Outcome | None:
    found = judge("T-CHN-03", sums(f"demand:{ORDER}", (LINKS,), *facts), at("2025-01-01"))
    assert len(found) <= 1
    return found[0] if found else None


def test_a_circle_of_a_job_order() -> None:
    found = of_order(ordered(AGENCY, OTHER, id="on"), ordered(OTHER, AGENCY, 3, id="back"), ordered(OTHER, PARTNER))
    assert isinstance(found, Finding)
    assert (found.evidence, found.parties, found.authority) == (("back", "on"), (AGENCY, OTHER), "NP")
    assert found.since == at("2024-03-03T18:15:00Z")  # the day of the link back begins in Kathmandu


@pytest.mark.parametrize("said", [{"worker": ["passport:NP:a"]}, {"declared_by": "worker"}])
def test_one_workers_links_do_not_close_the_orders_circle(said: dict[str, Any]) -> None:
    assert isinstance(of_order(ordered(AGENCY, OTHER), ordered(OTHER, AGENCY, **said)), Clear)


def test_an_order_without_a_circle_or_with_a_link_to_nobody_knows_whom() -> None:
    assert isinstance(of_order(ordered(AGENCY, OTHER), ordered(OTHER, PARTNER)), Clear)
    assert isinstance(of_order(ordered(AGENCY, OTHER), ordered(OTHER, None)), Insufficient)
    assert of_order(ordered(AGENCY, OTHER, worker=["passport:NP:a"])) is None
