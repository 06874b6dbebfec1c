"""When a worker left for the work abroad, and came there: a journey home is neither."""

from __future__ import annotations

from streams.domain.facts import Fact
from streams.domain.views import JourneyView, once_a_view

DEPARTED, ARRIVED = "deployment.departed", "deployment.arrived"


@once_a_view
def departures(view: JourneyView) -> tuple[Fact, ...]:
    """Departures for abroad, by (time, id); one that names no country is taken as such."""
    return tuple(fact for fact in view.of(DEPARTED) if not _home(view, fact))


@once_a_view
def arrivals(view: JourneyView) -> tuple[Fact, ...]:
    """Arrivals abroad, by (time, id); one that names no country is taken as such."""
    return tuple(fact for fact in view.of(ARRIVED) if not _home(view, fact))


def departure(view: JourneyView) -> Fact | None:
    """The first departure for abroad."""
    return next(iter(departures(view)), None)


def arrival(view: JourneyView) -> Fact | None:
    """The first arrival abroad."""
    return next(iter(arrivals(view)), None)


def _home(view: JourneyView, fact: Fact) -> bool:
    """Whether it leads to the worker's origin. Whose origin is not stated has a dossier where the event was handled: that is not home."""
    return bool(view.person) and fact.text("country") == view.origin
