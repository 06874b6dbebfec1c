"""T-LIC-02: blacklisted in one country, licensed in another."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at
from tests.support.judging import judge
from tests.support.lately import lately
from tests.support.registers import PARTY, decision, dossier, intelligence, known, licence

AS_OF = at("2025-06-01")
LISTED, HERE = decision("blacklisted", "2024-05-01T06:00:00Z", "QA", id="list"), licence(id="paper")
DUE = at("2024-05-01T18:15:00Z") - 1  # the end of 1 May in Kathmandu


def outcomes(*facts: Fact, as_of: Instant = AS_OF) -> dict[str, Outcome]:
    return {each.issue: each for each in judge("T-LIC-02", dossier(*facts), as_of, standings=known(*facts))}


def said(*facts: Fact, as_of: Instant = AS_OF, issue: str = "QA NP") -> Outcome:
    return outcomes(*facts, as_of=as_of)[issue]


@pytest.mark.covers("T-LIC-02", "plain")
def test_blacklisted_there_and_licensed_here() -> None:
    found = said(LISTED, HERE)
    assert isinstance(found, Finding)
    assert (found.evidence, found.authority, found.policy_rows) == (("list", "paper"), "NP", ("T-LIC-02.default",))
    assert (found.since, found.unnamed) == (DUE, False)


@pytest.mark.covers("T-LIC-02", "boundary")
def test_no_days_are_the_end_of_that_local_day() -> None:
    waiting = said(LISTED, HERE, as_of=DUE)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == DUE + 1
    assert isinstance(said(LISTED, HERE, as_of=DUE + 1), Finding)


def test_licensed_after_it_was_blacklisted() -> None:
    late = licence(first="2025-01-10", moment="2025-01-10")
    assert "QA NP" not in outcomes(LISTED, late, as_of=at("2025-01-01"))
    assert isinstance(said(LISTED, late, as_of=at("2025-01-11")), Finding)


@pytest.mark.covers("T-LIC-02", "look_alike")
@pytest.mark.parametrize("kind", ["suspended", "cancelled"])
def test_a_decision_here_ends_it(kind: str) -> None:
    assert isinstance(said(LISTED, HERE, decision(kind, "2024-08-01")), Clear)
    both = outcomes(LISTED, HERE, decision("blacklisted", "2024-08-01"))
    assert {issue: type(each) for issue, each in both.items()} == {"QA NP": Clear, "NP QA": Clear}


@pytest.mark.covers("T-LIC-02", "boundary")
def test_a_release_there_ends_it_and_so_does_the_last_day_of_either() -> None:
    assert outcomes(LISTED, HERE, decision("released", "2024-08-01", "QA")).keys() <= {""}
    ending = decision("blacklisted", "2024-05-01", "QA", until="2024-08-31"), HERE
    assert isinstance(said(*ending, as_of=at("2024-08-31T20:59:59Z")), Finding)
    assert "QA NP" not in outcomes(*ending, as_of=at("2024-08-31T21:00:00Z"))
    lapsing = LISTED, licence(last="2024-08-31")
    found = said(*lapsing, as_of=at("2024-08-01"))
    assert isinstance(found, Finding)
    assert found.next_at == at("2024-08-31T18:15:00Z")
    assert isinstance(said(*lapsing, as_of=at("2024-08-31T18:15:00Z")), Clear)


def test_a_blacklisting_to_come_is_waited_for() -> None:
    ahead = decision("blacklisted", "2024-05-01", "QA", from_="2024-07-01")
    (waiting,) = judge("T-LIC-02", dossier(ahead, HERE), at("2024-06-01"), standings=known(ahead, HERE))
    assert isinstance(waiting, Clear)
    assert waiting.next_at == at("2024-06-30T21:00:00Z")


@pytest.mark.covers("T-LIC-02", "look_alike")
def test_suspended_there_is_no_blacklist_and_licensed_in_both_is_nothing() -> None:
    assert outcomes(decision("suspended", "2024-05-01", "QA"), HERE) == {}
    assert outcomes(licence("QA"), HERE) == {}


@pytest.mark.covers("T-LIC-02", "missing")
def test_no_other_register_is_insufficient() -> None:
    assert isinstance(said(LISTED, issue="QA"), Insufficient)


def test_one_issue_per_pair() -> None:
    found = outcomes(LISTED, decision("blacklisted", "2024-05-01", "SA"), HERE, licence("BD"))
    assert {issue for issue, each in found.items() if isinstance(each, Finding)} == {"QA NP", "QA BD", "SA NP", "SA BD"}


def test_a_retracted_blacklisting() -> None:
    gone = decision("blacklisted", "2024-05-01", "QA", corrects="list", retracted=True, recorded="2024-06-01")
    assert outcomes(LISTED, gone, HERE) == {}


# Whether the regional network reads who it is (domain.md 5, must-not 9).


def unnamed(*facts: Fact, as_of: Instant = AS_OF, **body: Any) -> bool:
    listing = decision("blacklisted", "2024-05-01", "QA", **({"intelligence": "INT-1"} | body))
    found = said(listing, HERE, *facts, as_of=as_of)
    assert isinstance(found, Finding)
    return found.unnamed


def test_named_where_the_intelligence_is_graded_heard_and_holds() -> None:
    assert not unnamed(intelligence("shared", "2024-04-01", grade="B", heard=True))
    assert not unnamed(intelligence("shared", "2024-04-01", grade="A"), heard=True)
    assert not unnamed(intelligence=None)


@pytest.mark.parametrize("about", [{"grade": "C", "heard": True}, {"grade": "B"}, {"grade": "B", "heard": False}, {"heard": True},
                                   {"grade": "B", "heard": True, "about": "NP:dofe:9"},
                                   {"grade": "B", "heard": True, "reference": "INT-2"}])  # fmt: skip
def test_not_named_where_grade_or_hearing_is_missing(about: dict[str, Any]) -> None:
    assert unnamed(intelligence("shared", "2024-04-01", **about))
    assert unnamed()


@pytest.mark.parametrize("level", ["declared", "inferred"])
def test_not_named_for_a_decision_that_nothing_documents(level: str) -> None:
    assert unnamed(intelligence=None, evidence=level)


def test_nor_once_it_has_lapsed() -> None:
    facts = (intelligence("shared", "2024-04-01", grade="B", heard=True, expires="2025-05-31"),)
    end = at("2025-05-31T18:00:00Z")  # midnight in Dhaka, whose office shared it
    assert not unnamed(*facts, as_of=end - 1)
    assert unnamed(*facts, as_of=end)
    found = said(decision("blacklisted", "2024-05-01", "QA", intelligence="INT-1"), HERE, *facts, as_of=end - DAY)
    assert isinstance(found, Finding)
    assert found.next_at == end


def test_the_latest_grade_counts() -> None:
    assert unnamed(intelligence("shared", "2024-04-01", grade="B", heard=True), intelligence("acknowledged", "2024-04-05", grade="D"))


def test_the_party_and_no_other() -> None:
    other = licence(holder="NP:dofe:12")
    assert "QA NP" not in outcomes(LISTED, other)
    assert PARTY not in {each.issue for each in outcomes(LISTED, HERE).values()}


@pytest.mark.covers("T-LIC-02", "late")
def test_a_decision_or_a_release_told_late_withdraws_the_alert() -> None:
    here = decision("suspended", "2024-05-01", recorded="2024-08-01")
    for late in (here, decision("released", "2024-05-03", "QA", recorded="2024-08-01")):
        assert lately("T-LIC-02", [LISTED, HERE], [late], "2024-05-10", "2024-08-02", "QA NP") == ("raised", "withdrawn")
