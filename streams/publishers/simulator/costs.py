"""What a journey cost the worker, as the story has it: harms that fees and loans do by chance (domain.md 1.1, 3.1, 4.4), and
money that nobody is declared to have taken.

The simulator's own tables and arithmetic: nothing here reads a rule or its policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from streams.domain.instants import DAY, Instant
from streams.publishers.simulator import bodies
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator.script import Draft, Script

FEE, REFUND, LOAN = "recruitment.fee_declared", "recruitment.fee_refunded", "recruitment.loan_declared"
# What recruiters may take at most, in minor units: India 30,000 rupees, Nepal 10,000, Bangladesh by destination (since 2022).
_CAPS = {"IN": 3_000_000, "NP": 1_000_000, "BD-SA": 16_500_000, "BD-OM": 10_078_000, "BD-MY": 7_899_000}
CAPPED = frozenset({"IN", "NP", "BD"})


# Twice this is far above what the corridor usually costs: published means (domain.md 3.1), in minor units.
_USUAL = {"BD-SA": (43_600_000, "BDT"), "BD-OM": (30_804_700, "BDT"), "BD-MY": (40_400_000, "BDT"), "PK-SA": (429_000, "USD"),
          "PK-AE": (235_800, "USD"), "NP": (105_000, "USD")}  # fmt: skip
# Units to the US dollar, by year; the birr floats since 29 July 2024.
_RATES = {
    "2023": {"BDT": "106.3", "ETB": "54.6", "INR": "82.6", "NPR": "132.1", "PHP": "55.6", "PKR": "280.4", "MYR": "4.56"},
    "2024": {"BDT": "115.6", "ETB": "57", "INR": "83.7", "NPR": "133.9", "PHP": "57.3", "PKR": "278.6", "MYR": "4.58"},
    "2025": {"BDT": "121.5", "ETB": "135", "INR": "87", "NPR": "139", "PHP": "57.5", "PKR": "281", "MYR": "4.28"},
}
_PEGS = {"SAR": "3.75", "AED": "3.6725", "QAR": "3.64", "OMR": "0.3845", "KWD": "0.307", "USD": "1"}
_THOUSANDTHS = frozenset({"OMR", "KWD"})
_PAPERS = ((bodies.AUTHENTICATED,), (bodies.REGISTERED, "oversight.contract_acknowledged_origin"), ("recruitment.contract_offered",))
_AMENDED = "deployment.contract_amended"


def cap(script: Script) -> int | None:
    """The legal cap of a journey's corridor; None where none is known."""
    s = script.setting
    return _CAPS.get(s.origin, _CAPS.get(s.corridor.name))


def plant(script: Script) -> None:
    """Says of a finished story what no scene has said."""
    for reckon in (_above_cap, _far_above_usual, _indebted, _deducted, _undeclared):
        reckon(script)


def worth(minor: int, currency: str, into: str, when: Instant, country: str) -> Fraction:
    """An amount in minor units of another currency, at the rate of a day in a country."""
    day = bodies.day(when, country)
    rates = _PEGS | _RATES[min(max(day[:4], "2023"), "2025")] | ({"ETB": "118"} if "2024-07-29" <= day < "2025-01-01" else {})
    major = Fraction(minor, 1_000 if currency in _THOUSANDTHS else 100) / Fraction(rates[currency]) * Fraction(rates[into])
    return major * (1_000 if into in _THOUSANDTHS else 100)


def paper(script: Script) -> Draft | None:
    """The contract that counts: the destination's own before the origin's, before an offer; amendments go on.

    A slip of two decimals counts for nothing; where nobody could know the usual wage (Kuwait), it leaves all in doubt.
    """
    s = script.setting
    papers = [step for _, step in happened(script, *(kind for tier in _PAPERS for kind in tier), _AMENDED) if step.body.get("wage")]
    slips = [step for step in papers if step.body["wage"]["minor"] >= 20 * s.corridor.wage]
    if slips and s.destination == "KW":
        return None
    sound = sorted((step for step in papers if step not in slips), key=lambda step: step.time)
    for tier in (*_PAPERS, (_AMENDED,)):
        if any(step.type in tier for step in sound):
            return [step for step in sound if step.type in (*tier, _AMENDED)][-1]
    return None


def month_pay(script: Script) -> tuple[int, str] | None:
    """What a month pays by the contract that counts, in minor units of a currency."""
    contract = paper(script)
    return None if contract is None else (contract.body["wage"]["minor"], contract.body["wage"]["currency"])


