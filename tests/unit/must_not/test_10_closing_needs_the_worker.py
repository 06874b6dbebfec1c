"""Must-not 10: a complaint is closed by the worker's word, or by a paper that says why there can be none; going home is no reason."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.validate import check
from streams.domain import cases
from streams.domain.outputs import Alert
from tests.support.grievances import NOW, complaint, delivered, event, standing

NO_REASON: list[dict[str, Any]] = [
    {}, {"reason": "repatriated"}, {"reason": "timeout"}, {"reason": "paid_in_full"}, {"reason": "absence", "confirmed_by_worker": False},
    {"reason": "repatriated", "impossible": "worker_unreachable"},
]  # fmt: skip
REASON: list[dict[str, Any]] = [
    {"confirmed_by_worker": True}, {"reason": "repatriated", "confirmed_by_worker": True},
    {"impossible": "worker_died", "document": "n_0123456789abcdef0123456789abcdef"},
]  # fmt: skip


def closed(day: float = 2, **body: Any) -> dict[str, Any]:
    return event("complaint.complaint_closed", 1, day, "K-1", **{"confirmed_by_worker": None, "reason": None} | body)


def home(day: float = 1) -> dict[str, Any]:
    return event("deployment.repatriation_done", 1, day, country="QA", cause="contract_end")


def ignored(*events: dict[str, Any]) -> set[str]:
    """Whether the complaint still counts as waiting."""
    return standing(alert for alert in delivered(*events).alerts if alert.rule.startswith("T-CMP-01") and alert.audience == "embassy.NP-QA")


@pytest.mark.parametrize("body", NO_REASON)
def test_an_office_alone_closes_nothing(body: dict[str, Any]) -> None:
    assert ignored(complaint(1), closed(**body))
    assert ignored(complaint(1), home(), closed(**body))


@pytest.mark.parametrize("body", REASON)
def test_the_workers_word_or_the_paper_closes_it(body: dict[str, Any]) -> None:
    assert ignored(complaint(1), closed(**body)) == set()


def test_going_home_closes_nothing() -> None:
    assert ignored(complaint(1), home())


def test_closed_for_going_home_is_a_harm_of_its_own() -> None:
    def because(*events: dict[str, Any]) -> list[Alert]:
        return [alert for alert in delivered(*events).alerts if alert.rule.startswith("T-LEG-02")]

    assert because(complaint(1), home(), closed(reason="repatriated"))
    assert because(complaint(1), home(), closed(reason="repatriated", confirmed_by_worker=True)) == []


def test_nothing_ends_it_by_itself() -> None:
    """No timer: a year on it waits as on the first day."""
    assert ignored(complaint(1), event("recruitment.worker_registered", 99, 365))


def test_an_office_cannot_publish_that_it_was_impossible_without_the_paper() -> None:
    raw = closed(impossible="worker_unreachable")
    assert [(each.field, each.reason) for each in check(raw, NOW)] == [("body.document", "undocumented")]
    assert check(closed(impossible="worker_unreachable", document="n_0123456789abcdef0123456789abcdef"), NOW) == []


@pytest.mark.parametrize("because", ["repatriated", "worker_went_home", "timeout"])
def test_no_other_reason_why_there_is_no_confirmation_can_be_written(because: str) -> None:
    assert check(closed(impossible=because, document="n_0123456789abcdef0123456789abcdef"), NOW)


def test_a_closing_that_is_taken_at_its_word_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "closes", lambda step: True)
    assert ignored(complaint(1), home(), closed(reason="repatriated")) == set()
