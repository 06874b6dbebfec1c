"""Permits to work for another employer: of one worker (on the journey) or of an employer's workers (a standing)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from streams.domain.employment import FOREVER, Assignment, Span
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.names import party_key
from streams.domain.standings import Standings
from streams.domain.views import JourneyView

SECONDED = "deployment.secondment_approved"
ANY = ""  # a permit that names no receiving employer covers any


def permits(
    view: JourneyView, standings: Standings, record: Sequence[tuple[str, Span, Fact]], as_of: Instant
) -> tuple[dict[str, tuple[Fact, ...]], Instant | None]:
    """Secondments from an employer of record, by the key of the employer they lead to (ANY where they name none).

    Also the instant at which the first one that is dated after `as_of` will have been given.
    """
    givers = {party_key(name) for name, _, _ in record}
    general = {fact.id: fact for name, _, _ in record for fact in standings.of(f"party:{name}", SECONDED)}
    later = min((fact.time for fact in general.values() if fact.time > as_of), default=None)
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in (*view.of(SECONDED), *(fact for fact in general.values() if fact.time <= as_of)):
        if party_key(fact.text("from_employer") or "") in givers and not fact.implausible:
            to = fact.text("to_employer")
            found[party_key(to) if to else ANY].append(fact)
    return {key: tuple(sorted(facts, key=lambda fact: fact.key)) for key, facts in found.items()}, later


def permit_span(fact: Fact) -> Span:
    """From its first day to the end of its last, in the country that gave it; from its own instant, without end, where not given."""
    country, first, last = fact.text("country") or fact.jurisdiction, fact.text("valid_from"), fact.text("valid_until")
    return start_of_day(first, country) if first else fact.time, end_of_day(last, country) if last else FOREVER


def lawful_spans(
    each: Assignment, record: Sequence[tuple[str, Span, Fact]], allowed: Mapping[str, tuple[Fact, ...]]
) -> Iterator[Span]:
    """When the employer who directs an assignment may: by contract or transfer (`record`), or by a permit (`permits`)."""
    yield from (span for name, span, _ in record if party_key(name) == each.key)
    yield from (permit_span(fact) for fact in (*allowed.get(each.key, ()), *allowed.get(ANY, ())))
