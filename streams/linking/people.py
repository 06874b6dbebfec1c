"""Split, first step: who is who in a cluster. Identifiers in force join events into people, in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import EVIDENCE, Fact
from streams.domain.views import Review, evidence

MOST_IDENTIFIERS = 64  # one person with more goes to review


@dataclass
class Component:
    """Events and identifiers found to be one person's. `national` are the national ids, one a country."""

    facts: list[Fact] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    national: dict[str, str] = field(default_factory=dict)

    def agrees(self, other: Component) -> bool:
        """Two national ids of one scheme never become one person."""
        return all(other.national.get(country, digest) == digest for country, digest in self.national.items())


@dataclass(frozen=True)
class People:
    """Components with the facts in force, every known fact by group, and what goes to review."""

    components: tuple[Component, ...]
    groups: Mapping[Root, list[Fact]]
    root: Mapping[str, Root]
    reviews: tuple[Review, ...]


def scheme(token: str) -> str:
    """'passport:NP:<hex>' -> 'passport:NP': what a review may name."""
    return token.rsplit(":", 1)[0]


def join_order(fact: Fact) -> tuple[int, int, str]:
    """Strongest evidence first, then occurred-at, then fact id."""
    known = EVIDENCE.index(fact.evidence) if fact.evidence in EVIDENCE else 0
    return -known, fact.time, fact.id


def people(facts: Iterable[Fact], ignored: frozenset[str]) -> People:
    """Components of the facts in force that name a strong identifier. Pure; any order of `facts` gives the same."""
    by_root = groups(facts)
    root = {fact.id: key for key, members in by_root.items() for fact in members}
    in_force = [winner for members in by_root.values() for winner in winners(members) if winner.strong]
    joined: dict[str, Component] = {}
    reviews: list[Review] = []
    for fact in sorted(in_force, key=join_order):
        _join(fact, ignored, joined, reviews)
    for members in by_root.values():
        contents = [fact for fact in members if fact.corrects is None]
        if len({fact.event_id for fact in contents}) < len(contents):
            reviews.append(Review("same_id_other_content", "", evidence(contents)))
    distinct = {id(component): component for component in joined.values()}
    for component in distinct.values():
        component.facts.sort(key=lambda fact: fact.key)
        if len(component.tokens) > MOST_IDENTIFIERS:
            reviews.append(Review("too_many_identifiers", "", evidence(component.facts)))
    return People(tuple(sorted(distinct.values(), key=lambda c: c.facts[0].key)), by_root, root, tuple(sorted(set(reviews))))


def _join(fact: Fact, ignored: frozenset[str], joined: dict[str, Component], reviews: list[Review]) -> None:
    """Adds one event and joins what its identifiers name, national ids first; a join that must not be goes to review."""
    mine = Component([fact])
    joined[f"fact:{fact.id}"] = mine
    for token in sorted(fact.strong, key=lambda t: (not t.startswith("national_id:"), t)):
        if token in ignored:
            reviews.append(Review("identifier_of_too_many", scheme(token), (fact.event_id,)))
            continue
        other = joined.get(token) or _single(token)
        if not mine.agrees(other):
            known = next((f.event_id for f in other.facts), fact.event_id)
            reviews.append(Review("two_national_ids", scheme(token), tuple(sorted({known, fact.event_id}))))
            continue
        mine = _unite(mine, other, joined)
        joined[token] = mine


def _single(token: str) -> Component:
    component = Component(tokens={token})
    kind, country, digest = token.split(":", 2)
    if kind == "national_id":
        component.national[country] = digest
    return component


def _unite(one: Component, other: Component, joined: dict[str, Component]) -> Component:
    if one is other:
        return one
    keep, gone = (one, other) if len(one.facts) + len(one.tokens) >= len(other.facts) + len(other.tokens) else (other, one)
    keep.facts += gone.facts
    keep.tokens |= gone.tokens
    keep.national.update(gone.national)
    for name in [*gone.tokens, *(f"fact:{fact.id}" for fact in gone.facts)]:
        joined[name] = keep
    return keep


def carried(component: Component) -> frozenset[str]:
    """The weak tokens that a person's own events name."""
    return frozenset(token for fact in component.facts for token in fact.weak)
