"""Roots and their corrections in the store: what was in force before a fact came, and what is after."""

from __future__ import annotations

from dataclasses import dataclass

from streams.domain.corrections import root_of, winners
from streams.domain.facts import Fact, decode, encode
from streams.store import keys as k
from streams.store.kv import Store


@dataclass(frozen=True)
class Change:
    """One new fact's group: its root, the roots it swallowed, and the facts in force before and after."""

    root: str
    swallowed: tuple[str, ...]
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


class Groups:
    """Facts of a home by the root they are or correct; `add` is incremental, `corrections.groups` the reference."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fact(self, home: str, fact_id: str) -> Fact | None:
        """A stored fact."""
        found = self._store.get(k.key(k.FACT, home, fact_id))
        return decode(found) if found is not None else None

    def root(self, home: str, source: str, event_id: str) -> str:
        """The first event that this one, through corrections of corrections, is about."""
        current = event_id
        while (target := self._store.get(k.key(k.REDIRECT, home, source, current))) is not None:
            current = target.decode()
        return current

    def members(self, home: str, source: str, root: str) -> list[Fact]:
        """Every fact of a group."""
        stored = self._store.scan(k.key(k.GROUP, home, source, root))
        found = (self.fact(home, k.parts(key)[-1]) for key, _ in stored)
        return [fact for fact in found if fact is not None]

    def in_force(self, home: str, source: str, root: str) -> tuple[Fact, ...]:
        """The facts of a group that count."""
        return winners(self.members(home, source, root))

    def add(self, home: str, fact: Fact) -> Change | None:
        """Stores a fact and joins its group; None when it is known already."""
        if self.fact(home, fact.id) is not None:
            return None
        named = (fact.event_id,) if fact.corrects is None else (fact.event_id, fact.corrects)
        roots = dict.fromkeys(self.root(home, fact.source, each) for each in named)
        known = [self.members(home, fact.source, old) for old in roots]
        root = root_of([fact, *(each for members in known for each in members)])
        swallowed = tuple(dict.fromkeys(old for old in (*roots, *named) if old != root))
        for old in swallowed:
            self._move(home, fact.source, old, root)
        self._store.delete(k.key(k.REDIRECT, home, fact.source, root))
        self._store.put(k.key(k.FACT, home, fact.id), encode(fact))
        self._store.put(k.key(k.GROUP, home, fact.source, root, fact.id), b"")
        before = tuple(each for members in known for each in winners(members))
        return Change(root, swallowed, before, winners([fact, *(each for members in known for each in members)]))

    def _move(self, home: str, source: str, root: str, target: str) -> None:
        for stored, _ in self._store.scan(k.key(k.GROUP, home, source, root)):
            self._store.delete(stored)
            self._store.put(k.key(k.GROUP, home, source, target, k.parts(stored)[-1]), b"")
        self._store.put(k.key(k.REDIRECT, home, source, root), target.encode())
