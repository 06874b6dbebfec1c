"""Random histories of journeys, offices and demands for properties of rules: every type that a rule of the catalogue reads."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schemas.catalogue import event_type
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


def _written(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Without codes that this event type has not: no such event gets as far as a dossier."""
    codes = {field.name: field.symbols for field in event_type(kind).fields if field.symbols}
    return {name: value for name, value in body.items() if name not in codes or value in codes[name]}


@st.composite
def journeys(draw: st.DrawFn) -> list[Fact]:
    """Up to ten events of one worker of Bangladesh, some corrected, retracted, recorded late or dated ahead."""
    facts: list[Fact] = []
    types = draw(st.sampled_from(_THEMES)) or JOURNEY_TYPES
    for number in range(draw(st.integers(1, 10))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 4)) == 0 else None
        moment = draw(_moments())
        body = {name: draw(st.sampled_from(values)) for name, values in _FIELDS.items() if draw(st.integers(0, 2))}
        kind = root.type if root else draw(st.sampled_from(types))
        facts.append(fact(
            kind, moment, body=_written(kind, body), id=f"ev-{number}", source="/office/BD/bmet",
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


# What is said of a corridor, its two countries, a sector and a workplace, by theme, so that what belongs together meets: event type ->
# field -> values; None leaves the field out.
_YES, _SAID = (True, True, True, False), (True, False, False, None)
_TERM: dict[str, tuple[Any, ...]] = {
    "agreement": ("A", "A", "B"), "monitoring_body": (None, "C"), "valid_from": (None, "2024-07-01", "2025-01-15"),
    "valid_until": (None, "2024-12-31", "2025-06-30"),
}  # fmt: skip
_MET: dict[str, tuple[Any, ...]] = {
    "committee": ("C", "C", "D"), "jurisdiction": ("QA",), "government": _YES, "workers": _YES, "employers": _YES, "agreement": (None, "A"),
    "action_items": (None, ["I"], ["I | due 2024-09-01"]), "done_items": (None, None, None, None, ["I"]),
}  # fmt: skip
_REVIEW: dict[str, tuple[Any, ...]] = {"subject_kind": ("corridor", "policy"), "attended": (["G", "W", "E"], ["G", "W", "E"], ["G"], None)}
_FINDING: dict[str, tuple[Any, ...]] = {"finding": ("F", "F", "G"), "employer": (FIRM,)}
_VISIT: dict[str, tuple[Any, ...]] = {
    "jurisdiction": ("QA", None), "inspector": ("p_1", "p_2"), "sector": ("QA/41", "QA/97", None), "employer": (FIRM,),
    "site": ("QA:site:1", None), "worker_interviewed": _YES, "interpreter": _SAID, "employer_present": (False, False, True, None),
    "languages": (["bn"], ["bn"], ["ar"]),
}  # fmt: skip
_LASTS = (None, "2024-12-01", "2025-02-28")
THEMES: dict[str, dict[str, dict[str, tuple[Any, ...]]]] = {
    "agreements": {
        "bla_signed": _TERM, "mou_signed": {**_TERM, "parties_kind": ("G-G", "G-E", None)}, "review_completed": _REVIEW,
        "bla_expired": {"agreement": ("A", "B"), "from": (None, "2024-10-01")},
        "departures_reported": {"from": ("2024-06-10", "2024-10-01"), "until": ("2024-12-01", "2025-02-28"), "departures": (400, 1200)},
    },
    "committees": {
        "bla_signed": _TERM, "union_agreement_signed": _TERM, "committee_met": _MET, "review_completed": _REVIEW,
        "action_item_done": {"committee": ("C",), "item": ("I", "J", "K")}, "policy_changed": {"from": (None, "2024-06-10")},
    },
    "offices": {
        "focal_designated": {"jurisdiction": ("QA",), "from": (None, "2024-06-10"), "until": _LASTS},
        "focal_vacated": {"from": (None, "2024-10-01")}, "embassy_staffing_reported": {"caseworkers": (0, 1)},
    },
    "inspections": {
        "inspection_done": _VISIT, "stock_reported": {"sector": ("QA/41",), "workers": (20, 70)},
        "inspector_trained": {"jurisdiction": ("QA", None), "inspector": ("p_1", "p_2"), "valid_until": _LASTS},
    },
    "visits": {"inspection_done": _VISIT},
    "workplaces": {
        "finding_recorded": _FINDING, "finding_remediated": _FINDING, "finding_escalated": _FINDING,
        "spot_check_done": {"employer": (FIRM,), "announced": _SAID},
        "licensing.party_risk_assessed": {"party": (FIRM,), "risk": ("low", "high", "high"), "valid_until": _LASTS},
        "licensing.agency_registered": {"holder": (FIRM,), "role": ("agency",)},
    },
}  # fmt: skip
_TOLD: dict[str, tuple[tuple[str | int, ...], ...]] = {
    "corridor.departures": (("2024-06-02",), ("2025-01-20",)), "sector.begun": (("2024-06-03",), ("2024-11-01",)),
    "sector.ended": (("2025-01-02",),), "country.offices": (("2024-06-01",),),
    "workplace.workers": (("2024-05-01", "", "bn"), ("2024-06-01", "2024-09-01", "ne")),
    "corridor.open_alerts": (("2024-07-01", "embassy.BD-QA"), ("2025-01-05", "embassy.BD-QA")),
}  # fmt: skip
_PLACE_SUBJECTS = ("place:BD", "place:BD-QA", "place:QA", "place:QA/41", "place:QA/97", f"party:{FIRM}", "party:QA:site:1", OFFICE)


@st.composite
def places(draw: st.DrawFn, theme: str) -> tuple[list[Fact], list[tuple[str, tuple[str | int, ...], int]]]:
    """Up to nine events of two years of one theme, some corrected, late or dated ahead; and what journeys and cases told."""
    facts: list[Fact] = []
    types = THEMES[theme]
    for number in range(draw(st.integers(1, 9))):
        root = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 5)) == 5 else None
        days, hours = draw(st.sampled_from((0, 1, 10, 40, 41, 200, 201, 390, 600))), draw(st.sampled_from((0, 18, 21)))
        moment, kind = BEGIN + days * DAY + hours * HOUR, draw(st.sampled_from(sorted(types)))
        name = root.type if root else kind if "." in kind else f"oversight.{kind}"
        fields = types[name if name in types else name.partition(".")[2]]
        body = {field: value for field, values in fields.items() if (value := draw(st.sampled_from(values))) is not None}
        facts.append(fact(
            name, moment, body=body, id=f"pl-{number}", source="/office/QA/mol", subjects=_PLACE_SUBJECTS,
            recorded=moment + draw(st.sampled_from((0, 0, 0, HOUR, 20 * DAY, -24 * HOUR, -25 * HOUR))),
            corrects=root.event_id if root else None, was=Was("BD", _PLACE_SUBJECTS) if root else None,
            retracted=bool(root) and draw(st.booleans()),
        ))  # fmt: skip
    heard = [(measure, key, draw(st.sampled_from((1, 60, 600)))) for measure, keys in _TOLD.items() for key in keys if draw(st.booleans())]
    return facts, heard
