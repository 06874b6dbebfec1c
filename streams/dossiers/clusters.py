"""Gather, in the store: identifiers to clusters, which only grow. A cluster is a working set; who is who is `split`'s."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.facts import Fact
from streams.dossiers.groups import Change, Groups
from streams.linking import gather
from streams.store import keys as k
from streams.store.kv import Store

# What a cluster answers for, by (home, cluster, ...): it moves as a whole when two become one.
_OWNED = (k.MEMBER, k.CLUSTER_TOKEN, k.CARRIED, k.ADMITTED, k.JOURNEYS)


class Clusters:
    """The clusters of every home in a partition. A cluster is made of whole groups (a root and its corrections)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._groups = Groups(store)

    def add(self, home: str, fact: Fact, change: Change) -> set[str]:
        """Puts a fact where its identifiers and its group are; returns the clusters to split again."""
        touched = self._newly_ignored(home, fact)
        seen = gather.tokens(fact)
        strong = tuple(token for token in seen if not self.ignored(home, token))
        roots = (change.root, *change.swallowed)
        found = {self._of_token(home, token) for token in strong} | {self.of(home, fact.source, root) for root in roots}
        found.discard("")
        if not found and not seen:
            return touched  # known by weak identifiers only, or about no worker
        cluster = self._merge(home, found) if found else fact.id
        for root in change.swallowed:
            self._store.delete(k.key(k.MEMBER, home, cluster, fact.source, root))
        self._put(k.MEMBER, home, cluster, fact.source, change.root)
        for token in strong:
            self._put(k.CLUSTER_TOKEN, home, cluster, token)
        return touched | {cluster}

    def facts(self, home: str, cluster: str) -> list[Fact]:
        """Every fact of a cluster's groups."""
        return [fact for source, root in self.groups(home, cluster) for fact in self._groups.members(home, source, root)]

    def admitted(self, home: str, cluster: str) -> list[Fact]:
        """Every fact of the weak-only groups that are admitted to a cluster."""
        found = (k.parts(key)[2:] for key, _ in self._store.scan(k.key(k.ADMITTED, home, cluster)))
        return [fact for source, own in found for root in self.apart(home, source, own)
                for fact in self._groups.members(home, source, root)]  # fmt: skip

    def apart(self, home: str, source: str, own: str) -> Iterator[str]:
        """Root event ids of the weak-only groups with this own key."""
        return (k.parts(key)[-1] for key, _ in self._store.scan(k.key(k.OWN_GROUP, home, source, own)))

    def groups(self, home: str, cluster: str) -> Iterator[tuple[str, str]]:
        """(source, root event id) of a cluster's groups."""
        for key, _ in self._store.scan(k.key(k.MEMBER, home, cluster)):
            _, _, source, root = k.parts(key)
            yield source, root

    def of(self, home: str, source: str, root: str) -> str:
        """The cluster of a root's group; '' when it has none."""
        return (self._store.get(k.key(k.GROUP_CLUSTER, home, source, root)) or b"").decode()

    def all(self) -> Iterator[tuple[str, str]]:
        """Every (home, cluster)."""
        seen: tuple[str, ...] = ()
        for key, _ in self._store.scan(k.MEMBER.encode()):
            home, cluster, *_ = k.parts(key)
            if (home, cluster) != seen:
                seen = home, cluster
                yield home, cluster

    def ignored(self, home: str, token: str) -> bool:
        """Whether a token has too many neighbours ever seen."""
        return gather.too_many(k.parts(key)[2] for key, _ in self._store.scan(k.key(k.NEIGHBOUR, home, token)))

    def _newly_ignored(self, home: str, fact: Fact) -> set[str]:
        """Notes the neighbours that a fact shows; returns the clusters of tokens that are ignored from now on."""
        touched = set()
        for token, neighbours in gather.neighbours(fact).items():
            fresh = [key for n in neighbours if self._store.get(key := k.key(k.NEIGHBOUR, home, token, n)) is None]
            if not fresh or self.ignored(home, token):
                continue
            for key in fresh:
                self._store.put(key, b"")
            if self.ignored(home, token) and (cluster := self._of_token(home, token)):
                touched.add(cluster)
        return touched

    def _of_token(self, home: str, token: str) -> str:
        return (self._store.get(k.key(k.TOKEN, home, token)) or b"").decode()

    def _put(self, table: str, home: str, cluster: str, *rest: str) -> None:
        """One thing that a cluster owns, with the index that leads back from it."""
        self._store.put(k.key(table, home, cluster, *rest), b"")
        name = cluster.encode()
        if table == k.MEMBER:
            self._store.put(k.key(k.GROUP_CLUSTER, home, *rest), name)
        elif table == k.CLUSTER_TOKEN:
            self._store.put(k.key(k.TOKEN, home, *rest), name)
        elif table == k.CARRIED:
            self._store.put(k.key(k.CARRIER, home, *rest), name)
        elif table == k.ADMITTED:
            self._store.put(k.key(k.WEAK_GROUP, home, *rest), name)
        elif table == k.JOURNEYS:
            self._store.put(k.key(k.JOURNEY_CLUSTER, *rest), name)

    def own(self, table: str, home: str, cluster: str, *rest: str) -> None:
        """Gives a cluster a carried token, an admitted group or a published journey."""
        self._put(table, home, cluster, *rest)

    def _merge(self, home: str, found: set[str]) -> str:
        """The largest cluster takes the others in, so that each group moves at most log n times."""
        keep, *others = sorted(found, key=lambda c: (-sum(1 for _ in self.groups(home, c)), c))
        for other in others:
            for table in _OWNED:
                for stored, _ in self._store.scan(k.key(table, home, other)):
                    self._store.delete(stored)
                    self._put(table, home, keep, *k.parts(stored)[2:])
        return keep
