"""T-CHN-01: three organisations in one line warn, four are an alert."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.rules.chain_too_long import DESTINATION, LINKS
from streams.rules.policy import Policy, default
from tests.support.builders import at, fact, journey, sums
from tests.support.judging import evaluation, judge, only

BEGAN = at("2025-03-01T06:00:00Z")
ONE, TWO, THREE, FOUR = (f"NP:dofe:{number}" for number in (1, 2, 3, 4))
FIRM, PERSON, ORDER = "QA:cr:9", "NP:person:p_1", "NP:dofe:D-1"
PLACE = fact("recruitment.contract_offered", "2025-03-02", body={"country": "QA"})


def edge(source: str | None, target: str | None, hours: int = 0, role: str = "agency", **details: Any) -> Fact:
    body = {"from_party": source, "to_party": target, "role": role, **details.pop("body", {})}
    return fact("recruitment.recruiter_declared", details.pop("moment", BEGAN + hours * HOUR),
                body={name: value for name, value in body.items() if value}, **details)  # fmt: skip


def line(*parties: str | None) -> list[Fact]:
    """One after the other from the worker on, an hour apart."""
    return [edge(before, party, hours, id=f"edge{hours}") for hours, (before, party) in enumerate(pairwise((None, *parties)), 1)]


def outcome(*facts: Fact, as_of: str | int = "2025-06-01", policy: Policy | None = None) -> Outcome:
    return only("T-CHN-01", journey(PLACE, *facts), at(as_of), policy=policy)


def depth(*facts: Fact) -> str:
    found = outcome(*facts)
    return found.reason if isinstance(found, Finding) else type(found).__name__


@pytest.mark.covers("T-CHN-01", "plain")
def test_four_in_line() -> None:
    found = outcome(*line(ONE, TWO, THREE, FOUR))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity, found.policy_rows) == ("chain_too_long", "P2", ("T-CHN-01.default",))
    assert found.evidence == ("edge1", "edge2", "edge3", "edge4")
    assert found.parties == (ONE, TWO, THREE, FOUR)
    assert (found.since, found.due_at) == (BEGAN + 4 * HOUR, BEGAN + 4 * HOUR + 3 * DAY)


@pytest.mark.covers("T-CHN-01", "plain")
def test_three_in_line_warn() -> None:
    found = outcome(*line(ONE, TWO, THREE))
    assert isinstance(found, Finding)
    assert (found.reason, found.severity) == ("chain_long", "P3")


@pytest.mark.covers("T-CHN-01", "boundary")
def test_two_in_line_are_clear_three_warn_and_four_are_an_alert() -> None:
    lines = line(ONE, TWO), line(ONE, TWO, THREE), line(ONE, TWO, THREE, FOUR)
    assert [depth(*each) for each in lines] == ["Clear", "chain_long", "chain_too_long"]


@pytest.mark.covers("T-CHN-01", "look_alike")
def test_the_employer_is_none_of_them() -> None:
    assert depth(*line(ONE, TWO), edge(TWO, FIRM, 3, role="employer")) == "Clear"
    assert depth(*line(ONE, TWO, THREE), edge(THREE, FIRM, 4, role="employer")) == "chain_long"


@pytest.mark.covers("T-CHN-01", "look_alike")
def test_persons_are_none_of_them_and_are_said() -> None:
    assert depth(*line(PERSON, ONE, "NP:person:p_2", TWO)) == "Clear"
    found = outcome(*line(ONE, PERSON, TWO, THREE))
    assert isinstance(found, Finding)
    assert "3 organisations" in found.summary
    assert "1 natural persons" in found.summary


def test_a_person_with_an_organisation_is_one_link() -> None:
    clerk = edge(ONE, PERSON, 2, body={"person": PERSON, "organisation": TWO})
    assert depth(edge(None, ONE, 1), clerk, edge(PERSON, THREE, 3)) == "chain_long"


@pytest.mark.covers("T-CHN-01", "look_alike")
def test_spelling_variants_are_one() -> None:
    assert depth(*line("NP:dofe:LT-1"), edge("NP:dofe:lt 1", TWO, 2), edge(TWO, "NP:dofe:LT1.", 3)) == "Clear"


@pytest.mark.covers("T-CHN-01", "missing")
@pytest.mark.parametrize("many", [2, 3, 4])
def test_side_by_side_is_breadth(many: int) -> None:
    found = outcome(*(edge(None, party, id=party) for party in (ONE, TWO, THREE, FOUR)[:many]))
    assert isinstance(found, Insufficient)
    assert found.missing == f"links between recruiters: {many} organisations, {many} side by side, 0 persons"
    assert len(found.evidence) == many


def test_one_beside_a_short_line_is_insufficient_and_beside_a_long_one_hides_nothing() -> None:
    assert depth(*line(ONE, TWO), edge(None, THREE)) == "Insufficient"
    assert depth(*line(ONE, TWO, THREE), edge(None, FOUR)) == "chain_long"


def test_a_link_to_oneself_adds_nothing() -> None:
    assert depth(*line(ONE, TWO), edge(TWO, TWO, 3)) == "Clear"
    assert depth(edge(ONE, ONE)) == "Insufficient"


def test_a_circle_adds_nothing() -> None:
    assert depth(*line(ONE, TWO), edge(TWO, ONE, 3)) == "Clear"


@pytest.mark.covers("T-CHN-01", "missing")
def test_no_organisation_known_is_insufficient() -> None:
    assert depth(*line(PERSON)) == "Insufficient"


@pytest.mark.covers("T-CHN-01", "missing")
def test_a_link_that_does_not_say_to_whom_is_never_clear() -> None:
    assert depth(*line(ONE, TWO), edge(TWO, None, 3)) == "Insufficient"
    assert depth(*line(ONE, TWO, THREE), edge(THREE, None, 4)) == "chain_long"


def test_nothing_declared_is_no_outcome() -> None:
    assert judge("T-CHN-01", journey(PLACE), at("2025-06-01")) == []


def test_declared_twice_is_still_one_link_and_began_with_the_first() -> None:
    again = [edge(before, party, 100, id=f"again{party}") for before, party in ((None, ONE), (ONE, TWO), (TWO, THREE))]
    found = outcome(*line(ONE, TWO, THREE), *again)
    assert isinstance(found, Finding)
    assert (found.reason, found.since) == ("chain_long", BEGAN + 3 * HOUR)


@pytest.mark.covers("T-CHN-01", "late")
def test_a_link_retracted_or_corrected_ends_it() -> None:
    facts = line(ONE, TWO, THREE)
    gone = edge(TWO, THREE, 3, corrects="edge3", retracted=True, recorded="2025-04-01")
    other = edge(TWO, FIRM, 3, corrects="edge3", recorded="2025-04-01", role="employer")
    assert (depth(*facts), depth(*facts, gone), depth(*facts, other)) == ("chain_long", "Clear", "Clear")


@pytest.mark.covers("T-CHN-01", "boundary")
def test_the_last_link_counts_from_its_instant_on() -> None:
    facts = line(ONE, TWO, THREE)
    before = BEGAN + 3 * HOUR - 1
    assert isinstance(outcome(*facts, as_of=before), Clear)
    assert isinstance(outcome(*facts, as_of=before + 1), Finding)
    assert evaluation("T-CHN-01", journey(PLACE, *facts), before).next_due == before + 1


def test_a_corridors_own_row_is_that_of_the_day_on_which_the_line_was_whole() -> None:
    """18:15 UTC is midnight in Kathmandu."""
    (general,) = default().rows("T-CHN-01")
    own = replace(general, id="own", valid_from="2025-03-02", selectors=(("origin", "NP"), ("destination", "QA")),
                  values={"warn_at": 4, "alert_at": 5})  # fmt: skip
    policy, facts = Policy([general, own]), line(ONE, TWO)
    late = edge(TWO, THREE, moment="2025-03-01T18:15:00Z")
    assert isinstance(outcome(*facts, edge(TWO, THREE, moment="2025-03-01T18:14:59Z"), policy=policy), Finding)
    assert isinstance(outcome(*facts, late, policy=policy), Clear)
    assert isinstance(only("T-CHN-01", journey(*facts, late), at("2025-06-01"), policy=policy), Finding)  # bound for nowhere known


def declared(source: str | None, target: str | None, hours: int = 0, **details: Any) -> Fact:
    """A link of the job order itself."""
    return edge(source, target, hours, refs=Refs(demand=ORDER), subjects=(f"demand:{ORDER}",), **details)


def order(*facts: Fact, as_of: str | int = "2025-06-01") -> list[Outcome]:
    return judge("T-CHN-01", sums(f"demand:{ORDER}", (LINKS, DESTINATION), *facts), at(as_of))


SUBMITTED = fact("recruitment.demand_submitted", "2025-01-01", body={"country": "QA"}, subjects=(f"demand:{ORDER}",))
PASSED = (declared(None, ONE, id="a"), declared(ONE, TWO, id="b"), declared(TWO, THREE, 24, id="c"))


@pytest.mark.covers("T-CHN-01", "plain")
def test_the_line_of_a_job_order() -> None:
    (found,) = order(SUBMITTED, *PASSED)
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.destination) == ("chain_long", ("a", "b", "c"), "QA")
    assert found.since == at("2025-03-01T18:15:00Z")  # the day of the last link, in Kathmandu


def test_an_orders_link_counts_from_the_beginning_of_its_day() -> None:
    (before,) = order(*PASSED, as_of=at("2025-03-01T18:15:00Z") - 1)
    assert isinstance(before, Clear)
    assert before.next_at == at("2025-03-01T18:15:00Z")
    assert isinstance(order(*PASSED, as_of=at("2025-03-01T18:15:00Z"))[0], Finding)


def test_an_order_of_which_all_is_still_to_come_waits() -> None:
    (waiting,) = order(*PASSED, as_of="2025-02-01")
    assert isinstance(waiting, Insufficient)
    assert waiting.next_at == at("2025-02-28T18:15:00Z")


@pytest.mark.covers("T-CHN-01", "look_alike")
def test_workers_own_links_do_not_make_a_line_of_their_order() -> None:
    of_worker = declared(TWO, THREE, worker=["passport:NP:a"])
    told_by_worker = declared(TWO, THREE, body={"declared_by": "worker"})
    copied = structs.replace(declared(TWO, THREE), withheld=True)  # the order's home is not the worker's
    for other in (of_worker, told_by_worker, copied):
        assert isinstance(order(*PASSED[:2], other)[0], Clear)
    assert order(of_worker, told_by_worker, copied) == []


def test_an_orders_recruiters_side_by_side_are_breadth_and_an_open_end_is_never_clear() -> None:
    assert isinstance(order(declared(None, ONE), declared(None, TWO))[0], Insufficient)
    assert isinstance(order(*PASSED[:2], declared(TWO, None))[0], Insufficient)


def test_an_orders_link_dated_wrongly_ahead_or_retracted_is_none() -> None:
    ahead = declared(TWO, THREE, 25, recorded=BEGAN)
    gone = declared(TWO, THREE, 24, corrects="c", retracted=True, recorded="2025-04-01")
    assert isinstance(order(*PASSED[:2], ahead)[0], Clear)
    assert isinstance(order(*PASSED, gone)[0], Clear)


def test_an_order_without_recruiters_is_no_outcome() -> None:
    assert order(SUBMITTED) == []
