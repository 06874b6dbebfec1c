"""The published figures of `domain.md` 3.7, out of events of the published moments, through the command."""

from __future__ import annotations

import pytest

from tests.support.moments import BMET, ILO, QATAR, QATAR_AUTHENTICATED, QATAR_SECONDED, SLBFE, bangladesh, complaints, forged, paid
from tests.support.reporting import Bench, figures, row, rows

pytestmark = [pytest.mark.integration, pytest.mark.together]


def test_recruitment_cost_of_bangladesh(bench: Bench) -> None:
    bangladesh(bench)
    told = {each["corridor"]: each for each in rows("R-RCI", by="all")}
    assert {corridor: round(each["ratio_of_means"], 2) for corridor, each in told.items()} | {"BD-SA": 0} == {
        "BD-*": 17.59, "BD-SG": 15.06, "BD-OM": 16.06, "BD-SA": 0}  # fmt: skip
    assert figures(told["BD-*"], "n", "journeys", "mean_cost", "mean_wage", "currency") == (400, 400, 416_789.0, 23_693.0, "BDT")
    # Who earned less paid more here: the readings differ, and are never one for the other.
    assert all(each["ratio_of_means"] < each["mean_of_ratios"] for each in told.values())


def test_recruitment_cost_of_pakistan(bench: Bench) -> None:
    for corridor, moments in ILO.items():
        paid(bench, corridor, moments, "USD")
    told = {each["corridor"]: round(each["ratio_of_means"], 2) for each in rows("rci", by="all")}
    assert (told["PK-SA"], told["PK-AE"]) == (8.94, 6.09)


def test_settled_shares_of_bangladesh(bench: Bench) -> None:
    for year, (filed, settled) in BMET.items():
        bench.facts(*complaints("BD-BMET", year, filed, settled))
    found = [figures(each, "year", "n", "reached", "share") for each in rows("R-FUNNEL", stage="settled")]
    assert found == [(2023, 2_380, 865, 0.363), (2024, 6_755, 1_755, 0.26), (2025, 4_900, 2_054, 0.419)]


def test_the_series_of_sri_lanka(bench: Bench) -> None:
    for year, filed in SLBFE.items():
        bench.facts(*complaints("LK-SLBFE", year, filed, 0))
    series = [each["n"] for each in rows("R-FUNNEL", stage="filed")]
    assert (series, sum(series)) == ([743, 447, 745, 1_904, 3_356, 3_459], 10_654)


def test_the_visits_of_qatar(bench: Bench) -> None:
    for outcome, many in QATAR.items():
        bench.events("/office/QA/mol", "oversight.inspection_done", many, {"agency": "QA:cr:1", "outcome": outcome}, "2024-11-05")
    bench.events("/office/QA/mol", "oversight.inspection_done", 20, {"agency": "QA:cr:1", "outcome": "clean"}, "2025-01-01")
    found = row("R-INS-1", "--since", "2024-10-01", "--until", "2024-12-31")
    assert figures(found, "quarter", "visited", "n", "clean", "warned", "closed") == ("2024-Q4", "agency", 716, 684, 18, 14)
    assert (found["share"], found["incomplete"]) == (None, "716 do not say")


def test_the_secondments_of_qatar(bench: Bench) -> None:
    """A tenth of each, so that the test is short: the figure is their ratio."""
    authenticated = "oversight.contract_authenticated_destination"
    for kind, many in (("deployment.secondment_approved", QATAR_SECONDED), (authenticated, QATAR_AUTHENTICATED)):
        bench.events("/office/QA/mol", kind, round(many / 10), {"country": "QA"}, "2024-11-05")
    assert figures(row("R-OFF", "--since", "2024-10-01"), "authenticated", "secondments", "per_authentication") == (16_656, 3_838, 0.23)


def test_the_forged_clearances_of_bangladesh(bench: Bench) -> None:
    forged(bench)
    found = rows("R-RECON", level="agency")
    assert tuple(sum(each[name] for each in found) for name in ("approved", "n", "excess")) == (2_960, 6_938, 3_978)
    assert figures(row("R-RECON", level="all"), "approved", "n", "excess", "share") == (2_960, 6_938, 3_978, 0.573)
    assert len(found) == 8
