"""What was paid to be recruited, net of refunds: at least and at most, where worker and agency say different things of it.

A payment is declared by the worker and by the agency, perhaps at several offices. Declarations of one code, payee, amount and
day are one payment, whoever makes them. Of one code and payee the worker's own go first: an agency's is of the same payment
where the amount or the day is the same, and counts by what its books say more; another one may or may not be of the same, so it
adds to the most and not to the least. What a sub-agent took who declares nothing is on the account of the next in the chain
who does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest
from typing import Literal

from streams.domain.chain import Chain, links
from streams.domain.facts import Fact
from streams.domain.instants import local_day
from streams.domain.money import Money, money
from streams.domain.names import party_key
from streams.domain.views import JourneyView, evidence, once_a_view

FEE = "recruitment.fee_declared"
REFUND = "recruitment.fee_refunded"
LOAN = "recruitment.loan_declared"

# ILO 2019: fees for recruiting, related costs, and what is never legitimate.
FEES = ("recruitment_service", "supply_to_third_party", "direct_hire", "recovered_from_worker")
COSTS = ("medical", "insurance", "skills_test", "training", "equipment", "travel", "lodging", "administrative")
ILLEGITIMATE = ("bribe", "kickback", "bond", "collateral", "illicit_recovery", "visa_purchase")
CODES = (*FEES, *COSTS, *ILLEGITIMATE)

_OWN = frozenset({"worker", "family"})
_TAKEN = frozenset({"recovered_from_worker", "illicit_recovery"})  # the code itself says who paid

Payer = Literal["own", "other", "unknown"]


@dataclass(frozen=True)
class Payment:
    """One declaration of a fee, or of a refund. `party` is who was paid (or refunded), '' unknown, `key` the same whatever its
    spelling; `amount` None is unknown, never zero. `payer` is 'own' for the worker or the family. `whole` is False where the event
    has another content under the same id. `node` is its key in the chain, `account` that of who answers for it.
    """

    fact: Fact
    code: str
    party: str
    amount: Money | None
    day: str
    payer: Payer
    whole: bool
    node: str
    account: str

    @property
    def key(self) -> str:
        return party_key(self.party) if self.party else ""

    @property
    def sure(self) -> bool:
        """Whether it is beyond doubt what was paid, and by whom."""
        return self.whole and self.payer != "unknown"

    @property
    def by_worker(self) -> bool:
        return self.fact.text("by") == "worker"

    @property
    def nothing(self) -> bool:
        """Whether it says that nothing was paid."""
        return self.amount is not None and self.amount.minor <= 0


@once_a_view
def payments(view: JourneyView) -> tuple[Payment, ...]:
    """Every declared payment of a journey, by (time, id). A worker who names no payer speaks of the worker's own money."""
    facts, graph = view.of(FEE), links(view)
    told = [fact for fact in facts if fact.text("by") != "worker" and _payer(fact) != "other"]
    declaring = {graph.node(fact.text("payee") or "") for fact in told} - {""}

    def account(fact: Fact) -> str:
        node = graph.node(fact.text("payee") or "")
        return _answering(graph, node, declaring) if node and fact.text("by") == "worker" else node

    return tuple(_payment(view, fact, "payee", _payer(fact), account(fact)) for fact in facts)


def _answering(graph: Chain, node: str, declaring: set[str]) -> str:
    """The payee itself, or the one nearest further on in the chain that declares what it took."""
    reached, seen = frozenset({node}), {node}
    while reached and not reached & declaring:
        reached = graph.onward(reached) - seen
        seen |= reached
    nearest = reached & declaring
    return min(nearest) if len(nearest) == 1 else node


@once_a_view
def paid(view: JourneyView) -> tuple[Payment, ...]:
    """Those that the worker or the family made, or may have made."""
    return tuple(each for each in payments(view) if each.payer != "other")


@once_a_view
def refunds(view: JourneyView) -> tuple[Payment, ...]:
    """Every declared refund of a journey, by (time, id)."""
    return tuple(_payment(view, fact, "payer", "own", links(view).node(fact.text("payer") or "")) for fact in view.of(REFUND))


def _payer(fact: Fact) -> Payer:
    named = fact.text("payer")
    if named is None:
        return "own" if fact.text("by") == "worker" or fact.text("code") in _TAKEN else "unknown"
    return "own" if named in _OWN else "other"


def _payment(view: JourneyView, fact: Fact, field: str, payer: Payer, account: str) -> Payment:
    root = view.root(fact)
    contents = sum(view.root(other) == root and other.source == fact.source for other in view.of(fact.type))
    return Payment(fact, fact.text("code") or "", fact.text(field) or "", money(fact.body.get("amount")),
                   local_day(fact.time, view.origin).isoformat(), payer, contents == 1,
                   links(view).node(fact.text(field) or ""), account)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """What payments come to, net of refunds, in minor units by currency: at `least` and at `most`.

    `unstated`: something was paid besides of which nobody knows how much; `some`: a payment is sure, whatever its amount.
    """

    least: Mapping[str, int]
    most: Mapping[str, int]
    unstated: bool = False
    some: bool = False

    @property
    def currencies(self) -> frozenset[str]:
        """Currencies in which something may have been paid."""
        return frozenset(currency for currency, minor in self.most.items() if minor > 0)

    def __add__(self, other: Total) -> Total:
        return Total(_added(self.least, other.least), _added(self.most, other.most),
                     self.unstated or other.unstated, self.some or other.some)  # fmt: skip


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    found = {currency: one.get(currency, 0) + other.get(currency, 0) for currency in (*one, *other)}
    return {currency: minor for currency, minor in found.items() if minor > 0}


