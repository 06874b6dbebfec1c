"""Must-not 11: what is erased on lawful request is in no record that readers keep, and nothing that comes again brings it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from streams.domain import frames
from streams.domain.erasures import Husk, Order, decode_erasure, emptied
from streams.domain.erasures import encode as encode_erasure
from streams.domain.facts import RESTATED, Fact, Refs
from streams.domain.frames import Frame
from streams.domain.instants import DAY
from streams.domain.outputs import OPEN, Alert, Entry, decode_alert, decode_entry, decode_journey
from streams.domain.outputs import encode as encode_output
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.erasing import DELETE, REASON, Erasing
from streams.dossiers.partition import Partition
from streams.intake import withheld
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.sealing import Root, Roots
from streams.store.kv import MemoryStore
from tests.support.builders import at, fact

NOW, MASTER = at("2025-09-01"), b"the master key of a test, long enough"
EMPLOYER = "party:QA:cr:77"
MINE, THEIRS = ("national_id:NP:d1d1d1", "passport:NP:d2d2d2"), ("passport:NP:e1e1e1",)
ORDER = Order(id="0" * 31 + "1", home="NP", subject="", basis="Act 12, file 3/2025", officer="NP:person:p_1", at=NOW)


def event(type: str, day: int, id: str, worker: tuple[str, ...], **body: Any) -> Fact:
    made = fact(type, at("2025-03-01") + day * DAY, id=id, worker=worker, subjects=(EMPLOYER,), refs=Refs(case=f"case-{id}"),
                body={"country": "QA", "employer": "QA:cr:77", **body})  # fmt: skip
    return msgspec.structs.replace(made, homes=("NP", "QA"))


def of(name: str, worker: tuple[str, ...]) -> list[Fact]:
    """One worker's events: a departure without a contract, a passport taken, and a complaint that nobody took up."""
    return [
        event("recruitment.worker_registered", 0, f"{name}-registered", worker),
        event("deployment.departed", 20, f"{name}-departed", worker),
        event("deployment.residence_issued", 25, f"{name}-resident", worker),
        event("deployment.document_custody", 30, f"{name}-custody", worker, document="passport", held_by="employer"),
        event("complaint.complaint_filed", 40, f"{name}-complained", worker, complainant="worker", against="QA:cr:77", note=f"n_{name}"),
    ]


MY_EVENTS, THEIR_EVENTS = of("mine", MINE), of("theirs", THEIRS)
NEEDLES = tuple(name.encode() for name in (*(token.rpartition(":")[2] for token in MINE), "n_mine", *(each.event_id for each in MY_EVENTS),
                                           *(f"case-{each.event_id}" for each in MY_EVENTS)))  # fmt: skip


@dataclass
class Deployment:
    """The partitions of two homes, and what compaction leaves of each topic but the inboxes: the last record of each key."""

    partitions: dict[str, Partition] = field(default_factory=dict)
    records: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    roots: Roots = field(default_factory=lambda: Roots(MASTER))

    def __post_init__(self) -> None:
        self.context = Context(catalogue(), default(), Standings(), lambda audience: True)
        self.partitions = {home: Partition(MemoryStore(), self.context) for home in ("NP", "QA")}

    def publish(self, *facts: Fact) -> None:
        """As intake does it: the worker's home has all of it, the other what it may read."""
        for each in facts:
            self.take("NP", Frame("NP", (each,)))
            self.take("QA", Frame("QA", (withheld(each),)))

    def take(self, home: str, frame: Frame) -> Outbox:
        outbox = self.partitions[home].accept([frame], NOW)
        for line in outbox.journal:
            self.records["erasures", line.id.encode()] = encode_erasure(line)
        for key, value in self.roots.made(outbox.facts):
            self.records["keys", key] = value
        for where, each in outbox.facts:
            self.records["facts", f"{where}|{each.id}".encode()] = self.roots.seal(where, each)
        for husk in outbox.husks:
            self.records["facts", f"{husk.home}|{husk.fact}".encode()] = emptied(husk)
        for line in outbox.journal:
            self.records |= {("keys", key): value for key, value in self.roots.destroyed(line.home, line.events)}
        for said in outbox.heard:
            self.records["facts", f"!{said.about}|{said.teller}".encode()] = encode_output(said)
        for entry in outbox.entries:
            self.records["findings", entry.subject.encode()] = encode_output(entry)
        for order in outbox.orders:
            self.take(order.home, Frame(order.home, orders=(order,)))
        for topic, key, value in outbox.announced():
            self._announced(topic, key, value)
        return outbox

    def _announced(self, topic: str, key: bytes, value: bytes) -> None:
        if topic == "feed":
            self.take(key.decode(), frames.decode(value))
            return
        self.records[topic, key] = value
        if topic.startswith("alerts."):
            self.alerts.append(decode_alert(value))

    def holding(self) -> list[tuple[str, bytes]]:
        """Where anything of the first worker's stands."""
        return sorted(place for place, value in self.records.items() if any(needle in place[1] + value for needle in NEEDLES))

    def journey(self, home: str = "NP", opened_by: str = "mine-registered") -> Entry:
        (found,) = [entry for subject in self.partitions[home].subjects() if (entry := self.partitions[home].entry(subject)) is not None
                    and entry.opener[1] == opened_by]  # fmt: skip
        return found

    def erase(self) -> Entry:
        """Erases the first worker's journey; its entry as it was."""
        before = self.journey()
        self.take("NP", Frame("NP", orders=(msgspec.structs.replace(ORDER, subject=before.subject),)))
        return before


