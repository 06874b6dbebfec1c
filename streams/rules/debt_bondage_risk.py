"""T-FEE-05: what was borrowed to leave would take months of pay to give back, or deductions take half of the pay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from streams.domain.facts import Fact
from streams.domain.fees import FEE, LOAN, paid, payees
from streams.domain.instants import Instant, local_day
from streams.domain.money import Money, exact, money
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import destination
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import currency, months, more_than, number, percent, records
from streams.rules.policy import Policy, Row
from streams.rules.rates import converted
from streams.rules.registry import journey_rule
from streams.rules.wage_units import CONTRACTS, in_force

WAGE_DUE, WAGE_PAID = "deployment.wage_due", "deployment.wage_paid"
DEBT, DEDUCTIONS = "debt", "deductions"
# The tiers, the gravest first: reason, parameter, priority.
_TIERS = (("debt_critical", "critical_months", "P1"), ("debt_high", "alert_months", "P2"), ("debt_heavy", "warn_months", "P3"))
_SUMMARIES = {
    "debt_critical": "What was borrowed to leave, with interest, is above a year of the pay that the contract promises.",
    "debt_high": "What was borrowed to leave, with interest, would take a great part of a year's pay to give back.",
    "debt_heavy": "What was borrowed to leave, with interest, would take months of pay to give back.",
}


@dataclass(frozen=True)
class Debt:
    """Months of pay that loans come to with interest: at `least`, and at `most` (None where nobody can tell)."""

    least: Fraction
    most: Fraction | None


@journey_rule(
    "T-FEE-05", version=1, reads=(LOAN, FEE, WAGE_DUE, WAGE_PAID, *CONTRACTS),
    audience=("embassy", "licensing-authority", "focal-office", "oversight"),
    severity="P2", action="refer", recommendations=("B1", "B13", "B16"), indicators=("debt bondage",),
    next_step="Offer the worker advice on the debt, and have the recruitment costs behind it paid back by who took them.",
    basis="ILO indicators of forced labour: debt bondage; P29; C95 Art. 8 on deductions from wages; Employer Pays Principle",
    parameters={"warn_months": months(1), "alert_months": more_than("warn_months", months(1)),
                "critical_months": more_than("alert_months", months(1)), "interest_percent": number("% a year", 0, 1_000),
                "deductions_percent": percent(), "rates": records({"currency": currency(), "per_usd": number("units to a US dollar")}, 0)},
    selectors=(),
)  # fmt: skip
def debt_bondage_risk(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Loans with interest are above so many months of the contract's pay (3 warn, 6 alert, 12 critical), or deductions are above
    half of the pay, agreed or made. They are two issues; the debt's priority follows the tier.

    Interest is simple, over the loan's own term, at the row's rate where the loan states none. The pay is a month's by the
    contract in force. A loan and a wage in two currencies are compared by the dated rates of policy and not without them. Pay
    unknown or in doubt, and a term unknown where interest could decide, are Insufficient. What was deducted is held
    against what was due for the period, or else against pay and deductions together. Who lent is not judged: the alert is
    about what recruitment cost, and nobody asks the worker to explain a debt.
    """
    loans = view.of(LOAN)
    if loans:
        yield _debt(view, policy, loans)
    found = list(_shares(view, policy))
    if found:
        yield _deducted(view, policy, found)


def _debt(view: JourneyView, policy: Policy, loans: tuple[Fact, ...]) -> Outcome:
    row = policy.require("T-FEE-05", local_day(loans[-1].time, view.origin))
    pay, papers = in_force(view, policy)
    told = evidence((*loans, *papers))
    if pay is None:
        return Insufficient(issue=DEBT, missing="a month's pay by contract, beyond doubt", evidence=told)
    debt = _months_of_pay(view, loans, pay, row)
    if debt is None:
        return Insufficient(issue=DEBT, missing=f"exchange rates of the loans' currencies and {pay.currency}", evidence=told)
    tier = next((tier for tier in _TIERS if debt.least > row.whole(tier[1])), None)
    if tier is not None:
        return _heavy(view, row, loans, told, tier)
    if debt.most is None or debt.most > row.whole("warn_months"):
        return Insufficient(issue=DEBT, missing="the term of a loan, or which of its contents is right", evidence=told)
    return Clear(issue=DEBT, evidence=told)


def _heavy(view: JourneyView, row: Row, loans: tuple[Fact, ...], told: tuple[str, ...], tier: tuple[str, str, str]) -> Finding:
    reason, _, severity = tier
    began = loans[-1].time
    return Finding(
        issue=DEBT, reason=reason, summary=_SUMMARIES[reason], evidence=told, severity=severity, policy_rows=(row.id,), since=began,
        due_at=answer_by(began, severity, destination(view)), destination=destination(view), parties=payees(paid(view)),
    )  # fmt: skip


