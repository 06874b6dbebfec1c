"""The recruitment chain: declared links as a graph of organisations, and the longest line in it.

A declaration says who passed the worker (or the job order) to whom. Its end is a party, or a person with the
organisation that the person works for: those two are one link, the organisation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from streams.domain.facts import Fact
from streams.domain.names import UNREGISTERED, is_person, party_key, plain
from streams.domain.views import JourneyView, once_a_view

DECLARED = "recruitment.recruiter_declared"
WORKER = ""  # the worker's own end of the chain
EMPLOYER = "employer"  # the role at the other end, which is no recruiter

Edge = tuple[str, str]


class Link(NamedTuple):
    """One declaration: party ids, '' where not given. `source` '' is the worker; `works_for` the person's organisation."""

    source: str
    target: str
    works_for: str
    role: str

    @property
    def loop(self) -> bool:
        """Whether it leads from a party to itself, however spelled: that is T-DQ-01's, and says nothing of a chain."""
        return bool(self.source) and party_key(self.source) == party_key(self.target)


def link(fact: Fact) -> Link | None:
    """A `recruiter_declared` as a link; None when it does not say to whom. An organisation known by name alone is '??:name:'."""
    named = fact.text("organisation_name")
    organisation = fact.text("organisation") or (UNREGISTERED + plain(named) if named and plain(named) else "")
    target = fact.text("to_party") or fact.text("person") or organisation
    if not target:
        return None
    works_for = organisation if is_person(target) and not is_person(organisation) else ""
    return Link(fact.text("from_party") or WORKER, target, works_for, fact.text("role") or "")


@dataclass(frozen=True)
class Chain:
    """Links as a graph: `edges` between keys, with the links that declared each; `parties` names a key's party id.

    `organisations` are the recruiters' keys (no persons, no employers), `persons` the natural persons declared; `whole` has the
    key of the organisation that stands for a natural person who works for it alone.
    """

    edges: Mapping[Edge, tuple[Link, ...]]
    parties: Mapping[str, str]
    organisations: frozenset[str]
    persons: frozenset[str]
    whole: Mapping[str, str] = field(default_factory=dict)

    def node(self, party: str) -> str:
        """The key of a party as a node of the chain: its own, or of the organisation that stands for it; '' for nobody."""
        return self.whole.get(party, party_key(party)) if party else ""

    def onward(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys one link further on."""
        start = set(keys)
        return frozenset(after for before, after in self.edges if before in start)

    @property
    def alone(self) -> frozenset[str]:
        """Organisations that no declared line ties to another one, where there are several: they stand side by side."""
        if len(self.organisations) < 2:
            return frozenset()
        tied: dict[str, set[str]] = defaultdict(set)
        for before, after in self.edges:
            if before != WORKER:
                tied[before].add(after)
        found: set[str] = set()
        for organisation in self.organisations:
            if others := (_reached(organisation, tied) & self.organisations) - {organisation}:
                found |= {organisation, *others}
        return self.organisations - found


def chain(links: Iterable[Link]) -> Chain:
    """The graph of these links, without those from a party to itself. Who works for one organisation alone stands for it."""
    known = sorted(each for each in set(links) if not each.loop)
    employs: dict[str, dict[str, str]] = defaultdict(dict)
    for each in known:
        if each.works_for:
            employs[each.target].setdefault(party_key(each.works_for), each.works_for)

    def whole(party: str) -> str:
        sole = employs.get(party, {})
        return next(iter(sole.values())) if len(sole) == 1 else party

    edges: dict[Edge, list[Link]] = defaultdict(list)
    parties: dict[str, str] = {}
    employers: set[str] = set()
    for each in known:
        ends = [whole(each.source) if each.source else WORKER, each.works_for or whole(each.target)]
        before, after = (party_key(end) if end else WORKER for end in ends)
        for key, party in zip((before, after), ends, strict=True):
            parties.setdefault(key, party)
        if each.role == EMPLOYER:
            employers.add(after)
        if before != after:
            edges[before, after].append(each)
    keys = set(parties) - {WORKER}
    persons = {p for each in known for p in (each.source, each.target) if is_person(p)}
    organisations = frozenset(key for key in keys if not is_person(key)) - employers
    alone = {person: min(sole) for person, sole in employs.items() if len(sole) == 1}
    return Chain({edge: tuple(found) for edge, found in sorted(edges.items())}, parties, organisations, frozenset(persons), alone)


def declared(facts: Iterable[Fact]) -> Chain:
    """The graph of these declarations, as far as they say to whom."""
    return chain({each for fact in facts if (each := link(fact)) is not None})


@once_a_view
def links(view: JourneyView) -> Chain:
    """The declared chain of a journey."""
    return declared(view.of(DECLARED))


def circles(edges: Iterable[Edge]) -> tuple[frozenset[str], ...]:
    """The sets of keys of which each leads to each of the others, the one with the least key first."""
    onward: dict[str, set[str]] = defaultdict(set)
    for before, after in edges:
        onward[before].add(after)
    ahead = {key: _reached(key, onward) for key in onward}
    found = {frozenset(other for other in reached if key in ahead.get(other, ())) for key, reached in ahead.items()}
    return tuple(sorted((ring for ring in found if len(ring) > 1), key=min))


def longest(edges: Iterable[Edge], counts: Callable[[str], bool]) -> tuple[str, ...]:
    """The line that passes most keys that count; of equals the least. Keys from first to last, the worker's end included.

    A link back to where the chain already was (a circle is T-CHN-03's) adds nothing.
    """
    onward = _without_circles(sorted(set(edges)))
    best: dict[str, tuple[int, tuple[str, ...]]] = {}
    for key in reversed(_in_order(onward)):
        ahead = min((best[after] for after in onward.get(key, ())), key=lambda b: (-b[0], b[1]), default=(0, ()))
        best[key] = ahead[0] + counts(key), (key, *ahead[1])
    return min(best.values(), key=lambda b: (-b[0], b[1]), default=(0, ()))[1]


def _reached(start: str, onward: Mapping[str, Iterable[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for after in onward.get(waiting.pop(), ()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def _without_circles(edges: list[Edge]) -> dict[str, set[str]]:
    """The edges, nearest to the chain's beginning first, but those that would close a circle."""
    ahead: dict[str, list[str]] = defaultdict(list)
    for before, after in edges:
        ahead[before].append(after)
    first = sorted(set(ahead) - {after for _, after in edges}) or sorted(ahead)[:1]
    level: dict[str, int] = {}
    while first:
        level |= {key: len(level) for key in first if key not in level}
        first = sorted({after for key in first for after in ahead.get(key, ()) if after not in level}) or (
            sorted(set(ahead) - set(level))[:1]
        )
    kept: dict[str, set[str]] = defaultdict(set)
    for before, after in sorted(edges, key=lambda edge: (level[edge[0]], edge)):
        if before != after and (after not in kept or before not in _reached(after, kept)):
            kept[before].add(after)
    return dict(kept)


def _in_order(onward: Mapping[str, set[str]]) -> list[str]:
    """Every key, each before those that follow it."""
    waiting: dict[str, int] = dict.fromkeys(onward, 0)
    for afters in onward.values():
        for after in afters:
            waiting[after] = waiting.get(after, 0) + 1
    ready = sorted(key for key, many in waiting.items() if many == 0)
    order: list[str] = []
    while ready:
        key = ready.pop()
        order.append(key)
        for after in sorted(onward.get(key, ())):
            waiting[after] -= 1
            if waiting[after] == 0:
                ready.append(after)
    return order
