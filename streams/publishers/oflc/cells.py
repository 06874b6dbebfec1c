"""Cells of the disclosure files: dates, whole numbers, money, names of countries. Empty is unknown, never zero."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import pycountry

from streams.domain.money import exponent

# Spreadsheet serial numbers count days from here (the 1900 calendar with its leap-year error).
_SERIAL_ZERO = date(1899, 12, 30)
_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y", "%Y/%m/%d", "%b %d, %Y", "%B %d, %Y")
_NUMBER = re.compile(r"\d{1,15}(\.\d*)?|\.\d+")
_CASE = re.compile(r"-(\d{2})(\d{3})-")
_UNITS = {"HR": "hour", "HOUR": "hour", "HOURLY": "hour", "H": "hour", "WK": "week", "WEEK": "week", "WEEKLY": "week",
          "MTH": "month", "MONTH": "month", "MONTHLY": "month", "MON": "month", "YR": "year", "YEAR": "year", "YEARLY": "year",
          "ANNUAL": "year", "DAI": "day", "DAY": "day", "DAILY": "day", "BI": "biweekly", "BIWEEKLY": "biweekly",
          "BI-WEEKLY": "biweekly", "PIECE RATE": "piece", "PIECE": "piece"}  # fmt: skip
_NOT_CHOSEN = "SELECT PAY RANGE"  # what a form's list says before one chooses


class CellError(ValueError):
    """A cell that cannot be read; the text says what it should look like, without the value."""


def day(cell: str) -> date | None:
    """A date in any of the formats that occur, with or without a time of day; None when empty."""
    text = cell.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    first = re.split(r"[ T](?=\d{1,2}:)", text)[0]
    for form in _FORMATS:
        try:
            return datetime.strptime(first, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise CellError("a date such as 2011-10-05 or 10/05/2011")


def filed(case: str) -> date | None:
    """The filing date within a case number: H-400-20277-... is day 277 of 2020."""
    found = _CASE.search(case)
    if found is None or not 1 <= int(found[2]) <= 366:
        return None
    return date(2000 + int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)


def fiscal_year(of: date) -> int:
    """The department's year, October to September."""
    return of.year + (of.month >= 10)


def _decimal(text: str, expected: str) -> Decimal:
    """A plain number of at most 15 digits before its point: no NaN, no Infinity, no exponent that fills the memory."""
    if not _NUMBER.fullmatch(text):
        raise CellError(expected)
    return Decimal(text)


def plain_number(cell: str) -> str:
    """A number without separators, sign and needless zeros: '$1,250.00' -> '1250'; '' when empty."""
    text = cell.strip().replace(",", "").replace("$", "").strip()
    if not text:
        return ""
    value = _decimal(text, "a number")
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def whole(cell: str) -> int | None:
    """A whole number, with thousands separators or a decimal zero; None when empty."""
    text = cell.strip().replace(",", "")
    if not text:
        return None
    value = _decimal(text, "a whole number, not negative")
    if value != value.to_integral_value():
        raise CellError("a whole number")
    return int(value)


def usd(cell: str) -> dict[str, object] | None:
    """US dollars as money, with or without a sign; None when empty, or shown as ##### where a column was too narrow."""
    text = cell.strip().replace(",", "").replace("$", "").strip(" #")
    if not text:
        return None
    value = _decimal(text, "an amount such as 9.90, not negative")
    return {"minor": int((value * 10 ** exponent("USD")).to_integral_value()), "currency": "USD"}


def period(cell: str) -> str | None:
    """hour | day | week | biweekly | month | year | piece; None when empty. Raises CellError for another unit."""
    text = cell.strip().upper()
    if not text or text == _NOT_CHOSEN:
        return None
    if text not in _UNITS:
        raise CellError(f"a unit of pay such as {', '.join(sorted(set(_UNITS.values())))}")
    return _UNITS[text]


@lru_cache(maxsize=1_024)
def country(cell: str) -> str | None:
    """A country's name as ISO2; None when empty or not to be told."""
    text = cell.strip()
    if not text:
        return None
    try:
        found: str = pycountry.countries.lookup(text).alpha_2
    except LookupError:
        return None
    return found


def name_key(name: str) -> str:
    """A name without what spelling changes: upper case, all but A to Z and 0 to 9 dropped."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())
