"""Random histories of journeys, offices and demands for properties of rules: every type that a rule of the catalogue reads."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from streams.domain.facts import Fact, Refs, Was
from streams.domain.instants import DAY, HOUR, Instant
from streams.rules.registry import catalogue
from tests.support.builders import at, fact

BEGIN = at("2024-05-20T00:00:00Z")  # the origins' policy changes on 10 June 2024
JOURNEY_TYPES = sorted(set().union(*(rule.reads for rule in catalogue() if rule.kind == "journey")))
OFFICE = "party:BD:office:bmet"
FIRM, DEMANDS = "QA:cr:1", ("BD:bmet:D-1", "BD:bmet:D-2")

# Two in three histories keep to what one rule reads, so that its steps meet; the third mixes everything.
_THEMES: list[list[str]] = [sorted(rule.reads) for rule in catalogue() if rule.kind == "journey" and rule.reads]
_THEMES += [[]] * (len(_THEMES) // 2)

_PAY = {"minor": 120_000, "currency": "QAR"}
# Values of any field that a rule may read; each event draws some, whether its type has the field or not.
_FIELDS: dict[str, tuple[Any, ...]] = {
    "country": ("QA", "SA"), "hours": (4.0, 8.0, 71.0), "days": (1.0, 3.0), "id_level": ("none", "biometric"),
    "kind": ("post_arrival", "threat", "deportation", "fee"),
    "complainant_role": ("worker", "worker", "worker", "employer"), "severity": ("P1", "P2"), "isic": ("9700",),
    "confirmed_by_worker": (True, False), "scope": ("embassy", "inspectorate"),
    "award": (_PAY, {"minor": 50_000, "currency": "QAR"}), "loss": (_PAY,), "paid_amount": (_PAY,), "payment_proof": (True, False),
    "upheld": (True, False, False), "ground": ("repatriated", "absence", "merits"), "impossible": ("worker_died",),
    "worker_present": (True, False), "representative_present": (True, False), "interpreter_present": (True, False),
    "adjourned": (True, False, False), "on_kind": ("worker", "worker", "employer"), "cause": ("deportation", "contract_end"),
    "asked_by": ("worker", "employer"), "due": ("2024-06-05",), "period_start": ("2024-05-01",), "period_end": ("2024-05-31",),
    "outstanding": (_PAY, {"minor": 0, "currency": "QAR"}), "declined": (True,),
    "from_party": ("BD:bmet:1", "BD:bmet:2"), "to_party": ("BD:bmet:1", "BD:person:x"), "employer": (FIRM, "QA:cr:2"),
    "isco": ("9111", "9313"),
    "employer_isic": ("7820", "9700"), "household": (True, False), "organisation": ("BD:bmet:1",), "person": ("BD:person:x",),
    "agency": ("BD:bmet:1", "BD:bmet:2"), "depth": (1, 2), "wage_period": ("month",),
    "wage": tuple({"minor": minor, "currency": "QAR"} for minor in (90_000, 120_000)),
    "from_employer": (FIRM,), "to_employer": ("QA:cr:2",), "valid_from": ("2024-06-01",), "valid_until": ("2024-06-20",),
    "by": ("worker", "agency"), "payer": ("worker", "family", "employer"), "payee": ("BD:bmet:1", "BD:bmet:2", "BD:person:x"),
    "code": ("recruitment_service", "recruitment_service", "bond", "medical"), "lender": ("bank",), "months": (6, 12),
    "amount": tuple({"minor": minor, "currency": "BDT"} for minor in (0, 5_000_000, 10_078_000, 20_000_000)),
    "principal": tuple({"minor": minor, "currency": "BDT"} for minor in (5_000_000, 60_000_000)), "rate_percent": (0.0, 29.4),
    "deductions": ({"minor": 50_000, "currency": "QAR"},), "channel": ("direct", "agency", "ngo"),
    "from": ("2024-06-03", "2024-06-12"), "until": ("2024-06-25",), "site": ("QA:site:1", "QA:site:2"), "contractor": (FIRM, "QA:cr:3"),
    "document": ("passport", "passport", "permit"), "holder": ("employer", "employer", "worker", "embassy"), "reason": ("renewal",),
    "transit": (["OM"],), "language": ("bn", "ar"), "signed_at": (at("2024-06-05T09:00:00Z"),),
    "week_start": ("2024-06-02", "2024-06-09", "2024-06-16", "2024-06-23"), "rest_days": (0.0, 1.0),
    "hours_per_week": (48.0, 60.0),
}  # fmt: skip


@st.composite
def _moments(draw: st.DrawFn) -> Instant:
    """Whole days and hours often, so that limits are met exactly."""
    return BEGIN + draw(st.integers(0, 45)) * DAY + draw(st.sampled_from((0, 0, HOUR, 18 * HOUR, 18 * HOUR - 1)))


@st.composite
def journeys(draw: st.DrawFn) -> list[Fact]:
    """Up to ten events of one worker of Bangladesh, some corrected, retracted, recorded late or dated ahead."""
    facts: list[Fact] = []
    types = draw(st.sampled_from(_THEMES)) or JOURNEY_TYPES
    for number in range(draw(st.integers(1, 10))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 4)) == 0 else None
        moment = draw(_moments())
        body = {name: draw(st.sampled_from(values)) for name, values in _FIELDS.items() if draw(st.integers(0, 2))}
        facts.append(fact(
            root.type if root else draw(st.sampled_from(types)), moment, body=body, id=f"ev-{number}", source="/office/BD/bmet",
            worker=["national_id:BD:a"], origin="BD", refs=Refs(case=draw(st.sampled_from((None, "K-1", "K-2")))), subjects=(OFFICE,),
            recorded=moment + draw(st.sampled_from((0, 0, HOUR, 20 * DAY, -24 * HOUR, -25 * HOUR))),
            corrects=root.event_id if root else None, was=Was("BD", (OFFICE,)) if root else None,
            retracted=bool(root) and draw(st.booleans()),
        ))  # fmt: skip
    return facts


@st.composite
def orders(draw: st.DrawFn) -> list[Fact]:
    """Demands, attestations and clearances of one employer, and the beats of one office."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 8))):
        moment, demand = draw(_moments()), draw(st.sampled_from(DEMANDS))
        kind = draw(st.sampled_from(("recruitment.demand_submitted", "oversight.demand_attested", "visa.clearance_issued",
                                     "oversight.office_heartbeat")))  # fmt: skip
        body = {"demand": demand, "employer": FIRM, "country": "QA", "jobs": draw(st.sampled_from((10, 15, 16, 26)))}
        facts.append(fact(
            kind, moment, body=body, id=f"or-{number}", source="/office/BD/bmet", refs=Refs(demand=demand),
            recorded=moment + draw(st.sampled_from((0, HOUR, -25 * HOUR, 3 * DAY))),
            subjects=tuple(sorted((OFFICE, f"demand:{demand}", f"party:{FIRM}"))),
        ))  # fmt: skip
    return facts


