"""How many workers leave in a corridor: as their journeys tell it day by day, or as an office reported for a period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate

from streams.domain.facts import Fact
from streams.domain.instants import local_day
from streams.domain.places import corridor
from streams.domain.sums import Key, Measure, told
from streams.domain.travel import departure
from streams.domain.views import JourneyView, SumsView

REPORTED = "oversight.departures_reported"


def _period(fact: Fact, subject: str) -> Iterable[Key]:
    """(last day, first day, departures), so that a period has happened when it is over."""
    first, last, many = fact.text("from"), fact.text("until"), fact.number("departures")
    if first and last and many is not None and not fact.implausible:
        yield last, first, int(many)


DEPARTURES = told("corridor.departures")  # (day at origin,)
PERIODS = Measure("corridor.reported", frozenset({REPORTED}), _period)


def tell_corridor(view: JourneyView) -> Iterator[tuple[str, str, Key, tuple[str, ...]]]:
    """A journey tells its corridor the day on which its worker left: once, however many offices saw it."""
    left = departure(view)
    country = left.text("country") if left is not None else None
    if left is not None and country:
        day = local_day(left.time, view.origin).isoformat()
        yield f"place:{corridor(view.origin, country)}", DEPARTURES.name, (day,), (left.event_id,)


class Departures:
    """Departures that have happened by the view's instant, in any window of days that begins on `since` or later."""

    def __init__(self, view: SumsView, since: str = "") -> None:
        days = [str(day) for (day,) in view.happened(DEPARTURES, since)]
        self.days = [date.fromisoformat(day) for day in days]
        self._until = [0, *accumulate(view.sums.count(DEPARTURES.name, (day,)) for day in days)]
        self.periods = _apart(view.happened(PERIODS))

    @property
    def first(self) -> date | None:
        """The first day of these on which any worker is known to have left."""
        return min([*self.days[:1], *(first for first, _, _ in self.periods)], default=None)

    def between(self, after: date, until: date) -> int:
        """How many left after one day and up to another: the greater of what journeys told and what was reported.

        A period that is only partly within counts by its share of days, rounded down.
        """
        seen = self._until[bisect_right(self.days, until)] - self._until[bisect_right(self.days, after)]
        reported = 0
        for first, last, many in self.periods:
            within = (min(last, until) - max(first, after + timedelta(days=1))).days + 1
            reported += many * within // ((last - first).days + 1) if within > 0 else 0
        return max(seen, reported)


def last_departure(view: SumsView) -> str:
    """The last day of which anybody told or reported departures, happened or not; '' for none."""
    found = [view.sums.last(measure.name) for measure in (DEPARTURES, PERIODS)]
    return max((str(key[0]) for key in found if key is not None), default="")


def first_departure(view: SumsView) -> date | None:
    """The first day, up to the view's instant, on which any worker is known to have left."""
    days = [date.fromisoformat(str(day)) for (day,) in view.happened(DEPARTURES)[:1]]
    return min([*days, *(date.fromisoformat(str(first)) for _, first, _ in view.happened(PERIODS))], default=None)


def shown_on(view: SumsView, day: date) -> tuple[str, ...]:
    """Events that show departures on a day, or in the first period that ended on it or later; sorted."""
    found = view.sums.evidence(DEPARTURES.name, (day.isoformat(),))
    ended = view.happened(PERIODS, day.isoformat())[:1]
    return tuple(sorted({*found, *(event for key in ended for event in view.sums.evidence(PERIODS.name, key, 1))}))


def _apart(keys: Iterable[Key]) -> list[tuple[date, date, int]]:
    """(first day, last day, departures) of reported periods, the latest first; one that overlaps a later one would count twice."""
    found: list[tuple[date, date, int]] = []
    for last, first, many in sorted(keys, reverse=True):
        begins, ends = date.fromisoformat(str(first)), date.fromisoformat(str(last))
        if begins <= ends and (not found or ends < found[-1][0]):
            found.append((begins, ends, int(many)))
    return found
