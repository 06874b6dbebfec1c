"""Calendar months: the same day of another month, or its last."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.domain.instants import months_after


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2024-01-31", 1, "2024-02-29"), ("2024-02-29", 12, "2025-02-28"), ("2023-11-30", 1, "2023-12-30"), ("2024-12-05", 12, "2025-12-05"),
     ("2024-03-31", -1, "2024-02-29"), ("2024-01-01", -1, "2023-12-01"), ("2025-06-30", 0, "2025-06-30")],
)  # fmt: skip
def test_the_same_day_or_the_months_last(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months).isoformat() == then


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-240, 240))
def test_it_is_in_the_month_so_many_later_and_never_after_the_day(day: date, months: int) -> None:
    then = months_after(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day