@pytest.fixture
def deployment() -> Deployment:
    found = Deployment()
    for mine, theirs in zip(MY_EVENTS, THEIR_EVENTS, strict=True):
        found.publish(mine, theirs)
    return found


def again(name: str, day: int = 20) -> Fact:
    """The passport of the departure, said again while a key was changed."""
    return fact(RESTATED, at("2025-03-01") + day * DAY, id=f"{name}~1.1", worker=(MINE[1],), body={"change": "1", "event": name})


def left(deployment: Deployment) -> set[str]:
    """Event ids of the first worker's facts that are not empty."""
    records = [(key.decode().partition("|"), value) for (topic, key), value in deployment.records.items() if topic == "facts"]
    opened = [deployment.roots.open(home, identity, value) for (home, _, identity), value in records if not home.startswith("!")]
    return {each.event_id for each in opened if isinstance(each, Fact) and not each.event_id.startswith("theirs")}


@pytest.mark.parametrize("early", [True, False])
def test_an_identifier_that_was_said_again_goes_with_the_event_that_showed_it(deployment: Deployment, early: bool) -> None:
    if early:
        deployment.take("NP", Frame("NP", (again("mine-departed"),)))
    deployment.erase()
    deployment.take("NP", Frame("NP", (again("mine-departed"),)))
    assert deployment.holding() == []
    assert left(deployment) == set()


def test_it_goes_with_it_though_it_is_told_in_another_journey_and_takes_nothing_else_along(deployment: Deployment) -> None:
    deployment.take("NP", Frame("NP", (
        event("deployment.repatriation_done", 50, "mine-home", MINE), event("deployment.departed", 60, "next-departed", MINE),
        again("mine-departed", 70), again("next-departed", 30),
    )))  # fmt: skip
    deployment.erase()
    assert left(deployment) == {"next-departed"}


def test_nothing_of_it_is_left_in_what_readers_keep(deployment: Deployment) -> None:
    topics = {topic for topic, _ in deployment.holding()}
    assert {"findings", "journeys"} < topics
    assert not [key for topic, key in deployment.holding() if topic == "facts" and not key.startswith(b"!")], "there it is sealed"
    assert {topic for topic in topics if topic.startswith("alerts.")}
    deployment.erase()
    assert deployment.holding() == []


def test_what_is_left_says_that_it_was_there(deployment: Deployment) -> None:
    subject = deployment.erase().subject
    records = [(key.decode().partition("|"), value) for (topic, key), value in deployment.records.items()
               if topic == "facts" and not key.startswith(b"!")]  # fmt: skip
    left = [deployment.roots.open(home, identity, value) for (home, _, identity), value in records]
    husks = sorted((each.home, each.fact) for each in left if isinstance(each, Husk))
    assert husks == sorted((home, each.id) for home in ("NP", "QA") for each in MY_EVENTS)
    assert sorted({each.id for each in left if isinstance(each, Fact)}) == sorted(each.id for each in THEIR_EVENTS)
    assert decode_journey(deployment.records["journeys", subject.encode()]).status == "erased"
    entry = decode_entry(deployment.records["findings", subject.encode()])
    assert (entry.erased, entry.digest, entry.next_due) == (True, "", None)


def test_every_alert_that_it_ever_had_is_withdrawn_without_content_where_it_was_heard(deployment: Deployment) -> None:
    subject = deployment.journey().subject
    heard = {(alert.audience, alert.id) for alert in deployment.alerts if alert.subject == subject}
    deployment.erase()
    last = {(alert.audience, alert.id): alert for alert in deployment.alerts}
    assert heard
    for place in heard:
        alert = last[place]
        assert (alert.status, alert.reason, alert.next_step) == ("withdrawn", REASON, DELETE)
        assert (alert.summary, alert.issue, alert.evidence, alert.parties, alert.offices) == ("", "", (), (), ())


