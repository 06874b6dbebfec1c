"""One audit of a live system: takes the ends of the public topics, waits until all have taken what lies before them, and compares.

1. The ends of the public topics: E. 2. Wait until intake, the dossiers and the sink have passed them. 3. The ends of `facts`,
`standings` and the dead letters, and only then those of the public topics again: P. 4. Read the public topics up to P: what
lies before E must be everywhere, what lies beyond it may be. 5. See what `facts`, `standings`, the dead-letter topics and
ClickHouse have. Whatever comes meanwhile lies beyond E, or is read: nothing has to stop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from consumers.audit.comparison import (
    CORRECTS,
    KAFKA,
    MAY,
    MUST,
    SETTLED,
    TAIL,
    WAREHOUSE,
    YOUNG,
    Copy,
    Difference,
    Letter,
    Report,
    Seen,
    Standing,
    compare,
)  # fmt: skip
from consumers.audit.expecting import Acceptance, asked, passed
from consumers.audit.reading import Part, Reader, Span, Stored
from consumers.audit.scratch import Scratch
from consumers.warehouse.letters import TOPIC as SINK_LETTERS
from consumers.warehouse.records import Record
from consumers.warehouse.rows import STATEMENT
from streams.acceptance import Rejected
from streams.domain.erasures import decode_erasure, event_digest, named
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.publishers.signing import FORGED

FACTS, STANDINGS, ERASURES = "facts", "standings", "erasures"
_OFTEN = 5_000  # records between two words on progress
_NEVER: Instant = 1 << 60
Ends = Mapping[Part, Span]  # (first offset, next offset) of each partition


class NotYet(Exception):
    """Something has not taken yet what was published: says what is waited for."""


@dataclass(frozen=True)
class Scope:
    """What is audited: the public topics, from `since` on (None: all that is retained), as intake would accept them; `kept` is how
    many ms an event is in the inbox, at least."""

    public: tuple[str, ...]
    kept: int
    accept: Acceptance
    since: Instant | None = None
    examples: int = 5

    @property
    def letters(self) -> tuple[str, ...]:
        """The dead-letter topics of the public ones."""
        return tuple(f"{topic}.dlq" for topic in self.public)

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that is read."""
        return (*self.public, FACTS, STANDINGS, ERASURES, *self.letters, SINK_LETTERS)


