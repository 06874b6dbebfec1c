"""Sums: what a dossier of a hundred thousand facts is folded to, so that one more fact costs what it costs on ten.

Each fact in force contributes keys to named measures; a key is there while some fact contributes it. A contribution can
be taken back, so a correction is a subtraction and an addition, and the sum equals the refold of the set in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from streams.domain.facts import Fact

# Ordered parts of one type at one position; a measure's author keeps the number of distinct keys small (days, not facts).
Key: TypeAlias = tuple[str | int, ...]


class Sums(Protocol):
    """Read access to one dossier's measures."""

    def keys(self, measure: str, prefix: Key = ()) -> Iterator[Key]:
        """The keys present that begin with `prefix`, in ascending order."""
        ...

    def since(self, measure: str, first: Key, most: int | None = None) -> Sequence[Key]:
        """The keys from `first` on, those that begin with it included, ascending; at most `most`."""
        ...

    def latest(self, measure: str, most: int) -> Sequence[Key]:
        """The greatest keys, ascending; at most `most`, which is 1 or more."""
        ...

    def count(self, measure: str, key: Key) -> int:
        """How many facts contribute `key`; 0 when none."""
        ...

    def first(self, measure: str, prefix: Key = ()) -> Key | None:
        """The least key that begins with `prefix`."""
        ...

    def last(self, measure: str, prefix: Key = ()) -> Key | None:
        """The greatest key that begins with `prefix`."""
        ...

    def evidence(self, measure: str, key: Key, most: int = 3) -> tuple[str, ...]:
        """The least event ids that contribute `key`, sorted, at most `most`."""
        ...


@dataclass(frozen=True)
class Measure:
    """What facts contribute: `keys(fact, subject)` for a fact in force that names `subject` and whose type is in `reads`.

    An empty `reads` means every type. With `every`, all facts ever recorded contribute and none is taken back: for what
    an office did, not for what was so. One that is `told` has what other dossiers tell, besides what facts contribute; with no
    `reads` it has nothing else.
    """

    name: str
    reads: frozenset[str]
    keys: Callable[[Fact, str], Iterable[Key]]
    every: bool = False
    told: bool = False


def told(name: str) -> Measure:
    """A measure of nothing but what other dossiers tell this one: a dossier of which no event came may have it too."""
    return Measure(name, frozenset(), lambda fact, subject: (), told=True)


class Contribution(Protocol):
    """Write access to one dossier's measures; `event_id` is the evidence, `by` the fact id or teller that contributes."""

    def add(self, measure: str, key: Key, event_id: str, by: str) -> None: ...

    def take_back(self, measure: str, key: Key, event_id: str, by: str) -> None: ...


class MemorySums:
    """Sums in a dict: for `evaluate`, for tests, and as the reference that the store's own must equal."""

    def __init__(self) -> None:
        self._events: dict[str, dict[Key, set[tuple[str, str]]]] = {}

    def add(self, measure: str, key: Key, event_id: str, by: str) -> None:
        self._events.setdefault(measure, {}).setdefault(key, set()).add((event_id, by))

    def take_back(self, measure: str, key: Key, event_id: str, by: str) -> None:
        keys = self._events.get(measure, {})
        keys.get(key, set()).discard((event_id, by))
        if not keys.get(key):
            keys.pop(key, None)

    def keys(self, measure: str, prefix: Key = ()) -> Iterator[Key]:
        found = self._events.get(measure, {})
        return iter(sorted(key for key in found if key[: len(prefix)] == prefix))

    def since(self, measure: str, first: Key, most: int | None = None) -> Sequence[Key]:
        return sorted(key for key in self._events.get(measure, {}) if key >= first)[:most]

    def latest(self, measure: str, most: int) -> Sequence[Key]:
        return sorted(self._events.get(measure, {}))[-most:]

    def count(self, measure: str, key: Key) -> int:
        return len(self._events.get(measure, {}).get(key, ()))

    def first(self, measure: str, prefix: Key = ()) -> Key | None:
        return next(self.keys(measure, prefix), None)

    def last(self, measure: str, prefix: Key = ()) -> Key | None:
        return max(self.keys(measure, prefix), default=None)

    def evidence(self, measure: str, key: Key, most: int = 3) -> tuple[str, ...]:
        return tuple(sorted({event_id for event_id, _ in self._events.get(measure, {}).get(key, ())})[:most])


def refold(facts: Iterable[Fact], subject: str, measures: Iterable[Measure], known: Iterable[Fact] = ()) -> MemorySums:
    """The sums of a whole set: `facts` are in force, `known` all that were ever recorded."""
    sums = MemorySums()
    ever = tuple(known)
    for measure in measures:
        for fact in () if measure.told and not measure.reads else ever if measure.every else facts:
            if subject in fact.subjects and (not measure.reads or fact.type in measure.reads):
                for key in measure.keys(fact, subject):
                    sums.add(measure.name, key, fact.event_id, fact.id)
    return sums
