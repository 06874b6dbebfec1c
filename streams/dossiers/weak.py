"""Weak identifiers in the store: who carries a phone number now, and to which journey a weak-only event is admitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from streams.domain.facts import Fact
from streams.dossiers.clusters import Clusters
from streams.dossiers.groups import Change, Groups
from streams.linking import gather
from streams.linking.split import Person
from streams.store import keys as k
from streams.store.kv import Store

Group = tuple[str, str, str]  # home, source, root event id


@dataclass
class Moved:
    """Clusters whose admitted events changed, and weak-only groups to look at again."""

    clusters: set[tuple[str, str]] = field(default_factory=set)
    groups: set[Group] = field(default_factory=set)


class WeakLinks:
    """Carriers of weak tokens by person, and weak-only groups by token."""

    def __init__(self, store: Store, clusters: Clusters) -> None:
        self._store = store
        self._clusters = clusters
        self._groups = Groups(store)

    def note(self, home: str, fact: Fact, change: Change) -> set[Group]:
        """Files a changed group under its weak tokens, or takes it out when it is weak-only no longer."""
        for root in (*change.swallowed, change.root):
            for known in change.before:
                for token in gather.weak_tokens(known):
                    self._store.delete(k.key(k.WEAK, home, token, known.source, root))
        weak_only = gather.weak_only(change.after)
        if weak_only:
            for now in change.after:
                for token in gather.weak_tokens(now):
                    self._store.put(k.key(k.WEAK, home, token, now.source, change.root), b"")
        was = any(gather.weak_only((each,)) for each in change.before)
        return {(home, fact.source, root) for root in (change.root, *change.swallowed)} if weak_only or was else set()

    def carry(self, home: str, cluster: str, people: Iterable[Person]) -> set[Group]:
        """Notes who of a cluster carries what now; returns the weak-only groups whose carriers changed."""
        now = {(token, person.id) for person in people for token in person.weak_tokens}
        prefix = k.key(k.CARRIED, home, cluster)
        before = {(token, person) for token, person in (k.parts(key)[2:] for key, _ in self._store.scan(prefix))}
        for token, person in before - now:
            self._store.delete(k.key(k.CARRIED, home, cluster, token, person))
            self._store.delete(k.key(k.CARRIER, home, token, person))
        for token, person in now - before:
            self._clusters.own(k.CARRIED, home, cluster, token, person)
        changed = {token for token, _ in before ^ now}
        return {(home, source, root) for token in changed
                for source, root in (k.parts(key)[2:] for key, _ in self._store.scan(k.key(k.WEAK, home, token)))}  # fmt: skip

    def admit(self, groups: Iterable[Group]) -> Moved:
        """Admits each weak-only group while exactly one person carries what it names; parts it otherwise."""
        moved = Moved()
        for home, source, root in sorted(groups):
            stored = k.key(k.WEAK_GROUP, home, source, root)
            before = (self._store.get(stored) or b"").decode()
            now = self._carrier(home, source, root)
            moved.groups.add((home, source, root))
            if before and before != now:
                self._store.delete(k.key(k.ADMITTED, home, before, source, root))
                self._store.delete(stored)
            if now:
                self._clusters.own(k.ADMITTED, home, now, source, root)
            moved.clusters |= {(home, cluster) for cluster in (before, now) if cluster}
        return moved

    def admitted(self, home: str, source: str, root: str) -> bool:
        """Whether a weak-only group belongs to a journey now."""
        return self._store.get(k.key(k.WEAK_GROUP, home, source, root)) is not None

    def _carrier(self, home: str, source: str, root: str) -> str:
        """The cluster of the one person who carries a weak-only group's tokens; '' for none or several."""
        if self._groups.root(home, source, root) != root:
            return ""  # swallowed by what it corrects
        facts = self._groups.in_force(home, source, root)
        if not gather.weak_only(facts):
            return ""
        carriers = {(k.parts(key)[2], cluster.decode()) for fact in facts for token in gather.weak_tokens(fact)
                    for key, cluster in self._store.scan(k.key(k.CARRIER, home, token))}  # fmt: skip
        return next(iter(carriers))[1] if len(carriers) == 1 else ""
