"""Any number of journeys of ten facts, as `facts` and `findings` hold them: one real journey, judged once, and copies of it.

A copy has identifiers, papers and event ids of its own, so nothing links two of them, and shares its job order with some
others, its agency and employer with more; its entry is what the partition would have written for it (a test shows that it is,
byte for byte).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import msgspec

from streams.agents.owned import EPOCH, fact_record
from streams.domain.facts import Fact, Identifier
from streams.domain.frames import Frame
from streams.domain.outputs import Entry, encode
from streams.dossiers.alerting import alert_id
from streams.dossiers.partition import Partition
from streams.dossiers.publishing import digest
from streams.intake import accept
from streams.linking.gather import journey_id
from streams.publishers.identity import rekey
from streams.publishers.simulator.parameters import chosen
from streams.store.kv import MemoryStore
from tests.bench import corpus
from tests.bench.calibration import context, now

HOME = "NP"
FACTS = 10  # of each journey
PER_DEMAND, PARTIES = 50, 997  # workers of one job order; agencies, and employers
Headers = list[tuple[str, str | bytes | None]]
Sent = tuple[str, bytes, bytes, Headers]  # topic, key, value, headers


@dataclass(frozen=True)
class Population:
    """The journey that is copied, and its entry as judged."""

    facts: tuple[Fact, ...]
    entry: Entry

    def copy(self, number: int) -> tuple[tuple[Fact, ...], Entry]:
        """The facts of one more journey, and its entry."""
        names = {fact.event_id: f"{fact.event_id}-{number:x}" for fact in self.facts}
        facts = tuple(_copied(fact, number, names[fact.event_id], self.others(number)) for fact in self.facts)
        source, opener = self.entry.opener
        subject = journey_id(HOME, source, names[opener])
        published = tuple(sorted(
            (msgspec.structs.replace(each, alert=alert_id(each.rule.partition("@")[0], subject, each.issue),
                                     evidence=tuple(sorted(names[event] for event in each.evidence)))
             for each in self.entry.published), key=lambda each: each.alert))  # fmt: skip
        entry = msgspec.structs.replace(
            self.entry, subject=subject, revision=(0, number), digest=digest(facts), published=published, announces=(),
            opener=(source, names[opener]), unknown=self._unknown(self.others(number)),
        )  # fmt: skip
        return facts, entry

    def others(self, number: int) -> dict[str, str]:
        """What a copy names instead of the first one's job order and parties."""
        found = {}
        for subject in {subject for fact in self.facts for subject in fact.subjects}:
            kind, _, name = subject.partition(":")
            register, _, last = name.rpartition(":")
            if kind == "demand":
                found[name] = f"{name}-{number // PER_DEMAND}"
            elif last.isdigit():
                found[name] = f"{register}:{int(last) + number % PARTIES}"
        return found

    def _unknown(self, others: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
        found = []
        for rule, issue, missing in self.entry.unknown:
            text = reduce(lambda text, each: text.replace(*each), sorted(others.items(), key=lambda each: -len(each[0])), missing)
            found.append((rule, others.get(issue, issue), text))
        return tuple(sorted(found))

    def records(self, journeys: int, partition: int) -> Iterator[Sent]:
        """What a worker that had judged them would have left on `facts` and `findings`."""
        for number in range(journeys):
            facts, entry = self.copy(number)
            for fact in facts:
                name, _, key, value, _ = fact_record(partition, HOME, fact)
                yield name, key, value or b"", []
            yield "findings", entry.subject.encode(), encode(entry), [(EPOCH, b"0")]

    def frame(self, first: int, journeys: int) -> Frame:
        """So many copies as one frame of `feed`."""
        return Frame(HOME, tuple(fact for n in range(first, first + journeys) for fact in self.copy(n)[0]))


def _copied(fact: Fact, number: int, event_id: str, others: dict[str, str]) -> Fact:
    worker, refs = fact.worker, fact.refs
    assert worker is not None
    own = tuple(sorted(Identifier(i.kind, i.country, _other(i.digest, number)) for i in worker.identifiers))
    papers = {name: f"{value}-{number:x}" if value else value
              for name, value in (("contract", refs.contract), ("visa", refs.visa), ("case", refs.case))}  # fmt: skip
    demand = others.get(refs.demand or "", refs.demand)
    return msgspec.structs.replace(
        fact, id=_other(fact.id, number), event_id=event_id, worker=msgspec.structs.replace(worker, identifiers=own),
        refs=msgspec.structs.replace(refs, demand=demand, **papers), subjects=tuple(sorted(_named(each, others) for each in fact.subjects)),
        body={name: others.get(value, value) if isinstance(value, str) else value for name, value in fact.body.items()},
    )  # fmt: skip


def _named(subject: str, others: dict[str, str]) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind}:{others.get(name, name)}"


def _other(digest_of: str, number: int) -> str:
    return hashlib.sha256(f"{digest_of}|{number:x}".encode()).hexdigest()[: len(digest_of)]


def judged(facts: tuple[Fact, ...], as_of: int) -> list[Entry]:
    """The entries of the journeys that these facts make, alone in a partition."""
    outbox = Partition(MemoryStore(), context()).accept([Frame(HOME, facts)], as_of)
    return [entry for entry in outbox.entries if entry.subject.startswith("journey:")]


def population() -> Population:
    """A simulated journey of one worker with ten facts or more, its first ten judged as of now."""
    for seed in range(100):
        raw = corpus.lines(1, chosen(("NP-QA",)), f"one-{seed}")
        events = [row.event for row in corpus.sealed(raw) if row.event.get("worker")]
        facts = {fact.id: fact for event in events
                 for home, fact in accept(event, lambda each: rekey(each, corpus.KEY)).copies if home == HOME and fact.worker}  # fmt: skip
        first = tuple(sorted(facts.values(), key=lambda fact: fact.key)[:FACTS])
        if len(first) == FACTS and not any(fact.corrects for fact in first):
            entries = judged(first, now())
            if len(entries) == 1 and entries[0].opener[0]:
                return Population(first, entries[0])
    raise RuntimeError("the simulator makes no journey of ten facts")
