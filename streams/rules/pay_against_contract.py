"""What the pay shows of a promised contract: a lower wage month after month, and deductions that nobody agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.money import money
from streams.domain.views import JourneyView
from streams.rules.contract_terms import lower_wage
from streams.rules.employments import Employment
from streams.rules.pay_periods import Period, ends, full_month, pay, received, stated
from streams.rules.policy import Row
from streams.rules.wage_units import exact_month


@dataclass(frozen=True)
class Shown:
    """The first pay that shows a harm: why, by which facts, since when. `reason` "" shows none; `next_at` when more may be known."""

    reason: str
    facts: tuple[Fact, ...] = ()
    since: Instant = 0
    next_at: Instant | None = None


def _periods(view: JourneyView, job: Employment, promised: Fact, country: str) -> Iterator[Period]:
    """Pay periods of one employment, from the first day that its contract names."""
    start = promised.text("start")
    for period in pay(view).periods:
        end = ends(period, country)
        if job.begins < end and (job.until is None or end <= job.until) and (start is None or start <= period.first.isoformat()):
            yield period


def lower_pay(view: JourneyView, job: Employment, promised: Fact, row: Row, country: str, as_of: Instant) -> Shown:
    """A whole month paid below the promise where nobody stated what was due, or so many running that fell due below it."""
    month = exact_month(promised)
    if month is None:
        return Shown("")
    currency, wage = month
    running: list[Period] = []
    waits: list[Instant] = []
    for period in _periods(view, job, promised, country):
        due = stated(period)
        if not full_month(view, period, country):
            continue
        if due is not None:
            reason = lower_wage(wage, Fraction(due.minor), row) if due.currency == currency else None
            following = not running or (period.first - running[-1].last).days == 1
            running = [*(running if following else ()), period] if reason else []
            if reason and len(running) >= row.whole("stated_periods"):
                return Shown(reason, tuple(each.due for each in running if each.due is not None), ends(period, country))
        elif period.due is None:
            settled = max(ends(period, country), *(fact.time for fact in period.paid)) + row.whole("settled_days") * DAY
            sums = received(period.paid, currency)
            reason = lower_wage(wage, sums[0] + sums[1], row) if sums is not None else None
            if reason and as_of > settled:
                return Shown(reason, period.paid, ends(period, country))
            waits += [settled + 1] if reason else []
    return Shown("", next_at=min((instant for instant in waits if instant > as_of), default=None))


def more_deducted(view: JourneyView, job: Employment, promised: Fact, country: str) -> Shown:
    """More deducted for a pay period than the promise allows for its months, begun months counted whole."""
    agreed = money(promised.body.get("deductions"))
    for period in _periods(view, job, promised, country):
        sums = received(period.paid, agreed.currency) if agreed is not None else None
        if agreed is not None and sums is not None and sums[1] > agreed.minor * -(-period.days // 31):
            return Shown("deductions_more", tuple(fact for fact in period.paid if fact.body.get("deductions")), ends(period, country))
    return Shown("")
