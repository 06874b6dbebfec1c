"""Any number of journeys of ten facts, as `facts` and `findings` hold them: one real journey, judged once, and copies of it.

A copy has identifiers, papers and event ids of its own, so nothing links two of them, and shares its job order with some
others, its agency and employer with more; its entry is what the partition would have written for it (a test shows that it is,
byte for byte).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate, pairwise

import msgspec

from streams.agents.owned import EPOCH
from streams.domain.facts import Fact, Identifier
from streams.domain.facts import encode as encode_fact
from streams.domain.frames import Frame
from streams.domain.outputs import Entry, Published, encode
from streams.domain.views import JourneyView
from streams.dossiers.alerting import alert_id
from streams.dossiers.partition import Partition
from streams.dossiers.telling import Telling
from streams.intake import accept
from streams.linking.gather import journey_id
from streams.publishers.identity import rekey
from streams.publishers.simulator.parameters import chosen
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.registry import Rule
from streams.store.kv import MemoryStore
from tests.bench import corpus
from tests.bench.calibration import context, now

HOME = "NP"
FACTS = 10  # of each journey
PER_DEMAND, PARTIES = 50, 997  # workers of one job order; agencies, and employers
Headers = list[tuple[str, str | bytes | None]]
Sent = tuple[str, bytes, bytes, Headers]  # topic, key, value, headers


def code(number: int) -> str:
    """Eight characters that tell copies apart and lie in no order, as digests do: the same width, so that bytes can be swapped."""
    return f"{(number + 1) * 2_654_435_761 & 0xFFFFFFFF:08x}"


@dataclass(frozen=True)
class Population:
    """The journey that is copied, and its entry as judged."""

    facts: tuple[Fact, ...]
    entry: Entry

    def copy(self, number: int) -> tuple[tuple[Fact, ...], Entry]:
        """The facts of one more journey, and its entry."""
        mine, others = code(number), self.others(number)
        facts = tuple(_copied(fact, mine, others) for fact in self.facts)
        return facts, self._entry(number, [fact.id for fact in facts])

    def _entry(self, number: int, ids: list[str]) -> Entry:
        mine, others, (source, opener) = code(number), self.others(number), self.entry.opener
        subject = journey_id(HOME, source, f"{opener}-{mine}")
        published = tuple(sorted(
            (msgspec.structs.replace(each, alert=alert_id(each.rule.partition("@")[0], subject, each.issue),
                                     evidence=tuple(sorted(f"{event}-{mine}" for event in each.evidence)),
                                     parties=tuple(sorted(others.get(party, party) for party in each.parties)))
             for each in self.entry.published), key=lambda each: each.alert))  # fmt: skip
        return msgspec.structs.replace(
            self.entry, subject=subject, revision=(0, number), digest=digest_of(ids), published=published, announces=(),
            opener=(source, f"{opener}-{mine}"), unknown=self._unknown(others), told=self._told(subject, published),
        )  # fmt: skip

    def _told(self, subject: str, published: tuple[Published, ...]) -> bytes:
        """What the copy told the cases of its alerts; these are left out of the population."""
        telling = Telling(MemoryStore(), self._rules, lambda: (0, 0))
        return telling.changes(JourneyView(id=subject, known=self.facts, person="copy"), self._judged, published)[1]

    @cached_property
    def _judged(self) -> Evaluation:
        """The first one's: what the others tell besides is the same."""
        judging = context()
        view = JourneyView(id=self.entry.subject, known=self.facts, person="first")
        return evaluate(view, judging.standings, judging.policy, now(), judging.rules)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return context().rules

    @cached_property
    def _names(self) -> list[tuple[str, str, int]]:
        """(name, what comes before its number, the number) of the job orders (-1) and numbered parties that are named."""
        found = []
        for subject in sorted({subject for fact in self.facts for subject in fact.subjects}):
            kind, _, name = subject.partition(":")
            register, _, last = name.rpartition(":")
            if kind == "demand":
                found.append((name, name, -1))
            elif last.isdigit():
                found.append((name, register, int(last)))
        return found

    def others(self, number: int) -> dict[str, str]:
        """What a copy names instead of the first one's job order and parties: names of the same length."""
        return {name: f"{before}-{number // PER_DEMAND:05x}" if last < 0 else f"{before}:{last + number % PARTIES}"
                for name, before, last in self._names}  # fmt: skip

    def _unknown(self, others: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
        found = []
        for rule, issue, missing in self.entry.unknown:
            text = reduce(lambda text, each: text.replace(*each), sorted(others.items(), key=lambda each: -len(each[0])), missing)
            found.append((rule, others.get(issue, issue), text))
        return tuple(sorted(found))

    def records(self, journeys: int) -> Iterator[Sent]:
        """What a worker that had judged them would have left on `facts` and `findings`: bytes of the first, with others put in."""
        facts, first = self.copy(0)[0], self.others(0)
        bounds = [0, *accumulate(len(encode_fact(fact)) for fact in facts)]
        whole, mark = b"".join(encode_fact(fact) for fact in facts), code(0).encode()
        rests = [fact.id[8:] for fact in facts]
        for number in range(journeys):
            mine, others = code(number), self.others(number)
            swapped = whole.replace(mark, mine.encode())
            for name, other in others.items():
                swapped = swapped.replace(first[name].encode(), other.encode())
            ids = [mine + rest for rest in rests]
            for fact, (start, end) in zip(ids, pairwise(bounds), strict=True):
                yield "facts", f"{HOME}|{fact}".encode(), swapped[start:end], []
            entry = self._entry(number, ids)
            yield "findings", entry.subject.encode(), encode(entry), [(EPOCH, b"0")]

    def frame(self, first: int, journeys: int) -> Frame:
        """So many copies as one frame of `feed`."""
        return Frame(HOME, tuple(fact for n in range(first, first + journeys) for fact in self.copy(n)[0]))


def digest_of(ids: list[str]) -> str:
    """As `streams.dossiers.publishing.digest`, of ids alone."""
    return hashlib.sha256("".join(sorted(ids)).encode()).hexdigest()[:32]


def _copied(fact: Fact, mine: str, others: dict[str, str]) -> Fact:
    worker, refs = fact.worker, fact.refs
    assert worker is not None
    own = tuple(sorted(Identifier(i.kind, i.country, mine + i.digest[8:]) for i in worker.identifiers))
    papers = {name: f"{value}-{mine}" if value else value
              for name, value in (("contract", refs.contract), ("visa", refs.visa), ("case", refs.case))}  # fmt: skip
    demand = others.get(refs.demand or "", refs.demand)
    return msgspec.structs.replace(
        fact, id=mine + fact.id[8:], event_id=f"{fact.event_id}-{mine}", worker=msgspec.structs.replace(worker, identifiers=own),
        refs=msgspec.structs.replace(refs, demand=demand, **papers), subjects=tuple(sorted(_named(each, others) for each in fact.subjects)),
        body={name: others.get(value, value) if isinstance(value, str) else value for name, value in fact.body.items()},
    )  # fmt: skip


def _named(subject: str, others: dict[str, str]) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind}:{others.get(name, name)}"


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
