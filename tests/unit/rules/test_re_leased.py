"""T-OUT-03: two or more contractors between the contract's employer and who directs the work."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact, journey
from tests.support.judging import evaluation, judge, only
from tests.support.lately import lately

EMPLOYER, ONE, TWO, USER = "QA:cr:100", "QA:cr:301", "QA:cr:302", "QA:cr:400"


def contract(employer: str | None = EMPLOYER, moment: str = "2025-03-01", **details: Any) -> Fact:
    body = {"employer": employer, "country": "QA"} if employer else {"country": "QA"}
    return fact("oversight.contract_authenticated_destination", moment, source="/office/QA/mol", body=body, **details)


def works(
    employer: str | None, contractor: str | None = None, depth: int | None = None, moment: str = "2025-03-10", **details: Any
) -> Fact:
    said = {"employer": employer, "contractor": contractor, "depth": depth, "country": "QA", "from": details.pop("first", None),
            "until": details.pop("until", None)}  # fmt: skip
    body = {name: value for name, value in said.items() if value is not None}
    return fact("deployment.worksite_assigned", moment, source="/office/QA/mol", body=body, **details)


def outcome(*facts: Fact, issue: str = USER, as_of: str | int = "2025-09-01") -> Outcome:
    return only("T-OUT-03", journey(*facts), at(as_of), issue)


LINE = works(ONE, EMPLOYER, moment="2025-03-10"), works(TWO, ONE, moment="2025-03-20"), works(USER, TWO, moment="2025-04-01", id="user")


@pytest.mark.covers("T-OUT-03", "plain")
def test_two_contractors_declared() -> None:
    found = outcome(contract(), works(USER, TWO, 2, id="site"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("re_leased", ("site",), ("T-OUT-03.default",))
    assert (found.since, found.destination, found.parties) == (at("2025-03-10"), "QA", (TWO, USER))
    assert found.summary.startswith("2 contractors")


@pytest.mark.covers("T-OUT-03", "boundary")
@pytest.mark.parametrize(("depth", "verdict"), [(0, Clear), (1, Clear), (2, Finding), (5, Finding)])
def test_the_number_declared_decides_where_no_line_is_shown(depth: int, verdict: type) -> None:
    assert isinstance(outcome(contract(), works(USER, None, depth)), verdict)
    assert isinstance(outcome(works(USER, None, depth)), verdict)  # declared from the contract's employer, whoever that is


@pytest.mark.covers("T-OUT-03", "plain", "boundary")
def test_the_line_of_contractors_is_counted_from_the_contracts_employer() -> None:
    found = outcome(contract(), *LINE)
    assert isinstance(found, Finding)
    assert (found.evidence, found.summary[:1]) == (("user",), "2")
    assert isinstance(outcome(contract(), *LINE, issue=TWO), Clear)
    assert isinstance(outcome(contract(), *LINE, issue=ONE), Clear)


def test_the_order_in_which_the_line_is_known_does_not_matter() -> None:
    expected = judge("T-OUT-03", journey(contract(id="paper"), *LINE), at("2025-09-01"))
    for order in permutations(LINE):
        assert judge("T-OUT-03", journey(*order, contract(id="paper")), at("2025-09-01")) == expected


def test_whichever_is_more_counts() -> None:
    last = works(USER, TWO, 1, moment="2025-04-01")
    assert isinstance(outcome(contract(), LINE[0], LINE[1], last), Finding)
    assert isinstance(outcome(contract(), works(USER, EMPLOYER, 3)), Finding)
    assert isinstance(outcome(contract(), works(EMPLOYER, None, 2), issue=EMPLOYER), Finding)


@pytest.mark.covers("T-OUT-03", "look_alike")
def test_the_employer_itself_and_one_contractor_are_no_line() -> None:
    assert isinstance(outcome(contract(), works(EMPLOYER), issue=EMPLOYER), Clear)
    assert isinstance(outcome(contract(), works(USER, EMPLOYER)), Clear)
    assert isinstance(outcome(contract(), works(ONE, EMPLOYER), works(USER, ONE, moment="2025-03-20")), Clear)


@pytest.mark.covers("T-OUT-03", "missing")
def test_a_number_that_nobody_tells_is_insufficient() -> None:
    for facts in (
        (contract(), works(USER)), (contract(), works(USER, TWO)), (works(USER, EMPLOYER),), (contract(None), works(USER, EMPLOYER)),
    ):  # fmt: skip
        found = outcome(*facts)
        assert isinstance(found, Insufficient)
        assert found.missing == "the contractors between employer and work"


@pytest.mark.covers("T-OUT-03", "missing")
def test_one_part_of_a_time_that_nobody_tells_is_not_cleared_by_another() -> None:
    assert isinstance(outcome(contract(), works(USER, EMPLOYER), works(USER, TWO, moment="2025-05-01")), Insufficient)


def test_who_directs_the_work_may_be_unknown() -> None:
    assert isinstance(outcome(contract(), works(None, None, 2), issue=""), Finding)
    assert isinstance(outcome(contract(), works(None, EMPLOYER), issue=""), Clear)
    assert isinstance(outcome(contract(), works(None), issue=""), Insufficient)


def test_contractors_in_a_circle_end_nowhere_and_are_counted_once() -> None:
    ring = works(TWO, ONE), works(ONE, TWO, moment="2025-03-20"), works(USER, TWO, moment="2025-04-01")
    assert isinstance(outcome(contract(), *ring), Insufficient)  # no line leads from the contract's employer into the circle
    entered = outcome(contract(), works(ONE, EMPLOYER, moment="2025-03-05"), *ring)
    assert isinstance(entered, Finding)
    assert entered.summary.startswith("2 contractors")
    beside = outcome(contract(), works(ONE, EMPLOYER, moment="2025-03-05"), *ring[:2], works(USER, "QA:cr:999", moment="2025-04-01"))
    assert isinstance(beside, Insufficient)
    itself = works(USER, USER)
    assert isinstance(outcome(contract(), itself), Insufficient)


@pytest.mark.covers("T-OUT-03", "look_alike")
def test_the_shortest_line_counts() -> None:
    direct = works(TWO, EMPLOYER, moment="2025-03-25")
    assert isinstance(outcome(contract(), *LINE, direct), Clear)


def test_spellings_are_one_contractor_and_one_issue() -> None:
    line = works("QA:cr:Gulf Manpower", EMPLOYER), works("QA:cr:Best Hands", "QA:cr:GULF MANPOWER.", moment="2025-03-20")
    users = (
        works("QA:cr:Tower Co.", "QA:cr:BEST-HANDS", moment="2025-04-01"),
        works("QA:cr:TOWER CO", "QA:cr:Best hands", moment="2025-05-01"),
    )
    found = outcome(contract("QA:cr:100"), *line, *users, issue="QA:cr:TOWER CO")
    assert isinstance(found, Finding)
    assert len(found.evidence) == 2
    own = works("QA:cr:SUPPLY & CO", "QA:cr:Supply Co")
    assert isinstance(outcome(contract("QA:cr:supply co"), own, issue="QA:cr:SUPPLY & CO"), Clear)


def test_permits_do_not_excuse_it() -> None:
    permit = fact("deployment.secondment_approved", "2025-03-01", source="/office/QA/mol",
                  body={"from_employer": EMPLOYER, "to_employer": USER, "country": "QA"})  # fmt: skip
    assert isinstance(outcome(contract(), permit, *LINE), Finding)


def test_a_transfer_makes_the_line_begin_anew_from_its_day() -> None:
    away = fact("deployment.employer_transferred", "2025-05-01", source="/office/QA/mol",
                body={"from_employer": EMPLOYER, "to_employer": USER, "country": "QA"})  # fmt: skip
    assert isinstance(outcome(contract(), *LINE, away, as_of="2025-04-30"), Finding)
    assert isinstance(outcome(contract(), *LINE, away, as_of="2025-05-01"), Clear)
    ended = works(USER, TWO, moment="2025-04-01", until="2025-04-15")  # over before the transfer: it was so, and stays found
    assert isinstance(outcome(contract(), LINE[0], LINE[1], ended, away), Finding)


def test_work_for_the_old_employer_after_a_transfer_is_not_its_own() -> None:
    away = fact("deployment.employer_transferred", "2025-04-01", source="/office/QA/mol",
                body={"from_employer": EMPLOYER, "to_employer": USER, "country": "QA"})  # fmt: skip
    facts = contract(), away, works(EMPLOYER, moment="2025-05-01")
    assert isinstance(outcome(*facts, issue=EMPLOYER), Insufficient)
    assert isinstance(outcome(contract(), works(EMPLOYER, moment="2025-05-01"), issue=EMPLOYER), Clear)


def test_as_of_in_the_middle_and_links_to_come() -> None:
    begins = at("2025-06-01") - 3 * HOUR
    later = works(TWO, ONE, moment="2025-03-12", first="2025-06-01")
    user = works(USER, TWO, moment="2025-03-20")
    waiting = outcome(contract(), LINE[0], later, user, as_of=begins - 1)
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == begins
    assert isinstance(outcome(contract(), LINE[0], later, user, as_of=begins), Finding)


def test_a_first_day_to_come_is_looked_at_then() -> None:
    begins = at("2025-06-01") - 3 * HOUR
    facts = contract(), works(USER, TWO, 2, first="2025-06-01")
    assert isinstance(outcome(*facts, as_of=begins - 1), Insufficient)
    assert evaluation("T-OUT-03", journey(*facts), at("2025-04-01")).next_due == begins
    assert isinstance(outcome(*facts, as_of=begins), Finding)


@pytest.mark.covers("T-OUT-03", "late")
def test_a_correction_of_the_number_and_a_retraction_of_a_link() -> None:
    wrong = works(USER, None, 3, id="wrong")
    assert isinstance(outcome(contract(), wrong), Finding)
    assert isinstance(outcome(contract(), wrong, works(USER, None, 1, corrects="wrong", recorded="2025-05-01")), Clear)
    gone = works(TWO, ONE, moment="2025-03-20", corrects=LINE[1].event_id, retracted=True, recorded="2025-05-01")
    assert isinstance(outcome(contract(), *LINE, gone), Insufficient)


def test_arrived_and_no_work_site_is_insufficient_and_neither_is_no_duty() -> None:
    arrived = fact("deployment.arrived", "2025-03-02", source="/office/QA/mol", body={"country": "QA"})
    assert isinstance(outcome(contract(), arrived, issue=""), Insufficient)
    assert judge("T-OUT-03", journey(contract()), at("2025-09-01")) == []


@pytest.mark.covers("T-OUT-03", "late")
def test_a_number_corrected_late_withdraws_the_alert() -> None:
    right = works(USER, None, 1, corrects="wrong", recorded="2025-05-01")
    facts = contract(), works(USER, None, 3, id="wrong")
    assert lately("T-OUT-03", facts, [right], "2025-04-01", "2025-05-02") == ("raised", "withdrawn")
