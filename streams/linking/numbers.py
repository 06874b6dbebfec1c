"""Which digests are one number: what offices said in pairs while a key was changed (old and new digest of one identifier)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.domain.facts import STRONG, Fact


@dataclass(frozen=True)
class Numbers:
    """`stands` names, for each token of a known pair, the one that stands for its number; `ignored` are all that do not join."""

    ignored: frozenset[str]
    stands: Mapping[str, str] = field(default_factory=dict)

    def of(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Tokens as numbers: each once, sorted."""
        if not self.stands or not any(token in self.stands for token in tokens):
            return tokens
        return tuple(sorted({self.stands.get(token, token) for token in tokens}))


def keyed_by(token: str) -> str:
    """What a digest can be compared within: kind, country and generation of the key. 'passport:NP:2:<hex>' -> 'passport:NP:2'."""
    return token.rpartition(":")[0]


def numbers(facts: Iterable[Fact], ignored: frozenset[str]) -> Numbers:
    """The numbers that a cluster's facts, corrected ones too, show. Pure; the order of facts is no matter.

    A pair says what an office computed, whatever became of the event. The oldest digest stands for the number. Of pairs by which
    two digests of one generation would be one number one is wrong, and nobody knows which: each digest stands for itself then, so
    that no pair ever makes one of two national ids. A number is ignored where one of its digests is.
    """
    same = [pair for fact in facts for pair in pairs(fact)]
    if not same:
        return Numbers(ignored)
    stands: dict[str, str] = {}
    left = set(ignored)
    for one in _together(same):
        if not left.isdisjoint(one):
            left |= one
        if len({keyed_by(token) for token in one}) == len(one):
            stands |= dict.fromkeys(one, min(one, key=_age))
    return Numbers(frozenset(left), stands)


def pairs(fact: Fact) -> tuple[tuple[str, str], ...]:
    """Two tokens of one strong identifier, each; none where the origin is unknown, as for what gathers."""
    worker = fact.worker
    if worker is None or not worker.same or not worker.origin:
        return ()
    return tuple(pair for pair in worker.same if pair[0].partition(":")[0] in STRONG)


def _together(same: Iterable[tuple[str, str]]) -> list[set[str]]:
    """What pairs lead from one to the next."""
    of: dict[str, set[str]] = {}
    for one, other in same:
        found = of.get(one, {one}) | of.get(other, {other})
        of.update(dict.fromkeys(found, found))
    return list({id(found): found for found in of.values()}.values())


def _age(token: str) -> tuple[int, str]:
    """The oldest generation first: the first has no number, and later ones have longer ones."""
    return keyed_by(token).count(":"), token
