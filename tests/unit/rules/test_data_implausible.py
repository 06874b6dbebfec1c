"""T-DQ-01: data that cannot be so."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import HOUR
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, Review
from streams.rules.data_implausible import AHEAD, IDS, LOOPS, NOBODYS, WAGES
from tests.support.builders import at, fact, journey, sums
from tests.support.judging import judge

AS_OF = at("2025-06-01")
DAY = at("2025-03-01")


def reasons(*facts: Fact) -> list[str]:
    return [each.reason for each in judge("T-DQ-01", journey(*facts), AS_OF) if isinstance(each, Finding)]


def contract(name: str, minor: int, period: str | None = "month", country: str = "QA", currency: str = "QAR", **body: Any) -> Fact:
    wage = {"wage": {"minor": minor, "currency": currency}, "country": country, **({"wage_period": period} if period else {})}
    return fact(name, DAY, body={**wage, **body})


REGISTERED, AUTHENTICATED = "oversight.contract_registered_origin", "oversight.contract_authenticated_destination"


def test_nothing_odd_is_clear() -> None:
    assert judge("T-DQ-01", journey(fact("deployment.departed", DAY)), AS_OF) == [Clear()]


@pytest.mark.covers("T-DQ-01", "plain", "boundary")
def test_dated_more_than_24_hours_ahead_of_its_record() -> None:
    assert reasons(fact("recruitment.medical_done", DAY + 24 * HOUR, recorded=DAY)) == []
    ahead = fact("recruitment.medical_done", DAY + 24 * HOUR + 1, recorded=DAY, id="ahead")
    (found,) = judge("T-DQ-01", journey(ahead), AS_OF)
    assert isinstance(found, Finding)
    assert (found.reason, found.issue, found.evidence, found.since) == ("dated_ahead", "dated_ahead:ahead", ("ahead",), DAY)
    assert found.parties == ("NP:office:kathmandu",)


@pytest.mark.covers("T-DQ-01", "late")
def test_a_correction_ends_it_or_keeps_its_issue() -> None:
    ahead = fact("recruitment.medical_done", DAY + 90 * HOUR, recorded=DAY, id="ahead")
    right = fact("recruitment.medical_done", DAY, recorded=DAY + HOUR, corrects="ahead")
    wrong = fact("recruitment.medical_done", DAY + 99 * HOUR, recorded=DAY + HOUR, corrects="ahead", id="worse")
    assert reasons(ahead, right) == []
    (found,) = judge("T-DQ-01", journey(ahead, wrong), AS_OF)
    assert isinstance(found, Finding)
    assert (found.issue, found.evidence) == ("dated_ahead:ahead", ("worse",))


@pytest.mark.covers("T-DQ-01", "plain")
def test_a_party_that_passed_a_worker_to_itself() -> None:
    edge = {"to_party": "NP:dofe:12", "role": "agency"}
    assert reasons(fact("recruitment.recruiter_declared", DAY, body={**edge, "from_party": "NP:dofe:12"})) == ["self_loop"]
    assert reasons(fact("recruitment.recruiter_declared", DAY, body={**edge, "from_party": "NP:dofe: 12"})) == ["self_loop"]  # so spelled
    assert reasons(fact("recruitment.recruiter_declared", DAY, body={**edge, "from_party": "NP:dofe:13"})) == []
    assert reasons(fact("recruitment.recruiter_declared", DAY, body=edge)) == []
    assert reasons(fact("recruitment.recruiter_declared", DAY, body={"role": "agency"})) == []


@pytest.mark.covers("T-DQ-01", "plain", "boundary")
def test_arrival_before_departure() -> None:
    left = fact("deployment.departed", DAY)
    assert reasons(left, fact("deployment.arrived", DAY - 1)) == ["arrived_before_departure"]
    assert reasons(left, fact("deployment.arrived", DAY)) == []


@pytest.mark.covers("T-DQ-01", "plain", "boundary")
@pytest.mark.parametrize(
    ("minor", "odd"),
    [(120_000, False), (12_000_000, True), (1_200, True), (3_000_000, False), (3_000_001, True), (4_800, False), (4_799, True)],
)
def test_a_wage_in_a_wrong_unit(minor: int, odd: bool) -> None:
    assert reasons(contract(REGISTERED, minor)) == (["wage_unit"] if odd else [])


def test_pay_by_the_year_week_day_or_hour_is_turned_into_a_month() -> None:
    assert reasons(contract(REGISTERED, 1_440_000, "year")) == []
    assert reasons(contract(REGISTERED, 120_000 * 12 * 100, "year")) == ["wage_unit"]
    assert reasons(contract(REGISTERED, 700, "hour", hours_per_week=48.0)) == []
    assert reasons(contract(REGISTERED, 700, "hour")) == []
    assert reasons(contract(REGISTERED, 27_000, "week")) == []
    assert reasons(contract(REGISTERED, 55_000, "biweekly")) == []
    assert reasons(contract(REGISTERED, 4_600, "day")) == reasons(contract(REGISTERED, 115_000, "day")) == []
    assert reasons(contract(REGISTERED, 120_000, "day")) == reasons(contract(REGISTERED, 110_000, "day", rest_days=0.0)) == ["wage_unit"]
    assert reasons(contract(REGISTERED, 120_000, "piece")) == []


@pytest.mark.covers("T-DQ-01", "look_alike")
def test_another_currency_an_unknown_country_and_a_professional_are_not_judged() -> None:
    assert reasons(contract(REGISTERED, 12_000_000, currency="NPR")) == []
    assert reasons(contract(REGISTERED, 12_000_000, country="JP", currency="JPY")) == []
    assert reasons(contract(REGISTERED, 12_000_000, isco="2142")) == []
    assert reasons(contract(REGISTERED, 12_000_000, isco="9313")) == ["wage_unit"]


@pytest.mark.covers("T-DQ-01", "plain", "boundary")
def test_two_contracts_that_contradict_each_other_a_hundredfold() -> None:
    here = {"country": "KW", "currency": "KWD"}
    assert reasons(contract(REGISTERED, 90_000, **here), contract(AUTHENTICATED, 9_000_000, **here)) == ["wage_unit"]
    assert reasons(contract(REGISTERED, 90_000, **here), contract(AUTHENTICATED, 90_000 * 50, **here)) == ["wage_unit"]
    assert reasons(contract(REGISTERED, 90_000, **here), contract(AUTHENTICATED, 90_000 * 50 - 1, **here)) == []
    assert reasons(contract(REGISTERED, 90_000, **here), contract(AUTHENTICATED, 60_000, **here)) == []
    assert reasons(contract(REGISTERED, 90_000, **here), contract(AUTHENTICATED, 9_000_000, country="KW", currency="USD")) == []


def test_what_linking_could_not_decide() -> None:
    shown = fact("recruitment.medical_done", DAY, id="shown")
    review = Review("two_national_ids", "passport:NP", ("elsewhere", "shown"))
    view = JourneyView(id="journey:NP:0000000000000001", known=(shown,), reviews=(review,), person="p")
    (found,) = judge("T-DQ-01", view, AS_OF)
    assert isinstance(found, Finding)
    assert (found.issue, found.evidence) == ("two_national_ids:passport:NP", ("elsewhere", "shown"))


def test_reviews_of_one_identifier_scheme_are_one_issue_and_of_two_events_are_two() -> None:
    facts = [fact("recruitment.medical_done", DAY, id=name) for name in ("a", "b")]
    ignored = [Review("identifier_of_too_many", "passport:NP", (name,)) for name in ("a", "b")]
    twice = [Review("same_id_other_content", "", (name,)) for name in ("a", "b")]
    view = JourneyView(id="journey:NP:0000000000000001", known=tuple(facts), reviews=(*ignored, *twice), person="p")
    assert [each.issue for each in judge("T-DQ-01", view, AS_OF)] == [
        "identifier_of_too_many:passport:NP", "same_id_other_content:a", "same_id_other_content:b"]  # fmt: skip


def test_it_runs_on_a_weak_only_event() -> None:
    call = fact("complaint.complaint_filed", DAY + 48 * HOUR, recorded=DAY)
    (found,) = judge("T-DQ-01", JourneyView(id="journey:NP:00000000000000aa", known=(call,)), AS_OF)
    assert isinstance(found, Finding)


DIED, HURT = "deployment.death_notified", "deployment.injury_notified"


@pytest.mark.covers("T-DQ-01", "missing", "late")
@pytest.mark.parametrize("kind", [DIED, HURT])
def test_a_death_or_an_injury_at_nobody_knows_whose_work_until_that_is_said(kind: str) -> None:
    """T-DTH-01 counts it for nobody; a contract that names an employer doesn't say that it was there."""
    nobodys, contracted = fact(kind, DAY, id="notice"), contract(REGISTERED, 120_000, employer="QA:cr:1")
    (found,) = judge("T-DQ-01", journey(nobodys, contracted), AS_OF)
    assert isinstance(found, Finding)
    assert (found.reason, found.issue, found.evidence) == ("employer_unknown", "employer_unknown:notice", ("notice",))
    assert (found.since, found.parties) == (DAY, ("NP:office:kathmandu",))
    right = fact(kind, DAY, corrects="notice", recorded=DAY + 48 * HOUR, body={"employer": "QA:cr:1"})
    assert reasons(nobodys, contracted, right) == []


