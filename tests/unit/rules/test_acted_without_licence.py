"""T-LIC-01: a demand, a fee or a clearance after the licence had ended or a decision stood."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.acted_without_licence import ACTS
from tests.support.builders import at, fact
from tests.support.judging import judge
from tests.support.lately import lately
from tests.support.registers import PARTY, decision, dossier, known, licence

AS_OF = at("2025-06-01")
CLEARED, DEMAND, PAID = "visa.clearance_issued", "recruitment.demand_submitted", "recruitment.fee_declared"
END = at("2024-12-31T18:15:00Z")  # midnight in Kathmandu after the last day of 2024


def act(moment: str | Instant, type: str = CLEARED, party: str = PARTY, **details: Any) -> Fact:
    field = "payee" if type == PAID else "agency"
    body = {field: party, **details.pop("body", {})}
    return fact(type, moment, body=body, subjects=(f"party:{party}",), **details)


def outcomes(*facts: Fact, party: str = PARTY, as_of: Instant = AS_OF) -> dict[str, Outcome]:
    papers = [each for each in facts if each.type.startswith("licensing.")]
    view = dossier(*facts, measures=(ACTS,), party=party)
    return {each.issue: each for each in judge("T-LIC-01", view, as_of, standings=known(*papers))}


def said(*facts: Fact, issue: str = "NP", **details: Any) -> Outcome:
    return outcomes(*facts, **details)[issue]


@pytest.mark.covers("T-LIC-01", "plain")
def test_a_clearance_after_the_last_day() -> None:
    found = said(licence(last="2024-12-31", id="paper"), act("2025-02-01", id="did"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.since) == ("licence_expired", ("did", "paper"), at("2025-02-01"))
    assert (found.authority, found.policy_rows, found.parties) == ("NP", ("T-LIC-01.default",), ("NP:dofe:LT77",))


@pytest.mark.covers("T-LIC-01", "boundary")
@pytest.mark.parametrize(("moment", "kind"), [(END - 1, Clear), (END, Finding)])
def test_the_last_day_is_a_day_with_a_licence(moment: Instant, kind: type[Outcome]) -> None:
    assert isinstance(said(licence(last="2024-12-31"), act(moment)), kind)


@pytest.mark.covers("T-LIC-01", "plain")
@pytest.mark.parametrize("type", [DEMAND, PAID, CLEARED, "recruitment.contract_offered", "recruitment.worker_registered",
                                  "oversight.contract_registered_origin"])  # fmt: skip
def test_every_kind_of_act_counts(type: str) -> None:
    assert isinstance(said(licence(), decision("cancelled", "2024-05-01"), act("2024-05-02", type)), Finding)
    assert isinstance(said(licence(), act("2024-05-02", type)), Clear)


@pytest.mark.covers("T-LIC-01", "boundary")
@pytest.mark.parametrize("kind", ["suspended", "cancelled", "blacklisted"])
def test_a_decision_holds_from_its_instant_or_from_the_beginning_of_its_day(kind: str) -> None:
    moment = at("2024-06-01T06:00:00Z")
    plain, dated = decision(kind, moment), decision(kind, moment, from_="2024-06-01")
    assert isinstance(said(licence(), plain, act(moment - 1)), Clear)
    assert said(licence(), plain, act(moment)).reason == f"licence_{kind}"  # type: ignore[union-attr]
    assert isinstance(said(licence(), dated, act("2024-05-31T18:15:00Z")), Finding)
    assert isinstance(said(licence(), dated, act(at("2024-05-31T18:15:00Z") - 1)), Clear)


@pytest.mark.covers("T-LIC-01", "look_alike")
def test_renewed_released_or_licensed_again_in_time() -> None:
    renewed = licence(kind="renewed", first="2025-01-01", moment="2024-12-01")
    assert isinstance(said(licence(last="2024-12-31"), renewed, act("2025-02-01")), Clear)
    pause = decision("suspended", "2024-03-01"), decision("released", "2024-04-01")
    assert isinstance(said(licence(), *pause, act("2024-05-01")), Clear)
    assert isinstance(said(licence(), *pause, act("2024-03-15")), Finding)


@pytest.mark.covers("T-LIC-01", "late")
def test_a_renewal_that_reaches_back_and_a_withdrawn_decision_end_it() -> None:
    late = licence(kind="renewed", first="2025-01-01", moment="2025-03-01")
    facts = licence(last="2024-12-31"), act("2025-02-01"), late
    assert isinstance(said(*facts, as_of=at("2025-03-01") - 1), Finding)
    assert isinstance(said(*facts, as_of=at("2025-03-01")), Clear)
    first = decision("suspended", "2024-05-01", id="decision")
    gone = decision("suspended", "2024-05-01", corrects="decision", retracted=True, recorded="2024-06-01")
    assert isinstance(said(licence(), first, act("2024-05-10")), Finding)
    assert isinstance(said(licence(), first, gone, act("2024-05-10")), Clear)


@pytest.mark.covers("T-LIC-01", "boundary")
def test_thirty_days_unrenewed_are_not_yet_unlicensed_in_the_emirates() -> None:
    party = "AE:mohre:5"
    midnight = at("2024-12-31T20:00:00Z")  # the first instant of 2025 in Abu Dhabi
    paper = licence("AE", last="2024-12-31", holder=party)
    for days, kind in ((0, Clear), (30, Finding)):
        assert isinstance(said(paper, act(midnight + days * DAY, party=party), party=party, issue="AE"), kind)
    assert isinstance(said(paper, act(midnight + 30 * DAY - 1, party=party), party=party, issue="AE"), Clear)
    found = said(paper, act(midnight + 3 * DAY, party=party), act(midnight + 40 * DAY, party=party, id="late"), party=party, issue="AE")
    assert isinstance(found, Finding)
    assert (found.policy_rows, found.since) == (("T-LIC-01.AE",), midnight + 40 * DAY)


def test_grace_is_for_those_who_do_not_renew_and_for_no_decision() -> None:
    party = "AE:mohre:5"
    stopped = decision("suspended", "2024-12-01", "AE", holder=party)
    assert isinstance(said(licence("AE", holder=party), stopped, act("2024-12-02", party=party), party=party, issue="AE"), Finding)
    lapsed = licence("AE", last="2024-11-30", holder=party), decision("cancelled", "2024-12-10", "AE", holder=party)
    assert isinstance(said(*lapsed, act("2024-12-05", party=party), party=party, issue="AE"), Clear)
    assert isinstance(said(*lapsed, act("2024-12-11", party=party), party=party, issue="AE"), Finding)


@pytest.mark.covers("T-LIC-01", "missing")
def test_a_register_that_does_not_have_it_is_insufficient() -> None:
    assert isinstance(said(act("2024-05-01")), Insufficient)
    other = said(licence("QA"), act("2024-05-01"))
    assert isinstance(other, Insufficient)


@pytest.mark.covers("T-LIC-01", "look_alike")
def test_before_a_first_licence_is_another_matter() -> None:
    assert isinstance(said(licence(first="2024-06-01", moment="2024-06-01"), act("2024-05-01")), Clear)


def test_of_a_natural_person_without_an_entry_nothing_is_said() -> None:
    person = "NP:person:p_" + "0" * 32
    assert outcomes(act("2024-05-01", PAID, person), party=person) == {}


def test_a_fee_is_judged_where_it_was_paid() -> None:
    facts = licence(), decision("blacklisted", "2024-01-01", "QA"), act("2024-05-01", PAID, body={"jurisdiction": "QA"})
    found = outcomes(*facts)
    assert isinstance(found["QA"], Finding)
    assert "NP" not in found
    assert isinstance(said(*facts[:2], act("2024-05-01", PAID)), Clear)


def test_a_sub_agent_is_paid_under_its_registration_and_holds_no_orders_under_it() -> None:
    paper = licence(role="subagent")
    assert isinstance(said(paper, act("2024-05-01", PAID)), Clear)
    assert isinstance(said(paper, act("2024-05-01", DEMAND)), Insufficient)


def test_one_issue_per_jurisdiction_shows_each_time_without_licence() -> None:
    facts = (licence(last="2023-12-31", id="paper"), act("2024-01-05", id="first"), act("2024-01-06", id="more"),
             licence(kind="renewed", first="2024-02-01", moment="2024-02-01"), decision("suspended", "2024-03-01", id="stop"),
             act("2024-03-05", PAID, id="fee"))  # fmt: skip
    found = said(*facts)
    assert isinstance(found, Finding)
    assert found.reason == "licence_expired"
    assert {"first", "paper", "stop", "fee"} <= set(found.evidence)


def test_an_act_to_come_is_waited_for() -> None:
    facts = licence(last="2024-12-31"), act("2025-03-01")
    waiting = said(*facts, as_of=at("2025-02-01"))
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2025-03-01")
    assert isinstance(said(*facts, as_of=at("2025-03-01")), Finding)


def test_one_dated_wrongly_ahead_counts_for_nothing() -> None:
    assert outcomes(licence(last="2024-12-31"), act("2025-03-01", recorded="2025-01-15")) == {}


def test_the_party_however_spelled_and_no_other() -> None:
    facts = licence(last="2024-12-31"), act("2025-02-01", party="NP:dofe:lt 77")
    assert isinstance(said(*facts), Finding)
    assert outcomes(licence(), act("2025-02-01", body={"agency": "NP:dofe:12"}, party=PARTY)) == {}


@pytest.mark.covers("T-LIC-01", "late")
def test_a_renewal_told_late_withdraws_the_alert() -> None:
    late = licence(kind="renewed", first="2025-01-01", moment="2024-12-20", recorded="2025-03-01")
    facts = licence(last="2024-12-31"), act("2025-02-01")
    assert lately("T-LIC-01", facts, [late], "2025-02-02", "2025-03-02") == ("raised", "withdrawn")
