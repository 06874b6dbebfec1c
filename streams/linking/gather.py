"""Gather wide: which identifiers bring facts into one cluster, and which are ignored. Pure; the store keeps the index.

A cluster is a working set, not an answer: it only grows, and `split` says who is who within it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from streams.domain.corrections import Root, groups
from streams.domain.facts import Fact

# A person's national id meets their passports (one in ten years), permits and registrations of a working life: 16 leaves
# room for all of them. A passport of zeros meets everybody's. Counted over the fact set, corrected facts included.
NEIGHBOUR_LIMIT = 16


def tokens(fact: Fact) -> tuple[str, ...]:
    """The identifiers that gather a fact: strong ones, sorted. Weak ones never do."""
    return tuple(sorted(set(fact.strong)))


def neighbours(fact: Fact) -> dict[str, frozenset[str]]:
    """For each strong identifier that a fact names, the other ones it names beside it."""
    named = frozenset(tokens(fact))
    return {token: named - {token} for token in named}


def ignored(facts: Iterable[Fact], limit: int = NEIGHBOUR_LIMIT) -> frozenset[str]:
    """Identifiers with more than `limit` different neighbours ever seen: the reference for the store's count."""
    seen: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        for token, beside in neighbours(fact).items():
            seen[token] |= beside
    return frozenset(token for token, beside in seen.items() if len(beside) > limit)


def weak_only(facts: Iterable[Fact]) -> bool:
    """Whether a group in force names a worker, and by weak identifiers only; False for an empty group."""
    listed = list(facts)
    return bool(listed) and all(fact.worker is not None and not fact.strong and bool(fact.weak) for fact in listed)


def journey_id(home: str, source: str, event_id: str) -> str:
    """The id of the journey that an event opened, from the root of that event: 'journey:NP:<16 hex>'."""
    return f"journey:{home}:{hashlib.sha256(f'{source}|{event_id}'.encode()).hexdigest()[:16]}"


def clusters(facts: Iterable[Fact], ignoring: frozenset[str] = frozenset()) -> list[list[Fact]]:
    """Facts of one home by cluster, from the whole set: the reference for the store's incremental gathering.

    A group (a root and its corrections) is never parted. Facts that name no strong identifier, in groups that do not
    either, are in no cluster.
    """
    by_root = groups(facts)
    parent: dict[Root | str, Root | str] = {}

    def find(node: Root | str) -> Root | str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    gathered: set[Root] = set()
    for root, members in by_root.items():
        for token in (token for fact in members for token in tokens(fact)):
            gathered.add(root)
            if token not in ignoring:
                parent[find(root)] = find(token)
    found: dict[Root | str, list[Fact]] = defaultdict(list)
    for root in gathered:
        found[find(root)] += by_root[root]
    return [sorted(members, key=lambda fact: fact.key) for members in found.values()]
