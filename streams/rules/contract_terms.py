"""Two papers of one contract, field by field: what a worker was promised, what a later paper says, and whether that is worse.

A comparison answers a reason code where it is worse, "" where it is not, and None where it cannot be told.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from streams.domain.facts import Fact
from streams.domain.money import exact, money
from streams.domain.names import party_key, surely_different
from streams.rules.policy import Row
from streams.rules.wage_units import exact_month, less_by

# ISCO-08: the skill level of each major group (managers and professionals 4, technicians 3, clerks to machine operators 2,
# elementary occupations 1); armed forces have none of their own.
_SKILL: Mapping[str, int] = {"1": 4, "2": 4, "3": 3, "4": 2, "5": 2, "6": 2, "7": 2, "8": 2, "9": 1}

Compare = Callable[[Fact, Fact, Row], str | None]


@dataclass(frozen=True)
class Term:
    """One field of a contract. `core` is stated by every contract: where no paper does, that is Insufficient too."""

    issue: str
    states: Callable[[Fact], bool]
    compare: Compare
    words: str
    core: bool = False


def wage(was: Fact, now: Fact, row: Row) -> str | None:
    """A month's pay; None across currencies, for piece rates, and where one of the two must be in another unit (T-DQ-01)."""
    before, after = exact_month(was), exact_month(now)
    if before is None or after is None or before[0] != after[0]:
        return None
    return lower_wage(before[1], after[1], row)


def lower_wage(before: Fraction, after: Fraction, row: Row) -> str | None:
    """The same of two amounts in one currency."""
    low, high = sorted((before, after))
    if high > 0 and high >= low * row.whole("unit_ratio"):
        return None
    if less_by(row.number("material_percent"), before, after, at_least=True):
        return "wage_materially_lower"
    return "wage_lower" if less_by(row.number("wage_percent"), before, after) else ""


def job(was: Fact, now: Fact, row: Row) -> str | None:
    """Another sub-major group of ISCO-08; one of a higher skill level is a promotion."""
    before, after = was.text("isco") or "", now.text("isco") or ""
    if before[:2] == after[:2] and len(before) >= 2 and len(after) >= 2:
        return ""
    if before[:1] == after[:1] and min(len(before), len(after)) < 2:
        return None
    return "" if _SKILL.get(after[:1], 0) > _SKILL.get(before[:1], 0) > 0 else "job_changed"


def employer(was: Fact, now: Fact, row: Row) -> str | None:
    """Another employer, whatever the spelling; one known by its name alone may be the same."""
    keys = {party_key(was.text("employer") or ""), party_key(now.text("employer") or "")}
    if len(keys) == 1:
        return ""
    return "employer_changed" if surely_different(keys) > 1 else None


def hours(was: Fact, now: Fact, row: Row) -> str | None:
    """Longer weeks, by more than so many hundredths."""
    before, after = exact(was.number("hours_per_week") or 0), exact(now.number("hours_per_week") or 0)
    return "hours_longer" if (after - before) * 100 > exact(row.number("hours_percent")) * before else ""


def place(was: Fact, now: Fact, row: Row) -> str | None:
    """Another country."""
    return "country_changed" if was.text("country") != now.text("country") else ""


def site(was: Fact, now: Fact, row: Row) -> str | None:
    """Another site, whatever the spelling; one known by its name alone may be the same."""
    keys = {party_key(was.text("site") or ""), party_key(now.text("site") or "")}
    if len(keys) == 1:
        return ""
    return "site_changed" if surely_different(keys) > 1 else None


def duration(was: Fact, now: Fact, row: Row) -> str | None:
    """Any other duration, longer or shorter: in months where both state them, else by the first and the last day."""
    before, after = was.number("months"), now.number("months")
    if before is not None and after is not None:
        return "" if before == after else "duration_changed"
    spans = _span(was), _span(now)
    if spans[0] is not None and spans[1] is not None:
        return "" if spans[0] == spans[1] else "duration_changed"
    known = [_rounded(span) if months is None else months for months, span in zip((before, after), spans, strict=True)]
    return "" if known[0] == known[1] else "duration_changed"


def _span(fact: Fact) -> tuple[int, int] | None:
    """(whole months, days beyond) from the first day to the last, both included."""
    start, end = fact.text("start"), fact.text("end")
    if start is None or end is None or end < start:
        return None
    first, after = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    if _later(first, months) > after:
        months -= 1
    return months, (after - _later(first, months)).days


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _rounded(span: tuple[int, int] | None) -> int | None:
    return None if span is None else span[0] + (span[1] >= 15)


def rest(was: Fact, now: Fact, row: Row) -> str | None:
    """Fewer days of rest a week."""
    return "rest_days_fewer" if (now.number("rest_days") or 0) < (was.number("rest_days") or 0) else ""


def deductions(was: Fact, now: Fact, row: Row) -> str | None:
    """More deducted a month; None across currencies."""
    before, after = money(was.body.get("deductions")), money(now.body.get("deductions"))
    if before is None or after is None or before.currency != after.currency:
        return None
    return "deductions_more" if after.minor > before.minor else ""


def _lasts(fact: Fact) -> bool:
    return fact.number("months") is not None or _span(fact) is not None


TERMS = (
    Term("deductions", lambda fact: fact.body.get("deductions") is not None, deductions, "the deductions"),
    Term("duration", _lasts, duration, "the duration"),
    Term("employer", lambda fact: fact.text("employer") is not None, employer, "the employer", core=True),
    Term("hours", lambda fact: fact.number("hours_per_week") is not None, hours, "the hours", core=True),
    Term("job", lambda fact: fact.text("isco") is not None, job, "the job", core=True),
    Term("place", lambda fact: fact.text("country") is not None, place, "the place", core=True),
    Term("site", lambda fact: fact.text("site") is not None, site, "the site"),
    Term("rest", lambda fact: fact.number("rest_days") is not None, rest, "the days of rest"),
    Term("wage", lambda fact: fact.body.get("wage") is not None, wage, "the wage", core=True),
)