def test_the_other_worker_loses_nothing(deployment: Deployment) -> None:
    before = {(alert.audience, alert.id) for alert in _open(deployment) if alert.subject == _theirs(deployment)}
    deployment.erase()
    assert before == {(alert.audience, alert.id) for alert in _open(deployment) if alert.subject == _theirs(deployment)}
    assert before


def _theirs(deployment: Deployment) -> str:
    return deployment.journey(opened_by="theirs-registered").subject


def _open(deployment: Deployment) -> list[Alert]:
    last = {(alert.audience, alert.id): alert for alert in deployment.alerts}
    return [alert for alert in last.values() if alert.status in OPEN]


@pytest.mark.parametrize("again", ["all of it", "the other home's copies", "another content under one of its ids", "a correction"])
def test_nothing_that_comes_again_brings_it_back(deployment: Deployment, again: str) -> None:
    deployment.erase()
    said, alone = len(deployment.alerts), MY_EVENTS[1]
    if again == "all of it":
        deployment.publish(*MY_EVENTS)
    elif again == "the other home's copies":
        deployment.take("QA", Frame("QA", tuple(map(withheld, MY_EVENTS))))
    elif again == "a correction":
        deployment.publish(msgspec.structs.replace(alone, id="c" * 32, event_id="mine-corrected", corrects=alone.event_id))
    else:
        deployment.publish(msgspec.structs.replace(alone, id="c" * 32, body={**alone.body, "note": "n_mine"}))
    assert deployment.holding() == []
    assert len(deployment.alerts) == said


def reader(records: Mapping[tuple[str, bytes], bytes]) -> Roots:
    """As whoever starts now and has the master key."""
    found = Roots(MASTER)
    for (topic, key), value in records.items():
        if topic == "keys":
            found.take(key, value)
    return found


def opened(roots: Roots, records: Mapping[tuple[str, bytes], bytes]) -> set[str]:
    """Event ids of the facts that can be opened."""
    sealed = [(key.decode().partition("|"), value) for (topic, key), value in records.items()
              if topic == "facts" and not key.startswith(b"!")]  # fmt: skip
    found = [roots.open(home, identity, value) for (home, _, identity), value in sealed]
    return {each.event_id for each in found if isinstance(each, Fact)}


def test_a_backup_of_the_facts_cannot_be_opened_after_the_erasure(deployment: Deployment) -> None:
    backup = dict(deployment.records)
    mine, theirs = {each.event_id for each in MY_EVENTS}, {each.event_id for each in THEIR_EVENTS}
    assert opened(reader(backup), backup) == mine | theirs
    deployment.erase()
    assert opened(reader(deployment.records), backup) == theirs


def test_a_backup_of_the_keys_as_well_opens_nothing_once_the_journal_is_read(deployment: Deployment) -> None:
    """What an opening does with each line of the journal, before it reads a fact."""
    backup = dict(deployment.records)
    deployment.erase()
    restored = reader(backup)
    for line in (decode_erasure(value) for (topic, _), value in deployment.records.items() if topic == "erasures"):
        assert list(restored.destroyed(line.home, line.events))
    assert opened(restored, backup) == {each.event_id for each in THEIR_EVENTS}


def test_a_key_that_is_kept_is_seen(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = dict(deployment.records)
    monkeypatch.setattr(Root, "destroy", lambda *_: set())
    deployment.erase()
    assert opened(reader(deployment.records), backup) > {each.event_id for each in THEIR_EVENTS}


def test_the_journal_says_who_when_why_and_how_much(deployment: Deployment) -> None:
    subject = deployment.erase().subject
    lines = [value for (topic, _), value in deployment.records.items() if topic == "erasures"]
    assert len(lines) == 2, "one in each home"
    (mine,) = [line for line in lines if subject.encode() in line]
    for said in (ORDER.basis, ORDER.officer, *(each.id for each in MY_EVENTS)):
        assert said.encode() in mine


def test_a_known_event_that_is_not_looked_up_is_seen(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment.erase()
    monkeypatch.setattr(Erasing, "covers", lambda *_: False)
    deployment.publish(*MY_EVENTS)
    assert deployment.holding()


def test_an_entry_that_keeps_what_it_said_is_seen(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.dossiers.erasing.emptied", lambda each, as_of: each)
    deployment.erase()
    assert deployment.holding()
