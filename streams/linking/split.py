"""Split pure: exactly who is who in a cluster, and which migration is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import RESTATED, Fact, by_key
from streams.domain.views import Review
from streams.linking.gather import apart, journey_id, own_dossier, tokens, weak_tokens
from streams.linking.migrations import CLOSING, assign
from streams.linking.people import Component, People, people
from streams.linking.reviews import Concern, of_group, reviews

__all__ = ["Journey", "Person", "Split", "own_dossier", "split"]


@dataclass(frozen=True)
class Journey:
    """One migration: every known fact of it (corrected ones with what corrects them), sorted; `opener` the root event.

    One whose facts are all retracted is closed: its history is told, and nothing is open.
    """

    id: str
    opener: Root
    facts: tuple[Fact, ...]
    closed: bool
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class Person:
    """One worker as the identifiers in force tell. `id` is internal, and is that of the first journey: 16 hex."""

    id: str
    tokens: frozenset[str]
    weak_tokens: frozenset[str]
    journeys: tuple[Journey, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every known fact about the worker, sorted."""
        return tuple(sorted((fact for journey in self.journeys for fact in journey.facts), key=by_key))


@dataclass(frozen=True)
class Split:
    """The people of a cluster, ordered by their first event, and everything that goes to review."""

    people: tuple[Person, ...]
    reviews: tuple[Review, ...]


_Group = tuple[list[Fact], tuple[Fact, ...]]  # a root and its corrections, and what is in force of them


@dataclass(frozen=True)
class _Trips:
    """One component's journeys: what opened each, the journey number of each fact id, and the groups that it shows."""

    component: Component
    opened: list[Fact]
    placed: dict[str, int]
    groups: list[_Group]


def split(home: str, facts: Iterable[Fact], ignored: frozenset[str], admitted: Iterable[Fact] = ()) -> Split:
    """The people and journeys of one home's cluster. `admitted` are weak-only groups that one person here carries."""
    found, invited = people(facts, ignored), list(admitted)
    guests = _guests(found.components, invited) if invited else {}
    trips = [_trips(component, found, guests.get(number, [])) for number, component in enumerate(found.components)]
    ids = _journey_ids(home, found, [fact for each in trips for fact in each.opened])
    concerns: dict[str, list[Concern]] = defaultdict(list)
    for each in (*found.concerns, *(c for members in groups(invited).values() for c in of_group(members))):
        for fact_id in each.facts:
            concerns[fact_id].append(each)
    return Split(tuple(_person(each, ids, found, concerns) for each in trips), reviews(found.concerns))


def _guests(components: Iterable[Component], admitted: Iterable[Fact]) -> dict[int, list[_Group]]:
    """Weak-only groups by the number of the component that carries a token of theirs, those of one case together."""
    carriers: dict[str, set[int]] = defaultdict(set)
    for number, component in enumerate(components):
        for token in component.carried:
            carriers[token].add(number)
    guests: dict[int, list[_Group]] = defaultdict(list)
    for together in apart(admitted).values():
        came = [(members, winners(members)) for members in together]
        who = {number for _, now in came for fact in now for token in weak_tokens(fact) for number in carriers[token]}
        if len(who) == 1:
            guests[who.pop()] += came
    return guests


def _trips(component: Component, found: People, guests: list[_Group]) -> _Trips:
    if component.facts:
        opened, placed = assign(component.facts, [*(fact for _, now in guests for fact in now), *component.ghosts])
    else:
        opened, placed = assign(component.ghosts)
    roots = dict.fromkeys(found.root[fact.id] for told in (component.facts, component.ghosts) for fact in told)
    return _Trips(component, opened, placed, [*((found.groups[root], found.now[root]) for root in roots), *guests])


def _journey_ids(home: str, found: People, opened: list[Fact]) -> dict[str, str]:
    """Journey ids by opening fact id. Of several contents under one event id the earliest has the event's own."""
    ids: dict[str, str] = {}
    taken: set[Root] = set()
    for fact in sorted(opened, key=by_key):
        source, event_id = found.root[fact.id]
        ids[fact.id] = journey_id(home, source, f"{event_id}|{fact.id}" if (source, event_id) in taken else event_id)
        taken.add((source, event_id))
    return ids


def _person(trips: _Trips, ids: dict[str, str], found: People, concerns: Mapping[str, list[Concern]]) -> Person:
    known = _known(trips)
    in_force = {fact.id for _, now in trips.groups for fact in now if fact.type != RESTATED}
    journeys = tuple(
        Journey(
            id=ids[opener.id],
            opener=found.root[opener.id],
            facts=tuple(sorted(known[number].values(), key=by_key)),
            closed=_closed([fact for fact in known[number].values() if fact.id in in_force]),
            reviews=reviews(each for fact_id in known[number] for each in concerns.get(fact_id, ())) if concerns else (),
        )
        for number, opener in enumerate(trips.opened)
    )
    identity = journeys[0].id.rsplit(":", 1)[1]
    return Person(identity, frozenset(trips.component.tokens), trips.component.carried, journeys)


def _closed(in_force: list[Fact]) -> bool:
    return not in_force or any(fact.type in CLOSING for fact in in_force)


def _known(trips: _Trips) -> dict[int, dict[str, Fact]]:
    """Every known fact by journey: what was corrected or retracted goes with what counts, or counted, instead of it.

    Of several contents under one id each goes where it belongs; those that name nobody go with the earliest that does.
    """
    known: dict[int, dict[str, Fact]] = defaultdict(dict)
    for members, now in trips.groups:
        if len(members) == 1 and now:  # nearly every group: it is what counts, and nothing goes with it
            if (number := trips.placed.get(members[0].id)) is not None:
                known[number][members[0].id] = members[0]
            continue
        named = [fact for fact in now if tokens(fact)] or list(now) or [f for f in members if f.id in trips.placed]
        for each in named:
            if each.id in trips.placed:
                others = [fact for fact in members if fact not in named] if each is named[0] else []
                known[trips.placed[each.id]].update({fact.id: fact for fact in (each, *others)})
    return known
