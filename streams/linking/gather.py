"""Gather wide: which identifiers bring facts into one cluster, which are ignored, which events stand alone. Pure.

A cluster is a working set, not an answer: it only grows, and `split` says who is who within it. An incremental engine
calls, for each new fact: `neighbours` (add each pair to a set kept by token; `too_many` of that set says whether the
token is ignored from then on: split again every cluster that has it), `tokens` (find or make the cluster of those not
ignored, and of the fact's group), and `alone` with the fact's whole group (does it have a dossier of its own).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import Fact, by_key

# How many different identifiers of one kind a person's own may be seen beside in a working life. National ids name the
# person, so few suffice to show that it isn't one person's; a birth date and a passport change seldom; the rest once a
# migration. One more and it is a passport of zeros or an agent's own number. Over the fact set, corrected facts included.
NEIGHBOUR_LIMITS = {"national_id": 4, "passport": 8, "name_birthdate": 8}
NEIGHBOUR_LIMIT = 16  # every other kind

CASE = "\x02"  # before a case number where an event id might be: no event id has an unprintable character


def tokens(fact: Fact) -> tuple[str, ...]:
    """The identifiers that gather a fact and join people: strong ones, sorted; none where the origin is unknown."""
    return _in_order(fact.strong) if fact.worker and fact.worker.origin else ()


def weak_tokens(fact: Fact) -> tuple[str, ...]:
    """The identifiers that may admit a fact to a journey, sorted; none where the origin is unknown."""
    return _in_order(fact.weak) if fact.worker and fact.worker.origin else ()


def _in_order(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(found))) if len(found) > 1 else found


def neighbours(fact: Fact) -> dict[str, frozenset[str]]:
    """For each identifier that gathers a fact, the other ones, strong or weak, that it is named beside."""
    strong = tokens(fact)
    if not strong:
        return {}
    named = frozenset(strong) | frozenset(weak_tokens(fact))
    return {token: named - {token} for token in strong}


def too_many(beside: Iterable[str]) -> bool:
    """Whether so many different neighbours can't be one person's: the token is ignored.

    Counted by kind, country and generation of the key, so that a number under two keys counts once.
    """
    schemes = Counter(token.rsplit(":", 1)[0] for token in set(beside))
    return any(many > NEIGHBOUR_LIMITS.get(scheme.partition(":")[0], NEIGHBOUR_LIMIT) for scheme, many in schemes.items())


def ignored(facts: Iterable[Fact]) -> frozenset[str]:
    """Identifiers with too many neighbours ever seen, from the whole fact set: the reference for the store's sets."""
    seen: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        for token, beside in neighbours(fact).items():
            seen[token] |= beside
    return frozenset(token for token, beside in seen.items() if too_many(beside))


def weak_only(facts: Iterable[Fact]) -> bool:
    """Whether facts in force name a worker, and nothing that gathers; False for none."""
    listed = list(facts)
    return bool(listed) and all(fact.worker is not None and not tokens(fact) for fact in listed)


def former(group: Iterable[Fact]) -> tuple[Fact, ...]:
    """What a group would have in force but for its retractions; () when only retractions are known."""
    return winners(fact for fact in group if fact.corrects is None or not fact.retracted)


def journey_id(home: str, source: str, event_id: str) -> str:
    """The id of the journey that an event opened, from the root of that event: 'journey:NP:<16 hex>'."""
    return f"journey:{home}:{hashlib.sha256(f'{source}|{event_id}'.encode()).hexdigest()[:16]}"


def own_key(root: str, in_force: Iterable[Fact]) -> str:
    """What an own dossier is kept under at its source: the case that an event names, else its root.

    So that a complaint by telephone and its acknowledgement, which nothing else ties together, are read together.
    """
    cases = sorted({fact.refs.case for fact in in_force if fact.refs.case})
    return f"{CASE}{cases[0]}" if cases else root


def own_dossier(home: str, source: str, key: str) -> str:
    """The id of an own dossier, from its `own_key`: never that of the journey which an event might open one day."""
    return journey_id(home, f"weak|{source}", key)


def apart(facts: Iterable[Fact]) -> dict[Root, list[list[Fact]]]:
    """Weak-only groups by (source, own key): each list of groups is admitted as one, or has a dossier of its own."""
    found: dict[Root, list[list[Fact]]] = defaultdict(list)
    for (source, root), members in groups(facts).items():
        now = winners(members)
        if weak_only(now):
            found[source, own_key(root, now)].append(members)
    return dict(found)


def clusters(facts: Iterable[Fact], ignoring: frozenset[str] = frozenset()) -> list[list[Fact]]:
    """Facts of one home by cluster, from the whole set: the reference for the store's incremental gathering.

    A group (a root and its corrections) is never parted, corrected identifiers gather too. Groups that never named a
    strong identifier are in no cluster. The store's clusters may be unions of these: `split` gives the same for both.
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
    return [sorted(members, key=by_key) for members in found.values()]
