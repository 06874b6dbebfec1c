"""T-EMB-02: who hears next of an alert that nobody answered, and when."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.answering import PUBLICATIONS, TOLD, Published, same_as
from streams.domain.corrections import in_force
from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.sums import refold
from streams.domain.views import SumsView
from streams.rules.alert_unanswered import DONE, INHERITED, OPEN_ALERTS, tell
from tests.support.builders import at, fact
from tests.support.judging import only

ALERT = "9b1c7a40d2e35f6081a4c7b2d9e0f135"
CASE, EMBASSY, INSPECTORS = f"case:NP:{ALERT}", "embassy.NP-QA", "labour-inspectorate.QA"
RAISED = at("2025-03-02T06:00:00Z")  # a Sunday, the first working day of the week in Qatar
SAME = same_as("T-CON-02", ("ev-1",))


def told(severity: str = "P1", audiences: str = f"{EMBASSY} {INSPECTORS}", raised: Instant = RAISED, successor: str = "") -> Published:
    return Published(raised, TOLD, severity, "T-CON-02", "NP", "QA", audiences, SAME, successor)


def acted(what: str, moment: Instant, audience: str = EMBASSY, **body: Any) -> Fact:
    said = {"alert": f"NP:{ALERT}", "audience": audience, **body}
    return fact(f"case.{what}", moment, id=f"{what}-{audience}", source="/office/NP/embassy-doha", subjects=(CASE,), body=said)


def published(moment: Instant = RAISED, **body: Any) -> Fact:
    said = {"alert": f"NP:{ALERT}", "rule": "T-CON-02", "severity": "P1", "audiences": [EMBASSY], "origin": "NP",
            "destination": "QA"} | body  # fmt: skip
    return fact("case.alert_published", moment, id="published", source="/office/NP/system", subjects=(CASE,), body=said)


def view(*facts: Fact, said: Published | None = None, inherited: tuple[tuple[Any, ...], ...] = ()) -> SumsView:
    sums = refold(in_force(facts), CASE, (PUBLICATIONS, DONE), facts)
    if said is not None:
        sums.add(PUBLICATIONS.name, said, ALERT, "journey:NP:1")
    for key in inherited:
        sums.add(INHERITED.name, key, ALERT, "case:NP:other")
    return SumsView(id=CASE, sums=sums, types=frozenset(each.type for each in facts))


ORDINARY = told()


def outcome(as_of: Instant, *facts: Fact, said: Published | None = ORDINARY, **more: Any) -> Outcome:
    return only("T-EMB-02", view(*facts, said=said, **more), as_of)


@pytest.mark.covers("T-EMB-02", "plain", "boundary")
@pytest.mark.parametrize(("severity", "days"), [("P1", (1, 2, 3)), ("P2", (3, 8, 11))])  # a Friday and Saturday are within P2's second
def test_each_of_the_ladder_hears_after_the_same_time_again(severity: str, days: tuple[int, int, int]) -> None:
    said, steps = told(severity), [RAISED + each * DAY for each in days]
    waiting = outcome(steps[0], said=said)
    assert isinstance(waiting, Clear)
    assert waiting.next_at == steps[0] + 1
    ladder = ("focal-office", "oversight", "tripartite-committee")
    for rung in (1, 2, 3):
        found = outcome(steps[rung - 1] + 1, said=said)
        assert isinstance(found, Finding)
        assert found.roles == ladder[:rung]
        assert found.next_at == (steps[rung] + 1 if rung < 3 else None)
        assert (found.severity, found.since, found.origin, found.destination) == (severity, steps[0], "NP", "QA")
        assert found.policy_rows == ("T-EMB-02.default",)


@pytest.mark.covers("T-EMB-02", "look_alike", "boundary")
def test_hours_of_a_weekend_are_none() -> None:
    """Raised at nine on Thursday in Doha, fifteen hours are that day's and nine are Sunday's."""
    said = told(raised=RAISED - 3 * DAY)
    assert isinstance(outcome(RAISED, said=said), Clear)
    assert isinstance(outcome(RAISED + 1, said=said), Finding)


@pytest.mark.covers("T-EMB-02", "boundary")
def test_ten_working_days_are_those_of_the_host_country() -> None:
    """From Sunday, with Friday and Saturday off: the tenth working day after 2 March 2025 is Sunday the 16th."""
    last = at("2025-03-16T21:00:00Z") - 1  # midnight in Doha
    assert isinstance(outcome(last, said=told("P3")), Clear)
    assert isinstance(outcome(last + 1, said=told("P3")), Finding)


@pytest.mark.covers("T-EMB-02", "look_alike", "late")
@pytest.mark.parametrize("what", ["acknowledged", "assigned", "verified", "closed"])
@pytest.mark.parametrize("audience", [EMBASSY, INSPECTORS])
def test_whatever_one_of_its_audiences_does_is_an_answer_late_too(what: str, audience: str) -> None:
    assert isinstance(outcome(RAISED + 30 * DAY), Finding)
    for moment in (RAISED + HOUR, RAISED + 9 * DAY):
        assert isinstance(outcome(RAISED + 30 * DAY, acted(what, moment, audience)), Clear)
    assert isinstance(outcome(RAISED + 9 * DAY - 1, acted(what, RAISED + 9 * DAY, audience)), Finding)


def test_an_action_of_another_audience_is_no_answer() -> None:
    assert isinstance(outcome(RAISED + 2 * DAY, acted("acknowledged", RAISED + HOUR, "embassy.NP-MY")), Finding)


@pytest.mark.covers("T-EMB-02", "look_alike")
def test_an_alert_that_another_took_over_needs_no_answer() -> None:
    assert isinstance(outcome(RAISED + 30 * DAY, said=told(successor="0" * 32)), Clear)


RESTRICTED = told(audiences=f"{EMBASSY} oversight-restricted")


def test_a_complaint_is_not_closed_without_the_worker() -> None:
    closed = acted("closed", RAISED + HOUR, reason="resolved")
    found = outcome(RAISED + 2 * HOUR, closed, said=RESTRICTED)
    assert isinstance(found, Finding)
    assert (found.reason, found.roles, found.since) == ("closed_without_the_worker", ("oversight",), RAISED + HOUR)
    assert "restricted" not in found.summary
    confirmed = acted("closure_confirmed_by_worker", RAISED + 3 * HOUR)
    assert isinstance(outcome(RAISED + 4 * HOUR, closed, confirmed, said=RESTRICTED), Clear)
    impossible = acted("closed", RAISED + HOUR, impossible="worker_unreachable", document="n_" + "0" * 32)
    assert isinstance(outcome(RAISED + 2 * HOUR, impossible, said=RESTRICTED), Clear)
    assert isinstance(outcome(RAISED + 2 * HOUR, closed), Clear)  # any other alert


def test_what_was_done_holds_for_the_successor_by_the_same_rule_and_evidence() -> None:
    key = (RAISED + HOUR, "case.acknowledged", EMBASSY, "")
    assert isinstance(outcome(RAISED + 2 * DAY, inherited=((*key, SAME),)), Clear)
    assert isinstance(outcome(RAISED + 2 * DAY, inherited=((*key, same_as("T-CON-02", ("ev-2",))),)), Finding)


def test_a_successor_hears_what_was_done_and_the_corridor_what_is_open() -> None:
    done = acted("acknowledged", RAISED + HOUR)
    followed = told(successor="0" * 32)
    assert list(tell(view(done, said=followed))) == [
        (f"case:NP:{'0' * 32}", INHERITED.name, (RAISED + HOUR, "case.acknowledged", EMBASSY, "", SAME), (ALERT,))
    ]
    assert list(tell(view(done, said=told()))) == [("place:NP-QA", OPEN_ALERTS.name, ("2025-03-02", EMBASSY), (ALERT,))]
    assert list(tell(view(acted("closed", RAISED + HOUR), said=told()))) == []


@pytest.mark.covers("T-EMB-02", "late")
def test_the_earliest_publication_counts_and_what_the_alert_is_now() -> None:
    """Recorded by an earlier system, two days before these workers said it again."""
    assert isinstance(outcome(RAISED + HOUR), Clear)
    assert isinstance(outcome(RAISED + HOUR, published(RAISED - 3 * DAY)), Finding)
    assert isinstance(outcome(RAISED + HOUR, published(RAISED - 3 * DAY), said=told(successor="0" * 32)), Clear)
    assert isinstance(outcome(RAISED + 2 * DAY, published(), said=None), Finding)
    assert outcome(RAISED - 1, published(), acted("acknowledged", RAISED - DAY), said=None) == Insufficient(
        missing="an open alert that this was done about", evidence=(f"acknowledged-{EMBASSY}",), next_at=RAISED)  # fmt: skip


@pytest.mark.covers("T-EMB-02", "missing")
def test_an_action_on_an_alert_that_nobody_published_is_insufficient() -> None:
    assert isinstance(outcome(RAISED, acted("acknowledged", RAISED), said=None), Insufficient)
