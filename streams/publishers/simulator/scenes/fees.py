"""What the worker paid, and to whom: within the cap after all (T-FEE-01), what may never be asked for (-02), the same thing paid
twice (-03), more than the receipt says (-04), and deductions that take half of the pay (-05)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from streams.domain.instants import HOUR
from streams.publishers.simulator import bodies, costs, world
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.costs import CAPPED
from streams.publishers.simulator.lawful import NATIONAL, moment
from streams.publishers.simulator.plan import Scene
from streams.publishers.simulator.scenes.common import lawful
from streams.publishers.simulator.script import Draft, Script


def _money(script: Script, minor: int | None) -> dict[str, Any] | None:
    return None if minor is None else bodies.money(minor, life.CURRENCY[script.setting.origin])


def _paid(script: Script, name: str, minor: int | None, part: float, **said: Any) -> Draft:
    """A further payment to the agency at a share of the way to departure, as the worker declares it."""
    s = script.setting
    body = bodies.fee("worker", s.agency, _money(script, minor)) | said
    return script.add(name, costs.FEE, moment(s, part), world.ministry(s.origin), body, NATIONAL, evidence="declared")


def _given_back(script: Script, name: str, minor: int, part: float, code: str = "recruitment_service") -> None:
    s = script.setting
    body = {"by": "worker", "code": code, "amount": _money(script, minor), "payer": s.agency}
    script.add(name, costs.REFUND, moment(s, part), world.ministry(s.origin), body, NATIONAL, evidence="declared")


def _set(script: Script, minor: int) -> Draft:
    """What the journey's own fee came to. A loan is never for more than was paid."""
    fee = script.steps["fee"]
    fee.body["amount"] = _money(script, minor)
    if "loan" in script.steps:
        principal = script.steps["loan"].body["principal"]
        principal["minor"] = min(principal["minor"], minor)
    return fee


def _cap(script: Script) -> int:
    found = costs.cap(script)
    assert found is not None
    return found


def _at_the_cap(script: Script) -> None:
    _set(script, _cap(script))
    script.spare("T-FEE-01", "exactly_the_cap", "fee")


def _told_twice(script: Script) -> None:
    """Worker and agency declare one payment, some hours apart."""
    fee = _set(script, _cap(script))
    fee.body["payer"] = "worker"
    _paid(script, "told", _cap(script), 0.15, by="agency", payee=fee.body["payee"]).time += HOUR
    script.spare("T-FEE-01", "declared_by_both", "fee", "told")


def _refunded(script: Script) -> None:
    _set(script, _cap(script) * 2)
    _given_back(script, "refund", _cap(script), 0.5)
    script.spare("T-FEE-01", "refunded_down_to_the_cap", "fee", "refund")


def _employer_paid(script: Script) -> None:
    _set(script, _cap(script) * 3).body["payer"] = "employer"
    script.spare("T-FEE-01", "employer_paid", "fee")


def _prohibited(code: str, minor: int | None, variant: str) -> Callable[[Script], None]:
    def play(script: Script) -> None:
        _paid(script, code, minor, 0.35, code=code)
        script.plant("T-FEE-02", variant, code, issue=code)

    return play


def _deposit_returned(script: Script) -> None:
    _paid(script, "bond", 500_000, 0.35, code="bond")
    _given_back(script, "refund", 500_000, 0.7, code="bond")
    script.spare("T-FEE-02", "deposit_given_back", "bond", "refund", issue="bond")


def _visa_by_employer(script: Script) -> None:
    _paid(script, "visa_purchase", 500_000, 0.35, code="visa_purchase", payer="employer")
    script.spare("T-FEE-02", "visa_paid_by_employer", "visa_purchase", issue="visa_purchase")


def _other(script: Script) -> str:
    """A licensed agency that the worker has paid nothing."""
    s = script.setting
    pool = [world.agency(s.origin, n) for n in range(world.AGENCIES)]
    return s.draw.choice([each for each in pool if each not in (s.agency, script.steps["fee"].body["payee"])])


def _again(script: Script, **said: Any) -> None:
    """The worker, who paid the fee, pays once more."""
    script.steps["fee"].body["payer"] = "worker"
    _paid(script, "second", 500_000, 0.3, **said)