@dataclass
class Audit:
    """One audit. `ends` gives the bounds of topics as they are now, `lacking` waits and says what is still not taken, `log` Kafka's id
    of a topic, `say` hears of progress: what is done, how much of how much."""

    scope: Scope
    reader: Reader
    stored: Stored
    scratch: Scratch
    ends: Callable[[Iterable[str]], Ends]
    lacking: Callable[[], str]
    log: Callable[[str], str]
    say: Callable[[str, int, int], None]
    report: Report = field(default_factory=Report)
    seconds: float = 0.0
    _first: Instant = _NEVER  # the broker's time of the oldest event that was read
    _erased: set[tuple[str, str]] = field(default_factory=set)  # home and digest of each event erased there

    def run(self) -> Iterator[Difference]:
        """Every difference. Raises NotYet, Away, ClickHouseError."""
        began = time.monotonic()
        self.say("waiting for intake, dossiers and sink", 0, 0)
        until = {part: last for part, (_, last) in self.ends(self.scope.public).items()}
        if lacking := self.lacking():
            raise NotYet(lacking)
        internal = self.ends((FACTS, STANDINGS, *self.scope.letters, SINK_LETTERS))
        public = self.ends(self.scope.public)
        self._erasures()
        self._events(self._spans(public), until)
        self._passed()
        young = self._young_from(public)
        tail = self._tail(internal)
        self._facts(tail, young)
        self._others(internal)
        self._warehouse(tail)
        self._look_further(internal, tail)
        self._accepted_before()
        for each in compare(self._counted()):
            self.report.add(each, self.scope.examples)
            yield each
        self.seconds = time.monotonic() - began

    # What events ask for.

    def _erasures(self) -> None:
        """What was erased on lawful request is settled: an event of it counts as known, whether anything is left of it or not."""
        for each in self._reading("erasures", self.ends((ERASURES,))):
            if each.value is not None:
                erasure = decode_erasure(each.value)
                self._erased |= {(erasure.home, event) for event in erasure.events}
                for identity in erasure.facts:
                    self.scratch.mark(Copy(erasure.home, identity), SETTLED)

    def _settle(self, home: str, fact: Fact) -> None:
        """Marks a copy whose event, or the one that it corrects, was erased in its home."""
        if self._erased and any((home, event_digest(fact.source, name)) in self._erased for name in named(fact)):
            self.scratch.mark(Copy(home, fact.id), SETTLED)

    def _spans(self, public: Ends) -> Ends:
        if self.scope.since is None:
            return public
        starts = self.reader.since(public, self.scope.since)
        return {part: (max(first, starts[part]), last) for part, (first, last) in public.items()}

    def _events(self, spans: Ends, until: Mapping[Part, int]) -> None:
        for event in self._reading("events", spans):
            self._first = min(self._first, event.timestamp)
            self._one(event, MUST if event.offset < until.get((event.topic, event.partition), 0) else MAY)

    def _one(self, event: Record, mark: str) -> None:
        """An event's marks. One beyond the ends is read for what it accounts for, and is no event of this audit."""
        counts, place = self.report.topics[event.topic], (event.topic, event.partition, event.offset)
        try:
            found = asked(self.scope.accept(event))
        except Rejected as fault:
            self.scratch.mark(Letter(*place), mark, place)
            if fault.reason == FORGED and (made := self.scope.accept.but_for_its_signature(event)) is not None:
                self.scratch.doubt(asked(made), place)
            if mark == MUST:
                counts.update({"events": 1, "rejected": 1})
            return
        for home in found.homes:
            self.scratch.mark(Copy(home, found.id), mark, place)
            self._settle(home, found.known.fact)
            if found.known.fact.corrects is not None:
                self.scratch.mark(Copy(home, found.id), CORRECTS)
        if found.standing:
            self.scratch.mark(Standing(found.id), mark, place)
        if mark == MUST:
            self.scratch.event(found.known, place)
            counts.update({"events": 1, "accepted": 1})

    def _passed(self) -> None:
        """Copies of corrections that dossiers pass on, as far as the root is in the inbox."""
        for group in self.scratch.corrected():
            known = {each.fact.id: (each.fact, place) for each, place in group}
            for home, identity in passed(each for each, _ in group):
                fact, place = known[identity]
                self.scratch.mark(Copy(home, identity), MUST, place)
                self._settle(home, fact)

    # What is there.

    def _young_from(self, public: Ends) -> Instant:
        """Facts recorded from then on have their event among those that were read, if it took them a day at most to be recorded.

        Where nothing was read, of none: `facts` may have been restored beside a new inbox.
        """
        found = self._first - DAY
        if any(first > 0 for first, _ in public.values()):
            found = max(found, round(time.time() * 1_000) - self.scope.kept + DAY)
        return max(found, self.scope.since + DAY) if self.scope.since is not None else found

    def _tail(self, internal: Ends) -> Ends:
        """The part of `facts` that may hold what the events ask for, if they were not known before."""
        facts = {part: span for part, span in internal.items() if part[0] == FACTS}
        starts = self.reader.since(facts, self._first - DAY)
        return {part: (max(first, min(starts[part], last)), last) for part, (first, last) in facts.items()}

    def _facts(self, tail: Ends, young: Instant) -> None:
        """To the end as it is now: what was written again meanwhile may be gone where it was."""
        now = {part: (tail[part][0], last) for part, (_, last) in self.ends((FACTS,)).items() if part in tail}
        for fact in self._reading("facts", now):
            if (copy := copy_of(fact)) is None:
                continue
            self.scratch.mark(copy, KAFKA, (FACTS, fact.partition, fact.offset))
            if young <= fact.timestamp and fact.offset < tail[FACTS, fact.partition][1] and fact.value is not None:
                self.scratch.mark(copy, YOUNG)

    def _others(self, internal: Ends) -> None:
        for standing in self._reading("standings", _of(internal, STANDINGS)):
            self.scratch.mark(Standing((standing.key or b"").decode("utf-8", "replace")), KAFKA)
        public = set(self.scope.public)
        for letter in self._reading("dead letters", _of(internal, *self.scope.letters)):
            if (found := origin(letter)) is not None and found[0].topic in public and found[1] >= self._first:
                self.scratch.mark(found[0], KAFKA, (letter.topic, letter.partition, letter.offset))

    def _warehouse(self, tail: Ends) -> None:
        self.say("asking ClickHouse", 0, 0)
        for copy in self.stored.facts_from(self.log(FACTS), {number: span for (_, number), span in tail.items()}):
            self.scratch.mark(copy, WAREHOUSE)
            self.scratch.mark(copy, TAIL)
        for letter in self.stored.letters(self.scope.public, self._first - DAY):
            self.scratch.mark(letter, WAREHOUSE)

    def _look_further(self, internal: Ends, tail: Ends) -> None:
        """What an event asks for and was recorded before the events that were read: the same event, published again."""
        lacking = [0]

        def without() -> Iterator[Copy]:
            for each in compare(self.scratch.seen()):
                if isinstance(each.subject, Copy) and each.where == "clickhouse":
                    yield each.subject
                lacking[0] += each.where == "facts"

        for copy in self.stored.facts_of(without()):
            self.scratch.mark(copy, WAREHOUSE)
        if lacking[0]:
            older = {part: (first, tail[part][0]) for part, (first, _) in _of(internal, FACTS).items()}
            for fact in self._reading("older facts", older):
                if (found := copy_of(fact)) is not None and self.scratch.has(found, MUST):
                    self.scratch.mark(found, KAFKA, (FACTS, fact.partition, fact.offset))
        self._refused(internal)

    def _refused(self, internal: Ends) -> None:
        """Facts that ClickHouse refused and the sink dead-lettered, by where they stood."""
        letters = [origin(each) for each in self._reading("the sink's dead letters", _of(internal, SINK_LETTERS))]
        for fact in self.reader.at(found[0] for found in letters if found is not None and found[0].topic == FACTS):
            if (copy := copy_of(fact)) is not None:
                self.scratch.mark(copy, SETTLED)

    def _accepted_before(self) -> None:
        """Events whose signature is worth nothing any more, and that were accepted when it was: they are among the facts."""
        for each, place in self.scratch.doubted():
            copies = [Copy(home, each.id) for home in each.homes]
            for copy in copies:
                self.scratch.mark(copy, MAY, place)
            if all(self.scratch.has(copy, KAFKA) for copy in copies):
                self.scratch.mark(Letter(*place), SETTLED)

    # The rest.

    def _counted(self) -> Iterator[Seen]:
        for subject, marks in self.scratch.seen():
            if isinstance(subject, Copy) and MUST in marks:
                self.report.homes[subject.home]["copies"] += 1
            yield subject, marks

    def _reading(self, what: str, spans: Ends) -> Iterator[Record]:
        whole = sum(last - first for first, last in spans.values())
        self.say(what, 0, whole)
        for number, each in enumerate(self.reader.read(spans), 1):
            yield each
            if number % _OFTEN == 0:
                self.say(what, number, whole)


def _of(ends: Ends, *topics: str) -> dict[Part, Span]:
    return {part: span for part, span in ends.items() if part[0] in topics}


def copy_of(fact: Record) -> Copy | None:
    """The copy that a record of `facts` is; None for a statement."""
    key = fact.key or b""
    if key.startswith(STATEMENT):
        return None
    home, _, identity = key.decode("utf-8", "replace").replace("\0", "?").partition("|")
    return Copy(home, identity)


def origin(letter: Record) -> tuple[Letter, Instant] | None:
    """Where a dead letter's record stood, and its broker time; None when it does not say."""
    told = dict(letter.headers)
    try:
        place = Letter(told["fp_topic"].decode(), int(told["fp_partition"]), int(told["fp_offset"]))
        return place, int(told["fp_time"])
    except (KeyError, ValueError):
        return None