NOTHING = Total({}, {})


def total(made: Iterable[Payment], given_back: Iterable[Payment]) -> Total:
    """What payments come to, each code net of its own refunds: what was given back of one is not given back of another."""
    by_code: dict[str, tuple[list[Payment], list[Payment]]] = defaultdict(lambda: ([], []))
    for each in made:
        by_code[each.code][0].append(each)
    for each in given_back:
        if each.code in by_code:
            by_code[each.code][1].append(each)
    return reduce(Total.__add__, (net(*both) for both in by_code.values()), NOTHING)


def net(made: list[Payment], given_back: list[Payment]) -> Total:
    """Payments less refunds, whatever their codes. A refund in a currency in which nothing was paid may be of any of it."""
    out, back = extent(made), extent(given_back) if given_back else NOTHING
    foreign = back.currencies - out.currencies
    least = {c: 0 if foreign else max(0, minor - back.most.get(c, 0)) for c, minor in out.least.items()}
    most = {c: max(0, minor - back.least.get(c, 0)) for c, minor in out.most.items()}
    unknown = any(each.sure and each.amount is None for each in made)
    return Total(least, most, out.unstated, any(least.values()) or (unknown and not back.currencies))


def extent(declared: Iterable[Payment]) -> Total:
    """What declarations add up to, at least and at most."""
    single = one_each(declared)
    stated = [each for each in single if each.said.amount is not None]
    least = {c: _least([each for each in stated if each.said.sure and each.currency == c]) for c in {each.currency for each in stated}}
    most: dict[str, int] = defaultdict(int)
    same = _same_as_own(single)
    for each in stated:
        own = next((own for own, agencys in same if agencys is each), None)
        most[each.currency] += each.minor if own is None or own.currency != each.currency else max(0, each.minor - own.minor)
    return Total(least, most, len(stated) < len(single))


@dataclass(frozen=True)
class Single:
    """One payment: what was said of it, and whether the worker and an agency each said it."""

    said: Payment
    by_worker: bool
    by_agency: bool

    @property
    def currency(self) -> str:
        return self.said.amount.currency if self.said.amount is not None else ""

    @property
    def minor(self) -> int:
        return self.said.amount.minor if self.said.amount is not None else 0

    @property
    def payee(self) -> tuple[str, str]:
        return self.said.code, self.said.account


def one_each(declared: Iterable[Payment]) -> list[Single]:
    """Each payment once: offices, and worker and agency, that tell of the same code, payee, amount and day tell of one."""
    same: dict[tuple[str, str, Money | None, str], dict[bool, dict[str, list[Payment]]]] = {}
    for each in declared:
        told = same.setdefault((each.code, each.account, each.amount, each.day), {True: {}, False: {}})
        told[each.by_worker].setdefault(each.fact.source, []).append(each)
    found: list[Single] = []
    for told in same.values():
        own, agencies = (max((told[side][source] for source in sorted(told[side])), key=len, default=[]) for side in (True, False))
        for ours, theirs in zip_longest(own, agencies):
            said = theirs if ours is None or (theirs is not None and theirs.sure > ours.sure) else ours
            assert said is not None
            found.append(Single(said, ours is not None, theirs is not None))
    return found


def _least(stated: list[Single]) -> int:
    """What was paid at least, in one currency: by the worker's own word, by the agencies', or by the greater for each payee."""
    own: dict[tuple[str, str], int] = defaultdict(int)
    agencies: dict[tuple[str, str], int] = defaultdict(int)
    for each in stated:
        own[each.payee] += each.minor * each.by_worker
        agencies[each.payee] += each.minor * each.by_agency
    named = sum(max(own[payee], agencies[payee], 0) for payee in own if payee[1])
    return max(named, sum(own.values()), sum(agencies.values()))


def _same_as_own(single: list[Single]) -> list[tuple[Single, Single]]:
    """(the worker's, an agency's) declarations that are of one payment, by its amount or its day.

    An agency's without an amount adds nothing, and so stands in no other's way.
    """
    waiting, found = [each for each in single if each.by_worker and not each.by_agency], []
    for each in (each for each in single if each.said.amount is not None):
        near = [own for own in waiting if not each.by_worker and own.payee == each.payee
                and (own.said.amount == each.said.amount or own.said.day == each.said.day)]  # fmt: skip
        if near:
            own = max(near, key=lambda own: (own.said.amount == each.said.amount, own.said.day == each.said.day))
            waiting = [other for other in waiting if other is not own]
            found.append((own, each))
    return found


def shown(declared: Iterable[Payment]) -> tuple[str, ...]:
    """Sorted event ids of declarations."""
    return evidence(each.fact for each in declared)


def payees(declared: Iterable[Payment]) -> tuple[str, ...]:
    """Who was paid: one spelling of each, sorted."""
    return tuple(sorted({each.key: each.party for each in declared if each.key}.values()))
