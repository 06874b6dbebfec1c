"""T-WAG-01: a wage came late, short, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from streams.domain.employment import ARRIVED, CLOSING, CONTRACTS, told
from streams.domain.facts import Fact
from streams.domain.instants import Instant, days_after, end_of_day, local_day
from streams.domain.money import exact, money
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days, listed, percent
from streams.rules.pay_periods import (
    DUE,
    PAID,
    Owed,
    Period,
    ends,
    owed,
    pay,
    received,
    stating,
)
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

_SUMMARIES = {
    "not_paid": "The wage of {name} was not paid within {days} days of when it was due.",
    "paid_short": "The wage of {name} was paid in part only, {days} days and more after it was due.",
    "paid_late": "The wage of {name} was paid more than {days} days late.",
}


@dataclass(frozen=True)
class Account:
    """A period with its deadlines: `due` is the last instant in time, `limits` one for each tier, `wanted` what must have come by then."""

    period: Period
    due: Instant
    limits: tuple[Instant, ...]
    owed: Owed | None
    wanted: Fraction
    agreed: tuple[Fact | None, Fraction | None]  # the contract that states deductions, and how much it allows; None where unknown
    row: Row
    country: str

    @property
    def shown(self) -> tuple[str, ...]:
        """Everything that tells how the period was paid."""
        contract, _ = self.agreed
        deducted = any(fact.body.get("deductions") is not None for fact in self.period.paid)
        papers = (*(self.owed.shown if self.owed is not None else ()), *((contract,) if contract is not None and deducted else ()))
        return evidence((*self.period.facts, *papers))


@journey_rule(
    "T-WAG-01", version=1, reads=(DUE, PAID, ARRIVED, *CLOSING, *CONTRACTS), audience=("labour-inspectorate", "embassy"), severity="P3",
    action="inspect", recommendations=("B14", "B16"), indicators=("withholding of wages",),
    next_step="Ask the employer for the transfer record of the pay period, and see that what is owed is paid to the worker.",
    basis="C95 Art. 12: wages are paid regularly; Qatar: wage protection, wages in the days after they are due (S90)",
    parameters={"tiers": listed(days(), least=1, rising=True), "short_percent": percent()}, selectors=("destination",),
)  # fmt: skip
def wage_late_or_short(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A wage that fell due was not there in full more than 7 days later; more than 15, and more than 30, weigh heavier.

    One issue per pay period. In full is less than 5 % short (exactly 5 % short is in full) of the wage due as stated, prorated or
    not; where no amount is stated, of the contract's for those days. Payments of one period add up, with deductions as far as a
    contract agrees to them. The due day counts whole, where the work is. A lateness stands when the rest is paid later. Of a
    payment without a wage due nobody knows whether it was late: short it is a finding, else Insufficient. So is another currency,
    an amount that nothing states, and a payment whose period is unknown, which may be the one that is missing (the oldest first).
    """
    known = pay(view)
    loose = list(known.unlabelled)
    if loose:
        yield Insufficient(missing="the pay period of a payment", evidence=evidence(loose))
    accounts = sorted((_account(view, period, policy) for period in known.periods), key=lambda each: (each.due, each.period))
    for account in accounts:
        yield _judge(view, account, loose, policy, as_of)


def _account(view: JourneyView, period: Period, policy: Policy) -> Account:
    country = view.destination or period.facts[0].jurisdiction
    on = period.due.text("due") if period.due is not None else None
    if on is not None:
        due = end_of_day(on, country) - 1
    else:  # nobody says when; not before its last day, nor before anything was paid
        due = max(ends(period, country) - 1, min((fact.time for fact in period.paid), default=0))
    row = policy.require("T-WAG-01", local_day(due, country), destination=country)
    amount = owed(view, period, country)
    wanted = amount.amount * (100 - exact(row.number("short_percent"))) / 100 if amount is not None else Fraction(0)
    limits = tuple(days_after(due, tier) for tier in row.wholes("tiers"))
    return Account(period, due, limits, amount, wanted, _agreed(view, amount, ends(period, country)), row, country)


def _agreed(view: JourneyView, amount: Owed | None, by: Instant) -> tuple[Fact | None, Fraction | None]:
    contract = stating(view, "deductions", by)
    allowed = money(contract.body.get("deductions")) if contract is not None else None
    if allowed is None or amount is None or allowed.currency != amount.currency:
        return contract, None
    return contract, Fraction(allowed.minor)


