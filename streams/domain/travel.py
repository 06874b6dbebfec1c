"""When a worker left for the work abroad, came there, and where it is: a journey home is neither."""

from __future__ import annotations

from streams.domain.employment import ARRIVED
from streams.domain.facts import Fact
from streams.domain.views import JourneyView, once_a_view

DEPARTED = "deployment.departed"


@once_a_view
def departures(view: JourneyView) -> tuple[Fact, ...]:
    """Departures for abroad, by (time, id); one that names no country is taken as such."""
    return tuple(fact for fact in view.of(DEPARTED) if not view.is_home(fact.text("country")))


@once_a_view
def arrivals(view: JourneyView) -> tuple[Fact, ...]:
    """Arrivals abroad, by (time, id); one that names no country is taken as such."""
    return tuple(fact for fact in view.of(ARRIVED) if not view.is_home(fact.text("country")))


def departure(view: JourneyView) -> Fact | None:
    """The first departure for abroad."""
    return next(iter(departures(view)), None)


def arrival(view: JourneyView) -> Fact | None:
    """The first arrival abroad."""
    return next(iter(arrivals(view)), None)


def destination(view: JourneyView) -> str:
    """ISO2 of where the worker goes; before any paper names it, what the registration says; '' when nothing does."""
    registered = view.last("recruitment.worker_registered")
    return view.destination or (registered.text("country") if registered is not None else None) or ""
