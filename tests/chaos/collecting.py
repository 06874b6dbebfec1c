"""Reads what a run left on the topics and in ClickHouse, with the plain clients."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from clickhouse_connect.driver.client import Client
from confluent_kafka import Message
from msgspec import msgpack

from infra.kafka import offsets
from infra.kafka.reading import consumer, headers, messages, topic_names
from schemas.catalogue import CONTEXTS
from schemas.topicfiles import declared
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, decode_alert, decode_entry
from streams.domain.places import kind
from streams.evaluate import evaluate_events
from streams.rules.policy import default
from streams.sealing import Roots
from tests.chaos.checking import OPEN, Finding, Found, Heard, Name, Place, Revision, Said, Wanted
from tests.chaos.office import Office

WORKERS, SINKS = "fairpassage", "fairpassage-sink"
SUNK = ("facts", "journeys", "erasures")  # what the sinks read beside alerts and dead letters


@dataclass
class Topics:
    """What the topics hold. `roots` open what is sealed; `repeats` are the times (unix seconds) of records that were there before."""

    roots: Roots
    facts: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    entries: dict[str, Entry] = field(default_factory=dict)
    histories: dict[Name, list[Said]] = field(default_factory=lambda: defaultdict(list))
    standing: dict[Name, Heard] = field(default_factory=dict)
    letters: set[Place] = field(default_factory=set)
    late: dict[Name, set[Revision]] = field(default_factory=lambda: defaultdict(set))
    repeats: list[float] = field(default_factory=list)
    _epochs: dict[int, int] = field(default_factory=dict)
    _greatest: dict[Name, Revision] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """One record of any of the topics that are read."""
        name = message.topic() or ""
        if name.startswith("alerts."):
            self._alert(message)
        elif name == "findings":
            self._entry(message)
        elif name == "facts":
            self._fact(message)
        elif name == "keys":
            self.roots.take(_bytes(message.key()), message.value() and _bytes(message.value()))
        elif name.endswith(".dlq"):
            self._letter(message)

    def _fact(self, message: Message) -> None:
        """Its content is compared as it was before it was sealed: two owners, one of them a zombie, may have sealed it under two roots."""
        key = _bytes(message.key())
        if key[:1] == b"!":
            return  # a statement, which is replaced
        if key in self.facts:
            self._repeated(message)
        home, _, identity = key.decode().partition("|")
        self.facts[key].add(_digest(msgpack.encode(self.roots.open(home, identity, _bytes(message.value())))))

    def _entry(self, message: Message) -> None:
        """An entry whose epoch is less than the last mark's is an owner's that is no more."""
        key, number = _bytes(message.key()), message.partition() or 0
        if key == b"~mark":
            self._epochs[number] = message.offset() or 0
        if key.startswith(b"~") or message.value() is None:
            return
        entry = decode_entry(_bytes(message.value()))
        epoch = next((int(value) for name, value in headers(message) if name == "epoch"), entry.revision[0])
        if epoch < self._epochs.get(number, 0):
            for topic, _, value in entry.announces:
                if topic.startswith("alerts."):
                    said = decode_alert(value)
                    self.late[said.audience, said.id].add(said.revision)
        known = self.entries.get(entry.subject)
        if known is None or entry.revision >= known.revision:
            self.entries[entry.subject] = entry

    def _alert(self, message: Message) -> None:
        alert, content = decode_alert(_bytes(message.value())), _digest(message.value())
        name, said = (alert.audience, alert.id), Said(alert.revision, alert.status, content, alert.raised_at)
        if said in self.histories[name]:
            self._repeated(message)
        self.histories[name].append(said)
        if alert.revision >= self._greatest.get(name, (-1, -1)):
            self._greatest[name] = alert.revision
            self.standing.pop(name, None)
            if alert.status in OPEN:
                self.standing[name] = (*name, alert.rule, alert.reason, tuple(sorted(alert.evidence)))

    def _letter(self, message: Message) -> None:
        told = {name: value.decode() for name, value in headers(message)}
        place = told["fp_topic"], int(told["fp_partition"]), int(told["fp_offset"])
        if place in self.letters:
            self._repeated(message)
        self.letters.add(place)

    def _repeated(self, message: Message) -> None:
        self.repeats.append(message.timestamp()[1] / 1_000)

    def findings(self) -> frozenset[Finding]:
        """Every open finding, by the greatest revision of each dossier."""
        return frozenset((entry.subject, each.alert, each.rule, each.reason, tuple(sorted(each.evidence)))
                         for entry in self.entries.values() for each in entry.published if each.status in OPEN)  # fmt: skip


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


def _digest(value: str | bytes | None) -> bytes:
    return hashlib.sha256(_bytes(value)).digest()


def published(entries: Iterable[Entry], as_of: Instant) -> Iterator[dict[str, Any]]:
    """For each open alert the event that says since when: an alert that nobody answers is a finding some days later (T-EMB-02).

    Publication is a fact like others (domain.md, 5; design.md, "Alerts"), and the only one that `evaluate` cannot have from the
    office: it raises everything in its one instant. Alerts on cases have no case. Who says so is an office that was heard just now.
    """
    for entry in entries:
        for each in entry.published if kind(entry.subject) != "case" else ():
            if each.status in OPEN:
                body = {"alert": f"{entry.home}:{each.alert}", "rule": each.rule.partition("@")[0], "severity": each.severity,
                        "audiences": each.audiences, "origin": each.origin, "destination": each.destination}  # fmt: skip
                yield {"id": f"published {each.alert}", "source": "/office/ZZ/chaos", "type": "case.alert_published",
                       "time": each.raised_at, "recordedat": as_of, "evidence": "documented", "body": body}  # fmt: skip


def wanted(office: Office, held: Topics, as_of: Instant) -> Wanted:
    """What `evaluate` makes of all that was acknowledged, and of when alerts were raised."""
    result = evaluate_events((*office.events(), *published(held.entries.values(), as_of)), default(), as_of, declared)
    findings = frozenset((subject, each.alert, each.rule, each.reason, tuple(sorted(each.evidence))) for subject, each in result.findings())
    alerts = frozenset((*name, each.rule, each.reason, tuple(sorted(each.evidence)))
                       for name, each in result.alerts.items() if each.status in OPEN)  # fmt: skip
    journeys = frozenset((each.id, each.status, each.missing) for each in result.journeys.values() if each.status != "replaced")
    return Wanted(frozenset(office.acknowledged), findings, alerts, journeys, frozenset(office.rejected))


def topics(bootstrap: str, master: bytes) -> Topics:
    """Every record of facts, findings, alerts and dead letters; the roots that open facts come first. `master` wraps those."""
    found = Topics(Roots(master))
    _read(bootstrap, lambda name: name == "keys", found)
    _read(bootstrap, lambda name: name in ("facts", "findings") or name.endswith(".dlq") or name.startswith("alerts."), found)
    return found


def _read(bootstrap: str, wanted: Callable[[str], bool], found: Topics) -> None:
    """With a client of its own: what one asks waits behind the long fetches of what it read before."""
    client = consumer(bootstrap, {})
    for message in messages(client, [name for name in topic_names(client, bootstrap) if wanted(name)]):
        found.take(message)
    client.close()


def uncommitted(bootstrap: str) -> Iterator[tuple[tuple[str, str, int], int]]:
    """((group, topic, partition), records) that each group has still to commit, of all that it has to read."""
    admin = offsets.admin(bootstrap, {})
    names = list(offsets.topics(admin))
    read: dict[str, Collection[str]] = {
        WORKERS: (*CONTEXTS, "feed"),
        SINKS: [name for name in names if name in SUNK or name.startswith("alerts.") or name.endswith(".dlq")],
    }
    for group, mine in read.items():
        done = offsets.committed(admin, group)
        for place, (first, last) in offsets.bounds(admin, mine).items():
            yield (group, *place), last - max(first, done.get(place, first))


def found(bootstrap: str, client: Client, held: Topics) -> Found:
    """All of it, with what ClickHouse says."""
    stored = client.query("SELECT DISTINCT home, id FROM facts WHERE erased = 0").result_rows
    journeys = client.query("SELECT id, status, missing FROM journeys FINAL WHERE status != 'replaced'").result_rows
    heard = "SELECT audience, id, rule, reason, arraySort(evidence) FROM alerts FINAL WHERE status IN ('raised', 'updated')"
    letters = "SELECT origin_topic, origin_partition, origin_offset FROM dead_letters FINAL"
    return Found(
        stored=frozenset(str(fact) for _, fact in stored), copies=frozenset(f"{home}|{fact}".encode() for home, fact in stored),
        journeys=frozenset((*row[:2], tuple(row[2])) for row in journeys), facts=held.facts, findings=held.findings(),
        alerts=frozenset(held.standing.values()),
        stored_alerts=frozenset((*row[:4], tuple(row[4])) for row in client.query(heard).result_rows),
        letters=frozenset(held.letters), stored_letters=frozenset(tuple(row) for row in client.query(letters).result_rows),
        histories=held.histories, stored_histories=_histories(client), late=held.late,
        uncommitted=dict(uncommitted(bootstrap)), twice=dict(_twice(client)),
    )  # fmt: skip


def _histories(client: Client) -> dict[Name, set[Revision]]:
    found = defaultdict[Name, set[Revision]](set)
    for audience, alert, revision in client.query("SELECT audience, id, revision FROM alert_history").result_rows:
        found[str(audience), str(alert)].add(divmod(int(revision), 1 << 64))
    return found


def _twice(client: Client) -> Iterator[tuple[str, int]]:
    for table, key in (("facts", "home, id"), ("journeys", "id"), ("alerts", "audience, id"), ("alert_history", "audience, id, revision")):
        yield table, int(client.query(f"SELECT count() - uniqExact({key}) FROM {table} FINAL").result_rows[0][0])
