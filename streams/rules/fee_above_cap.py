"""T-FEE-01: the worker paid more to be recruited than the law allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from streams.domain.chain import DECLARED
from streams.domain.fees import CODES, FEE, NOTHING, REFUND, Payment, paid, payees, payments, refunds, shown, total
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import destination
from streams.domain.views import DESTINATION_FIELDS, JourneyView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import currency, listed, minor, one_of
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

REGISTERED = "recruitment.worker_registered"
Verdict = Literal["over", "within", "unknown"]


@journey_rule(
    "T-FEE-01", version=1, reads=(FEE, REFUND, DECLARED), audience=("embassy", "licensing-authority", "focal-office", "oversight"),
    severity="P3", action="license_review", recommendations=("B1", "B13"), indicators=("debt bondage",),
    next_step="Ask each payee for its receipts and books, and have what is above the legal fee given back.",
    basis="C181 Art. 7; India, Emigration Rules, rule 25; Nepal and Bangladesh, fees fixed by the government; Employer Pays Principle",
    parameters={"cap_minor": minor(), "currency": currency(), "codes": listed(one_of(*CODES), 1), "unclear": listed(one_of(*CODES))},
    selectors=("origin", "destination", "isco"), default_row=False,
)  # fmt: skip
def fee_above_cap(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What the worker or the family paid, of the kinds that the corridor's cap covers and net of refunds, is above the cap.

    What worker and agency both declare is one payment; so is what a sub-agent took and the agency after it declares. The cap
    in force on the day of a payment is held against all that was paid until then; exactly the cap is lawful. A cap of zero is
    exceeded by any payment, in any currency and of any amount. Amounts in another currency, of unknown amount, of a kind that
    the cap may or may not cover, by an unknown payer, or perhaps the same payment told twice are Insufficient where they could
    decide; so is a corridor whose cap is not known. Where the employer or an agency paid, there is no harm.
    """
    declared = paid(view)
    if not declared:
        if payments(view):
            yield Clear(evidence=shown(payments(view)))
        return
    rows = {row.id: (row, each.fact.time) for each in declared if (row := _cap(view, policy, each)) is not None}
    if not rows:
        yield Insufficient(missing="a legal cap for this corridor and day", evidence=shown(declared))
        return
    yield _worst([_judge(view, row, [each for each in declared if each.fact.time <= last]) for row, last in rows.values()])


def _cap(view: JourneyView, policy: Policy, each: Payment) -> Row | None:
    """The cap in force when a payment was made."""
    return policy.row("T-FEE-01", local_day(each.fact.time, view.origin), origin=view.origin, destination=destination(view),
                      isco=occupation(view))  # fmt: skip


def occupation(view: JourneyView) -> str:
    """What the worker is hired for, by the most telling paper that says it; '' when none does."""
    for kind, _ in (*DESTINATION_FIELDS, (REGISTERED, "")):
        for fact in reversed(view.of(kind)):
            if code := fact.text("isco"):
                return code
    return ""


def _worst(outcomes: list[Outcome]) -> Outcome:
    return min(outcomes, key=lambda each: (Finding, Insufficient, Clear).index(type(each)))


def _judge(view: JourneyView, row: Row, until: list[Payment]) -> Outcome:
    """Payments until the last one of a row's time, against that row."""
    sure = [each for each in until if each.code in row.texts("codes")]
    may_be = [each for each in until if each.code in (*row.texts("codes"), *row.texts("unclear"))]
    verdict, missing = _against(view, row, sure, may_be)
    told = (*may_be, *(each for each in refunds(view) if each.code in {other.code for other in may_be}))
    if verdict == "within":
        return Clear(evidence=shown(told))
    if verdict == "unknown":
        return Insufficient(missing=missing, evidence=shown(told))
    began = next(each.fact.time for number, each in enumerate(sure, 1) if over(view, row, sure[:number]))
    return Finding(
        reason="fee_where_none_is_due" if row.whole("cap_minor") == 0 else "fee_above_cap",
        summary="The worker's side paid more in recruitment fees than the law of the corridor allows.",
        evidence=shown(told), policy_rows=(row.id,), since=began, due_at=answer_by(began, "P3", view.origin),
        destination=destination(view), parties=payees(each for each in sure if not each.nothing),
    )  # fmt: skip


def over(view: JourneyView, row: Row, made: list[Payment]) -> bool:
    """Whether payments are above a cap beyond doubt."""
    known, cap = total(made, refunds(view)), row.whole("cap_minor")
    return known.least.get(row.text("currency"), 0) > cap or (cap == 0 and known.some)


def _against(view: JourneyView, row: Row, sure: list[Payment], may_be: list[Payment]) -> tuple[Verdict, str]:
    """The verdict, and what is missing where there is none."""
    if over(view, row, sure):
        return "over", ""
    most = total(may_be, refunds(view)) if may_be else NOTHING
    if most.unstated:
        return "unknown", "how much was paid"
    if most.currencies - {row.text("currency")}:
        return "unknown", f"amounts in {row.text('currency')}"
    if most.most.get(row.text("currency"), 0) <= row.whole("cap_minor"):
        return "within", ""
    if total(sure, refunds(view)).most.get(row.text("currency"), 0) <= row.whole("cap_minor"):
        return "unknown", "whether the cap covers all that was paid"
    return "unknown", "which of what was declared are payments of their own, and of the worker's"
