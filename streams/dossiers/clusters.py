"""Gather, in the store: identifiers to clusters, which only grow. A cluster is a working set; who is who is `split`'s."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from streams.domain.facts import Fact, decode, encode
from streams.dossiers.groups import Change, Groups
from streams.dossiers.records import Records
from streams.linking import gather
from streams.store import keys as k
from streams.store.kv import Store

_MOST_CLUSTERS, _MOST_TOKENS = 10_000, 10_000  # kept decoded from batch to batch: some MB


class Cluster(msgspec.Struct, array_like=True, gc=False):
    """What one cluster owns beside its facts, which are rows of their own: one more costs the same whatever it has.

    `into` names the cluster that took this one in: what points here is led on, and need not be rewritten. `carried` are the
    (weak token, person) pairs of the last split; `admitted` the (source, own key) of weak-only groups; `journeys` the ids
    that it published.
    """

    into: str = ""
    carried: list[tuple[str, str]] = []
    admitted: list[tuple[str, str]] = []
    journeys: list[str] = []


class Token(msgspec.Struct, array_like=True, gc=False):
    """A strong identifier: the cluster it was last put into, and those it was ever named beside until it had too many."""

    cluster: str = ""
    beside: list[str] = []
    ignored: bool = False


class Clusters:
    """The clusters of every home in a partition."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clusters = Records(store, k.CLUSTER, Cluster, _MOST_CLUSTERS)
        self._tokens = Records(store, k.TOKEN, Token, _MOST_TOKENS)
        self.groups = Groups(store, self._members)

    def flush(self) -> None:
        """Writes what changed to the store's batch."""
        self._clusters.flush()
        self._tokens.flush()

    def add(self, home: str, fact: Fact, change: Change) -> set[str]:
        """Puts a fact where its identifiers and its group are, as `change.group.cluster` says then.

        Returns the clusters of identifiers that are ignored from now on: they are to be split again too.
        """
        seen = gather.tokens(fact)
        known = {token: self._tokens.get(home, token) or Token() for token in seen}
        touched = self._newly_ignored(home, fact, known)
        strong = [token for token in seen if not known[token].ignored]
        pointed = [known[token].cluster for token in strong] + [group.cluster for group in change.former.values()]
        found = {self._led(home, name)[0] for name in pointed if name}
        if not found and not seen:
            return touched  # known by weak identifiers only, or about no worker: its facts stay with the group
        name = self._merge(home, found) if found else fact.id
        self._take_in(home, name, fact, change)
        for token in strong:
            if known[token].cluster != name:
                known[token].cluster = name
                self._tokens.put(known[token], home, token)
        return touched

    def _take_in(self, home: str, name: str, fact: Fact, change: Change) -> None:
        """A fact, and those that its group had while in no cluster, into the cluster."""
        if self._clusters.get(home, name) is None:
            self._clusters.put(Cluster(), home, name)
        for each in (fact, *(known for group in change.former.values() if not group.cluster for known in group.facts)):
            self._store.put(k.key(k.FACT, home, name, each.id), encode(each))
        change.group.cluster, change.group.facts = name, ()

    def resolve(self, home: str, name: str) -> str:
        """The cluster that a name stands for now: its own, or the one that took it in."""
        return self._led(home, name)[0]

    def _led(self, home: str, name: str) -> tuple[str, Cluster]:
        while (cluster := self._clusters.get(home, name)) is not None and cluster.into:
            name = cluster.into
        return name, cluster or Cluster()

    def facts(self, home: str, name: str) -> list[Fact]:
        """Every fact of a cluster's groups: whole groups, roots with their corrections."""
        return [decode(stored) for _, stored in self._store.scan(k.key(k.FACT, home, self.resolve(home, name)))]

    def _members(self, home: str, name: str, ids: Iterable[str]) -> list[Fact]:
        now = self.resolve(home, name)
        found = (self._store.get(k.key(k.FACT, home, now, each)) for each in ids)
        return [decode(stored) for stored in found if stored is not None]

    def admitted(self, home: str, name: str) -> list[Fact]:
        """Every fact of the weak-only groups that are admitted to a cluster."""
        return [fact for source, own in self._led(home, name)[1].admitted for root in self.apart(home, source, own)
                for fact in self.groups.members(home, source, root)]  # fmt: skip

    def apart(self, home: str, source: str, own: str) -> Iterator[str]:
        """Root event ids of the weak-only groups with this own key."""
        return (k.parts(key)[-1] for key, _ in self._store.scan(k.key(k.OWN_GROUP, home, source, own)))

    def of(self, home: str, source: str, event_id: str) -> str:
        """The cluster of an event's group; '' when it has none."""
        group = self.groups.find(home, source, event_id)[1]
        return self.resolve(home, group.cluster) if group.cluster else ""

    def of_journey(self, home: str, journey: str) -> str:
        """The cluster that published a journey; '' when none did."""
        found = self._store.get(k.key(k.JOURNEY_CLUSTER, journey))
        return self.resolve(home, found.decode()) if found is not None else ""

    def all(self) -> Iterator[tuple[str, str]]:
        """Every (home, cluster); of what was taken in, also the former name."""
        return ((home, name) for home, name in self._clusters.names())

    def ignored(self, home: str, token: str) -> bool:
        """Whether a token has too many neighbours ever seen."""
        found = self._tokens.get(home, token)
        return found is not None and found.ignored

    def _newly_ignored(self, home: str, fact: Fact, known: dict[str, Token]) -> set[str]:
        """Notes the neighbours that a fact shows; returns the clusters of tokens that are ignored from now on."""
        touched = set()
        for name, neighbours in gather.neighbours(fact).items():
            token = known[name]
            fresh = neighbours.difference(token.beside) if not token.ignored else ()
            if fresh:
                token.beside += sorted(fresh)
                token.ignored = gather.too_many(token.beside)
                self._tokens.put(token, home, name)
                if token.ignored and token.cluster:
                    touched.add(self.resolve(home, token.cluster))
        return touched

    def release(self, home: str, name: str, gone: Iterable[Fact]) -> str:
        """Takes facts out, and the identifiers that nothing of the cluster names any more; the cluster as it is called now.

        What an identifier of too many was named beside is taken out too. It stays ignored until the partition is next opened
        from nothing: which facts of other clusters name it is known to none.
        """
        name, left = self.resolve(home, name), list(gone)
        for fact in left:
            self._store.delete(k.key(k.FACT, home, name, fact.id))
        remaining = self.facts(home, name)
        beside: dict[str, set[str]] = {token: set() for fact in remaining for token in gather.tokens(fact)}
        for fact in remaining:
            for token, others in gather.neighbours(fact).items():
                beside[token] |= others
        for mine in {token for fact in left for token in gather.tokens(fact)}:
            self._let_go(home, mine, beside, {token for fact in left for token in (*gather.tokens(fact), *gather.weak_tokens(fact))})
        return name

    def _let_go(self, home: str, name: str, beside: Mapping[str, set[str]], gone: set[str]) -> None:
        token = self._tokens.get(home, name)
        if token is None:
            return
        if name not in beside and not token.ignored:
            self._tokens.delete(home, name)
            return
        staying = set(token.beside) - gone if token.ignored else set()
        token.beside = sorted(staying | beside.get(name, set()))
        self._tokens.put(token, home, name)

    # What a cluster owns.

    def carried(self, home: str, name: str) -> set[tuple[str, str]]:
        """The (weak token, person) pairs of its last split."""
        return set(self._led(home, name)[1].carried)

    def carry(self, home: str, name: str, now: Iterable[tuple[str, str]]) -> None:
        """Those of this one."""
        name, cluster = self._led(home, name)
        cluster.carried = sorted(now)
        self._clusters.put(cluster, home, name)

    def admit(self, home: str, name: str, source: str, own: str) -> None:
        """A weak-only group belongs to it."""
        name, cluster = self._led(home, name)
        if (source, own) not in cluster.admitted:
            cluster.admitted.append((source, own))
            self._clusters.put(cluster, home, name)

    def part(self, home: str, name: str, source: str, own: str) -> None:
        """It does so no longer."""
        name, cluster = self._led(home, name)
        cluster.admitted = [each for each in cluster.admitted if each != (source, own)]
        self._clusters.put(cluster, home, name)

    def published(self, home: str, name: str) -> tuple[str, ...]:
        """The journeys that it ever published."""
        return tuple(self._led(home, name)[1].journeys)

    def publish(self, home: str, name: str, journey: str) -> None:
        """Notes a journey that it publishes."""
        name, cluster = self._led(home, name)
        if journey not in cluster.journeys:
            cluster.journeys.append(journey)
            self._clusters.put(cluster, home, name)
            self._store.put(k.key(k.JOURNEY_CLUSTER, journey), name.encode())

    def unpublish(self, home: str, journey: str) -> None:
        """A journey that it published is erased."""
        if name := self.of_journey(home, journey):
            name, cluster = self._led(home, name)
            cluster.journeys = [each for each in cluster.journeys if each != journey]
            self._clusters.put(cluster, home, name)
            self._store.delete(k.key(k.JOURNEY_CLUSTER, journey))

    def _merge(self, home: str, found: set[str]) -> str:
        """The largest cluster takes the others in, so that each fact moves at most log n times."""
        if len(found) == 1:
            return next(iter(found))
        rows = {name: list(self._store.scan(k.key(k.FACT, home, name))) for name in found}
        keep, *others = sorted(found, key=lambda name: (-len(rows[name]), name))
        for other in others:
            for key, stored in rows[other]:
                self._store.delete(key)
                self._store.put(k.key(k.FACT, home, keep, k.parts(key)[-1]), stored)
            into, taken = self._led(home, keep)[1], self._led(home, other)[1]
            into.carried = sorted({*into.carried, *taken.carried})
            into.admitted += [each for each in taken.admitted if each not in into.admitted]
            into.journeys += [each for each in taken.journeys if each not in into.journeys]
            self._clusters.put(into, home, keep)
            self._clusters.put(Cluster(into=keep), home, other)
        return keep