# What is said of a corridor, its two countries, a sector and a workplace: types by theme, so that what belongs together meets.
_PLACE_THEMES = (
    ("bla_signed", "mou_signed", "bla_expired", "departures_reported", "review_completed"),
    ("bla_signed", "union_agreement_signed", "committee_met", "action_item_done", "review_completed", "policy_changed"),
    ("focal_designated", "focal_vacated", "embassy_staffing_reported"),
    ("inspection_done", "inspector_trained", "stock_reported"),
    ("finding_recorded", "finding_remediated", "finding_escalated", "spot_check_done", "inspection_done"),
)
_PLACE_FIELDS: dict[str, tuple[Any, ...]] = {
    "agreement": ("A", "B"), "parties_kind": ("G-G", "G-E"), "monitoring_body": ("C",), "committee": ("C", "D"),
    "government": (True, True, False), "workers": (True, True, False), "employers": (True,),
    "action_items": (["I"], ["I | due 2024-09-01"]), "done_items": (["I"],), "item": ("I",),
    "subject_kind": ("corridor", "policy"), "attended": (["G", "W", "E"], ["G", "E"]),
    "valid_from": ("2024-07-01", "2025-01-15"), "valid_until": ("2024-12-31", "2025-06-30"), "from": ("2024-06-10", "2024-10-01"),
    "until": ("2024-12-01", "2025-02-28"), "departures": (400, 1200), "caseworkers": (0, 1), "sector": ("QA/41", "QA/97"),
    "jurisdiction": ("QA",), "inspector": ("p_1", "p_2"), "employer": (FIRM,), "site": ("QA:site:1",), "finding": ("F", "G"),
    "worker_interviewed": (True, False), "interpreter": (True, False), "employer_present": (True, False), "languages": (["bn"], ["ar"]),
    "announced": (True, False), "party": (FIRM,), "risk": ("low", "high"), "holder": (FIRM,), "role": ("agency",),
}  # fmt: skip
_TOLD: dict[str, tuple[tuple[str | int, ...], ...]] = {
    "corridor.departures": (("2024-06-02",), ("2025-01-20",)), "sector.begun": (("2024-06-03",), ("2024-11-01",)),
    "sector.ended": (("2025-01-02",),), "country.offices": (("2024-06-01",),),
    "workplace.workers": (("2024-06-01", "", "bn"), ("2024-06-01", "2024-09-01", "ne")),
    "corridor.open_alerts": (("2024-07-01", "embassy.BD-QA"), ("2025-01-05", "embassy.BD-QA")),
}  # fmt: skip
_PLACE_SUBJECTS = ("place:BD", "place:BD-QA", "place:QA", "place:QA/41", "place:QA/97", f"party:{FIRM}", "party:QA:site:1", OFFICE)


@st.composite
def places(draw: st.DrawFn) -> tuple[list[Fact], list[tuple[str, tuple[str | int, ...], int]]]:
    """Up to nine events of two years about places and a workplace, some corrected, late or dated ahead; and what journeys told."""
    facts: list[Fact] = []
    types = [f"oversight.{name}" for name in draw(st.sampled_from(_PLACE_THEMES))]
    types += ["licensing.party_risk_assessed", "licensing.agency_registered"]
    for number in range(draw(st.integers(1, 9))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 5)) == 0 else None
        days, hours = draw(st.sampled_from((0, 1, 10, 40, 41, 200, 201, 390, 600))), draw(st.sampled_from((0, 18, 21)))
        moment = BEGIN + days * DAY + hours * HOUR
        body = {name: draw(st.sampled_from(values)) for name, values in _PLACE_FIELDS.items() if draw(st.integers(0, 3))}
        facts.append(fact(
            root.type if root else draw(st.sampled_from(types)), moment, body=body, id=f"pl-{number}", source="/office/BD/bmet",
            recorded=moment + draw(st.sampled_from((0, 0, HOUR, 20 * DAY, -24 * HOUR, -25 * HOUR))), subjects=_PLACE_SUBJECTS,
            corrects=root.event_id if root else None, was=Was("BD", _PLACE_SUBJECTS) if root else None,
            retracted=bool(root) and draw(st.booleans()),
        ))  # fmt: skip
    heard = [(measure, key, draw(st.sampled_from((1, 60)))) for measure, keys in _TOLD.items() for key in keys if draw(st.booleans())]
    return facts, heard
