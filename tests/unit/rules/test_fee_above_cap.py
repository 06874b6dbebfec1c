"""T-FEE-01: what the worker's side paid against the legal cap: 10,000 rupees in Nepal, 30,000 in India, a table in Bangladesh."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, default
from tests.support.builders import at, journey
from tests.support.fees import AGENCY, BEGAN, BROKER, OTHER, bound_for, edge, fee, refund
from tests.support.judging import judge
from tests.support.policies import loaded

CAP = 1_000_000


def outcomes(*facts: Fact, origin: str = "NP", as_of: str | int = "2025-01-01", policy: Policy | None = None) -> list[Outcome]:
    return judge("T-FEE-01", journey(*facts, id=f"journey:{origin}:0000000000000001"), at(as_of), policy)


def said(*facts: Fact, origin: str = "NP", as_of: str | int = "2025-01-01", policy: Policy | None = None) -> Outcome:
    (found,) = outcomes(*facts, origin=origin, as_of=as_of, policy=policy)
    return found


@pytest.mark.covers("T-FEE-01", "plain", "boundary")
def test_exactly_the_cap_is_lawful_and_one_paisa_more_is_not() -> None:
    assert isinstance(said(fee(CAP)), Clear)
    found = said(fee(CAP + 1, id="paid"), bound_for("QA"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("fee_above_cap", ("paid",), ("T-FEE-01.NP",))
    assert (found.parties, found.since, found.due_at, found.destination) == ((AGENCY,), BEGAN, answer_by(BEGAN, "P3", "NP"), "QA")


def test_instalments_and_the_kinds_that_the_cap_covers_add_up_to_whoever_they_were_paid() -> None:
    found = said(fee(600_000), fee(300_000, OTHER, 20, code="supply_to_third_party", payer="family"), fee(100_001, BROKER, 30))
    assert isinstance(found, Finding)
    assert found.since == BEGAN + 30 * DAY
    assert found.parties == (AGENCY, OTHER, BROKER)


@pytest.mark.covers("T-FEE-01", "look_alike")
def test_other_costs_and_what_others_paid_do_not_count() -> None:
    assert isinstance(said(fee(CAP), fee(900_000, code="medical"), fee(900_000, code="insurance"), fee(900_000, code="bribe")), Clear)
    assert isinstance(said(fee(9 * CAP, payer="employer"), fee(9 * CAP, payer="agency")), Clear)


def test_a_cost_that_the_cap_covers_in_part_is_insufficient_where_it_could_decide() -> None:
    assert isinstance(said(fee(400_000), fee(600_000, code="travel")), Clear)
    assert isinstance(said(fee(400_000), fee(600_001, code="travel")), Insufficient)
    assert isinstance(said(fee(CAP + 1), fee(600_001, code="travel")), Finding)


@pytest.mark.covers("T-FEE-01", "look_alike")
def test_declared_by_worker_and_agency_is_one_payment() -> None:
    assert isinstance(said(fee(CAP), fee(CAP, day=3, by="agency")), Clear)
    assert isinstance(said(fee(900_000), fee(600_000, by="agency", day=0.2)), Clear)  # the same day: the worker's word goes first
    assert isinstance(said(fee(900_000), fee(600_000, by="agency", day=3)), Insufficient)  # perhaps another payment
    assert isinstance(said(fee(900_000), fee(100_000, by="agency", day=3)), Clear)  # both together are within the cap
    assert isinstance(said(fee(900_000), fee(CAP + 1, by="agency", day=3)), Finding)  # by the agency's own books
    assert isinstance(said(fee(600_000), fee(600_000, OTHER, by="agency")), Finding)  # to another payee: another payment
    assert isinstance(said(fee(600_000), fee(600_000, None, by="agency")), Insufficient)  # to whom nobody knows


def test_what_a_sub_agent_took_and_the_agency_after_it_declares_is_one_payment() -> None:
    chain = edge(None, BROKER, role="subagent"), edge(BROKER, AGENCY, role="agency")
    both = fee(600_000, BROKER), fee(600_000, AGENCY, 8, by="agency")
    assert isinstance(said(*both, *chain), Clear)
    assert isinstance(said(*both), Finding)
    assert isinstance(said(*both, edge(None, BROKER), edge(BROKER, OTHER)), Finding)  # to another agency
    assert isinstance(said(fee(600_000, BROKER), fee(600_000, AGENCY, 8), *chain), Finding)  # the worker tells of two


def test_a_payee_spelled_in_two_ways_is_one() -> None:
    assert isinstance(said(fee(CAP, "NP:dofe:LT-1"), fee(CAP, "NP:dofe:lt 1", day=4, by="agency")), Clear)


def test_one_payment_told_to_two_offices_is_one_and_two_told_to_one_office_are_two() -> None:
    assert isinstance(said(fee(600_000), fee(600_000, day=0.1, source="/office/QA/kathmandu")), Clear)
    assert isinstance(said(fee(600_000), fee(600_000, day=0.1)), Finding)


@pytest.mark.covers("T-FEE-01", "boundary")
def test_net_of_refunds_that_have_happened() -> None:
    paid = (fee(3 * CAP), refund(2 * CAP, id="back"))
    assert isinstance(said(*paid), Clear)
    before = said(*paid, as_of=BEGAN + 10 * DAY - 1)
    assert isinstance(before, Finding)
    assert before.next_at == BEGAN + 10 * DAY
    assert isinstance(said(fee(3 * CAP), refund(2 * CAP - 1)), Finding)
    assert isinstance(said(fee(3 * CAP), refund(2 * CAP, code="medical")), Finding)  # what was given back of another kind
    assert isinstance(said(fee(3 * CAP), refund(2 * CAP), refund(2 * CAP, day=12, by="agency")), Clear)
    assert isinstance(said(fee(3 * CAP), refund(CAP), refund(CAP, day=12, by="agency")), Finding)  # one refund
    assert isinstance(said(fee(3 * CAP), refund(CAP), refund(CAP + 1, day=12, by="agency")), Insufficient)  # one or two


def test_a_refund_in_another_currency_may_be_of_all() -> None:
    assert isinstance(said(fee(3 * CAP), refund(100, currency="USD")), Insufficient)


@pytest.mark.covers("T-FEE-01", "missing")
def test_another_currency_is_never_converted() -> None:
    assert isinstance(said(fee(500_00, currency="USD")), Insufficient)
    assert isinstance(said(fee(CAP + 1), fee(500_00, currency="USD")), Finding)


@pytest.mark.covers("T-FEE-01", "missing")
def test_an_unknown_amount_or_payer_is_insufficient_where_it_could_decide() -> None:
    assert isinstance(said(fee(None)), Insufficient)
    assert isinstance(said(fee(CAP + 1), fee(None, day=2)), Finding)
    assert isinstance(said(fee(CAP + 1, payer=None, by="agency")), Insufficient)
    assert isinstance(said(fee(CAP, payer=None, by="agency")), Clear)
    assert isinstance(said(fee(CAP + 1, payer=None)), Finding)  # a worker who names no payer speaks of the worker's own money
    assert isinstance(said(fee(CAP + 1, payer=None, by="agency", code="recovered_from_worker")), Finding)


def test_one_event_id_with_two_amounts_is_not_taken_by_the_greater() -> None:
    assert isinstance(said(fee(CAP, id="one"), fee(5 * CAP, id="one")), Insufficient)


@pytest.mark.covers("T-FEE-01", "late")
def test_a_correction_ends_it() -> None:
    assert isinstance(said(fee(5 * CAP, id="typed")), Finding)
    assert isinstance(said(fee(5 * CAP, id="typed"), fee(CAP, id="right", corrects="typed")), Clear)
    assert outcomes(fee(5 * CAP, id="typed"), fee(CAP, id="never", corrects="typed", retracted=True)) == []


def test_no_fee_declared_says_nothing_and_no_known_cap_is_insufficient() -> None:
    assert outcomes(bound_for("QA")) == []
    assert isinstance(said(fee(CAP), origin="ET"), Insufficient)
    assert isinstance(said(fee(CAP, day=-5_000)), Insufficient)  # in 2010, before the cap


def test_india_by_its_list() -> None:
    cap, covered = 3_000_000, "skills_test"
    assert isinstance(said(fee(cap - 100, currency="INR"), fee(100, currency="INR", code=covered), origin="IN"), Clear)
    assert isinstance(said(fee(cap - 100, currency="INR"), fee(101, currency="INR", code=covered), origin="IN"), Finding)
    assert isinstance(said(fee(cap, currency="INR"), fee(cap, currency="INR", code="medical"), origin="IN"), Clear)
    assert isinstance(said(fee(cap + 1, currency="INR", day=-2_300), origin="IN"), Insufficient)  # November 2017


@pytest.mark.parametrize(
    ("country", "taka"),
    [("SA", 165_000), ("QA", 100_780), ("KW", 106_780), ("OM", 100_780), ("AE", 107_780), ("SG", 262_270), ("BH", 97_780), ("MY", 78_990)],
)  # fmt: skip
def test_bangladesh_by_destination_and_of_all_costs(country: str, taka: int) -> None:
    cap = taka * 100

    def paid(minor: int) -> Outcome:
        return said(bound_for(country), fee(cap - 5_000, currency="BDT"), fee(minor, currency="BDT", code="travel", day=9), origin="BD")

    assert isinstance(paid(5_000), Clear)
    found = paid(5_001)
    assert isinstance(found, Finding)
    assert (found.policy_rows, found.since) == ((f"T-FEE-01.BD-{country}",), BEGAN + 9 * DAY)


def test_bangladesh_with_no_destination_known_is_insufficient() -> None:
    assert isinstance(said(fee(99_000_000, currency="BDT"), origin="BD"), Insufficient)


@pytest.mark.covers("T-FEE-01", "boundary")
def test_the_cap_of_the_day_of_payment_is_held_against_what_was_paid_until_then() -> None:
    """Malaysia: 160,000 taka until 5 July 2022, 78,990 since; 18:00 UTC is midnight in Dhaka."""
    last = (at("2022-07-05T17:59:59Z") - BEGAN) / DAY
    first = (at("2022-07-05T18:00:00Z") - BEGAN) / DAY

    def paid(minor: int, day: float) -> Fact:
        return fee(minor, currency="BDT", day=day)

    malaysia = bound_for("MY", day=last - 50)
    assert isinstance(said(malaysia, paid(16_000_000, last), origin="BD"), Clear)
    assert isinstance(said(malaysia, paid(16_000_000, first), origin="BD"), Finding)
    both = said(malaysia, paid(7_000_000, last), paid(899_001, first), origin="BD")
    assert isinstance(both, Finding)
    assert both.policy_rows == ("T-FEE-01.BD-MY",)


def test_where_the_employer_pays_any_payment_is_above_the_cap(tmp_path: Path) -> None:
    none = """id = "T-FEE-01.zero"\nrule = "T-FEE-01"\norigin = "NP"\ndestination = "QA"\nsource = "a trial"\ncurrency = "NPR"
cap_minor = 0\ncodes = ["recruitment_service"]\nunclear = []"""
    policy = loaded(tmp_path, none, base=default())
    for paid in (fee(1), fee(1, currency="USD"), fee(None)):
        found = said(paid, bound_for("QA"), policy=policy)
        assert isinstance(found, Finding)
        assert found.reason == "fee_where_none_is_due"
    assert isinstance(said(fee(0), bound_for("QA"), policy=policy), Clear)
    assert isinstance(said(fee(5), refund(5), bound_for("QA"), policy=policy), Clear)
    assert isinstance(said(fee(None), refund(5), bound_for("QA"), policy=policy), Insufficient)
