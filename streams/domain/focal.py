"""Focal offices: whether a country has a contact at an instant. Designations and vacancies are standings of the country."""

from __future__ import annotations

from dataclasses import dataclass

from streams.domain.employment import FOREVER, Span
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.places import home
from streams.domain.standings import Standings

DESIGNATED = "oversight.focal_designated"
VACATED = "oversight.focal_vacated"


@dataclass(frozen=True)
class Focal:
    """When a country has a focal contact: spans by their beginning, and the facts that say so."""

    spans: tuple[Span, ...]
    facts: tuple[Fact, ...]

    def held(self, instant: Instant) -> bool:
        """Whether there is a contact at an instant."""
        return any(start <= instant < end for start, end in self.spans)

    def vacant_since(self, instant: Instant) -> Instant | None:
        """When the last contact before an instant ended; None when there has been none."""
        return max((end for _, end in self.spans if end <= instant), default=None)

    def next_boundary(self, instant: Instant) -> Instant | None:
        """The next instant at which a contact begins or ends."""
        return min((edge for span in self.spans for edge in span if instant < edge < FOREVER), default=None)


def focal(standings: Standings, country: str) -> Focal:
    """The contacts of a country ('place:NP'). Days include their whole local day; a vacancy ends what was designated before it.

    Whoever leaves has been there: a vacancy before which nobody is known to have been designated ends a contact that nobody told of.
    """
    facts = standings.of(country, DESIGNATED, VACATED)
    spans = [_span(fact, facts, home(country)) for fact in facts if fact.type == DESIGNATED]
    first = min((fact.time for fact in facts if fact.type == DESIGNATED), default=FOREVER)
    spans += [(-FOREVER, _begins(fact, home(country))) for fact in facts if fact.type == VACATED and fact.time < first]
    return Focal(tuple(sorted(span for span in spans if span[0] < span[1])), facts)


def _span(fact: Fact, facts: tuple[Fact, ...], country: str) -> Span:
    last = fact.text("until")
    ends = [end_of_day(last, country) if last else FOREVER]
    ends += [_begins(other, country) for other in facts if other.type == VACATED and other.time >= fact.time]
    return _begins(fact, country), min(ends)


def _begins(fact: Fact, country: str) -> Instant:
    day = fact.text("from")
    return start_of_day(day, country) if day else fact.time
