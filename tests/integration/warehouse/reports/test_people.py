"""R-RET, R-UNI, R-CHAIN, R-REG-2: plain, withheld, incomplete, not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import fact
from tests.support.moments import FEE, LEFT, PAID, fee, money
from tests.support.reporting import Bench, Step, figures, row, rows, withheld

pytestmark = [pytest.mark.integration, pytest.mark.together]
HOME, REFERRED, ENROLLED = "deployment.returnee_registered", "deployment.reintegration_referred", "deployment.reintegration_enrolled"


def test_what_becomes_of_returnees(bench: Bench) -> None:
    def outcome(months: int, what: str) -> Step:
        return "deployment.reintegration_outcome", "2026-03-01", {"months": months, "outcome": what}

    home: Step = (HOME, "2025-01-01", {})
    bench.journeys("NP-QA", 6, home, (REFERRED, "2025-01-20", {"declined": True}))
    bench.journeys("NP-QA", 4, home, (REFERRED, "2025-03-01", {}))
    bench.journeys("NP-QA", 5, home, (ENROLLED, "2025-01-05", {}), outcome(6, "employed"), outcome(12, "unemployed"))
    bench.journeys("NP-QA", 8, home, (ENROLLED, "2025-03-05", {}), outcome(7, "self_employed"), outcome(12, "employed"))
    bench.journeys("NP-QA", 7, home)
    told = {each["stage"]: each for each in rows("R-RET", corridor="NP-QA")}
    assert {stage: figures(each, "n", "reached", "share", "incomplete") for stage, each in told.items()} == {
        "referred": (30, 23, 0.767, ""), "referred in 30 days": (30, 11, 0.367, ""), "enrolled": (30, 13, 0.433, ""),
        "at work after 6 months": (13, 13, 1.0, "17 do not say"), "at work after 12 months": (13, 8, 0.615, "17 do not say")}  # fmt: skip
    asked = ("--until", "2025-01-25")
    assert figures(row("R-RET", *asked, stage="referred in 30 days"), "n", "reached") == (11, 11), "for the others it is not over"
    bench.journeys("NP-SA", 3, home)
    assert withheld("R-RET", rows("R-RET", corridor="NP-SA", stage="referred"))
    assert figures(row("R-RET", "--corridor", "PH-SA"), "n", "share", "incomplete") == (0, None, "nothing is known")
    bench.silent("NP:office:labour")
    assert row("R-RET", corridor="NP-QA", stage="enrolled")["incomplete"] == "an office is silent"


def test_representation_and_agreements_of_unions(bench: Bench) -> None:
    def complaints(corridor: str, many: int, **said: Any) -> None:
        bench.journeys(corridor, many, (LEFT, "2024-02-01", {"country": corridor[3:]}),
                       ("complaint.complaint_filed", "2025-01-01", {"complainant_role": "worker", **said}))  # fmt: skip

    complaints("NP-QA", 5, represented=True)
    complaints("NP-QA", 15, represented=False)
    complaints("NP-QA", 4)
    told_of_it: Step = ("deployment.worker_informed_of_union", "2024-01-01", {"union": "GEFONT"})
    bench.journeys("NP-QA", 16, (LEFT, "2024-02-01", {"country": "QA"}), told_of_it)
    complaints("NP-SA", 3, represented=True)
    bench.events("/office/NP/labour", "oversight.union_agreement_signed", 1, {"agreement": "tu", "corridor": "NP-QA"}, "2024-01-01")
    told = row("R-UNI", corridor="NP-QA")
    assert figures(told, "union_agreement", "n", "stated", "represented") == ("yes", 24, 20, 5)
    assert figures(told, "share", "share_low", "share_high") == (0.25, 0.112, 0.469)
    assert figures(told, "journeys", "informed", "told", "incomplete") == (40, 16, 0.4, "some do not say")
    assert withheld("R-UNI", rows("R-UNI", corridor="NP-SA"))
    assert row("R-UNI", corridor="NP-SA")["union_agreement"] == "none known"
    assert figures(row("R-UNI", "--corridor", "PH-SA"), "n", "share", "incomplete") == (0, None, "nothing is known")
    bench.silent("QA:office:mol")
    assert row("R-UNI", corridor="NP-QA")["incomplete"] == "an office is silent; some do not say"


def link(source: str | None, target: str, role: str, **more: Any) -> Step:
    """A declared link of a chain."""
    said = {"to_party": target, "role": role, **more}
    return "recruitment.recruiter_declared", "2025-01-01", {"from_party": source, **said} if source else said


def test_depth_licences_and_concentration_of_chains(bench: Bench) -> None:
    def left(agency: str) -> tuple[Step, ...]:
        return (LEFT, "2025-02-01", {"country": "QA"}), ("recruitment.worker_registered", "2024-12-01", {"agency": agency})

    first = link(None, "NP:person:p_1", "subagent", licensed=False)
    second = link("NP:person:p_1", "NP:dofe:a", "agency", licensed=True)
    employer = link("NP:dofe:a", "QA:cr:1", "employer")
    bench.journeys("NP-QA", 8, *left("NP:dofe:a"), first, second, employer)
    bench.journeys("NP-QA", 2, *left("NP:dofe:b"), link(None, "NP:dofe:b", "agency"))
    bench.journeys("NP-QA", 3, *left("NP:dofe:b"), link(None, "NP:dofe:b", "agency"), link(None, "NP:dofe:c", "agency"))  # side by side
    bench.journeys("NP-QA", 2, (LEFT, "2025-02-01", {"country": "QA"}))
    told = {each["measure"]: each for each in rows("R-CHAIN", corridor="NP-QA")}
    assert {name: figures(each, "n", "many", "incomplete") for name, each in told.items()} == {
        "one recruiter": (10, 2, "some do not say"), "two": (10, 8, "some do not say"), "three": (10, 0, "some do not say"),
        "four or more": (10, 0, "some do not say"), "unlicensed link": (16, 8, "some do not say"),
        "largest agency": (13, 8, "some do not say")}  # fmt: skip
    assert figures(told["two"], "share", "share_low", "share_high") == (0.8, 0.49, 0.943)
    assert told["largest agency"]["hhi"] == 5_266.0
    bench.journeys("NP-SA", 4, *left("NP:dofe:a"), first)
    assert withheld("R-CHAIN", rows("R-CHAIN", corridor="NP-SA"))
    assert figures(row("R-CHAIN", "--corridor", "PH-SA", measure="two"), "n", "share", "incomplete") == (0, None, "nothing is known")
    bench.silent("QA:office:mol")
    assert row("R-CHAIN", corridor="NP-QA", measure="two")["incomplete"] == "an office is silent; some do not say"


def test_indicators_side_by_side(bench: Bench) -> None:
    contract = {"country": "QA", "wage": {"minor": 100_000, "currency": "QAR"}}
    worse = {**contract, "wage": {"minor": 50_000, "currency": "QAR"}}
    arrived: Step = ("deployment.arrived", "2025-02-01", {"country": "QA"})
    for many, there in ((9, contract), (3, worse)):
        bench.journeys(
            "NP-QA", many, (FEE, "2024-12-01", fee(money(1_000, "USD"))), ("oversight.contract_registered_origin", "2025-01-01", contract),
            (LEFT, "2025-01-11", {"country": "QA"}), arrived, ("oversight.contract_authenticated_destination", "2025-02-10", there),
            (PAID, "2025-03-01", {"amount": money(200, "USD")}))  # fmt: skip
    bench.events("/office/QA/mol", "oversight.inspection_done", 3, {"employer": "QA:cr:1"})
    told = row("R-REG-2", corridor="NP-QA")
    assert figures(told, "n", "lag_n", "lag_p95", "pairs", "subst", "cost_n", "cost_months", "workers", "per_1000", "incomplete") == (
        12, 12, -10.0, 12, 0.25, 12, 5.0, 12, 250.0, "")  # fmt: skip
    bench.journeys("NP-SA", 5, (LEFT, "2025-01-11", {"country": "SA"}))
    assert withheld("R-REG-2", rows("R-REG-2", corridor="NP-SA"))
    bench.journeys("NP-AE", 20, (LEFT, "2025-01-11", {"country": "AE"}))
    bench.facts(fact("oversight.inspection_done", "2025-01-01", source="/office/AE/mohre", body={"employer": "AE:cr:1"}))
    told = row("R-REG-2", corridor="NP-AE")
    assert figures(told, "n", "lag_p95", "subst", "cost_months", "workers", "per_1000") == (20, None, None, None, 0, None)
    assert figures(row("R-REG-2", "--corridor", "PH-SA"), "n", "incomplete") == (0, "nothing is known")
    bench.silent("QA:office:mol")
    assert row("R-REG-2", corridor="NP-QA")["incomplete"] == "an office is silent"
