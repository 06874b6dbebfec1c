"""Random histories of an agency and an employer in the registers: grants, decisions, intelligence, and what both do meanwhile."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY, HOUR, Instant
from streams.domain.intelligence import ANSWERS
from streams.domain.licences import LICENSING
from tests.support.builders import fact
from tests.support.histories import BEGIN

AGENCY, EMPLOYER = "AE:mohre:5", "QA:cr:1"  # an unrenewed licence has days of grace in the Emirates
DEMANDS = ("BD:bmet:D-1", "BD:bmet:D-2")
_SAID = sorted(LICENSING | ANSWERS | {"licensing.party_risk_assessed", "licensing.employer_capacity_declared"})
_DONE = ("visa.clearance_issued", "recruitment.demand_submitted", "recruitment.fee_declared", "oversight.demand_attested",
         "visa.visa_block_issued", "visa.visa_issued", "deployment.arrived", "deployment.wage_paid", "deployment.worksite_assigned",
         "licensing.premises_evidence")  # fmt: skip
_DAYS = ("2024-05-25", "2024-06-03", "2024-06-12", "2024-06-25")
_FIELDS: dict[str, tuple[Any, ...]] = {
    "jurisdiction": ("AE", "AE", "QA"), "with_jurisdiction": ("AE", "QA"), "valid_from": _DAYS, "valid_until": _DAYS, "from": _DAYS,
    "until": _DAYS, "expires": _DAYS, "grade": ("A", "D"), "heard": (True, False), "intelligence": ("INT-1", "INT-1", "INT-2"),
    "capacity": (5, 50), "visas": (10, 25), "risk": ("low", "high"), "depth": ("stamp", "stamp", "desk"), "active": (True, False),
}  # fmt: skip


@st.composite
def registers(draw: st.DrawFn) -> list[Fact]:
    """Up to eight events, some corrected, recorded late or dated ahead; what is a standing is one."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 8))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 4)) == 0 else None
        moment: Instant = BEGIN + draw(st.integers(0, 40)) * DAY + draw(st.sampled_from((0, HOUR, 20 * HOUR, 20 * HOUR - 1)))
        kind = root.type if root else draw(st.sampled_from(_DONE if draw(st.booleans()) else _SAID))
        demand = draw(st.sampled_from(DEMANDS))
        body = {name: draw(st.sampled_from(values)) for name, values in _FIELDS.items() if draw(st.integers(0, 2))}
        body |= {"holder": AGENCY, "about": AGENCY, "agency": AGENCY, "payee": AGENCY, "subagent": AGENCY, "party": EMPLOYER,
                 "employer": EMPLOYER, "demand": demand}  # fmt: skip
        facts.append(fact(
            kind, moment, body=body, id=f"re-{number}", source="/office/BD/bmet", refs=Refs(demand=demand),
            recorded=moment + draw(st.sampled_from((0, 0, HOUR, 20 * DAY, -25 * HOUR))), subjects=(f"party:{AGENCY}", f"party:{EMPLOYER}"),
            corrects=root.event_id if root else None, retracted=bool(root) and draw(st.booleans()),
        ))  # fmt: skip
    return facts
