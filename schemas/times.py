"""Instants and days as offices write them. What was read lately is remembered: the times of a file repeat."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat alone takes weeks, 2025-W01-1, too


def instant(value: int | str) -> int:
    """RFC 3339 with an offset, or milliseconds, as milliseconds. Raises ValueError: a time without offset is ambiguous."""
    return _instant(value) if isinstance(value, str) else value


@lru_cache(maxsize=16_384)
def _instant(text: str) -> int:
    if not _RFC_3339.fullmatch(text):
        raise ValueError("a time is RFC 3339 with an offset: 2025-03-01T10:00:00Z")
    since = datetime.fromisoformat(text.upper()) - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1_000 + since.microseconds // 1_000


@lru_cache(maxsize=16_384)
def days(text: str) -> int:
    """Days since 1970 of a day, YYYY-MM-DD and no other spelling. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError("a day is written 2025-03-01")
    return date.fromisoformat(text).toordinal() - _EPOCH_DAY


@lru_cache(maxsize=16_384)
def day(number: int) -> str:
    """The ISO text of so many days since 1970. Raises ValueError or OverflowError beyond the years 1 to 9999."""
    return date.fromordinal(number + _EPOCH_DAY).isoformat()
