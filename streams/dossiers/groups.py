"""Roots and their corrections in the store: what was in force before a fact came, and what is after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from streams.domain.corrections import root_of, winners
from streams.domain.facts import Fact
from streams.domain.outputs import encode
from streams.store import keys as k
from streams.store.kv import Store


class Group(msgspec.Struct, array_like=True, gc=False):
    """A root event with its corrections; or, with a `target`, the way from an event to the root that it is filed under.

    `cluster` keeps the facts of those that have one (see `Clusters`), else they are here; `own` is a weak-only group's own
    key (`gather.own_key`); `ids` are of all its facts.
    """

    target: str = ""
    cluster: str = ""
    own: str = ""
    ids: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Change:
    """One new fact's group: its root, the roots it swallowed, and the facts in force before and after.

    `former` are the groups that it joins, by root, as they were; `group` is what they are now, to be filed and kept.
    """

    root: str
    swallowed: tuple[str, ...]
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]
    former: dict[str, Group]
    group: Group


_decode = msgspec.msgpack.Decoder(Group).decode
_NONE = Group()


class Groups:
    """Facts of a home by the root they are or correct; `add` is incremental, `corrections.groups` the reference.

    `clustered` gives the facts with these ids of a home's cluster.
    """

    def __init__(self, store: Store, clustered: Callable[[str, str, Iterable[str]], Iterable[Fact]]) -> None:
        self._store = store
        self._clustered = clustered

    def find(self, home: str, source: str, event_id: str) -> tuple[str, Group]:
        """The first event that this one, through corrections of corrections, is about, and its group; an empty one for none."""
        root = event_id
        while (stored := self._store.get(k.key(k.GROUP, home, source, root))) is not None:
            group = _decode(stored)
            if not group.target:
                return root, group
            root = group.target
        return root, _NONE

    def members(self, home: str, source: str, root: str) -> tuple[Fact, ...]:
        """Every fact of a group."""
        return self._facts(home, self.find(home, source, root)[1])

    def in_force(self, home: str, source: str, root: str) -> tuple[Fact, ...]:
        """The facts of a group that count."""
        return winners(self.members(home, source, root))

    def _facts(self, home: str, group: Group) -> tuple[Fact, ...]:
        return tuple(self._clustered(home, group.cluster, group.ids)) if group.cluster else group.facts

    def add(self, home: str, fact: Fact) -> Change | None:
        """Joins a fact to its group, which the caller files and then keeps; None when it is known already."""
        named = (fact.event_id,) if fact.corrects is None else (fact.event_id, fact.corrects)
        former = dict(self.find(home, fact.source, each) for each in named)
        if any(fact.id in group.ids for group in former.values()):
            return None
        if fact.corrects is None and not former[next(iter(former))].ids:
            return Change(fact.event_id, (), (), (fact,), {}, Group(ids=(fact.id,), facts=(fact,)))
        known = [self._facts(home, group) for group in former.values()]
        everything = (fact, *(each for members in known for each in members))
        root = root_of(everything)
        swallowed = tuple(dict.fromkeys(old for old in (*former, *named) if old != root))
        group = Group(ids=tuple(each.id for each in everything), facts=everything)
        before = tuple(each for members in known for each in winners(members))
        return Change(root, swallowed, before, winners(everything), former, group)

    def keep(self, home: str, source: str, change: Change) -> None:
        """Stores a group once it is known where its facts are; what it swallowed leads to it from now on."""
        self._store.put(k.key(k.GROUP, home, source, change.root), encode(change.group))
        for old in change.swallowed:
            self._store.put(k.key(k.GROUP, home, source, old), encode(Group(target=change.root)))

    def forget(self, home: str, source: str, name: str) -> None:
        """An event's group, or the way to it, is no more."""
        self._store.delete(k.key(k.GROUP, home, source, name))
