"""Cells: every date format that occurs, money with and without its unit, and empty that is never zero."""

from __future__ import annotations

from datetime import date

import pytest

from streams.publishers.oflc import cells
from streams.publishers.oflc.cells import CellError


@pytest.mark.parametrize("cell", [
    "2011-10-05", "10/5/2011", "10/05/11", "05-OCT-2011", "5-Oct-11", "2011/10/05", "Oct 5, 2011", "October 5, 2011", "40821", "40821.5",
    "2011-10-05 00:00:00", "10/5/2011 12:00:00 AM", "2011-10-05T08:30:00",
])  # fmt: skip
def test_a_day_is_read_in_every_format(cell: str) -> None:
    assert cells.day(cell) == date(2011, 10, 5)


@pytest.mark.parametrize("cell", ["soon", "2011-02-30", "13/45/2011"])
def test_a_day_that_is_none_is_refused_without_its_value(cell: str) -> None:
    with pytest.raises(CellError, match="a date such as") as problem:
        cells.day(cell)
    assert cell not in str(problem.value)


def test_empty_is_unknown_and_zero_is_zero() -> None:
    assert [parse("  ") for parse in (cells.day, cells.whole, cells.usd, cells.period)] == [None, None, None, None]
    assert cells.whole("0") == 0
    assert cells.usd("0") == {"minor": 0, "currency": "USD"}


@pytest.mark.parametrize(("cell", "minor"), [("9.9", 990), ("$9.90", 990), ("1,234.50", 123_450), ("$ 12", 1_200), ("9.905", 990)])
def test_money_is_cents(cell: str, minor: int) -> None:
    assert cells.usd(cell) == {"minor": minor, "currency": "USD"}


@pytest.mark.parametrize("cell", ["-1", "n/a", "9.90 to 12"])
def test_money_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(CellError, match="an amount"):
        cells.usd(cell)


def test_counts() -> None:
    assert [cells.whole(each) for each in ("12", "1,200", "12.0")] == [12, 1200, 12]
    for bad in ("1.5", "-3", "many", "NaN", "Infinity", "1E3000"):
        with pytest.raises(CellError, match="a whole number"):
            cells.whole(bad)


def test_the_filing_date_is_in_the_case_number() -> None:
    assert cells.filed("H-400-20277-856930") == date(2020, 10, 3)
    assert cells.filed("C-11300-00001") == date(2011, 10, 27)
    assert [cells.filed(each) for each in ("H-400-20000-1", "H-400-20367-1", "X")] == [None, None, None]
    assert cells.fiscal_year(date(2020, 9, 30)) == 2020
    assert cells.fiscal_year(date(2020, 10, 1)) == 2021


def test_units_and_countries() -> None:
    assert [cells.period(each) for each in ("hr", "Weekly", "MTH", "Bi-Weekly", "Piece Rate")] == [
        "hour",
        "week",
        "month",
        "biweekly",
        "piece",
    ]
    assert [cells.country(each) for each in ("MEXICO", "United States", "MX", "Ruritania", "")] == ["MX", "US", "MX", None, None]
    with pytest.raises(CellError, match="a unit of pay"):
        cells.period("fortnightish")