def _months_of_pay(view: JourneyView, loans: tuple[Fact, ...], pay: Money, row: Row) -> Debt | None:
    """None where a rate is missing that could decide."""
    least, most, unknown = Fraction(0), Fraction(0), False
    for fact, sure in _single(view, loans):
        lent = money(fact.body.get("principal"))
        worth = converted(lent.minor, lent.currency, pay.currency, row) if lent is not None else None
        if worth is None:
            return None
        term, rate = fact.number("months"), fact.number("rate_percent")
        yearly = exact(rate if rate is not None else row.number("interest_percent")) / 100
        unknown |= term is None and yearly > 0
        owed = worth * (1 + yearly * exact(term or 0) / 12)
        least, most = least + owed * sure, most + owed
    return Debt(least / pay.minor, None if unknown else most / pay.minor)


def _single(view: JourneyView, loans: tuple[Fact, ...]) -> Iterator[tuple[Fact, bool]]:
    """Each loan once, and whether its content is beyond doubt: two offices that tell the same loan of one day tell of one."""
    tellers: dict[tuple[Any, ...], str] = {}
    for fact in loans:
        terms = (str(fact.body.get(name)) for name in ("principal", "rate_percent", "months", "lender"))
        said = (*terms, local_day(fact.time, view.origin))
        if tellers.setdefault(said, fact.source) == fact.source:
            yield fact, sum(view.root(other) == view.root(fact) and other.source == fact.source for other in loans) == 1


@dataclass(frozen=True)
class Share:
    """What is deducted (minor units), and of how much pay; `of` None where they cannot be compared."""

    facts: tuple[Fact, ...]
    taken: int
    of: int | None
    employer: str | None


def _shares(view: JourneyView, policy: Policy) -> Iterator[Share]:
    """The deductions of a month that the contract in force agrees on, and what was deducted from each wage."""
    pay, papers = in_force(view, policy)
    stating = [fact for fact in (papers if pay is not None else view.of(*CONTRACTS)) if fact.body.get("deductions") is not None]
    for fact in stating[-1:]:
        yield _share(view, (fact,), pay)
    for fact in view.of(WAGE_PAID):
        if fact.body.get("deductions") is not None:
            yield _share(view, *_of_period(view, fact))


def _share(view: JourneyView, facts: tuple[Fact, ...], pay: Money | None) -> Share:
    fact, taken = facts[0], money(facts[0].body["deductions"])
    assert taken is not None
    doubtful = any(view.root(other) == view.root(fact) and other.source == fact.source for other in view.of(fact.type) if other is not fact)
    comparable = pay is not None and pay.currency == taken.currency and not doubtful
    return Share(facts, taken.minor, pay.minor if pay is not None and comparable else None, fact.text("employer"))


def _of_period(view: JourneyView, paid_wage: Fact) -> tuple[tuple[Fact, ...], Money | None]:
    """The pay of a wage's period: what was due for it, or what was paid and deducted together; with what shows it."""
    period = paid_wage.text("period_start"), paid_wage.text("period_end")
    for due in view.of(WAGE_DUE):
        if None not in period and (due.text("period_start"), due.text("period_end")) == period and due.body.get("amount") is not None:
            return (paid_wage, due), money(due.body["amount"])
    amount, taken = money(paid_wage.body.get("amount")), money(paid_wage.body["deductions"])
    same = amount is not None and taken is not None and amount.currency == taken.currency
    return (paid_wage,), amount + taken if amount is not None and taken is not None and same else None


def _deducted(view: JourneyView, policy: Policy, shares: Iterable[Share]) -> Outcome:
    listed = list(shares)
    last = max((fact for share in listed for fact in share.facts[:1]), key=lambda fact: fact.key)
    row = policy.require("T-FEE-05", local_day(last.time, view.origin))
    high = [share for share in listed if share.of is not None and share.taken * 100 > share.of * exact(row.number("deductions_percent"))]
    if high:
        began = min(share.facts[0].time for share in high)
        return Finding(
            issue=DEDUCTIONS, reason="deductions_too_high", summary="Deductions take more of the worker's pay than they leave.",
            evidence=evidence(fact for share in high for fact in share.facts), policy_rows=(row.id,), since=began, severity="P2",
            due_at=answer_by(began, "P2", destination(view)), destination=destination(view),
            parties=tuple(sorted({share.employer for share in high if share.employer})),
        )  # fmt: skip
    told = evidence(fact for share in listed for fact in share.facts)
    if any(share.of is None and share.taken > 0 for share in listed):
        return Insufficient(issue=DEDUCTIONS, missing="the pay that deductions were made from", evidence=told)
    return Clear(issue=DEDUCTIONS, evidence=told)