@pytest.mark.covers("T-DQ-01", "look_alike")
def test_a_death_in_the_workers_own_country_need_be_at_nobodys_work() -> None:
    assert reasons(fact(DIED, DAY, body={"country": "NP"})) == []
    assert reasons(fact(DIED, DAY, body={"country": "QA"})) == reasons(fact(DIED, DAY)) == ["employer_unknown"]


def test_a_notice_of_nobody_at_nobodys_work_is_its_offices() -> None:
    office, firm = "party:QA:office:mol", "party:QA:cr:1"
    nameless = fact(DIED, DAY, id="notice", source="/office/QA/mol", subjects=(office,))
    (found,) = judge("T-DQ-01", sums(office, (AHEAD, IDS, LOOPS, NOBODYS), nameless), AS_OF)
    assert isinstance(found, Finding)
    assert (found.issue, found.evidence) == ("employer_unknown:notice", ("notice",))
    named = fact(DIED, DAY, id="right", source="/office/QA/mol", corrects="notice", recorded=DAY + HOUR, subjects=(firm, office),
                 body={"employer": "QA:cr:1"})  # fmt: skip
    assert judge("T-DQ-01", sums(office, (AHEAD, IDS, LOOPS, NOBODYS), nameless, named), AS_OF) == []


@pytest.mark.covers("T-DQ-01", "missing")
def test_an_origin_that_nobody_states_is_asked_for_and_never_clear() -> None:
    stranger = fact("deployment.arrived", DAY, id="stranger", worker=["passport:QA:aa"], origin="")
    view = JourneyView(id="journey:QA:00000000000000aa", known=(stranger,), reviews=(Review("origin_unknown", "", ("stranger",)),))
    (found,) = judge("T-DQ-01", view, AS_OF)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence) == ("origin_unknown", ("stranger",))


