"""T-TRI-01: a year to set up who monitors an agreement."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import CORRIDOR, DESTINATION, ORIGIN, outcomes, said

SIGNED = at("2024-03-01T06:00:00Z")
DUE = SIGNED + 365 * DAY


def signed(type: str = "bla", **body: object) -> Fact:
    return said(f"oversight.{type}_signed", SIGNED, id="signed", agreement="A-1", corridor="NP-QA", **body)


def met(time: int, *subjects: str, workers: bool = True, **body: object) -> Fact:
    return said("oversight.committee_met", time, *(subjects or (DESTINATION,)), id="met", committee="C", jurisdiction="QA", workers=workers,
                government=True, employers=True, **{"agreement": "A-1", **body})  # fmt: skip


def judged(as_of: int, *facts: Fact) -> Outcome:
    return outcomes("T-TRI-01", CORRIDOR, as_of, *facts)["A-1"]


@pytest.mark.covers("T-TRI-01", "plain", "boundary")
def test_a_year_is_in_time_and_a_millisecond_more_is_not() -> None:
    before = judged(DUE, signed())
    assert isinstance(before, Clear)
    assert before.next_at == DUE + 1
    found = judged(DUE + 1, signed())
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows, found.since) == ("no_monitoring_body", ("signed",), ("T-TRI-01.default",), DUE)


@pytest.mark.covers("T-TRI-01", "plain", "look_alike")
@pytest.mark.parametrize("type", ["bla", "mou", "union_agreement"])
def test_every_kind_of_agreement_is_monitored(type: str) -> None:
    assert isinstance(judged(DUE + 1, signed(type)), Finding)
    assert isinstance(judged(DUE + 1, signed(type, monitoring_body="C")), Clear)


@pytest.mark.covers("T-TRI-01", "look_alike")
@pytest.mark.parametrize("place", [ORIGIN, DESTINATION, CORRIDOR])
def test_a_committee_that_met_is_a_body_late_or_not(place: str) -> None:
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(DUE + 20 * DAY, place)), Clear)


def test_a_meeting_without_workers_or_on_another_agreement_is_none() -> None:
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(DUE, workers=False)), Finding)
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(DUE, agreement="A-2")), Finding)


@pytest.mark.covers("T-TRI-01", "missing")
def test_a_meeting_on_the_corridor_may_be_on_its_agreement() -> None:
    """Of which nobody says on which agreement it was; elsewhere, without workers or too far back it could be on none."""
    doubtful = met(DUE, DESTINATION, CORRIDOR, agreement=None, corridor="NP-QA")
    found = judged(DUE + 30 * DAY, signed(), doubtful)
    assert isinstance(found, Insufficient)
    assert (found.missing, found.evidence) == ("which agreement a committee of the corridor watches over", ("met", "signed"))
    assert isinstance(judged(DUE, signed(), doubtful), Clear)
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(DUE, agreement=None)), Finding)
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(DUE, CORRIDOR, agreement=None, corridor="NP-QA", workers=False)), Finding)
    assert isinstance(judged(DUE + 30 * DAY, signed(), met(SIGNED - DAY, CORRIDOR, agreement=None, corridor="NP-QA")), Finding)


def test_of_a_corridor_without_an_agreement_nothing_is_said() -> None:
    assert outcomes("T-TRI-01", CORRIDOR, DUE, met(SIGNED, CORRIDOR)) == {}


@pytest.mark.covers("T-TRI-01", "boundary")
def test_it_begins_with_the_agreement_and_ends_with_it() -> None:
    later = signed(valid_from="2025-01-01", valid_until="2026-06-30")
    ends = at("2026-06-30T18:15:00Z")
    begins = at("2024-12-31T18:15:00Z")
    assert isinstance(judged(begins + 365 * DAY, later), Clear)
    found = judged(begins + 365 * DAY + 1, later)
    assert isinstance(found, Finding)
    assert found.next_at == ends
    assert isinstance(judged(ends, later), Clear)


@pytest.mark.covers("T-TRI-01", "late")
def test_a_meeting_told_late_withdraws_the_alert() -> None:
    late = met(SIGNED + 100 * DAY, recorded=DUE + 20 * DAY)
    assert lately("T-TRI-01", [signed()], [late], DUE + DAY, DUE + 21 * DAY) == ("raised", "withdrawn")
