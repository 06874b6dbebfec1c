"""Permits to work for another employer: of one worker (on the journey) or of an employer's workers (a standing)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.domain.employment import (
    FOREVER,
    Assignment,
    Span,
    assignments,
    by_transfer,
    employed,
)
from streams.domain.facts import Fact, by_key
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.names import party_key
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, once_a_view

SECONDED = "deployment.secondment_approved"
ANY = ""  # a permit that names no receiving employer covers any


@once_a_view
def permits(view: JourneyView, standings: Standings) -> dict[str, tuple[Fact, ...]]:
    """Secondments from an employer of record, by the key of the employer they lead to (ANY where they name none)."""
    record = employed(view)
    givers = {party_key(name) for name, _, _ in record}
    general = {fact.id: fact for name, _, _ in record for fact in standings.of(f"party:{name}", SECONDED)}
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in (*view.of(SECONDED), *general.values()):
        if party_key(fact.text("from_employer") or "") in givers:
            to = fact.text("to_employer")
            found[party_key(to) if to else ANY].append(fact)
    return {key: tuple(sorted(facts, key=by_key)) for key, facts in found.items()}


def seconded_to(view: JourneyView, standings: Standings, giver: str, receiver: str, since: Instant) -> bool:
    """Whether a permit of `giver` leads to `receiver`, or to anyone, and had not ended at `since`; one that came later counts."""
    known = (*view.of(SECONDED), *standings.of(f"party:{giver}", SECONDED))
    return any(
        party_key(fact.text("from_employer") or "") == party_key(giver)
        and ((to := fact.text("to_employer")) is None or party_key(to) == party_key(receiver))
        and permit_span(fact)[1] > since
        for fact in known
    )


def permit_span(fact: Fact) -> Span:
    """From its first day to the end of its last, in the country that gave it; from its own instant, without end, where not given."""
    country, first, last = fact.text("country") or fact.jurisdiction, fact.text("valid_from"), fact.text("valid_until")
    return start_of_day(first, country) if first else fact.time, end_of_day(last, country) if last else FOREVER


def lawful_spans(
    view: JourneyView, each: Assignment, record: Sequence[tuple[str, Span, Fact]], allowed: Mapping[str, tuple[Fact, ...]]
) -> Iterator[Span]:
    """When the employer who directs an assignment may: by contract or transfer (`record`), or by a permit (`permits`).

    A permit counts in the country that gave it, and as long as who seconds is the employer of record.
    """
    yield from (span for name, span, _ in record if party_key(name) == each.key)
    where, employers = each.country or view.destination, employed(view)
    for fact in (*allowed.get(each.key, ()), *allowed.get(ANY, ())):
        if not where or (fact.text("country") or fact.jurisdiction) == where:
            giver, (first, last) = party_key(fact.text("from_employer") or ""), permit_span(fact)
            for name, (start, end), _ in employers:
                if party_key(name) == giver and max(first, start) < min(last, end):
                    yield max(first, start), min(last, end)


@dataclass(frozen=True)
class Permitted:
    """Which assignments a permit or a transfer covers at their latest moment, and when that could change."""

    lawful: frozenset[str]  # fact ids of assignments
    next_at: Instant | None


@once_a_view
def permitted(view: JourneyView, standings: Standings, as_of: Instant) -> Permitted:
    """Looks at each assignment that has begun, at its end or now: a permit that came late covers it, one that lapsed does not."""
    record = employed(view)
    allowed = permits(view, standings)
    moved = [each for each in record if by_transfer(each[0], each[2])]
    lawful: set[str] = set()
    waiting: list[Instant] = []
    for each in assignments(view):
        spans = tuple(lawful_spans(view, each, moved, allowed))
        waiting += [instant for span in (each.span, *spans) for instant in span]
        moment = min(each.span[1] - 1, as_of)
        if each.key and any(start <= moment < end for start, end in spans):
            lawful.add(each.fact.id)
    next_at = min((instant for instant in waiting if as_of < instant < FOREVER), default=None)
    return Permitted(frozenset(lawful), next_at)
