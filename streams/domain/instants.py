"""Instants and local days. An instant is an int: milliseconds since 1970-01-01T00:00Z. A day is an ISO date in a country's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from streams.domain.places import zone

Instant = int
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SECOND: Instant = 1_000
HOUR: Instant = 3_600 * SECOND
DAY: Instant = 24 * HOUR


def parse(text: str) -> Instant:
    """RFC 3339 with an offset or Z to an instant. Raises ValueError when there is no offset: a time without one is ambiguous."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset; write 2025-03-01T10:00:00Z")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def text(instant: Instant) -> str:
    """An instant as RFC 3339 in UTC; milliseconds appear only where there are some."""
    moment = _EPOCH + timedelta(milliseconds=instant)
    return moment.isoformat(timespec="milliseconds" if instant % 1_000 else "seconds").replace("+00:00", "Z")


@lru_cache(maxsize=16_384)  # the rules ask for the same few days of one dossier again and again
def local_day(instant: Instant, country: str) -> date:
    """The day it was in `country` (ISO 3166-1 alpha-2; UTC where the country has no zone) at `instant`."""
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(zone(country)).date()


@lru_cache(maxsize=65_536)
def start_of_day(day: str, country: str) -> Instant:
    """The first instant of ISO date `day` in `country`."""
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone(country))
    return round((midnight.astimezone(UTC) - _EPOCH) / timedelta(milliseconds=1))


@lru_cache(maxsize=16_384)
def end_of_day(day: str, country: str) -> Instant:
    """The first instant after ISO date `day` in `country`: a validity date includes its whole local day (domain.md 4.6)."""
    return start_of_day((date.fromisoformat(day) + timedelta(days=1)).isoformat(), country)


def days_after(instant: Instant, days: int) -> Instant:
    """`instant` plus whole days of 24 hours."""
    return instant + days * DAY


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later (earlier when negative); the last of a month that does not have it."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(years + month // 11, (month + 1) % 12 + 1, 1)
    return min(following - timedelta(days=1), date(years, month + 1, 1) + timedelta(days=day.day - 1))
