"""What is in force: events grouped with the corrections that point at them, and the one of each group that counts.

Pure and order-free: the same set of facts gives the same answer in any order (design.md, invariant 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from streams.domain.facts import Fact

Root = tuple[str, str]  # (source, event id) of the event that was first published


def root_of(source: str, event_id: str, corrects: Mapping[Root, str]) -> Root:
    """Follows corrections of corrections to the first event known or named; a loop ends at its least id."""
    seen, current = [event_id], event_id
    while (target := corrects.get((source, current))) is not None:
        if target in seen:
            return source, min(seen[seen.index(target) :])
        seen.append(target)
        current = target
    return source, current


def groups(facts: Iterable[Fact]) -> dict[Root, list[Fact]]:
    """Facts by the root they are, or correct."""
    everything = list({fact.id: fact for fact in facts}.values())
    corrects = {(f.source, f.event_id): f.corrects for f in sorted(everything, key=_rank) if f.corrects is not None}
    found: dict[Root, list[Fact]] = defaultdict(list)
    for fact in everything:
        found[root_of(fact.source, fact.event_id, corrects)].append(fact)
    return found


def winners(group: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts of one group that are in force, sorted.

    The correction with the later record time wins, then the greater id (domain.md 4.6); a retraction leaves none. Two
    contents under one id and no correction are both kept.
    """
    members = list(group)
    corrections = [fact for fact in members if fact.corrects is not None]
    if not corrections:
        return tuple(sorted(members, key=lambda fact: fact.key))
    last = max(corrections, key=_rank)
    return () if last.retracted else (last,)


def in_force(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Every fact in force of a set, sorted by (time, id)."""
    return tuple(sorted((w for group in groups(facts).values() for w in winners(group)), key=lambda fact: fact.key))


def _rank(fact: Fact) -> tuple[int, str, str]:
    return fact.recorded, fact.event_id, fact.id
