"""T-FEE-02: a payment that may never be asked for: a bribe, a deposit, collateral, the price of a visa."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from streams.domain.chain import DECLARED
from streams.domain.fees import CODES, FEE, REFUND, Payment, net, payees, payments, refunds, shown
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import destination
from streams.domain.views import JourneyView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import listed, one_of
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule


@journey_rule(
    "T-FEE-02", version=1, reads=(FEE, REFUND, DECLARED), audience=("licensing-authority", "embassy", "focal-office", "oversight"),
    severity="P2", action="license_review", recommendations=("B1", "B13"), indicators=("debt bondage",),
    next_step="Have it given back, and ask the payee who demanded it and of whom else; the one who paid did nothing wrong.",
    basis="ILO definition of recruitment fees and related costs (2019): illegitimate, unreasonable and undisclosed costs; C181 Art. 7",
    parameters={"codes": listed(one_of(*CODES), 1), "whoever_pays": listed(one_of(*CODES))}, selectors=(),
)  # fmt: skip
def fee_prohibited(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Something was paid that is never legitimate: bribe, kickback, bond, collateral, illicit recovery, purchase of a visa.

    A payment of unknown amount is a payment. Each kind is an issue; what was given back in full ends it. A bribe or kickback
    is one whoever pays; a bond or a visa that the employer or an agency paid for costs the worker nothing. Who paid being
    unknown, or a refund that may or may not cover all, is Insufficient.
    """
    kinds: dict[str, list[Payment]] = defaultdict(list)
    for each in payments(view):
        kinds[each.code].append(each)
    for code, made in sorted(kinds.items()):
        row = policy.require("T-FEE-02", local_day(made[0].fact.time, view.origin))
        if code in row.texts("codes"):
            yield _judge(view, code, made, row)


def _judge(view: JourneyView, code: str, made: list[Payment], row: Row) -> Outcome:
    given_back = [each for each in refunds(view) if each.code == code]
    anybody = code in row.texts("whoever_pays")
    counted = [replace(each, payer="own") if anybody else each for each in made if anybody or each.payer != "other"]
    known, told = net(counted, given_back), shown((*made, *given_back))
    if known.some:
        began = next(each.fact.time for each in counted if not each.nothing)
        return Finding(
            issue=code, reason=f"paid_{code}", summary=f"A payment was taken that may never be asked for: {code.replace('_', ' ')}.",
            evidence=told, policy_rows=(row.id,), since=began, due_at=answer_by(began, "P2"), destination=destination(view),
            parties=payees(each for each in counted if not each.nothing),
        )  # fmt: skip
    if known.unstated or known.currencies:
        return Insufficient(issue=code, missing="who paid, or whether all of it was given back", evidence=told)
    return Clear(issue=code, evidence=told)
