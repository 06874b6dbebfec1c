"""The sums of demands, parties and places, kept in the store: a fact in force adds its keys, a correction takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.domain.facts import Fact
from streams.domain.places import kind
from streams.domain.sums import Key, Measure
from streams.rules.registry import Rule
from streams.store import keys as k
from streams.store.kv import Store


class StoredSums:
    """One dossier's measures in the store; the same answers as `MemorySums`."""

    def __init__(self, store: Store, subject: str) -> None:
        self._store = store
        self._subject = subject

    def _counted(self, measure: str, key: Key) -> bytes:
        return k.key(k.COUNT, self._subject, measure) + k.sums_key(key)

    def _contributed(self, measure: str, key: Key) -> bytes:
        return k.key(k.CONTRIBUTION, self._subject, measure) + k.sums_key(key) + b"\0"

    def add(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """`by` (a fact id or teller) contributes `key`, shown by the event."""
        contribution = self._contributed(measure, key) + k.part(event_id) + k.part(by)
        if self._store.get(contribution) is None:
            self._store.put(contribution, b"")
            self._store.put(self._counted(measure, key), b"%d" % (self.count(measure, key) + 1))

    def take_back(self, measure: str, key: Key, event_id: str, by: str) -> None:
        """Undoes `add`; what was never added stays so."""
        contribution = self._contributed(measure, key) + k.part(event_id) + k.part(by)
        if self._store.get(contribution) is None:
            return
        self._store.delete(contribution)
        if left := self.count(measure, key) - 1:
            self._store.put(self._counted(measure, key), b"%d" % left)
        else:
            self._store.delete(self._counted(measure, key))

    def keys(self, measure: str, prefix: Key = ()) -> Iterator[Key]:
        head = k.key(k.COUNT, self._subject, measure)
        return (k.sums_values(stored[len(head) :]) for stored, _ in self._store.scan(head + k.sums_key(prefix)))

    def count(self, measure: str, key: Key) -> int:
        return int(self._store.get(self._counted(measure, key)) or 0)

    def last(self, measure: str, prefix: Key = ()) -> Key | None:
        head = k.key(k.COUNT, self._subject, measure)
        found = self._store.last(head + k.sums_key(prefix))
        return k.sums_values(found[len(head) :]) if found is not None else None

    def evidence(self, measure: str, key: Key, most: int = 3) -> tuple[str, ...]:
        head = self._contributed(measure, key)
        found: list[str] = []
        for stored, _ in self._store.scan(head):
            event_id = stored[len(head) :].split(b"\0", 1)[0].decode()
            if event_id not in found:
                found.append(event_id)
            if len(found) == most:
                break
        return tuple(found)


@dataclass(frozen=True)
class Measures:
    """The measures of the catalogue, by the kind of dossier that keeps them."""

    by_kind: dict[str, tuple[Measure, ...]]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Measures:
        """Each measure once per kind, whichever rules share it."""
        found: dict[str, dict[str, Measure]] = {"demand": {}, "party": {}, "place": {}}
        for rule in rules:
            for measure in rule.measures:
                found[rule.kind][measure.name] = measure
        return cls({name: tuple(measures.values()) for name, measures in found.items()})

    def contributions(self, fact: Fact, subject: str, every: bool) -> Iterator[tuple[str, Key]]:
        """(measure, key) pairs of one fact to one dossier; `every` picks the measures that take nothing back.

        None to a dossier that only the event it corrects had named.
        """
        if subject not in fact.subjects:
            return
        for measure in self.by_kind.get(kind(subject), ()):
            if measure.every is every and (not measure.reads or fact.type in measure.reads):
                for key in measure.keys(fact, subject):
                    yield measure.name, key
