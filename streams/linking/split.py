"""Split pure: exactly who is who in a cluster, and which migration is which."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import Fact
from streams.domain.views import Review
from streams.linking.gather import journey_id
from streams.linking.migrations import CLOSING, assign
from streams.linking.people import Component, People, carried, people


@dataclass(frozen=True)
class Journey:
    """One migration: every known fact of it (corrected ones with what corrects them), sorted; `opener` the root event."""

    id: str
    opener: Root
    facts: tuple[Fact, ...]
    closed: bool
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class Person:
    """One worker as the identifiers in force tell. `id` is internal: it never leaves the home."""

    id: str
    tokens: frozenset[str]
    weak_tokens: frozenset[str]
    journeys: tuple[Journey, ...]


@dataclass(frozen=True)
class Split:
    """The people of a cluster, ordered by their first event, and everything that goes to review."""

    people: tuple[Person, ...]
    reviews: tuple[Review, ...]


def own_dossier(home: str, source: str, root: str) -> str:
    """The id of a weak-only event's own dossier, from its root: never that of the journey it might open one day."""
    return journey_id(home, f"weak|{source}", root)


def split(home: str, facts: Iterable[Fact], ignored: frozenset[str], admitted: Iterable[Fact] = ()) -> Split:
    """The people and journeys of one home's cluster. `admitted` are weak-only groups that one person here carries."""
    found = people(facts, ignored)
    guests = _guests(found, admitted)
    listed = tuple(_person(home, number, component, found, guests) for number, component in enumerate(found.components))
    return Split(listed, found.reviews)


def _guests(found: People, admitted: Iterable[Fact]) -> dict[int, list[list[Fact]]]:
    """Weak-only groups by the number of the component that carries a token of theirs."""
    guests: dict[int, list[list[Fact]]] = defaultdict(list)
    weak = [carried(component) for component in found.components]
    for members in groups(admitted).values():
        named = {token for fact in winners(members) for token in fact.weak}
        carriers = [number for number, tokens in enumerate(weak) if tokens & named]
        if len(carriers) == 1:
            guests[carriers[0]].append(members)
    return guests


def _person(home: str, number: int, component: Component, found: People, guests: dict[int, list[list[Fact]]]) -> Person:
    invited = [fact for members in guests.get(number, ()) for fact in winners(members)]
    opened, placed = assign(component.facts, sorted(invited, key=lambda fact: fact.key))
    known = _known(component, found, guests.get(number, []), placed)
    first = found.root[component.facts[0].id]
    identity = hashlib.sha256("|".join(first).encode()).hexdigest()[:16]
    journeys = tuple(
        _journey(home, found.root[opener.id], known[n], [f for f in (*component.facts, *invited) if placed[f.id] == n], found)
        for n, opener in enumerate(opened)
    )
    return Person(identity, frozenset(component.tokens), carried(component), journeys)


def _known(component: Component, found: People, guests: list[list[Fact]], placed: dict[str, int]) -> dict[int, dict[str, Fact]]:
    """Every known fact by journey: what was corrected goes with what counts now."""
    known: dict[int, dict[str, Fact]] = defaultdict(dict)
    mine = [found.groups[found.root[fact.id]] for fact in component.facts]
    for members in [*mine, *guests]:
        now = [fact for fact in winners(members) if fact.id in placed]
        for winner in now:
            for fact in members if len(now) == 1 else [winner]:
                known[placed[winner.id]][fact.id] = fact
    return known


def _journey(home: str, opener: Root, known: dict[str, Fact], in_force: list[Fact], found: People) -> Journey:
    events = {fact.event_id for fact in known.values()}
    return Journey(
        id=journey_id(home, *opener),
        opener=opener,
        facts=tuple(sorted(known.values(), key=lambda fact: fact.key)),
        closed=any(fact.type in CLOSING for fact in in_force),
        reviews=tuple(review for review in found.reviews if events & set(review.evidence)),
    )
