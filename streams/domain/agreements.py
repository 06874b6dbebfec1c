"""Agreements of a corridor: what was signed under one reference, between whom, and when it is in force. They are standings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from streams.domain.employment import FOREVER, Span
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.places import home
from streams.domain.standings import Standings

BLA = "oversight.bla_signed"
MOU = "oversight.mou_signed"
UNION = "oversight.union_agreement_signed"
EXPIRED = "oversight.bla_expired"
SIGNED = (BLA, MOU, UNION)
AGREEMENTS = frozenset({*SIGNED, EXPIRED})

GOVERNMENTS = "G-G"
UNKNOWN = ""
# Whom an agreement is between where it does not say: a memorandum may be between governments, or with employers.
_BETWEEN = {BLA: GOVERNMENTS, MOU: UNKNOWN, UNION: "TU-TU"}


@dataclass(frozen=True)
class Agreement:
    """All that was signed under one reference. `parties` is G-G, G-E, TU-TU or UNKNOWN; `spans` are its terms, by their beginning.

    `body` is who monitors it, '' when nobody was named; `facts` are sorted, the ends that were declared included.
    """

    reference: str
    parties: str
    body: str
    spans: tuple[Span, ...]
    facts: tuple[Fact, ...]

    def in_force(self, instant: Instant) -> bool:
        """Whether one of its terms holds at an instant."""
        return any(start <= instant < end for start, end in self.spans)

    @property
    def begins(self) -> Instant:
        """The beginning of its first term."""
        return self.spans[0][0]

    @property
    def ends(self) -> Instant:
        """The end of its last term; FOREVER where it has none."""
        return max(end for _, end in self.spans)


def agreements(standings: Standings, corridor: str) -> tuple[Agreement, ...]:
    """What was signed for a corridor ('place:NP-QA'), by reference. Days are the origin's, first and last included.

    An end that was declared (`bla_expired`) ends what was signed before it was; what is signed later under the same reference
    is a new term. A term that would end before it begins is none.
    """
    signed: dict[str, list[Fact]] = defaultdict(list)
    for fact in standings.of(corridor, *AGREEMENTS):
        signed[fact.text("agreement") or ""].append(fact)
    found = (_agreement(reference, facts, home(corridor)) for reference, facts in sorted(signed.items()))
    return tuple(each for each in found if each.spans)


def _agreement(reference: str, facts: list[Fact], country: str) -> Agreement:
    terms = [fact for fact in facts if fact.type != EXPIRED]
    spans = [_span(fact, facts, country) for fact in terms]
    told = [fact.text("parties_kind") or _BETWEEN[fact.type] for fact in terms]
    body = next((name for fact in reversed(terms) if (name := fact.text("monitoring_body"))), "")
    return Agreement(reference, next(filter(None, reversed(told)), UNKNOWN), body,
                     tuple(sorted(span for span in spans if span[0] < span[1])), tuple(facts))  # fmt: skip


def _span(term: Fact, facts: Iterable[Fact], country: str) -> Span:
    first, last = term.text("valid_from"), term.text("valid_until")
    ends = [end_of_day(last, country) if last else FOREVER]
    for end in facts:
        if end.type == EXPIRED and end.time >= term.time:
            day = end.text("from")
            ends.append(start_of_day(day, country) if day else end.time)
    return start_of_day(first, country) if first else term.time, min(ends)


def next_boundary(found: Iterable[Agreement], as_of: Instant) -> Instant | None:
    """The next instant at which a term of these begins or ends."""
    edges = (edge for each in found for span in each.spans for edge in span)
    return min((edge for edge in edges if as_of < edge < FOREVER), default=None)
