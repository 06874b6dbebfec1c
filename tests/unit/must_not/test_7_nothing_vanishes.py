"""Must-not 7: what comes late or is corrected moves an alert on; both states stay, and no alert is ever taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from streams.domain.facts import Fact, Was
from streams.domain.frames import Frame
from streams.domain.instants import DAY, Instant
from streams.domain.outputs import OPEN, Alert, Entry, Published, decode_alert
from streams.domain.standings import Standings
from streams.dossiers.alerting import difference
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact
from tests.support.published import Watching, watched

GONE, LATER, LAST = at("2025-03-10"), at("2025-03-20"), at("2025-04-20")
PASSPORT = ("passport:NP:a",)


def event(type: str, moment: Instant, **details: Any) -> Fact:
    body = {"country": "QA", "employer": "QA:cr:1"} | details.pop("body", {})
    return fact(type, moment, worker=PASSPORT, body=body, subjects=("party:NP:office:kathmandu",), **details)


REGISTERED = event("recruitment.worker_registered", GONE - 60 * DAY)
DEPARTED = event("deployment.departed", GONE, id="gone")
CONTRACT = event("oversight.contract_registered_origin", GONE - DAY, recorded=LATER, id="paper")
TAKEN_BACK = event("oversight.contract_registered_origin", GONE - DAY, recorded=LAST, id="no-paper", corrects="paper", retracted=True,
                   was=Was("NP", ()))  # fmt: skip


class Office:
    """A partition that is told one thing at a time; the alerts of T-CON-01 to the embassy, as they were delivered."""

    def __init__(self) -> None:
        self.partition = Partition(MemoryStore(), Context(catalogue(), default(), Standings(), lambda audience: True))
        self.sent: list[Alert] = []
        self.partition.accept([Frame("NP", (REGISTERED,))], GONE - 60 * DAY)

    def told(self, each: Fact, now: Instant) -> Published:
        """Its finding as the entry has it afterwards."""
        outbox = self.partition.accept([Frame("NP", (each,))], now)
        alerts = [decode_alert(value) for topic, _, value in outbox.announced() if topic == "alerts.embassy.NP-QA"]
        self.sent += [alert for alert in alerts if alert.rule.startswith("T-CON-01")]
        (subject,) = [name for name in self.partition.subjects() if name.startswith("journey:")]
        entry = self.partition.entry(subject)
        assert entry is not None
        (found,) = [published for published in entry.published if published.rule.startswith("T-CON-01")]
        return found


def test_a_late_record_withdraws_and_the_entry_keeps_what_was_raised_and_when_it_ended() -> None:
    office = Office()
    raised = office.told(DEPARTED, GONE + DAY)
    ended = office.told(CONTRACT, LATER)
    assert (raised.status, ended.status) == ("raised", "withdrawn")
    assert (ended.alert, ended.reason, ended.summary, ended.evidence) == (raised.alert, raised.reason, raised.summary, raised.evidence)
    assert (ended.raised_at, ended.changed_at) == (GONE + DAY, LATER)
    assert [(alert.id, alert.status) for alert in office.sent] == [(raised.alert, "raised"), (raised.alert, "withdrawn")]
    assert office.sent[0].revision < office.sent[1].revision


def test_a_correction_of_the_late_record_raises_the_same_alert_again() -> None:
    office = Office()
    raised = office.told(DEPARTED, GONE + DAY)
    office.told(CONTRACT, LATER)
    again = office.told(TAKEN_BACK, LAST)
    assert (again.alert, again.status, again.raised_at) == (raised.alert, "raised", LAST)
    assert [alert.status for alert in office.sent] == ["raised", "withdrawn", "raised"]


def test_a_corrected_event_updates_what_stays_true() -> None:
    office = Office()
    office.told(DEPARTED, GONE + DAY)
    later = event("deployment.departed", GONE + DAY, id="gone-2", corrects="gone", was=Was("NP", ()), recorded=LATER)
    updated = office.told(later, LATER)
    assert (updated.status, updated.raised_at, updated.evidence) == ("updated", GONE + DAY, ("gone-2",))
    assert [(alert.status, alert.evidence) for alert in office.sent] == [("raised", ("gone",)), ("updated", ("gone-2",))]


def test_all_that_it_was_about_taken_back_still_leaves_the_alert_withdrawn() -> None:
    office = Office()
    office.told(DEPARTED, GONE + DAY)
    gone = event("deployment.departed", GONE, id="never", corrects="gone", retracted=True, was=Was("NP", ()), recorded=LATER)
    assert office.told(gone, LATER).status == "withdrawn"


def vanished(alerts: Iterable[Alert], entries: Iterable[Entry]) -> list[str]:
    """Alerts that were delivered and that no last entry has, or has in another state than was delivered last."""
    last = {(alert.audience, alert.id): alert for alert in alerts}
    kept = {each.alert: each for entry in {entry.subject: entry for entry in entries}.values() for each in entry.published}
    return sorted(name for (audience, name), alert in last.items()
                  if name not in kept or (audience in kept[name].audiences and kept[name].status != alert.status))  # fmt: skip


def test_over_a_whole_run_that_comes_in_pieces_nothing_vanishes() -> None:
    published = watched().published
    assert {alert.status for alert in published.alerts} == {"raised", "updated", "withdrawn", "superseded"}
    assert vanished(published.alerts, published.entries) == []


def test_over_a_whole_run_each_alert_begins_raised_and_moves_on_by_revision() -> None:
    told: dict[tuple[str, str], list[Alert]] = defaultdict(list)
    for alert in watched().published.alerts:
        told[alert.audience, alert.id].append(alert)
    several = [states for states in told.values() if len(states) > 1]
    assert len(several) > 20
    for states in told.values():
        assert states[0].status in OPEN
        assert all(before.changed_at <= after.changed_at and before.revision < after.revision
                   for before, after in pairwise(states))  # fmt: skip
        assert all(after.raised_at == before.raised_at for before, after in pairwise(states) if before.status in OPEN)


def test_an_entry_keeps_every_finding_that_one_before_it_had() -> None:
    had: dict[str, set[str]] = defaultdict(set)
    for entry in watched().published.entries:
        now = {each.alert for each in entry.published}
        assert had[entry.subject] <= now
        had[entry.subject] = now


def test_what_is_forgotten_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a difference that keeps open findings alone, the same run loses alerts."""

    def forgetful(*given: Any, **named: Any) -> tuple[Published, ...]:
        return tuple(each for each in difference(*given, **named) if each.status in OPEN)

    monkeypatch.setattr("streams.dossiers.publishing.difference", forgetful)
    watching = Watching(watched().run.as_of, rules=tuple(rule for rule in catalogue() if rule.id in ("T-CON-01", "T-CON-02")))
    watching.in_pieces(watched().busy, 200)
    assert vanished(watching.published.alerts, watching.published.entries)
