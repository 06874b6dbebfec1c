"""Working days: a country's weekend as it was then, its holidays, and the end of a year between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.calendars import WEEKDAYS, is_working_day, working_day_after

COUNTRIES = ("QA", "SA", "AE", "NP", "BD", "PH", "IN", "US", "")


def days_off(country: str, first: str, last: str) -> str:
    """The days of rest of a week or so, as their names."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    every = [day + timedelta(days=number) for number in range((end - day).days + 1)]
    return " ".join(WEEKDAYS[each.weekday()] for each in every if not is_working_day(each, country))


@pytest.mark.parametrize(("country", "first", "last", "rest"), [
    ("QA", "2025-03-03", "2025-03-09", "FR SA"),
    ("SA", "2025-03-03", "2025-03-09", "FR SA"),
    ("SA", "2013-06-10", "2013-06-16", "TH FR"),  # until 28 June 2013
    ("AE", "2021-11-08", "2021-11-14", "FR SA"),  # until the end of 2021
    ("AE", "2022-11-07", "2022-11-13", "SA SU"),
    ("PH", "2025-03-03", "2025-03-09", "SA SU"),
    ("NP", "2025-03-03", "2025-03-09", "SA"),
    ("", "2025-12-22", "2025-12-28", "SA SU"),
    ("ZZ", "2025-12-22", "2025-12-28", "SA SU"),  # no country: no holidays
])  # fmt: skip
def test_the_weekend_is_the_countrys_own_as_it_was(country: str, first: str, last: str, rest: str) -> None:
    assert days_off(country, first, last) == rest


@pytest.mark.parametrize(("country", "day"), [
    ("QA", "2025-12-18"), ("SA", "2025-09-23"), ("NP", "2025-09-19"), ("PH", "2025-12-25"), ("US", "2025-07-04"), ("SA", "2025-03-31"),
])  # fmt: skip
def test_a_holiday_is_no_working_day_whatever_the_weekend(country: str, day: str) -> None:
    assert not is_working_day(date.fromisoformat(day), country)
    assert not is_working_day(date.fromisoformat(day), country, ("FR", "SA"))


def test_a_holiday_of_one_country_is_a_working_day_of_another() -> None:
    assert is_working_day(date(2025, 12, 18), "SA")
    assert is_working_day(date(2025, 12, 25), "QA")


def test_a_weekend_that_is_given_stands_for_the_countrys_own() -> None:
    friday, sunday = date(2025, 3, 7), date(2025, 3, 9)
    assert (is_working_day(friday, "QA", ("SA", "SU")), is_working_day(sunday, "QA", ("SA", "SU"))) == (True, False)


@pytest.mark.parametrize(("start", "days", "country", "last"), [
    ("2025-03-06", 3, "QA", "2025-03-11"),  # Thursday: Sunday, Monday, Tuesday
    ("2025-03-06", 3, "PH", "2025-03-11"),  # Friday, Monday, Tuesday
    ("2025-03-07", 1, "QA", "2025-03-09"),  # from within the weekend
    ("2025-03-06", 0, "QA", "2025-03-06"),
    ("2025-03-07", 0, "QA", "2025-03-07"),
    ("2025-12-24", 3, "US", "2025-12-30"),  # the 25th, a weekend
    ("2025-12-30", 2, "US", "2026-01-02"),  # the first of January
    ("2021-12-30", 3, "AE", "2022-01-05"),  # FR and SA off in 2021, SA and SU in 2022; 1 January a holiday and a Saturday
])  # fmt: skip
def test_so_many_working_days_later(start: str, days: int, country: str, last: str) -> None:
    assert working_day_after(date.fromisoformat(start), days, country) == date.fromisoformat(last)


@settings(deadline=None)  # a country's year is computed when it is first asked for
@given(st.dates(date(2010, 1, 1), date(2040, 12, 31)), st.integers(1, 40), st.sampled_from(COUNTRIES))
def test_it_is_a_working_day_and_as_many_lie_between(day: date, days: int, country: str) -> None:
    last = working_day_after(day, days, country)
    assert is_working_day(last, country)
    between = (day + timedelta(days=number) for number in range(1, (last - day).days + 1))
    assert sum(is_working_day(each, country) for each in between) == days
    assert working_day_after(day, days + 1, country) > last
    assert working_day_after(day + timedelta(days=1), days, country) >= last


def test_a_year_is_the_same_whichever_was_asked_before() -> None:
    alone = [is_working_day(date(2031, 1, 1) + timedelta(days=number), "BD") for number in range(365)]
    assert [is_working_day(date(2030, 12, 31), "BD"), is_working_day(date(2032, 1, 1), "BD")]
    assert [is_working_day(date(2031, 1, 1) + timedelta(days=number), "BD") for number in range(365)] == alone


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="1 working days after 2025-03-06 are not reached"):
        working_day_after(date(2025, 3, 6), 1, "QA", WEEKDAYS)
