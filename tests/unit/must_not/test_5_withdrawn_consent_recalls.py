"""Must-not 5: consent that is withdrawn stops what it let through, and what was already sent is recalled."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from streams.domain import cases
from streams.domain.instants import DAY
from streams.domain.outcomes import Finding
from streams.domain.outputs import Alert
from streams.dossiers.alerting import difference, to_send
from streams.rules import employer_level
from streams.rules.registry import catalogue
from tests.support.grievances import DAY_0, FIRM, agreed, complaint, delivered, dismissal, event, standing, to, withdrew

NOWHERE: Any = (("NP", "QA"), lambda ids: (), lambda audience: True)  # the place, no offices, every audience declared
# As it comes: the firm's act or silence, late by day 30, and something that has the office look again before and after.
HARMS = {"T-CMP-01": lambda worker: [complaint(worker)], "T-RTL-01": lambda worker: [complaint(worker), dismissal(worker)]}


def looked_at(day: float) -> dict[str, Any]:
    """Something of another worker, so that time goes on."""
    return event("recruitment.worker_registered", 99, day)


def heard(audience: str, rule: str, *events: dict[str, Any]) -> list[Alert]:
    return [alert for alert in to(audience, delivered(*events).alerts) if alert.rule.startswith(rule)]


@pytest.mark.parametrize("rule", HARMS)
def test_what_the_inspectorate_was_told_is_recalled_on_the_day(rule: str) -> None:
    alerts = heard("labour-inspectorate", rule, *HARMS[rule](1), agreed(1), looked_at(35), withdrew(1, 40), looked_at(50))
    assert [alert.status for alert in alerts] == ["raised", "withdrawn"]
    assert alerts[-1].changed_at == DAY_0 + 40 * DAY
    assert (alerts[0].id, alerts[0].subject) == (alerts[1].id, f"party:{FIRM}")
    assert standing(alerts) == set()


@pytest.mark.parametrize("rule", HARMS)
def test_nothing_more_goes_out_afterwards(rule: str) -> None:
    """Withdrawn before anything was due to be told: nothing is told, and then nothing recalled."""
    assert heard("labour-inspectorate", rule, complaint(1), agreed(1, 1), withdrew(1, 2), *HARMS[rule](1)[1:], looked_at(50)) == []


def test_it_is_told_again_when_the_worker_agrees_again() -> None:
    events = complaint(1), agreed(1), looked_at(35), withdrew(1, 40), agreed(1, 45), looked_at(50)
    assert [alert.status for alert in heard("labour-inspectorate", "T-CMP-01", *events)] == ["raised", "withdrawn", "raised"]


def test_consent_that_has_its_day_is_recalled_after_it() -> None:
    """Given until the 25th of August: from the 26th on, in Qatar, it holds no more."""
    events = complaint(1), agreed(1, until="2025-08-25"), looked_at(36), looked_at(37.5)
    alerts = heard("labour-inspectorate", "T-CMP-01", *events)
    assert [alert.status for alert in alerts] == ["raised", "withdrawn"]


def test_one_workers_withdrawal_takes_nothing_from_anothers_consent() -> None:
    events = complaint(1), complaint(2), agreed(1), agreed(2), looked_at(35), withdrew(1, 40), looked_at(50)
    assert standing(heard("labour-inspectorate", "T-CMP-01", *events))


def test_five_workers_are_told_of_without_consent_and_still_are_when_one_withdraws_it() -> None:
    events = [complaint(worker) for worker in range(5)]
    assert standing(heard("labour-inspectorate", "T-CMP-01", *events, agreed(0), looked_at(35), withdrew(0, 40), looked_at(50)))


def test_the_embassy_is_recalled_where_the_worker_does_not_want_it_to_know() -> None:
    """Restricted oversight goes on; the recall says no more than what was told before."""
    events = complaint(1), looked_at(8), withdrew(1, 9, "embassy"), dismissal(1, 20), looked_at(30)
    alerts = heard("embassy", "T-CMP-01", *events)
    assert [alert.status for alert in alerts] == ["raised", "withdrawn"]
    assert alerts[1].evidence == alerts[0].evidence
    assert heard("embassy", "T-RTL-01", *events) == []
    assert {alert.status for alert in heard("oversight-restricted", "T-RTL-01", *events)} == {"raised"}


def test_a_recall_says_no_more_than_what_it_recalls() -> None:
    """Something new and the withdrawal come at once: the former audience hears only that what it had is withdrawn."""
    (rule,) = [each for each in catalogue() if (each.id, each.kind) == ("T-RTL-01", "journey")]
    first = Finding(reason="dismissal", summary="Dismissed.", evidence=("act",), destination="QA")
    then = structs.replace(first, summary="Dismissed, evicted.", evidence=("act", "new"), channel="oversight-restricted")
    subject = "journey:NP:1"
    before = difference((), [(rule, first)], subject, DAY_0, *NOWHERE)
    now = difference(before, [(rule, then)], subject, DAY_0 + DAY, *NOWHERE)
    sent = to_send(before, now, {(rule.id, rule.kind): rule}, subject, "NP", (1, 1))
    (recall,) = to("embassy", sent)
    assert (recall.status, recall.summary, recall.evidence, recall.changed_at) == ("withdrawn", "Dismissed.", ("act",), DAY_0 + DAY)
    assert [alert.evidence for alert in to("oversight-restricted", sent)] == [("act", "new")]


def test_a_withdrawal_before_consent_was_given_is_kept_has_no_effect_and_is_said_to_be_wrong() -> None:
    early = withdrew(1, 0.5)
    published = delivered(complaint(1), early, agreed(1, 1), looked_at(50))
    assert standing(alert for alert in to("labour-inspectorate", published.alerts) if alert.rule.startswith("T-CMP-01"))
    (wrong,) = {alert.evidence for alert in published.alerts if alert.reason == "consent_order"}
    assert wrong == (early["id"],)
    assert early["id"] in {fact.event_id for _, fact in published.facts}
    assert {alert.audience for alert in published.alerts if alert.reason == "consent_order"} == {"oversight-restricted"}


def test_a_withdrawal_that_is_not_looked_at_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def given_once(view: object, scope: str, case: cases.Case) -> tuple[int, int]:
        return DAY_0, 1 << 62

    monkeypatch.setattr(employer_level, "consented", given_once)
    alerts = heard("labour-inspectorate", "T-CMP-01", complaint(1), agreed(1), looked_at(35), withdrew(1, 40), looked_at(50))
    assert standing(alerts)