def happened(script: Script, *types: str) -> Iterator[tuple[str, Draft]]:
    """Steps of these types that have happened by the end and were not written down as of more than a day to come."""
    for name, step in script.steps.items():
        if step.type in types and step.time <= min(script.setting.as_of, step.recorded + DAY):
            yield name, step


def _own(step: Draft) -> bool:
    """Whether a worker declares a payment of the worker's own, or anybody a refund."""
    return step.type == REFUND or (step.body["by"] == "worker" and step.body["payer"] in ("worker", "family"))


def _above_cap(script: Script) -> None:
    most = cap(script)
    if most is None or script.claimed("T-FEE-01"):
        return
    counted = [(name, step) for name, step in happened(script, FEE, REFUND) if _own(step) and step.body["code"] == "recruitment_service"]
    if sum(step.body["amount"]["minor"] * (1 if step.type == FEE else -1) for _, step in counted) > most:
        script.plant("T-FEE-01", "above_the_cap_by_chance", *(name for name, _ in counted))


def _far_above_usual(script: Script) -> None:
    """All kinds together, above twice what the corridor usually costs."""
    s = script.setting
    usual = _USUAL.get(s.corridor.name, _USUAL.get(s.origin))
    steps = [(name, step) for name, step in happened(script, FEE, REFUND) if step.body["amount"] is not None and _own(step)]
    made = [step.time for _, step in happened(script, FEE) if step.body["payer"] in ("worker", "family")]
    if usual is None or not made:
        return
    paid = sum(step.body["amount"]["minor"] * (1 if step.type == FEE else -1) for _, step in steps)
    if worth(paid, life.CURRENCY[s.origin], usual[1], max(made), s.origin) > 2 * usual[0]:
        script.plant("T-FEE-03", "far_above_usual_by_chance", *(name for name, _ in steps), issue="sum")


def owed(script: Script) -> Fraction | None:
    """Months of pay that the loan comes to with a year's interest of 29.4 %; None where there is no loan, or no pay is known."""
    loan = next((step for _, step in happened(script, LOAN)), None)
    pay = month_pay(script)
    if loan is None or pay is None:
        return None
    lent = loan.body["principal"]
    return worth(lent["minor"], lent["currency"], pay[1], loan.time, script.setting.origin) * Fraction("1.294") / pay[0]


def _indebted(script: Script) -> None:
    months = owed(script)
    if months is None:
        return
    if months > 3:
        script.plant("T-FEE-05", "indebted_by_chance", "loan", issue="debt")
    else:
        script.spare("T-FEE-05", "given_back_in_three_months", "loan", issue="debt")


def _deducted(script: Script) -> None:
    """The contract that counts lets deductions take more than half of the pay."""
    contract = paper(script)
    if contract is None or not contract.body.get("deductions"):
        return
    if contract.body["deductions"]["minor"] * 2 > contract.body["wage"]["minor"]:
        script.plant("T-FEE-05", "more_than_half_deducted", issue="deductions")
    else:
        script.spare("T-FEE-05", "half_deducted_at_most", issue="deductions")


def _undeclared(script: Script) -> None:
    """Departed, paid for recruitment, and no recruiter declared."""
    links = [step.body for _, step in happened(script, "recruitment.recruiter_declared")]
    recruited = any(link["role"] != "employer" and link["from_party"] != link["to_party"] for link in links)
    if recruited or script.claimed("T-CHN-05") or not any(happened(script, "deployment.departed")):
        return
    spent = _kept(script)
    if any(kept is None or kept > 0 for kept in spent.values()):
        script.plant("T-CHN-05", "paid_and_nobody_declared", "fee")
    elif any(happened(script, FEE)):
        script.spare("T-CHN-05", "another_paid_and_nobody_declared", "fee")


def _kept(script: Script) -> dict[str, int | None]:
    """What was taken of each kind for recruiting, net of refunds; None where nobody knows how much."""
    found: dict[str, int | None] = {}
    for _, step in happened(script, FEE, REFUND):
        code, amount = step.body["code"], step.body["amount"]
        if _own(step) and code in ("recruitment_service", "bribe", "bond", "visa_purchase"):
            before = found.get(code, 0)
            sign = 1 if step.type == FEE else -1
            found[code] = None if amount is None or before is None else before + sign * amount["minor"]
    return found
