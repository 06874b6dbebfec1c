"""Split, first step: who is who in a cluster. Identifiers in force join events into people, in one fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.domain.corrections import Root, groups, winners
from streams.domain.facts import EVIDENCE, RESTATED, Fact, by_key
from streams.linking import reviews as r
from streams.linking.gather import former, tokens, weak_tokens
from streams.linking.numbers import Numbers, numbers

MOST_IDENTIFIERS = 64  # one person with more goes to review
_WEAKER = {evidence: -known for known, evidence in enumerate(EVIDENCE)}


@dataclass
class Component:
    """Events and identifiers found to be one person's. `national` are the national ids, one a country, with their generation.

    `ghosts` are what retracted events last said, and identifiers that were only said again while a key was changed: they are told
    here, but they join and carry nothing.
    """

    facts: list[Fact] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    national: dict[str, str] = field(default_factory=dict)
    ghosts: list[Fact] = field(default_factory=list)

    def agrees(self, other: Component) -> bool:
        """Two national ids of one scheme never become one person, nor two of which no pair says that they are one."""
        return all(other.national.get(country, digest) == digest for country, digest in self.national.items())

    @property
    def first(self) -> Fact:
        """The earliest event; what was retracted only where there is nothing else."""
        return min(self.facts or self.ghosts, key=by_key)

    @property
    def carried(self) -> frozenset[str]:
        """The weak tokens that the person's own events name now."""
        return frozenset(token for fact in self.facts for token in weak_tokens(fact))


@dataclass(frozen=True)
class People:
    """Components, every known fact by group and what is in force of each, the root of each fact by its id, and what goes to review."""

    components: tuple[Component, ...]
    groups: Mapping[Root, list[Fact]]
    now: Mapping[Root, tuple[Fact, ...]]
    root: Mapping[str, Root]
    concerns: tuple[r.Concern, ...]


def scheme(token: str) -> str:
    """'passport:NP:<hex>' -> 'passport:NP': what a review may name, whatever the key's generation."""
    return ":".join(token.split(":", 2)[:2])


def join_order(fact: Fact) -> tuple[int, int, str]:
    """Strongest evidence first, then occurred-at, then fact id."""
    return _WEAKER.get(fact.evidence, 0), fact.time, fact.id


def people(facts: Iterable[Fact], ignored: frozenset[str]) -> People:
    """Components of the facts that name a strong identifier. Pure; any order of `facts` gives the same."""
    known = list(facts)
    by_root, one = groups(known), numbers(known, ignored)
    root = {fact.id: key for key, members in by_root.items() for fact in members}
    joining = _Joining(one)
    now = {key: winners(members) for key, members in by_root.items()}
    strong = {fact.id: one.of(tokens(fact)) for each in now.values() for fact in each}
    spoken = sorted((fact for each in now.values() for fact in each if strong[fact.id]), key=join_order)
    for fact in spoken:
        if fact.type != RESTATED:
            joining.join(fact, strong[fact.id])
    gone = (sorted(filter(tokens, former(by_root[key])), key=join_order) for key, each in now.items() if not each)
    again = [fact for fact in spoken if fact.type == RESTATED]
    if again:
        joining.remember(by_root, now)
    for fact in sorted([*(each[0] for each in gone if each), *again], key=join_order):
        joining.place(fact)
    for members in by_root.values():
        joining.concerns += r.of_group(members)
    found = sorted(joining.components(), key=lambda component: component.first.key)
    joining.concerns += [r.concern(r.TOO_MANY, "", c.facts) for c in found if len(c.tokens) > MOST_IDENTIFIERS]
    return People(tuple(found), by_root, now, root, tuple(joining.concerns))


