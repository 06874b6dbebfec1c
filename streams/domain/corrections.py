"""What is in force: events grouped with the corrections that point at them, and the one of each group that counts.

Pure and order-free: the same set of facts gives the same answer in any order (design.md, invariant 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from streams.domain.facts import Fact, by_key

Root = tuple[str, str]  # (source, event id) of the event that was first published


def root_of(group: Iterable[Fact]) -> str:
    """The event id that a whole group is about: the one that corrects nothing, known or only named.

    The least of several (one id with two contents that correct different events), or of all where they correct in a loop:
    never the one that came first.
    """
    members = list(group)
    correcting = {fact.event_id for fact in members if fact.corrects is not None}
    named = {fact.event_id for fact in members} | {fact.corrects for fact in members if fact.corrects is not None}
    return min(named - correcting or named)


def groups(facts: Iterable[Fact]) -> dict[Root, list[Fact]]:
    """Facts by root: those of one source that corrections tie together, through each other and through events not seen."""
    everything = {fact.id: fact for fact in facts}
    correcting = [fact for fact in everything.values() if fact.corrects is not None]
    if not correcting:  # each event id is its own root
        found: dict[Root, list[Fact]] = defaultdict(list)
        for fact in everything.values():
            found[fact.source, fact.event_id].append(fact)
        return dict(found)
    return _tied(everything.values(), correcting)


def _tied(everything: Iterable[Fact], correcting: Iterable[Fact]) -> dict[Root, list[Fact]]:
    parent: dict[Root, Root] = {}

    def find(node: Root) -> Root:
        while (above := parent.get(node, node)) != node:
            node = above
        return node

    for fact in correcting:
        assert fact.corrects is not None
        parent[find((fact.source, fact.event_id))] = find((fact.source, fact.corrects))
    found: dict[Root, list[Fact]] = defaultdict(list)
    for fact in everything:
        found[find((fact.source, fact.event_id))].append(fact)
    return {(source, members[0].event_id if _plain(members) else root_of(members)): members for (source, _), members in found.items()}


def _plain(members: Sequence[Fact]) -> bool:
    """Whether a group is one fact that corrects nothing, as nearly all are."""
    return len(members) == 1 and members[0].corrects is None


def winners(group: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts of one group that are in force, sorted.

    The correction with the later record time wins, then the greater id (domain.md 4.6); a retraction leaves none. Two
    contents under one id and no correction are both kept.
    """
    members = tuple(group)
    if _plain(members):
        return members
    corrections = [fact for fact in members if fact.corrects is not None]
    if not corrections:
        return tuple(sorted(members, key=by_key))
    last = max(corrections, key=_rank)
    return () if last.retracted else (last,)


def in_force(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Every fact in force of a set, sorted by (time, id)."""
    return of_groups(groups(facts))


def of_groups(found: Mapping[Root, list[Fact]]) -> tuple[Fact, ...]:
    """Every fact in force of these `groups`, sorted by (time, id)."""
    return tuple(sorted(chain.from_iterable([winners(group) for group in found.values()]), key=by_key))


def _rank(fact: Fact) -> tuple[int, str, str]:
    return fact.recorded, fact.event_id, fact.id