def _reached(account: Account, payments: Sequence[Fact], allowed: Fraction | None) -> Instant | None:
    """When what was paid came to what was wanted; deductions count up to `allowed`, all of them where that is None."""
    assert account.owed is not None
    if account.wanted <= 0:
        return min(account.due, *(fact.time for fact in payments)) if payments else account.due
    for number, fact in enumerate(payments, 1):
        sums = received(payments[:number], account.owed.currency)
        if sums is None:
            return None
        if sums[0] + (sums[1] if allowed is None else min(sums[1], allowed)) >= account.wanted:
            return fact.time
    return None


def _settled(account: Account, payments: Sequence[Fact]) -> tuple[Instant | None, Instant | None]:
    """When the period was paid in full: (for sure, at best); None where it was not."""
    comparable = account.owed is not None and received(payments, account.owed.currency) is not None
    if not comparable and payments:  # something came: enough of it, for all that is known
        return None, payments[0].time
    if account.owed is None:
        return None, None
    _, agreed = account.agreed
    return _reached(account, payments, agreed or Fraction(0)), _reached(account, payments, agreed)


def _judge(view: JourneyView, account: Account, loose: list[Fact], policy: Policy, as_of: Instant) -> Outcome:
    period, first, dated = account.period, account.limits[0], account.period.due is not None
    sure, best = _settled(account, period.paid)
    if best is None and as_of <= first:
        if dated:
            return Clear(issue=period.name, next_at=first + 1, evidence=account.shown)
        return Insufficient(issue=period.name, missing="when the wage was due", next_at=first + 1, evidence=account.shown)
    if best is None or (dated and best > first):
        missing = _doubt(account, loose, policy)
    elif sure is None or (dated and sure > first):
        missing = "how much was due, in the currency paid" if _incomparable(account) else "which deductions were agreed"
    elif not dated:
        missing = "when the wage was due"
    else:
        return Clear(issue=period.name, evidence=account.shown)
    if missing:
        return Insufficient(issue=period.name, missing=missing, evidence=account.shown)
    return _finding(view, account, best, as_of)


def _doubt(account: Account, loose: list[Fact], policy: Policy) -> str:
    """What would have to be known before a wage is said to be late or short; '' for nothing."""
    if _one_of(account, loose):
        return "the pay period of a payment"
    return "a wage in a sure unit" if account.period.due is None and _wrong_unit(account, policy) else ""


def _incomparable(account: Account) -> bool:
    return account.owed is None or received(account.period.paid, account.owed.currency) is None


def _one_of(account: Account, loose: list[Fact]) -> bool:
    """Whether payments of an unknown period may have been for this one, in time; they are then used up."""
    payments = sorted((*account.period.paid, *(fact for fact in loose if fact.time <= account.limits[0])), key=lambda fact: fact.key)
    _, best = _settled(account, payments)
    if best is None or best > account.limits[0] or len(payments) == len(account.period.paid):
        return False
    loose[:] = [fact for fact in loose if fact.time > best]
    return True


def _wrong_unit(account: Account, policy: Policy) -> bool:
    """Whether a contract's wage is so many times what was paid that one of them must be in another unit (T-DQ-01)."""
    sums = received(account.period.paid, account.owed.currency) if account.owed is not None else None
    row = policy.row("T-DQ-01", local_day(account.due, account.country), destination=account.country)
    if account.owed is None or account.owed.stated or sums is None or row is None or sums[0] == 0:
        return False
    return account.owed.amount >= sums[0] * row.whole("ratio")


def _finding(view: JourneyView, account: Account, paid_at: Instant | None, as_of: Instant) -> Finding:
    period, tiers = account.period, account.row.wholes("tiers")
    until = as_of if paid_at is None else paid_at
    passed = sum(until > limit for limit in account.limits)
    severity = "P2" if passed == len(tiers) else "P3"
    reason = "paid_late" if paid_at is not None else "paid_short" if period.paid else "not_paid"
    later = [limit + 1 for limit in account.limits[passed:]] if paid_at is None else []
    return Finding(
        issue=period.name, reason=reason, severity=severity, evidence=account.shown, policy_rows=(account.row.id,), since=account.due,
        summary=_SUMMARIES[reason].format(name=period.name.replace("/", " to "), days=tiers[passed - 1]),
        due_at=answer_by(account.limits[passed - 1], severity, account.country), next_at=min(later, default=None),
        destination=account.country, parties=_employers(view, period),
    )  # fmt: skip


def _employers(view: JourneyView, period: Period) -> tuple[str, ...]:
    named = {fact.text("employer") for fact in period.facts} - {None} or {told(view, "employer")}
    return tuple(sorted(name for name in named if name))