DEMAND = "demand:NP:dofe:L-1"


def on_demand(*facts: Fact) -> list[str]:
    found = judge("T-DQ-01", sums(DEMAND, (AHEAD, IDS, LOOPS, WAGES), *facts), AS_OF)
    return [each.reason for each in found if isinstance(each, Finding)]


def test_on_a_demand() -> None:
    body = {"employer": "QA:cr:1", "country": "QA", "wage": {"minor": 12_000_000, "currency": "QAR"}, "wage_period": "month"}
    named = (DEMAND, "party:QA:cr:1", "party:NP:office:kathmandu")
    refs = Refs(demand="NP:dofe:L-1")
    odd = fact("recruitment.demand_submitted", DAY + 48 * HOUR, recorded=DAY, body=body, subjects=named, refs=refs, id="odd")
    right = fact("recruitment.demand_submitted", DAY, recorded=DAY + HOUR, subjects=named, refs=refs, corrects="odd",
                 body={**body, "wage": {"minor": 120_000, "currency": "QAR"}})  # fmt: skip
    loop = fact("recruitment.recruiter_declared", DAY, subjects=named, refs=refs, body={"from_party": "NP:dofe:1", "to_party": "NP:dofe:1"})
    about_a_worker = fact(loop.type, DAY, subjects=named, body=loop.body, worker=["passport:NP:aa"])
    assert on_demand(odd) == ["dated_ahead", "wage_unit"]
    assert on_demand(odd, right) == []
    assert on_demand(loop) == ["self_loop"]
    assert on_demand(about_a_worker) == []
    assert judge("T-DQ-01", sums("party:QA:cr:1", (AHEAD,), odd), AS_OF) == []


