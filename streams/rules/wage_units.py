"""Whether a wage can be in the unit it claims: against what is usual at the destination, and against the worker's other contracts."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from streams.domain.employment import ACKNOWLEDGED, AMENDED, AUTHENTICATED, REGISTERED
from streams.domain.facts import Fact
from streams.domain.instants import local_day
from streams.domain.money import Money, exact, money
from streams.domain.views import JourneyView, once_a_view
from streams.rules.policy import Policy, Row

OFFERED = "recruitment.contract_offered"
CONTRACTS = ("recruitment.contract_offered", "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin",
             "oversight.contract_authenticated_destination", "deployment.contract_amended")  # fmt: skip
# Managers, professionals and technicians may earn many times what is usual; a wrong unit is only told apart below them.
_ANY_WAGE = ("0", "1", "2", "3")


def exact_month(fact: Fact) -> tuple[str, Fraction] | None:
    """(currency, minor units) of the wage of a contract or demand for a month, unrounded; None where it is not stated or cannot be told."""
    wage = money(fact.body.get("wage"))
    if wage is None:
        return None
    times = _a_year(fact, fact.text("wage_period") or "month")
    return None if times is None else (wage.currency, Fraction(wage.minor) * times / 12)


_A_YEAR = {"month": 12, "year": 1, "biweekly": 26, "week": 52}


def _a_year(fact: Fact, period: str) -> Fraction | int | None:
    """How many such periods a year of the contract has; None where it does not tell."""
    if period == "day":
        rest = fact.number("rest_days")  # one a week where none is stated: a slip is far greater
        return max(7 - exact(rest if rest is not None else 1), Fraction(0)) * 52
    if period == "hour":
        hours = fact.number("hours_per_week")
        return exact(hours) * 52 if hours is not None else None
    return _A_YEAR.get(period)


def month_wage(fact: Fact) -> Money | None:
    """The wage of a contract or demand for a month, in whole minor units; None where it is not stated or cannot be told."""
    if fact.text("wage_period") in (None, "month"):
        return money(fact.body.get("wage"))
    found = exact_month(fact)
    return None if found is None else Money(found[0], round(found[1]))


def less_by(percent: float, was: Fraction, now: Fraction, *, at_least: bool = False) -> bool:
    """Whether `now` is less than `was` by more than so many hundredths of it (`at_least`: by so many, or more)."""
    fall, limit = (was - now) * 100, exact(percent) * was
    return now < was and (fall >= limit if at_least else fall > limit)


def beyond_usual(policy: Policy, wage: Money, day: str, country: str, isco: str) -> Row | None:
    """The policy row that a month's wage is out of bounds of: so many times above or below what is usual there."""
    row = policy.row("T-DQ-01", day, destination=country)
    if row is None or row.values.get("currency") != wage.currency or isco.startswith(_ANY_WAGE):
        return None
    usual, factor = row.whole("usual_minor"), row.whole("factor")
    return row if wage.minor > usual * factor or wage.minor * factor < usual else None


def contradicting(policy: Policy, facts: Iterable[Fact], day: str, country: str) -> tuple[Row | None, tuple[Fact, ...]]:
    """Two contracts of one worker whose wages, in one currency, are so many times apart that one unit must be wrong."""
    stated = [(wage, fact) for fact in facts if (wage := month_wage(fact)) is not None]
    row = policy.row("T-DQ-01", day, destination=country) if len(stated) > 1 else None
    for (one, fact), (other, later) in combinations(stated, 2):
        low, high = sorted((one.minor, other.minor))
        if row is not None and one.currency == other.currency and high > 0 and high >= low * row.whole("ratio"):
            return row, (fact, later)
    return None, ()


@once_a_view
def contracts(view: JourneyView) -> tuple[Fact, ...]:
    """A journey's contracts that state a wage."""
    return tuple(fact for fact in view.of(*CONTRACTS) if fact.body.get("wage") is not None)


@once_a_view
def in_force(view: JourneyView, policy: Policy) -> tuple[Money | None, tuple[Fact, ...]]:
    """A month's wage by the contract in force, with the papers that say so; None where no paper tells, or which is right is in doubt.

    What the destination authenticated goes before what the origin saw, and that before an offer; amendments go on. A wage
    that cannot be in the unit it claims (T-DQ-01) is none.
    """
    country, likely = view.destination, []
    for fact in contracts(view):
        wage, day = month_wage(fact), local_day(fact.time, view.origin).isoformat()
        if wage is not None and wage.minor > 0 and beyond_usual(policy, wage, day, fact.text("country") or country, _isco(fact)) is None:
            likely.append((wage, fact))
    papers = tuple(fact for _, fact in likely)
    if not likely or contradicting(policy, papers, local_day(papers[0].time, view.origin).isoformat(), country)[0] is not None:
        return None, papers
    for tier in ((AUTHENTICATED,), (ACKNOWLEDGED, REGISTERED), (OFFERED,)):
        if any(fact.type in tier for fact in papers):
            wage, fact = [each for each in likely if each[1].type in (*tier, AMENDED)][-1]
            return wage, (fact,)
    return likely[-1][0], (likely[-1][1],)


def _isco(fact: Fact) -> str:
    return fact.text("isco") or ""
