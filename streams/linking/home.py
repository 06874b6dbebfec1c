"""Everything that linking says of one home, computed from the whole fact set: the reference for the partition's engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from streams.domain.corrections import winners
from streams.domain.facts import Fact
from streams.domain.views import Review
from streams.linking.gather import apart, clusters, ignored, own_dossier, weak_tokens
from streams.linking.reviews import own_reviews
from streams.linking.split import Person, split


@dataclass(frozen=True)
class OwnDossier:
    """Events that name no strong identifier and are admitted to no journey: one, or those of one case at one office."""

    id: str
    facts: tuple[Fact, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class HomeLinks:
    """People and own dossiers by id, the journeys of what is admitted by the id of the dossier it would have, all reviews."""

    people: tuple[Person, ...]
    own: tuple[OwnDossier, ...]
    admitted: dict[str, tuple[str, ...]]
    reviews: tuple[Review, ...]


def carriers(people: Iterable[Person]) -> dict[str, frozenset[str]]:
    """Who carries each weak token now: person ids by token."""
    found: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for token in person.weak_tokens:
            found[token].add(person.id)
    return {token: frozenset(who) for token, who in found.items()}


def admission(in_force: Iterable[Fact], carrying: dict[str, frozenset[str]]) -> str | None:
    """The one person whose journeys admit weak-only events; None when nobody, or more than one, carries their tokens."""
    who = {person for fact in in_force for token in weak_tokens(fact) for person in carrying.get(token, frozenset())}
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
    weak = {own_dossier(home, *key): together for key, together in apart(known).items()}
    hosts = {name: host for name, together in weak.items() if (host := admission(_now(together), carrying)) is not None}
    people: list[Person] = []
    for cluster, before in zip(gathered, uninvited, strict=True):
        mine = {person.id for person in before}
        guests = [fact for name, host in hosts.items() if host in mine for members in weak[name] for fact in members]
        people += split(home, cluster, ignoring, guests).people if guests else before
    own = [_own(name, together) for name, together in weak.items() if name not in hosts]
    found = {review for person in people for journey in person.journeys for review in journey.reviews}
    return HomeLinks(
        people=tuple(sorted(people, key=lambda person: person.id)),
        own=tuple(sorted(own, key=lambda dossier: dossier.id)),
        admitted={name: _where(weak[name], [person for person in people if person.id == host]) for name, host in hosts.items()},
        reviews=tuple(sorted(found.union(*(dossier.reviews for dossier in own)))),
    )


def _now(together: list[list[Fact]]) -> list[Fact]:
    return [fact for members in together for fact in winners(members)]


def _own(name: str, together: list[list[Fact]]) -> OwnDossier:
    known = tuple(sorted((fact for members in together for fact in members), key=lambda fact: fact.key))
    return OwnDossier(name, known, own_reviews(known))


def _where(together: list[list[Fact]], people: list[Person]) -> tuple[str, ...]:
    now = {fact.id for fact in _now(together)}
    return tuple(sorted(j.id for person in people for j in person.journeys if any(fact.id in now for fact in j.facts)))
