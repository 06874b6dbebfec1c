"""What the worker paid, and to whom: within the cap after all (T-FEE-01), or what may never be asked for (-02)."""

from __future__ import annotations

from collections.abc import Callable
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
)  # fmt: skip