def test_on_an_agency_and_on_an_office() -> None:
    office, agency = "party:NP:office:kathmandu", "party:NP:dofe:12"
    licence = fact("licensing.agency_registered", DAY + 48 * HOUR, recorded=DAY, subjects=(agency, office))
    beat = fact("oversight.office_heartbeat", DAY + 48 * HOUR, recorded=DAY, subjects=(office,))
    assert len(judge("T-DQ-01", sums(agency, (AHEAD,), licence), AS_OF)) == 1
    assert judge("T-DQ-01", sums(office, (AHEAD,), licence), AS_OF) == []
    assert len(judge("T-DQ-01", sums(office, (AHEAD,), beat), AS_OF)) == 1


def test_two_contents_under_one_id_on_a_demand_and_on_an_agency_until_a_correction_settles_it() -> None:
    body = {"employer": "QA:cr:1", "country": "QA"}
    one, other = (
        fact("recruitment.demand_submitted", DAY, recorded=DAY + more * HOUR, id="same", subjects=(DEMAND,), body={**body, "quota": more})
        for more in (1, 2)
    )  # fmt: skip
    right = fact(one.type, DAY, recorded=DAY + 9 * HOUR, subjects=(DEMAND,), corrects="same", body=body)
    assert on_demand(one) == on_demand(one, right) == []
    assert on_demand(other, one) == ["same_id_other_content"]
    assert on_demand(one, right, other) == []
    agency = "party:NP:dofe:12"
    twice = [fact("licensing.agency_registered", DAY, id="same", subjects=(agency,), body={"number": number}) for number in ("1", "2")]
    (found,) = judge("T-DQ-01", sums(agency, (AHEAD, IDS, LOOPS), *twice), AS_OF)
    assert isinstance(found, Finding)
    assert (found.issue, found.evidence, found.since) == ("same_id_other_content:same", ("same",), DAY)


def test_a_link_to_itself_that_names_no_worker_and_no_order_is_its_partys() -> None:
    party = "party:NP:dofe:1"
    loop = fact("recruitment.recruiter_declared", DAY, subjects=(party,), body={"from_party": "NP:dofe:1", "to_party": "NP:dofe:1"})
    (found,) = judge("T-DQ-01", sums(party, (AHEAD, IDS, LOOPS), loop), AS_OF)
    assert isinstance(found, Finding)
    assert found.reason == "self_loop"


def test_an_attestation_that_is_dated_ahead_is_shown_though_its_order_is_not_known() -> None:
    assert on_demand(fact("oversight.demand_attested", DAY + 48 * HOUR, recorded=DAY, subjects=(DEMAND,))) == ["dated_ahead"]


def test_an_orders_link_that_is_dated_ahead() -> None:
    link = fact("recruitment.recruiter_declared", DAY + 48 * HOUR, recorded=DAY, subjects=(DEMAND,),
                body={"from_party": "NP:dofe:1", "to_party": "NP:dofe:2"})  # fmt: skip
    assert on_demand(link) == ["dated_ahead"]


# Agreements of a corridor.

BLA, MOU, UNION = "oversight.bla_signed", "oversight.mou_signed", "oversight.union_agreement_signed"


def signed(reference: str, first: str, last: str | None, kind: str = BLA, corridor: str = "NP-QA", **details: Any) -> Fact:
    body = {"agreement": reference, "corridor": corridor, "valid_from": first, **({"valid_until": last} if last else {})}
    return fact(kind, first, body=body | details.pop("body", {}), subjects=(f"place:{corridor}",), **details)


def overlapping(*facts: Fact) -> list[Outcome]:
    return judge("T-DQ-01", sums("place:NP-QA", (), *facts), at("2026-01-01"), standings=Standings(facts))


