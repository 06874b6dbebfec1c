"""Everything that linking says of one home, computed from the whole fact set: the reference for the partition's engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import Fact
from streams.domain.views import Review
from streams.linking.gather import (
    clusters,
    ignored,
    own_dossier,
    weak_only,
    weak_tokens,
)
from streams.linking.reviews import own_reviews
from streams.linking.split import Person, split


@dataclass(frozen=True)
class OwnDossier:
    """One event that names no strong identifier and is admitted to no journey, with its corrections."""

    id: str
    root: Root
    facts: tuple[Fact, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class HomeLinks:
    """People by id, own dossiers by id, where each admitted weak-only group went (root -> journey ids), all reviews."""

    people: tuple[Person, ...]
    own: tuple[OwnDossier, ...]
    admitted: dict[Root, tuple[str, ...]]
    reviews: tuple[Review, ...]


def carriers(people: Iterable[Person]) -> dict[str, frozenset[str]]:
    """Who carries each weak token now: person ids by token."""
    found: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for token in person.weak_tokens:
            found[token].add(person.id)
    return {token: frozenset(who) for token, who in found.items()}


def admission(group: Iterable[Fact], carrying: dict[str, frozenset[str]]) -> str | None:
    """The one person whose journeys admit a weak-only group; None when nobody, or more than one, carries its tokens."""
    now = winners(group)
    if not weak_only(now):
        return None
    who = {person for fact in now for token in weak_tokens(fact) for person in carrying.get(token, frozenset())}
    return who.pop() if len(who) == 1 else None


def link(home: str, facts: Iterable[Fact]) -> HomeLinks:
    """Who is who in one home, which migration is which, what is admitted where. Pure; the order of facts is no matter.

    Facts about no worker are passed over.
    """
    known = list({fact.id: fact for fact in facts}.values())
    ignoring = ignored(known)
    gathered = clusters(known, ignoring)
    uninvited = [split(home, cluster, ignoring).people for cluster in gathered]
    carrying = carriers(person for found in uninvited for person in found)
    weak = {root: members for root, members in groups(known).items() if weak_only(winners(members))}
    hosts = {root: host for root, members in weak.items() if (host := admission(members, carrying)) is not None}
    people: list[Person] = []
    for cluster, before in zip(gathered, uninvited, strict=True):
        mine = {person.id for person in before}
        guests = [fact for root, host in hosts.items() if host in mine for fact in weak[root]]
        people += split(home, cluster, ignoring, guests).people if guests else before
    own = [OwnDossier(own_dossier(home, *root), root, tuple(sorted(members, key=lambda fact: fact.key)), own_reviews(members))
           for root, members in weak.items() if root not in hosts]  # fmt: skip
    found = {review for person in people for journey in person.journeys for review in journey.reviews}
    return HomeLinks(
        people=tuple(sorted(people, key=lambda person: person.id)),
        own=tuple(sorted(own, key=lambda dossier: dossier.id)),
        admitted={root: _where(weak[root], [person for person in people if person.id == host]) for root, host in hosts.items()},
        reviews=tuple(sorted(found.union(*(dossier.reviews for dossier in own)))),
    )


def _where(members: list[Fact], people: list[Person]) -> tuple[str, ...]:
    now = {fact.id for fact in winners(members)}
    return tuple(sorted(j.id for person in people for j in person.journeys if any(fact.id in now for fact in j.facts)))
