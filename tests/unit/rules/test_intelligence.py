"""T-INT-01: shared and not acknowledged in 7 days. T-INT-02 (T-LIC-04): acknowledged and not acted on in 60."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from tests.support.builders import at, fact
from tests.support.judging import judge
from tests.support.lately import lately
from tests.support.registers import PARTY, decision, dossier, intelligence, known, licence, said

SENT, GOT = at("2025-01-10T06:00:00Z"), at("2025-01-12T06:00:00Z")
SHARED, ACKNOWLEDGED = intelligence("shared", SENT, id="sent"), intelligence("acknowledged", GOT, id="got")
LATE = at("2025-06-01")


def outcomes(rule: str, *facts: Fact, as_of: Instant = LATE, party: str = PARTY) -> dict[str, Outcome]:
    return {each.issue: each for each in judge(rule, dossier(*facts, party=party), as_of, standings=known(*facts))}


def first(*facts: Fact, as_of: Instant = LATE, issue: str = "INT-1 QA") -> Outcome:
    return outcomes("T-INT-01", *facts, as_of=as_of)[issue]


def second(*facts: Fact, as_of: Instant = LATE, issue: str = "INT-1 QA") -> Outcome:
    return outcomes("T-INT-02", *facts, as_of=as_of)[issue]


@pytest.mark.covers("T-INT-01", "plain", "boundary")
def test_seven_days_are_in_time_and_a_millisecond_more_is_not() -> None:
    waiting = first(SHARED, as_of=SENT + 7 * DAY)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == SENT + 7 * DAY + 1
    found = first(SHARED, as_of=SENT + 7 * DAY + 1)
    assert isinstance(found, Finding)
    assert (found.evidence, found.authority, found.since) == (("sent",), "QA", SENT + 7 * DAY)
    assert found.policy_rows == ("T-INT-01.default",)


@pytest.mark.covers("T-INT-01", "late")
def test_acknowledged_in_time_or_late_ends_it() -> None:
    assert isinstance(first(SHARED, ACKNOWLEDGED), Clear)
    late = intelligence("acknowledged", SENT + 30 * DAY)
    assert isinstance(first(SHARED, late, as_of=SENT + 30 * DAY - 1), Finding)
    assert isinstance(first(SHARED, late, as_of=SENT + 30 * DAY), Clear)


@pytest.mark.covers("T-INT-01", "look_alike")
@pytest.mark.parametrize("later", [intelligence("actioned", GOT), decision("renewed", GOT, "QA", intelligence="INT-1")])
def test_a_later_step_stands_for_the_acknowledgement(later: Fact) -> None:
    assert isinstance(first(SHARED, later), Clear)


@pytest.mark.parametrize("other", [intelligence("received", GOT), intelligence("acknowledged", GOT, "INT-2"),
                                   intelligence("acknowledged", GOT, country="SA"), decision("suspended", GOT, "QA"),
                                   decision("suspended", GOT, "NP", intelligence="INT-1"),
                                   intelligence("acknowledged", GOT, about="NP:dofe:9")])  # fmt: skip
def test_what_does_not_answer(other: Fact) -> None:
    assert isinstance(first(SHARED, other), Finding)


@pytest.mark.parametrize("kind", ["acknowledged", "actioned"])
def test_an_answer_that_does_not_name_the_party_is_found_by_the_authority(kind: str) -> None:
    answer = intelligence(kind, GOT, about=None)
    assert isinstance(first(SHARED, answer), Clear)
    assert isinstance(first(SHARED, intelligence(kind, GOT, "INT-2", about=None)), Finding)
    assert isinstance(first(SHARED, intelligence(kind, GOT, country="SA", about=None)), Finding)
    assert isinstance(second(SHARED, ACKNOWLEDGED, intelligence("actioned", GOT + DAY, about=None)), Clear)


def test_one_issue_per_authority_and_the_clock_begins_once() -> None:
    again, other = intelligence("shared", SENT + 20 * DAY), intelligence("shared", SENT, country="SA")
    found = outcomes("T-INT-01", SHARED, again, other, intelligence("acknowledged", GOT, country="SA"), as_of=SENT + 21 * DAY)
    assert {issue: type(each) for issue, each in found.items()} == {"INT-1 QA": Finding, "INT-1 SA": Clear}


def test_an_acknowledgement_that_does_not_say_whose_it_is() -> None:
    """With one authority alone it is that one's; of several, it is the publisher's."""
    plain = intelligence("acknowledged", GOT, country=None, source="/office/SA/mhrsd")
    assert isinstance(first(SHARED, plain), Clear)
    both = SHARED, intelligence("shared", SENT, country="SA"), plain
    found = outcomes("T-INT-01", *both)
    assert {issue: type(each) for issue, each in found.items()} == {"INT-1 QA": Finding, "INT-1 SA": Clear}


@pytest.mark.covers("T-INT-01", "missing")
def test_shared_with_nobody_knows_whom() -> None:
    sent = intelligence("shared", SENT, country=None)
    found = first(sent, issue="INT-1")
    assert isinstance(found, Finding)
    assert found.authority == "NP"
    assert isinstance(first(sent, ACKNOWLEDGED, issue="INT-1"), Clear)


@pytest.mark.covers("T-INT-01", "missing")
def test_what_names_no_party_is_insufficient_where_it_came_from() -> None:
    sent = fact("licensing.intelligence_shared", SENT, body={"intelligence": "INT-9", "with_jurisdiction": "QA"},
                source="/office/BD/bmet", subjects=("party:BD:office:bmet",))  # fmt: skip
    (found,) = outcomes("T-INT-01", sent, party="BD:office:bmet").values()
    assert isinstance(found, Insufficient)


@pytest.mark.covers("T-INT-01", "look_alike", "boundary")
def test_what_lapses_before_the_day_needs_no_answer() -> None:
    dhaka = 18  # 18:00 UTC is midnight there, whose office shared it
    short = intelligence("shared", SENT, expires="2025-01-16")
    assert isinstance(first(short), Clear)
    assert isinstance(first(intelligence("shared", SENT, expires="2025-01-17")), Finding)
    assert at("2025-01-16T18:00:00Z") < SENT + 7 * DAY < at(f"2025-01-17T{dhaka}:00:00Z")


def test_retracted_intelligence_was_none() -> None:
    gone = intelligence("shared", SENT, corrects="sent", retracted=True, recorded="2025-03-01")
    assert outcomes("T-INT-01", SHARED, gone) == {}


# T-INT-02


@pytest.mark.covers("T-INT-02", "plain", "boundary")
def test_sixty_days_from_the_acknowledgement() -> None:
    waiting = second(SHARED, ACKNOWLEDGED, as_of=GOT + 60 * DAY)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == GOT + 60 * DAY + 1
    found = second(SHARED, ACKNOWLEDGED, as_of=GOT + 60 * DAY + 1)
    assert isinstance(found, Finding)
    assert (found.evidence, found.since, found.policy_rows) == (("got", "sent"), GOT + 60 * DAY, ("T-INT-02.default",))


@pytest.mark.covers("T-INT-02", "look_alike")
@pytest.mark.parametrize("kind", ["renewed", "suspended", "cancelled", "blacklisted", "released"])
def test_a_renewal_or_decision_that_refers_to_it_answers_and_no_other(kind: str) -> None:
    assert isinstance(second(SHARED, ACKNOWLEDGED, decision(kind, GOT + DAY, "QA", intelligence="INT-1")), Clear)
    for wrong in ({}, {"intelligence": "INT-2"}):
        assert isinstance(second(SHARED, ACKNOWLEDGED, decision(kind, GOT + DAY, "QA", **wrong)), Finding)
    assert isinstance(second(SHARED, ACKNOWLEDGED, decision(kind, GOT + DAY, "NP", intelligence="INT-1")), Finding)


@pytest.mark.covers("T-INT-02", "look_alike")
def test_word_that_it_was_acted_on_answers_too() -> None:
    assert isinstance(second(SHARED, ACKNOWLEDGED, intelligence("actioned", GOT + DAY, decision="no ground")), Clear)
    assert isinstance(second(SHARED, ACKNOWLEDGED, intelligence("actioned", GOT + DAY, country="SA")), Finding)


def test_a_first_registration_answers_nothing() -> None:
    paper = licence("QA", moment=GOT + DAY, first=None, intelligence="INT-1")
    assert isinstance(second(SHARED, ACKNOWLEDGED, paper), Finding)


@pytest.mark.parametrize("kind", ["blacklisted", "prior_approval"])
def test_an_employer_is_decided_on_likewise(kind: str) -> None:
    body: dict[str, Any] = {"employer": PARTY, "jurisdiction": "QA", "intelligence": "INT-1"}
    assert isinstance(second(SHARED, ACKNOWLEDGED, said(f"licensing.employer_{kind}", GOT + DAY, body)), Clear)


@pytest.mark.covers("T-INT-02", "late")
def test_a_late_decision_ends_it() -> None:
    late = decision("suspended", GOT + 90 * DAY, "QA", intelligence="INT-1")
    assert isinstance(second(SHARED, ACKNOWLEDGED, late, as_of=GOT + 90 * DAY - 1), Finding)
    assert isinstance(second(SHARED, ACKNOWLEDGED, late, as_of=GOT + 90 * DAY), Clear)


def test_never_acknowledged_is_the_other_rules() -> None:
    assert outcomes("T-INT-02", SHARED) == {}


@pytest.mark.covers("T-INT-02", "missing")
def test_acknowledged_though_nobody_told_that_it_was_shared() -> None:
    found = second(ACKNOWLEDGED)
    assert isinstance(found, Finding)
    assert (found.evidence, found.authority) == (("got",), "QA")
    assert outcomes("T-INT-01", ACKNOWLEDGED) == {}
    assert isinstance(second(ACKNOWLEDGED, decision("suspended", GOT + DAY, "QA", intelligence="INT-1")), Clear)
    elsewhere = intelligence("shared", SENT, country="SA"), ACKNOWLEDGED, intelligence("acknowledged", GOT, country=None)
    assert {issue: type(each) for issue, each in outcomes("T-INT-02", *elsewhere).items()} == {"INT-1 QA": Finding}
    assert list(outcomes("T-INT-02", intelligence("acknowledged", GOT, country=None))) == ["INT-1 BD"]  # who published it
    assert list(outcomes("T-INT-02", intelligence("shared", SENT, country=None), ACKNOWLEDGED)) == ["INT-1"]


@pytest.mark.parametrize("rule", ["T-INT-01", "T-INT-02"])
@pytest.mark.parametrize(("about", "unnamed"), [({"grade": "B", "heard": True}, False), ({"grade": "C", "heard": True}, True),
                                                ({"grade": "A"}, True), ({}, True)])  # fmt: skip
def test_the_party_is_named_at_regional_level_on_firm_intelligence_alone(rule: str, about: dict[str, Any], unnamed: bool) -> None:
    answer = (ACKNOWLEDGED,) if rule == "T-INT-02" else ()
    found = outcomes(rule, intelligence("shared", SENT, **about), *answer)["INT-1 QA"]
    assert isinstance(found, Finding)
    assert found.unnamed is unnamed


def test_and_no_longer_when_it_lapses() -> None:
    sent = intelligence("shared", SENT, grade="A", heard=True, expires="2025-03-31")
    end = at("2025-03-31T18:00:00Z")
    before, after = first(sent, as_of=end - 1), first(sent, as_of=end)
    assert isinstance(before, Finding)
    assert isinstance(after, Finding)
    assert (before.unnamed, before.next_at, after.unnamed) == (False, end, True)


@pytest.mark.covers("T-INT-02", "late")
@pytest.mark.covers("T-INT-01", "late")
def test_an_answer_that_is_told_late_withdraws_the_alert() -> None:
    answer = intelligence("acknowledged", GOT, recorded=LATE)
    assert lately("T-INT-01", [SHARED], [answer], SENT + 8 * DAY, LATE + DAY) == ("raised", "withdrawn")
    decided = decision("suspended", GOT + DAY, "QA", intelligence="INT-1", recorded=LATE)
    assert lately("T-INT-02", [SHARED, ACKNOWLEDGED], [decided], GOT + 61 * DAY, LATE + DAY) == ("raised", "withdrawn")