OLD = signed("A-1", "2020-01-01", "2025-06-30", id="old")


def test_two_agreements_between_the_same_sides_that_overlap_are_both_kept_and_asked_about() -> None:
    (found,) = overlapping(OLD, signed("A-2", "2025-06-30", None, id="new", source="/office/QA/mol"))
    assert isinstance(found, Finding)
    assert (found.reason, found.issue) == ("agreements_overlap", "agreements_overlap:A-1|A-2")
    assert (found.evidence, found.parties) == (("new", "old"), ("NP:office:kathmandu", "QA:office:mol"))


@pytest.mark.covers("T-DQ-01", "look_alike", "boundary")
@pytest.mark.parametrize("other", [
    signed("A-2", "2025-07-01", None), signed("A-1", "2025-01-01", None), signed("A-2", "2025-01-01", None, UNION),
    signed("A-2", "2025-01-01", None, MOU), signed("A-2", "2025-01-01", None, MOU, body={"parties_kind": "G-E"}),
    signed("A-2", "2025-01-01", None, corridor="NP-SA"),
])  # fmt: skip
def test_one_after_another_of_other_sides_or_elsewhere_do_not_overlap(other: Fact) -> None:
    assert overlapping(OLD, other) == []


def test_a_memorandum_between_governments_is_of_the_same_sides() -> None:
    assert len(overlapping(OLD, signed("A-2", "2025-01-01", None, MOU, body={"parties_kind": "G-G"}))) == 1


def test_one_that_was_ended_before_or_corrected_overlaps_no_more() -> None:
    new = signed("A-2", "2025-01-01", None)
    ended = fact("oversight.bla_expired", "2024-12-01", body={"agreement": "A-1", "corridor": "NP-QA", "from": "2025-01-01"},
                 subjects=("place:NP-QA",))  # fmt: skip
    assert overlapping(OLD, new, ended) == []
    mended = signed("A-1", "2020-01-01", "2024-12-31", corrects="old", recorded="2025-03-01")
    assert overlapping(OLD, new, mended) == []


def said_of_consent(name: str, day: float, scope: str = "inspectorate", case: str | None = "K-1", **details: Any) -> Fact:
    return fact(f"complaint.consent_{name}", DAY + round(day * 24) * HOUR, refs=Refs(case=case), body={"scope": scope}, **details)


def test_a_consent_withdrawn_before_it_was_given() -> None:
    early = said_of_consent("withdrawn", 0, id="early")
    (found,) = judge("T-DQ-01", journey(early, said_of_consent("given", 1)), AS_OF)
    assert isinstance(found, Finding)
    assert (found.reason, found.issue, found.evidence) == ("consent_order", "consent_order:early", ("early",))
    assert found.channel == "oversight-restricted"  # it says that there is a complaint
    assert reasons(early) == ["consent_order"]  # and one that was never given


@pytest.mark.covers("T-DQ-01", "look_alike")
@pytest.mark.parametrize("given", [
    said_of_consent("given", 0), said_of_consent("given", 1), said_of_consent("given", 0, case=None),
], ids=["before", "at the same instant", "for every case"])  # fmt: skip
def test_a_consent_withdrawn_after_it_was_given_is_in_order(given: Fact) -> None:
    assert reasons(given, said_of_consent("withdrawn", 1)) == []


def test_consent_to_something_else_or_for_another_case_is_not_that_consent() -> None:
    assert reasons(said_of_consent("given", 0, "referral"), said_of_consent("withdrawn", 1)) == ["consent_order"]
    assert reasons(said_of_consent("given", 0, case="K-2"), said_of_consent("withdrawn", 1)) == ["consent_order"]


@pytest.mark.parametrize(("role", "expected"), [("worker", []), ("family", []), ("employer", ["consent_order"])])
def test_to_the_embassy_the_complaint_itself_is_consent(role: str, expected: list[str]) -> None:
    filed = fact("complaint.complaint_filed", DAY, refs=Refs(case="K-1"), body={"complainant_role": role})
    assert reasons(filed, said_of_consent("withdrawn", 1, "embassy")) == expected
    assert reasons(filed, said_of_consent("withdrawn", 1)) == ["consent_order"]  # to the inspectorate it is not
