"""Pay periods: what fell due, what was paid for it, and how much that should have been. T-WAG-01 and T-CON-03 read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from streams.domain.employment import (
    ACKNOWLEDGED,
    AMENDED,
    AUTHENTICATED,
    CLOSING,
    REGISTERED,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day
from streams.domain.money import Money, money
from streams.domain.travel import arrival
from streams.domain.views import JourneyView, once_a_view
from streams.rules.wage_units import exact_month

DUE, PAID = "deployment.wage_due", "deployment.wage_paid"
_TIERS = ((AUTHENTICATED,), (ACKNOWLEDGED, REGISTERED), ())  # the most telling papers first
_MONTH = range(28, 32)  # days that are a month's pay


@dataclass(frozen=True, order=True)
class Period:
    """First and last day of a pay period, both included; `due` is what fell due for it, `paid` what was paid, by (time, id)."""

    first: date
    last: date
    due: Fact | None = None
    paid: tuple[Fact, ...] = ()

    @property
    def name(self) -> str:
        """'2025-05-01/2025-05-31'."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What fell due and what was paid."""
        return ((self.due,) if self.due is not None else ()) + self.paid


@dataclass(frozen=True)
class Pay:
    """A journey's pay: `periods` by their days; `unlabelled` payments may be for any of them."""

    periods: tuple[Period, ...]
    unlabelled: tuple[Fact, ...]


Days = tuple[date, date]


def _days(fact: Fact) -> Days | None:
    """The days that a due wage or a payment is for; None where they are not stated."""
    first, last = fact.text("period_start"), fact.text("period_end")
    if first is None or last is None or last < first:
        return None
    return date.fromisoformat(first), date.fromisoformat(last)


@once_a_view
def pay(view: JourneyView) -> Pay:
    """Payments with what they are for: the same days, or days within those for which one wage fell due.

    Of two wages due for the same days the later one counts. A payment that states its first day only is for the wage due that
    has it. One that states none, or days of several wages, is unlabelled.
    """
    dues = {days: fact for fact in view.of(DUE) if (days := _days(fact)) is not None}
    paid: dict[Days, list[Fact]] = defaultdict(list)
    unlabelled = []
    for fact in view.of(PAID):
        days = _paid_for(fact, dues)
        if days is None:
            unlabelled.append(fact)
        else:
            paid[days].append(fact)
    periods = [Period(*days, dues.get(days), tuple(paid.get(days, ()))) for days in sorted({*dues, *paid})]
    return Pay(tuple(periods), tuple(unlabelled))


def _paid_for(fact: Fact, dues: Iterable[Days]) -> Days | None:
    days, first = _days(fact), fact.text("period_start")
    if days is None and first is None:
        return None
    begins = days[0] if days is not None else date.fromisoformat(first or "")
    if days is None:
        around = [each for each in dues if each[0] <= begins <= each[1]]
        return around[0] if len(around) == 1 else None
    if days in dues:
        return days
    touched = [each for each in dues if each[0] <= days[1] and days[0] <= each[1]]
    if not touched:
        return days
    return touched[0] if len(touched) == 1 and touched[0][0] <= days[0] and days[1] <= touched[0][1] else None


def stating(view: JourneyView, field: str, by: Instant) -> Fact | None:
    """The contract that states `field` at an instant: the most telling kind, amended or not; the first one where none was by then."""
    for tier in _TIERS:
        found = [fact for fact in view.of(*tier, AMENDED) if fact.body.get(field) is not None]
        if found and (not tier or any(fact.type in tier for fact in found)):
            return next((fact for fact in reversed(found) if fact.time <= by), found[0])
    return None


def ends(period: Period, country: str) -> Instant:
    """The first instant after its last day."""
    return end_of_day(period.last.isoformat(), country)


def months(view: JourneyView, period: Period, country: str) -> Fraction:
    """How many months' pay the days of a period are for, as far as the worker had arrived and the work had not ended."""
    arrived, closed = arrival(view), view.first(*CLOSING)
    first = max(period.first, local_day(arrived.time, country)) if arrived is not None else period.first
    last = min(period.last, local_day(closed.time, country)) if closed is not None else period.last
    days = (last - first).days + 1
    return Fraction(1) if days in _MONTH else Fraction(max(days, 0) * 12, 365)


def full_month(view: JourneyView, period: Period, country: str) -> bool:
    """Whether a period is a month of which the worker was there every day, as far as arrival and the end are known."""
    arrived, closed = arrival(view), view.first(*CLOSING)
    return (
        period.days in _MONTH
        and (arrived is None or local_day(arrived.time, country) <= period.first)
        and (closed is None or period.last <= local_day(closed.time, country))
    )


@dataclass(frozen=True)
class Owed:
    """How much a period's pay should be, in minor units; `shown` is what says so. `stated` says that the wage due itself does."""

    currency: str
    amount: Fraction
    shown: tuple[Fact, ...]
    stated: bool


def owed(view: JourneyView, period: Period, country: str) -> Owed | None:
    """The wage due as stated, else a contract's wage for these days; None where neither tells."""
    due = stated(period)
    if due is not None:
        return Owed(due.currency, Fraction(due.minor), (), stated=True)
    contract = stating(view, "wage", ends(period, country))
    month = exact_month(contract) if contract is not None else None
    if contract is None or month is None:
        return None
    return Owed(month[0], month[1] * months(view, period, country), (contract,), stated=False)


def stated(period: Period) -> Money | None:
    """The wage due, as it says itself."""
    return money(period.due.body.get("amount")) if period.due is not None else None


def received(payments: Iterable[Fact], currency: str) -> tuple[Fraction, Fraction] | None:
    """(paid out, deducted) in minor units of one currency; None where a payment is in another."""
    out, kept = Fraction(0), Fraction(0)
    for fact in payments:
        amount, deducted = money(fact.body.get("amount")), money(fact.body.get("deductions"))
        if amount is None or amount.currency != currency or (deducted is not None and deducted.currency != currency):
            return None
        out, kept = out + amount.minor, kept + (deducted.minor if deducted is not None else 0)
    return out, kept
