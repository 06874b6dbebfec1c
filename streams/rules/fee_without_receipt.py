"""T-FEE-04: the worker paid far more than the agency says it took: the receipts are false, or there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from streams.domain.chain import DECLARED
from streams.domain.fees import FEE, REFUND, Payment, extent, paid, payees, refunds, shown, total
from streams.domain.instants import Instant, local_day
from streams.domain.money import exact
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import destination
from streams.domain.views import JourneyView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import number, percent
from streams.rules.policy import Policy, Row
from streams.rules.rates import converted
from streams.rules.registry import journey_rule


@dataclass
class Books:
    """What the worker says one payee took, and what it says itself; `unnamed` are declarations that name no payee."""

    key: str
    own: list[Payment] = field(default_factory=list)
    agency: list[Payment] = field(default_factory=list)
    unnamed: list[Payment] = field(default_factory=list)

    @property
    def told(self) -> list[Payment]:
        return [*self.own, *self.agency, *self.unnamed]


@journey_rule(
    "T-FEE-04", version=1, reads=(FEE, REFUND, DECLARED), audience=("licensing-authority", "embassy", "focal-office", "oversight"),
    severity="P3", action="inspect", recommendations=("B1", "B13"), indicators=("deception",),
    next_step="Compare the agency's receipts and books with what was paid, and ask other workers of the same agency.",
    basis="Receipts for all that is taken: India, Emigration Rules, rule 25; Nepal, false receipts for the legal fee [S39]; C181 Art. 7",
    parameters={"percent": percent(0, 1_000), "usd": number("US dollars")}, selectors=(),
)  # fmt: skip
def fee_without_receipt(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What the worker declares to have paid, net of refunds, is above what the payee declares: by more than 20 % of the payee's
    own figure and by more than 100 US dollars.

    Each payee is an issue, over all kinds of fees. Of a payee who declares nothing, a sub-agent mostly, the next in the
    declared chain that does answers. Nobody declaring anything is Insufficient, as are the worker's figure missing, currencies
    that differ, and what is of unknown amount, payer or payee, where it could decide. A declared zero is a figure.
    """
    made = paid(view)
    if not made:
        return
    row = policy.require("T-FEE-04", local_day(made[-1].fact.time, view.origin))
    rates = policy.require("T-FEE-05", local_day(made[-1].fact.time, view.origin))
    for _, books in sorted(_books(made).items()):
        yield _judge(view, books, row, rates)


def _books(made: Sequence[Payment]) -> dict[str, Books]:
    """By who answers for what was paid."""
    found: dict[str, Books] = {}
    ours, theirs = ([each for each in made if not each.party and each.by_worker == side] for side in (True, False))
    for each in made:
        if each.party:
            books = found.setdefault(each.account, Books(each.account, unnamed=[*ours, *theirs]))
            (books.own if each.by_worker else books.agency).append(each)
    if len(found) > 1:
        return found
    only = next(iter(found.values()), Books(""))  # who names no payee speaks of the only one there is
    return {only.key: Books(only.key, only.own + ours, only.agency + theirs)}


def _judge(view: JourneyView, books: Books, row: Row, rates: Row) -> Outcome:
    its = [each for each in refunds(view) if each.party and each.account in {books.key, *(own.node for own in books.own)}]
    anybody = [each for each in refunds(view) if not each.party]
    told = shown((*books.told, *its, *anybody))
    silent = [each for each in books.unnamed if not each.by_worker]
    if not books.agency and not silent:
        return Insufficient(issue=books.key, missing="what the payee declares", evidence=told)
    if not any(each.by_worker for each in books.told):
        return Insufficient(issue=books.key, missing="what the worker paid", evidence=told)
    ours = total(books.own, its + anybody), total([*books.own, *(e for e in books.unnamed if e.by_worker)], its)
    theirs = extent(books.agency), extent([*books.agency, *silent])
    spoken = ours[1].currencies | theirs[1].currencies
    if len(spoken) > 1 or theirs[1].unstated:
        return Insufficient(issue=books.key, missing="both figures in one currency", evidence=told)
    currency = min(spoken, default="")
    sure = _gap(ours[0].least.get(currency, 0), theirs[1].most.get(currency, 0), currency, row, rates)
    may_be = _gap(ours[1].most.get(currency, 0), theirs[0].least.get(currency, 0), currency, row, rates)
    if sure:
        return _finding(view, books, told, (row, rates))
    if may_be is not False or ours[1].unstated:
        return Insufficient(issue=books.key, missing="how much was paid to this payee", evidence=told)
    return Clear(issue=books.key, evidence=told)


def _gap(ours: int, theirs: int, currency: str, row: Row, rates: Row) -> bool | None:
    """Whether the gap is above both limits; None where only an exchange rate could tell."""
    if (ours - theirs) * 100 <= theirs * exact(row.number("percent")) or ours <= theirs:
        return False
    least = converted(Fraction(100) * exact(row.number("usd")), "USD", currency, rates)
    return None if least is None else ours - theirs > least


def _finding(view: JourneyView, books: Books, told: tuple[str, ...], rows: tuple[Row, Row]) -> Finding:
    began = max(each.fact.time for each in books.told)
    return Finding(
        issue=books.key, reason="more_paid_than_declared", evidence=told,
        summary="The worker's side paid far more than the payee declares to have taken.",
        policy_rows=tuple(row.id for row in rows), since=began, due_at=answer_by(began, "P3", view.origin),
        destination=destination(view), parties=payees(books.told),
    )  # fmt: skip
