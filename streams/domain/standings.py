"""Standings: licences, sanctions, permits, agreements, focal points; dated, read whole, valid at the time of an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from streams.domain.corrections import in_force
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.names import subject_key


class Standings:
    """Facts about parties and places that any home may need to look up, by subject.

    Folds a set: `add` any fact in any order, twice or more. `of(subject)` gives those in force, sorted by (time, id),
    whichever way they spell it.
    """

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts: dict[str, Fact] = {}
        self._known: dict[str, dict[str, Fact]] = defaultdict(dict)
        self._folded: dict[str, dict[tuple[str, ...], tuple[Fact, ...]]] = {}  # by key, and by the types asked for; () for all
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> frozenset[str]:
        """Takes one fact; returns the subjects it touches, the ones of what it corrects included; none when known."""
        if fact.id in self._facts:
            return frozenset()
        self._facts[fact.id] = fact
        touched = frozenset(fact.subjects) | frozenset(fact.was.subjects if fact.was else ())
        for key in {subject_key(subject) for subject in touched}:
            self._known[key][fact.id] = fact
            self._folded.pop(key, None)
        return touched

    def of(self, subject: str, *types: str) -> tuple[Fact, ...]:
        """Facts in force that name `subject`, of these types (all when none are given)."""
        key = subject_key(subject)
        if key not in self._known:
            return ()
        folded = self._folded.setdefault(key, {})
        if () not in folded:
            folded[()] = self._fold(key)
        if types not in folded:
            folded[types] = tuple(fact for fact in folded[()] if fact.type in types)
        return folded[types]

    def _fold(self, key: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in in_force(self._known[key].values()) if key in map(subject_key, fact.subjects))

    def version(self, key: str) -> int:
        """Another number once there is another word on a subject; `key` is one for all its spellings (`names.subject_key`)."""
        return len(self._known[key]) if key in self._known else 0

    def at(self, instant: Instant) -> StandingsAt:
        """The same as known at an instant: what is dated later has not been said yet."""
        return StandingsAt(self, instant)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)


class StandingsAt(Standings):
    """Standings as of an instant, as one evaluation reads them: `next_at` is when the next word on anything it asked for will be said,
    `asked` the subjects that it asked about, one for all spellings: with another word on any of them it may answer otherwise."""

    def __init__(self, whole: Standings, instant: Instant) -> None:
        super().__init__()
        self._whole, self._instant = whole, instant
        self.next_at: Instant | None = None
        self.asked: set[str] = set()

    def of(self, subject: str, *types: str) -> tuple[Fact, ...]:
        """Facts in force that name `subject`, of these types, said up to the instant; what is dated wrongly ahead is not read."""
        self.asked.add(subject_key(subject))
        found = self._whole.of(subject, *types)
        if not found or (found[-1].time <= self._instant and not any(fact.implausible for fact in found)):
            return found
        plausible = [fact for fact in found if not fact.implausible]
        later = min((fact.time for fact in plausible if fact.time > self._instant), default=None)
        if later is not None and (self.next_at is None or later < self.next_at):
            self.next_at = later
        return tuple(fact for fact in plausible if fact.time <= self._instant)

    def version(self, key: str) -> int:
        return self._whole.version(key)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def valid_at(fact: Fact, instant: Instant, country: str) -> bool:
    """Whether a standing with `valid_from` / `valid_until` (or `from` / `until`, or `expires`) dates holds at an instant.

    Dates include their whole local day, first and last (domain.md 4.6); a missing start is the event's own time, a
    missing end is open.
    """
    start = fact.text("valid_from") or fact.text("from")
    end = fact.text("valid_until") or fact.text("until") or fact.text("expires")
    begins = start_of_day(start, country) if start else fact.time
    return begins <= instant and (end is None or instant < end_of_day(end, country))


