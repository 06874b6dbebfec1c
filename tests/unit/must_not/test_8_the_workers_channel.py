"""Must-not 8: the union or organisation through which a worker complained hears instead of the embassy, which may be the risk;
and oversight sees what the embassy does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from schemas.topicfiles import declared
from streams.domain import cases
from streams.domain.outputs import Alert
from streams.rules.registry import catalogue
from tests.support.grievances import NOW, agreed, complaint, delivered, dismissal, event, to
from tests.support.published import Watching

CHANNELS = {"ngo": "ngo-channel", "union": "union-channel"}


def everything(**body: Any) -> list[dict[str, Any]]:
    """A complaint that is ignored, settled without proof, heard without the worker, answered with a dismissal and a fine, and ended
    because the worker is said to have gone home."""
    qar = {"minor": 100, "currency": "QAR"}
    court = {"worker_present": False, "representative_present": False, "adjourned": False}
    return [
        complaint(1, **body), dismissal(1),
        event("complaint.complaint_settled", 1, 20, "K-1", award=qar, payment_proof=None, paid_amount=None),
        event("complaint.hearing_held", 1, 22, "K-1", **court),
        event("complaint.sanction_imposed", 1, 25, "K-1", on_kind="worker", on_party=None, kind="fine"),
        event("complaint.complaint_decided", 1, 30, "K-1", upheld=False, award=None, ground="repatriated"),
    ]  # fmt: skip


def confidential(alerts: Iterable[Alert]) -> list[Alert]:
    """Alerts about complaints, retaliation and courts."""
    ids = {rule.id for rule in catalogue() if rule.confidential}
    return [alert for alert in alerts if alert.rule.partition("@")[0] in ids]


def roles(alerts: Iterable[Alert]) -> dict[str, set[str]]:
    """By rule, who heard."""
    found: dict[str, set[str]] = {}
    for alert in alerts:
        found.setdefault(alert.rule.partition("@")[0], set()).add(alert.audience.partition(".")[0])
    return found


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_channel_that_the_worker_chose_hears_instead_of_the_embassy(channel: str) -> None:
    found = roles(confidential(delivered(*everything(channel=channel)).alerts))
    assert set(found) >= {"T-CMP-01", "T-CMP-02", "T-LEG-01", "T-LEG-02", "T-RTL-01", "T-PEN-01"}
    for rule, heard in found.items():
        assert CHANNELS[channel] in heard, rule
        assert not heard & ({"embassy", "satellite-office"} | set(CHANNELS.values()) - {CHANNELS[channel]}), rule
        assert "oversight-restricted" in heard, rule


@pytest.mark.parametrize("channel", ["embassy", "office", "hotline", "web", "police", None])
def test_through_any_other_channel_the_embassy_hears(channel: str | None) -> None:
    found = roles(confidential(delivered(*everything(channel=channel)).alerts))
    assert all("embassy" in heard for heard in found.values())


def test_it_reads_what_the_embassy_would_have_read() -> None:
    """It is to act: the case and its evidence, and where its own country's people are."""
    (alert, *_) = to("ngo-channel", delivered(complaint(1, channel="ngo")).alerts)
    assert (alert.audience, alert.issue) == ("ngo-channel.NP", "K-1")
    assert alert.subject.startswith("journey:NP:")
    assert alert.evidence


def test_an_employers_channel_is_not_the_workers() -> None:
    own = complaint(1, channel="embassy")
    theirs = event("complaint.complaint_filed", 1, 1, "K-1", complainant_role="employer", channel="ngo", against=None, agency=None)
    assert "embassy" in roles(delivered(own, theirs).alerts)["T-CMP-01"]


def test_where_nobody_reads_for_that_channel_restricted_oversight_does_and_never_the_embassy() -> None:
    def known(audience: str) -> bool:
        return declared(audience) and not audience.startswith("ngo-channel")

    watching = Watching(NOW, known)
    watching.in_pieces(everything(channel="ngo"), 1)
    for rule, heard in roles(confidential(watching.published.alerts)).items():
        assert heard <= {"oversight-restricted", "focal-office"}, rule


def test_another_case_through_the_embassy_stays_with_it() -> None:
    first = complaint(1, channel="ngo")
    second = event("complaint.complaint_filed", 1, 5, "K-other", complainant_role="worker", channel="embassy", against=None, agency=None)
    heard = {(alert.issue, alert.audience.partition(".")[0]) for alert in delivered(first, second).alerts if alert.rule == "T-CMP-01@1"}
    assert ("K-1", "ngo-channel") in heard
    assert ("K-other", "embassy") in heard
    assert not {("K-1", "embassy"), ("K-other", "ngo-channel")} & heard


def test_the_channels_are_declared_for_each_origin() -> None:
    assert all(declared(f"{role}.NP") for role in CHANNELS.values())


def test_the_state_that_penalises_the_worker_does_not_hear_of_it_through_its_embassy() -> None:
    fined = event("complaint.sanction_imposed", 1, 25, "K-1", on_kind="worker", on_party=None, kind="blacklist")
    fined["source"] = "/office/NP/dofe"
    assert roles(delivered(complaint(1), fined).alerts)["T-PEN-01"] == {"oversight-restricted"}


def test_oversight_hears_of_all_that_an_embassy_hears_of_a_complaint() -> None:
    alerts = confidential(delivered(*everything(channel="embassy"), agreed(1)).alerts)
    assert {alert.id for alert in to("embassy", alerts)} <= {alert.id for alert in to("oversight-restricted", alerts)}


def test_a_channel_that_is_not_looked_at_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "_CHANNELS", {})
    assert "embassy" in roles(delivered(complaint(1, channel="ngo")).alerts)["T-CMP-01"]
