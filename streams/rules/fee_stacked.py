"""T-FEE-03: the worker paid for the same thing again and again along the chain, or twice what the corridor usually costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from streams.domain.chain import DECLARED
from streams.domain.fees import CODES, FEE, REFUND, Payment, Total, net, paid, payees, refunds, shown, total
from streams.domain.instants import Instant, local_day
from streams.domain.money import exact
from streams.domain.names import surely_different
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import destination
from streams.domain.views import JourneyView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, currency, listed, minor, number, one_of, optional, when
from streams.rules.policy import Policy, Row
from streams.rules.rates import converted
from streams.rules.registry import journey_rule

SUM = "sum"
OFFICE = ":office:"  # a public office is no node of a chain


@journey_rule(
    "T-FEE-03", version=1, reads=(FEE, REFUND, DECLARED), audience=("licensing-authority", "embassy", "focal-office", "oversight"),
    severity="P3", action="license_review", recommendations=("B1", "B13"), indicators=("debt bondage",),
    next_step="Ask each payee what it took for which service, and the agency that answers for the chain to settle what was paid twice.",
    basis="GCM objective 6, 22(c): fees are neither charged nor shifted; C181 Art. 7; A/70/310 p. 15",
    parameters={"nodes": count("payees", 2), "codes": listed(one_of(*CODES), 1), "factor": number("times", 1),
                "median_minor": optional(minor(1)), "currency": when(currency(), "median_minor")},
    selectors=("origin", "destination"),
)  # fmt: skip
def fee_stacked(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same kind of fee was paid to two or more different payees, or all that was paid is above twice the corridor's median.

    Each kind is an issue, the sum is another. Spellings of one payee are one, and so are a natural person and the one
    organisation that the person is declared to work for; a public office is no payee here, nor is one that gave all back.
    What a sub-agent took and the agency after it declares may be one payment, which makes it Insufficient.
    Tickets, lodging and equipment are bought from many and do not count as a kind, but in the sum. An unknown payee, payer or
    amount is Insufficient where it could decide; so are the sum without a median or an exchange rate in policy.
    """
    made = paid(view)
    if not made:
        return
    day = local_day(made[-1].fact.time, view.origin)
    row = policy.require("T-FEE-03", day, origin=view.origin, destination=destination(view))
    kinds: dict[str, list[Payment]] = defaultdict(list)
    for each in made:
        if each.code in row.texts("codes") and not each.nothing:
            kinds[each.code].append(each)
    for _, same in sorted(kinds.items()):
        yield _same_kind(view, row, same)
    yield _sum(view, row, policy.require("T-FEE-05", day), made)


def _same_kind(view: JourneyView, row: Row, made: list[Payment]) -> Outcome:
    code = made[0].code
    given_back = [each for each in refunds(view) if each.code == code]
    nodes: dict[str, list[Payment]] = defaultdict(list)
    for each in made:
        if OFFICE not in each.party:
            nodes[each.node].append(each)
    held = {key: _held(key, own, given_back) for key, own in nodes.items()}
    passed_on = {each.account for each in made if each.by_worker and each.account != each.node}
    taken = {key for key, (least, _) in held.items() if key and least.some}
    sure = {key for key in taken if key not in passed_on or any(each.by_worker for each in nodes[key])}
    possible = {key for key, (_, most) in held.items() if key and (most.unstated or most.currencies)} | taken
    told = shown((*made, *given_back))
    if surely_different(sure) >= row.whole("nodes"):
        return _finding(view, code, [each for key in sure for each in nodes[key]], told, row)
    if len(possible) + len(nodes.get("", ())) >= row.whole("nodes"):
        return Insufficient(issue=code, missing="to whom it was paid, by whom, or whether it was given back", evidence=told)
    return Clear(issue=code, evidence=told)


def _held(key: str, own: list[Payment], given_back: list[Payment]) -> tuple[Total, Total]:
    """What a node has kept at least, where refunds by nobody knows whom were its own, and at most, where they were not."""
    its = [each for each in given_back if each.party and each.node == key]
    return net(own, its + [each for each in given_back if not each.party]), net(own, its)


def _finding(view: JourneyView, code: str, made: list[Payment], told: tuple[str, ...], row: Row) -> Finding:
    first: dict[str, Instant] = {}
    for each in sorted(made, key=lambda each: each.fact.key):
        first.setdefault(each.node, each.fact.time)
    began = sorted(first.values())[row.whole("nodes") - 1]
    return Finding(
        issue=code, reason="paid_to_several", summary=f"The same kind of fee was paid to {len(first)} payees: {code.replace('_', ' ')}.",
        evidence=told, policy_rows=(row.id,), since=began, due_at=answer_by(began, "P3", view.origin), destination=destination(view),
        parties=payees(made),
    )  # fmt: skip


def _sum(view: JourneyView, row: Row, rates: Row, made: tuple[Payment, ...]) -> Outcome:
    told = shown((*made, *refunds(view)))
    if not row.has("median_minor"):
        return Insufficient(issue=SUM, missing="what the corridor usually costs", evidence=told)
    limit, into = row.whole("median_minor") * exact(row.number("factor")), row.text("currency")
    known = total(made, refunds(view))
    least, most = (_worth(found.items(), into, rates) for found in (known.least, known.most))
    if least is not None and least > limit:
        began = next(each.fact.time for number, each in enumerate(made, 1) if _above(view, made[:number], row, rates))
        return Finding(
            issue=SUM, reason="twice_the_usual", summary="All that was paid along the chain is far above what the corridor usually costs.",
            evidence=told, policy_rows=(row.id, *([rates.id] if set(known.least) - {into} else [])), since=began,
            due_at=answer_by(began, "P3", view.origin), destination=destination(view), parties=payees(made),
        )  # fmt: skip
    if most is None or most > limit or known.unstated:
        return Insufficient(issue=SUM, missing=f"how much was paid, in {into}", evidence=told)
    return Clear(issue=SUM, evidence=told)


def _above(view: JourneyView, made: Iterable[Payment], row: Row, rates: Row) -> bool:
    least = _worth(total(made, refunds(view)).least.items(), row.text("currency"), rates)
    return least is not None and least > row.whole("median_minor") * exact(row.number("factor"))


def _worth(amounts: Iterable[tuple[str, int]], into: str, rates: Row) -> Fraction | None:
    """Amounts by currency as one; None where there is no rate."""
    found = [converted(minor, currency, into, rates) for currency, minor in amounts if minor]
    return None if None in found else sum((each for each in found if each is not None), Fraction(0))