class _Joining:
    """Components by what they own: tokens in force, tokens that only retracted events named, and facts."""

    def __init__(self, one: Numbers) -> None:
        self._numbers = one
        self._ignored = one.ignored
        self._owner: dict[str, Component] = {}
        self._haunted: dict[str, Component] = {}
        self._once: dict[str, Component] = {}  # whose event named a token before it was corrected
        self._by_fact: dict[str, Component] = {}
        self._claimed: dict[str, Fact] = {}  # the event by which a token first joined
        self._whole: set[tuple[str, ...]] = set()  # identifiers of an event that all joined: of one person ever since
        self.concerns: list[r.Concern] = []

    def components(self) -> list[Component]:
        """Each once."""
        return list({id(component): component for component in self._by_fact.values()}.values())

    def join(self, fact: Fact, strong: tuple[str, ...]) -> None:
        """Adds one event and joins what its identifiers name, national ids first; a join that must not be is refused."""
        if strong in self._whole:
            mine = self._by_fact[fact.id] = self._owner[strong[0]]
            mine.facts.append(fact)
            return
        mine = self._by_fact[fact.id] = Component([fact])
        refused = len(self.concerns)
        for token in _in_turn(strong):
            if token in self._ignored:
                self.concerns.append(r.concern(r.IGNORED, scheme(token), [fact]))
                continue
            other = self._owner.get(token) or _single(token)
            if mine.agrees(other):
                mine = self._unite(mine, other)
                self._owner[token] = mine
                self._claimed.setdefault(token, fact)
            else:
                self.concerns.append(r.concern(r.TWO_NATIONAL_IDS, scheme(token), [fact, self._claimed.get(token, fact)]))
        if len(self.concerns) == refused:
            self._whole.add(strong)

    def remember(self, by_root: Mapping[Root, list[Fact]], now: Mapping[Root, tuple[Fact, ...]]) -> None:
        """Notes whose events named what before they were corrected: an identifier that is said again is told there, if nobody has it."""
        corrected = [(fact, now[key]) for key, members in by_root.items() for fact in members if len(members) > 1 and fact not in now[key]]
        for fact, counts in sorted(corrected, key=lambda each: join_order(each[0])):
            whose = next((self._by_fact[each.id] for each in counts if each.id in self._by_fact), None)
            if whose is not None:
                for token in self._numbers.of(tokens(fact)):
                    self._once.setdefault(token, whose)

    def place(self, ghost: Fact) -> None:
        """Puts what a retracted event last said, or an identifier said again, with the person who has it; it never joins two."""
        named = [token for token in _in_turn(self._numbers.of(tokens(ghost))) if token not in self._ignored]
        mine = Component()
        for token in named:
            single = _single(token)
            if mine.agrees(single):
                mine.national.update(single.national)
        known = (owner[token] for owner in (self._owner, self._haunted) for token in named if token in owner)
        once = (self._once[token] for token in named if ghost.type == RESTATED and token in self._once)
        component = next((each for each in known if mine.agrees(each)), None) or next(once, mine)
        component.ghosts.append(ghost)
        self._by_fact[ghost.id] = component
        for token in named:
            self._haunted.setdefault(token, component)

    def _unite(self, one: Component, other: Component) -> Component:
        if one is other:
            return one
        keep, gone = (one, other) if len(one.facts) + len(one.tokens) >= len(other.facts) + len(other.tokens) else (other, one)
        keep.facts += gone.facts
        keep.tokens |= gone.tokens
        keep.national.update(gone.national)
        self._owner.update(dict.fromkeys(gone.tokens, keep))
        self._by_fact.update(dict.fromkeys((fact.id for fact in gone.facts), keep))
        return keep


def _in_turn(strong: tuple[str, ...]) -> list[str]:
    """The identifiers that join, national ids first: no weaker identifier can keep a person from their own."""
    return sorted(strong, key=lambda token: (not token.startswith("national_id:"), token))


def _single(token: str) -> Component:
    kind, country, digest = token.split(":", 2)
    return Component(tokens={token}, national={country: digest} if kind == "national_id" else {})
