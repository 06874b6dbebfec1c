"""T-TRI-02: the latest meeting, who was there, and how long ago it is."""

from __future__ import annotations

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Outcome
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import CORRIDOR, DESTINATION, outcomes, said

MET = at("2025-01-15T07:00:00Z")


def met(time: int = MET, committee: str = "C", id: str | None = None, without: tuple[str, ...] = (), **body: object) -> Fact:
    sides = {party: party not in without for party in ("government", "workers", "employers")}
    return said("oversight.committee_met", time, DESTINATION, id=id, committee=committee, jurisdiction="QA", **sides, **body)


def judged(as_of: int, *facts: Fact, issue: str = "C") -> Outcome:
    return outcomes("T-TRI-02", DESTINATION, as_of, *facts)[issue]


@pytest.mark.covers("T-TRI-02", "plain", "boundary")
def test_365_days_and_not_a_millisecond_more() -> None:
    within = judged(MET + 365 * DAY, met())
    assert isinstance(within, Clear)
    assert within.next_at == MET + 365 * DAY + 1
    found = judged(MET + 365 * DAY + 1, met(id="met"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows) == ("no_meeting", ("met",), ("T-TRI-02.default",))
    assert found.since == MET + 365 * DAY


@pytest.mark.covers("T-TRI-02", "plain")
@pytest.mark.parametrize("party", ["government", "workers", "employers"])
def test_a_meeting_without_one_of_the_three(party: str) -> None:
    found = judged(MET, met(without=(party,)))
    assert isinstance(found, Finding)
    assert (found.reason, found.since) == ("party_missing", MET)
    assert f"without {party}" in found.summary


@pytest.mark.covers("T-TRI-02", "look_alike")
def test_civil_society_need_not_be_there() -> None:
    assert isinstance(judged(MET, met(civil_society=False)), Clear)


@pytest.mark.covers("T-TRI-02", "look_alike")
def test_the_latest_meeting_decides() -> None:
    complete, lacking = met(), met(MET + DAY, without=("workers",))
    assert isinstance(judged(MET + DAY, complete, lacking), Finding)
    assert isinstance(judged(MET + 2 * DAY, complete, lacking, met(MET + 2 * DAY)), Clear)


def test_a_meeting_told_late_ends_the_finding() -> None:
    late = met(MET + 300 * DAY, recorded=MET + 500 * DAY)
    assert isinstance(judged(MET + 400 * DAY, met(), late), Clear)


def test_each_committee_is_an_issue() -> None:
    found = outcomes("T-TRI-02", DESTINATION, MET, met(), met(committee="D", without=("employers",)))
    assert {issue: type(each) for issue, each in found.items()} == {"C": Clear, "D": Finding}


def test_a_meeting_yet_to_come_decides_nothing() -> None:
    found = judged(MET + DAY, met(), met(MET + 2 * DAY, without=("workers",), recorded=MET + 2 * DAY))
    assert isinstance(found, Clear)
    assert found.next_at == MET + 2 * DAY


def agreement(**body: object) -> Fact:
    return said("oversight.mou_signed", MET, id="signed", agreement="A-1", corridor="NP-QA", **body)


@pytest.mark.covers("T-TRI-02", "plain", "boundary")
def test_a_body_that_never_met_is_an_issue_of_its_corridor() -> None:
    def corridor(as_of: int, *facts: Fact) -> dict[str, Outcome]:
        return outcomes("T-TRI-02", CORRIDOR, as_of, *facts)

    named, due = agreement(monitoring_body="C"), MET + 365 * DAY
    before = corridor(due, named)["A-1"]
    assert isinstance(before, Clear)
    assert before.next_at == due + 1
    found = corridor(due + 1, named)["A-1"]
    assert isinstance(found, Finding)
    assert (found.reason, found.since, found.evidence) == ("never_met", due, ("signed",))
    assert isinstance(corridor(due + 1, named, met(MET + DAY))["A-1"], Clear)
    assert isinstance(corridor(due + 1, named, met(MET + DAY, "D", agreement="A-1"))["A-1"], Clear)
    assert isinstance(corridor(due + 1, named, met(MET + DAY, "D"))["A-1"], Finding)
    assert corridor(due + 1, agreement()) == {}


@pytest.mark.covers("T-TRI-02", "missing")
def test_a_committee_of_which_no_meeting_is_known_is_never_clear_for_good() -> None:
    """Of a country nothing is said then; the corridor of the agreement that names it waits for the 365 days, and shows it."""
    assert outcomes("T-TRI-02", DESTINATION, MET) == {}
    named = agreement(monitoring_body="C")
    assert outcomes("T-TRI-02", CORRIDOR, MET + 365 * DAY, named)["A-1"].next_at == MET + 365 * DAY + 1
    assert isinstance(outcomes("T-TRI-02", CORRIDOR, MET + 800 * DAY, named)["A-1"], Finding)


def test_the_body_of_an_agreement_that_ended_need_not_meet() -> None:
    ended = agreement(monitoring_body="C", valid_until="2025-12-31")
    assert isinstance(outcomes("T-TRI-02", CORRIDOR, MET + 366 * DAY, ended)["A-1"], Clear)


@pytest.mark.covers("T-TRI-02", "late")
def test_a_meeting_told_late_withdraws_the_alert() -> None:
    late = met(MET + 300 * DAY, recorded=MET + 390 * DAY)
    assert lately("T-TRI-02", [met()], [late], MET + 366 * DAY, MET + 391 * DAY) == ("raised", "withdrawn")