def _stacked(script: Script) -> None:
    _again(script, payee=_other(script))
    script.plant("T-FEE-03", "paid_to_two_agencies", "fee", "second", issue="recruitment_service")


def _instalments(script: Script) -> None:
    _again(script, payee=script.steps["fee"].body["payee"])
    script.spare("T-FEE-03", "two_instalments", "fee", "second", issue="recruitment_service")


def _two_kinds(script: Script) -> None:
    _again(script, payee=_other(script), code="training")
    script.spare("T-FEE-03", "two_kinds", "fee", "second", issue="training")


def _declares(script: Script, paid: int, declared: int) -> None:
    """The worker paid so much, of which the agency declares so much a week later."""
    _set(script, paid).body["payer"] = "worker"
    _paid(script, "told", declared, 0.25, by="agency")


def _false_receipt(script: Script) -> None:
    paid = max(script.steps["fee"].body["amount"]["minor"], 6_000_000)
    _declares(script, paid, paid // 3)
    script.plant("T-FEE-04", "a_third_on_the_receipt", "fee", "told")


def _true_receipt(script: Script) -> None:
    paid = script.steps["fee"].body["amount"]["minor"]
    _declares(script, paid, paid)
    script.spare("T-FEE-04", "all_on_the_receipt", "fee", "told")


def _a_fifth(script: Script) -> None:
    _declares(script, 6_000_000, 5_000_000)
    script.spare("T-FEE-04", "a_fifth_more", "fee", "told")


def _small_gap(script: Script) -> None:
    _declares(script, 300_000, 100_000)
    script.spare("T-FEE-04", "less_than_a_hundred_dollars", "fee", "told")


def _deducting(percent: int) -> Callable[[Script], None]:
    """All papers of the contract agree on deductions of so much of the pay, where none says anything else."""

    def play(script: Script) -> None:
        papers = [step for step in script.steps.values() if step.body.get("wage")]
        if not any(step.body.get("deductions") for step in papers):
            for step in papers:
                step.body["deductions"] = step.body["wage"] | {"minor": step.body["wage"]["minor"] * percent // 100}

    return play


def _three_months(script: Script) -> None:
    """A loan that three months of pay give back, to the last unit."""
    s = script.setting
    pay = bodies.pay(s)
    if "loan" in script.steps:
        loan = script.steps["loan"]
        most = costs.worth(pay["minor"] * 3, pay["currency"], life.CURRENCY[s.origin], loan.time, s.origin) / Fraction("1.294")
        loan.body["principal"] = _money(script, int(most))


SCENES = (
    lawful("fees"),
    Scene("at_the_cap", _at_the_cap, share=0.3, origins=CAPPED),
    Scene("told_twice", _told_twice, share=0.2, origins=CAPPED),
    Scene("refunded", _refunded, share=0.3, origins=CAPPED),
    Scene("employer_paid", _employer_paid, share=0.2, origins=CAPPED),
    Scene("bribed", _prohibited("bribe", None, "bribe_of_unknown_amount"), life=lambda c: 0.01, share=0.4),
    Scene("deposit", _prohibited("bond", 500_000, "deposit"), life=lambda c: 0.01, share=0.3),
    Scene("visa_bought", _prohibited("visa_purchase", 4_000_000, "visa_bought"), life=lambda c: 0.02, share=0.3),
    Scene("deposit_returned", _deposit_returned, share=0.5),
    Scene("visa_by_employer", _visa_by_employer, share=0.5),
    Scene("stacked", _stacked, life=lambda c: 0.05, share=1.0),
    Scene("instalments", _instalments, share=0.5),
    Scene("two_kinds", _two_kinds, share=0.5),
    Scene("false_receipt", _false_receipt, life=lambda c: 0.05, share=1.0),
    Scene("true_receipt", _true_receipt, share=0.4),
    Scene("a_fifth_more", _a_fifth, share=0.3),
    Scene("small_gap", _small_gap, share=0.3),
    Scene("deducted", _deducting(60), life=lambda c: 0.01, share=0.2),
    Scene("half_deducted", _deducting(50), share=0.2),
    Scene("three_months", _three_months, share=0.4),
)  # fmt: skip
