"""Working days of a country: its weekend as it was in force on that day, and its public holidays.

They are tables of the `holidays` package, pinned because they set deadlines, and read for one country and year at a time,
when first asked; no clock is read. Feasts of the Islamic calendar (both Eids, among others) are set by the moon's sighting:
the package has past ones as they were announced where it knows, and estimates the others, so that a day to come may be one
off. Where its table for a country ends (Sri Lanka's soon), only the weekend is known. Holidays of a province, and those that
an employer or a ministry adds in a year, are not among them.
"""

from __future__ import annotations

import warnings
from bisect import bisect_right
from datetime import date, timedelta
from functools import cache, lru_cache

from holidays import country_holidays, list_supported_countries
from holidays.version import __version__

VERSION = __version__
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ELSEWHERE = frozenset({"SA", "SU"})  # where no country is known
# Where the package takes Saturday and Sunday for want of knowing.
_WEEKENDS = {"LY": frozenset({"FR", "SA"}), "NP": frozenset({"SA"})}
_FURTHEST = 8  # years that are looked through for working days: beyond all that a policy row may ask


@cache
def _countries() -> frozenset[str]:
    return frozenset(list_supported_countries(include_aliases=False))


@lru_cache(maxsize=2_048)
def _year(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """(public holidays, other days of rest) of one country and year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if country not in _countries():
        return frozenset(), frozenset(day for day in days if WEEKDAYS[day.weekday()] in _ELSEWHERE)
    known = country_holidays(country, expand=False)
    if known.start_year <= year <= known.end_year:
        with warnings.catch_warnings(action="ignore"):  # that some feasts of so distant a year are not known
            known = country_holidays(country, years=year, expand=False)
    free = frozenset(known)
    if country in _WEEKENDS:
        return free, frozenset(day for day in days if WEEKDAYS[day.weekday()] in _WEEKENDS[country])
    return free, frozenset(day for day in days if day not in free and not known.is_working_day(day))


def is_working_day(day: date, country: str, weekend: tuple[str, ...] = ()) -> bool:
    """Whether `day` is neither a public holiday nor in the weekend, which is the country's own or `weekend` (("FR", "SA")).

    `country` is an ISO 3166-1 alpha-2 code; one that is unknown or "" has no holidays and rests on Saturday and Sunday.
    """
    free, rest = _year(country, day.year)
    if day in free:
        return False
    return WEEKDAYS[day.weekday()] not in weekend if weekend else day not in rest


@lru_cache(maxsize=512)
def _working_days(country: str, year: int, weekend: tuple[str, ...]) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1))
    return tuple(day for day in days if is_working_day(day, country, weekend))


def working_day_after(day: date, days: int, country: str, weekend: tuple[str, ...] = ()) -> date:
    """The last of so many working days that follow `day`, which is not counted; `day` itself when `days` is 0.

    Raises ValueError when there are not so many in some years: a weekend of seven days has none.
    """
    if days <= 0:
        return day
    left = days
    for year in range(day.year, day.year + _FURTHEST):
        working = _working_days(country, year, weekend)
        begin = bisect_right(working, day)
        if begin + left <= len(working):
            return working[begin + left - 1]
        left -= len(working) - begin
    raise ValueError(f"{days} working days after {day} are not reached in {_FURTHEST} years of {country or 'no country'}")
