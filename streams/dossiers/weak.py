"""Weak identifiers in the store: who carries a phone number now, and to which journey a weak-only event is admitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from streams.domain.facts import Fact
from streams.dossiers.clusters import Clusters
from streams.dossiers.groups import Change
from streams.linking import gather
from streams.linking.split import Person
from streams.store import keys as k
from streams.store.kv import Store

Apart = tuple[str, str, str]  # home, source, own key: what is admitted as one, or has a dossier of its own


@dataclass
class Moved:
    """Clusters whose admitted events changed, and own dossiers to look at again."""

    clusters: set[tuple[str, str]] = field(default_factory=set)
    apart: set[Apart] = field(default_factory=set)


class WeakLinks:
    """Carriers of weak tokens by person, and weak-only groups by token and by own key (`gather.own_key`)."""

    def __init__(self, store: Store, clusters: Clusters) -> None:
        self._store = store
        self._clusters = clusters
        self._groups = clusters.groups

    def note(self, home: str, fact: Fact, change: Change) -> set[Apart]:
        """Files a changed group under its weak tokens and its own key, or takes it out when it is weak-only no longer."""
        roots = (change.root, *change.swallowed)
        for known in change.before:
            for key in (k.key(k.WEAK, home, token, fact.source, root) for token in gather.weak_tokens(known) for root in roots):
                self._store.delete(key)
        touched = {(home, fact.source, group.own) for group in change.former.values() if group.own}
        for root, group in change.former.items():
            if group.own:
                self._store.delete(k.key(k.OWN_GROUP, home, fact.source, group.own, root))
        if not gather.weak_only(change.after):
            return touched
        for token in (token for now in change.after for token in gather.weak_tokens(now)):
            self._store.put(k.key(k.WEAK, home, token, fact.source, change.root), b"")
        own = change.group.own = gather.own_key(change.root, change.after)
        self._store.put(k.key(k.OWN_GROUP, home, fact.source, own, change.root), b"")
        return touched | {(home, fact.source, own)}

    def forget(self, home: str, source: str, names: Iterable[str], own: str, members: Iterable[Fact]) -> set[Apart]:
        """Takes a group out that was filed under these names; its own key where others are filed under it too."""
        for token, name in {(token, name) for fact in members for token in gather.weak_tokens(fact) for name in names}:
            self._store.delete(k.key(k.WEAK, home, token, source, name))
        if not own:
            return set()
        for name in names:
            self._store.delete(k.key(k.OWN_GROUP, home, source, own, name))
        if any(self._clusters.apart(home, source, own)):
            return {(home, source, own)}
        stored = k.key(k.WEAK_GROUP, home, source, own)
        if (was := self._store.get(stored)) is not None:
            self._clusters.part(home, was.decode(), source, own)
            self._store.delete(stored)
        return set()

    def all(self) -> set[Apart]:
        """Every own key under which something is filed."""
        found = (k.parts(key) for key, _ in self._store.scan(k.OWN_GROUP.encode()))
        return {(home, source, own) for home, source, own, _ in found}

    def of(self, home: str, source: str, root: str) -> set[Apart]:
        """Where a group is filed; nothing when it is not weak-only."""
        own = self._groups.find(home, source, root)[1].own
        return {(home, source, own)} if own else set()

    def carry(self, home: str, cluster: str, people: Iterable[Person]) -> set[Apart]:
        """Notes who of a cluster carries what now; returns what is apart and whose carriers changed."""
        now = {(token, person.id) for person in people for token in person.weak_tokens}
        before = self._clusters.carried(home, cluster)
        if now == before:
            return set()
        self._clusters.carry(home, cluster, now)
        for token, person in before - now:
            self._store.delete(k.key(k.CARRIER, home, token, person))
        for token, person in now - before:
            self._store.put(k.key(k.CARRIER, home, token, person), cluster.encode())
        changed = {token for token, _ in before ^ now}
        named = (k.parts(key)[2:] for token in changed for key, _ in self._store.scan(k.key(k.WEAK, home, token)))
        return set[Apart]().union(*(self.of(home, source, root) for source, root in named))

    def admit(self, apart: Iterable[Apart]) -> Moved:
        """Admits each while exactly one person carries what it names; parts it otherwise."""
        moved = Moved()
        for home, source, own in sorted(apart):
            stored = k.key(k.WEAK_GROUP, home, source, own)
            was = (self._store.get(stored) or b"").decode()
            before = self._clusters.resolve(home, was) if was else ""
            now = self._carrier(home, source, own)
            moved.apart.add((home, source, own))
            if before and before != now:
                self._clusters.part(home, before, source, own)
                self._store.delete(stored)
            if now:
                self._clusters.admit(home, now, source, own)
                self._store.put(stored, now.encode())
            moved.clusters |= {(home, cluster) for cluster in (before, now) if cluster}
        return moved

    def admitted(self, home: str, source: str, own: str) -> bool:
        """Whether it belongs to a journey now."""
        return self._store.get(k.key(k.WEAK_GROUP, home, source, own)) is not None

    def members(self, home: str, source: str, own: str) -> list[Fact]:
        """Every fact of the groups that are filed there."""
        return [fact for root in self._clusters.apart(home, source, own) for fact in self._groups.members(home, source, root)]

    def _carrier(self, home: str, source: str, own: str) -> str:
        """The cluster of the one person who carries the tokens of these groups; '' for none or several."""
        facts = (f for root in self._clusters.apart(home, source, own) for f in self._groups.in_force(home, source, root))
        tokens = {token for fact in facts for token in gather.weak_tokens(fact)}
        carriers = {(k.parts(key)[2], self._clusters.resolve(home, cluster.decode())) for token in tokens
                    for key, cluster in self._store.scan(k.key(k.CARRIER, home, token))}  # fmt: skip
        return next(iter(carriers))[1] if len(carriers) == 1 else ""
