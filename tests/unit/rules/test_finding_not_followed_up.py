"""T-INS-05: thirty days from what an inspection found to its remedy or escalation."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Outcome
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import outcomes, said

FIRM, SITE, AGENCY, OFFICE = "party:QA:cr:1", "party:QA:site:1", "party:NP:dofe:7", "party:QA:office:mol"
NAMES = {FIRM: "employer", SITE: "site", AGENCY: "agency"}
FOUND = at("2025-04-22T09:00:00Z")
DUE = FOUND + 30 * DAY


def event(name: str, time: Instant, *parties: str, finding: str = "F-1", **body: Any) -> Fact:
    named = {NAMES[each]: each.removeprefix("party:") for each in parties}
    return said(f"oversight.finding_{name}", time, OFFICE, *parties, source="/office/QA/mol", finding=finding, **named, **body)


def judged(as_of: Instant, *facts: Fact, subject: str = FIRM, issue: str = "QA/F-1") -> Outcome:
    return outcomes("T-INS-05", subject, as_of, *facts)[issue]


@pytest.mark.covers("T-INS-05", "plain", "boundary")
def test_thirty_days_are_in_time_and_a_millisecond_more_is_not() -> None:
    before = judged(DUE, event("recorded", FOUND, FIRM))
    assert isinstance(before, Clear)
    assert before.next_at == DUE + 1
    found = judged(DUE + 1, event("recorded", FOUND, FIRM, id="found"))
    assert isinstance(found, Finding)
    assert (found.reason, found.evidence, found.policy_rows, found.since) == ("not_followed_up", ("found",), ("T-INS-05.default",), DUE)
    assert (found.destination, found.parties) == ("QA", ("QA:cr:1",))


@pytest.mark.covers("T-INS-05", "look_alike")
@pytest.mark.parametrize("step", ["remediated", "escalated"])
def test_remedied_or_escalated_in_time_or_late_it_is_followed_up(step: str) -> None:
    for moment in (FOUND + DAY, DUE + 40 * DAY):
        assert isinstance(judged(DUE + 50 * DAY, event("recorded", FOUND, FIRM), event(step, moment, FIRM)), Clear)


def test_another_finding_or_another_countrys_is_not_this_one() -> None:
    other = event("remediated", FOUND + DAY, FIRM, finding="F-2")
    abroad = said("oversight.finding_remediated", FOUND + DAY, FIRM, source="/office/NP/dofe", finding="F-1", employer="QA:cr:1")
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, FIRM), other, abroad), Finding)


@pytest.mark.covers("T-INS-05", "missing")
def test_what_nobody_told_is_not_done() -> None:
    """A remedy of what nobody is known to have found is none; nor is one of which nobody says about whom, by another office."""
    assert outcomes("T-INS-05", FIRM, DUE + 1, event("remediated", FOUND, FIRM)) == {}
    other = said("oversight.finding_remediated", FOUND + DAY, "party:QA:office:doha", source="/office/QA/doha", finding="F-1")
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, FIRM), other), Finding)
    assert isinstance(judged(DUE + 1, event("recorded", FOUND), other, subject=OFFICE), Finding)


def test_it_is_judged_once() -> None:
    """At the employer, else the site, else the agency; where nobody is named, at the office that found it."""
    everyone = event("recorded", FOUND, FIRM, SITE, AGENCY)
    assert [subject for subject in (FIRM, SITE, AGENCY, OFFICE) if outcomes("T-INS-05", subject, DUE + 1, everyone)] == [FIRM]
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, SITE, AGENCY), subject=SITE), Finding)
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, AGENCY), subject=AGENCY), Finding)
    nobody = event("recorded", FOUND)
    assert isinstance(judged(DUE + 1, nobody, subject=OFFICE), Finding)
    assert isinstance(judged(DUE + 1, nobody, event("escalated", FOUND + DAY), subject=OFFICE), Clear)


@pytest.mark.covers("T-INS-05", "plain")
def test_an_escalation_that_was_taken_back_is_none() -> None:
    done = event("escalated", FOUND + DAY, FIRM, id="up")
    undone = event("escalated", FOUND + DAY, FIRM, corrects="up", retracted=True, recorded=FOUND + 5 * DAY)
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, FIRM), done, undone), Finding)


def test_a_finding_recorded_twice_counts_from_the_first() -> None:
    assert isinstance(judged(DUE + 1, event("recorded", FOUND, FIRM), event("recorded", FOUND + 10 * DAY, FIRM)), Finding)


def test_each_finding_is_an_issue() -> None:
    found = outcomes("T-INS-05", FIRM, DUE + 1, event("recorded", FOUND, FIRM), event("recorded", FOUND + DAY, FIRM, finding="F-2"))
    assert {issue: type(each) for issue, each in found.items()} == {"QA/F-1": Finding, "QA/F-2": Clear}


@pytest.mark.covers("T-INS-05", "late")
def test_a_remedy_told_late_withdraws_the_alert() -> None:
    late = event("remediated", FOUND + DAY, FIRM, recorded=DUE + 40 * DAY)
    assert lately("T-INS-05", [event("recorded", FOUND, FIRM)], [late], DUE + DAY, DUE + 41 * DAY) == ("raised", "withdrawn")
