"""R-RCI, R-FUNNEL, R-DOC, R-INS-1, R-COV: the plain figure, what is withheld, what is incomplete, what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.facts import Refs
from tests.support.builders import fact
from tests.support.moments import FEE, LEFT, PAID, REGISTERED, fee, money
from tests.support.reporting import Bench, Step, figures, row, rows, withheld

pytestmark = [pytest.mark.integration, pytest.mark.together]


def paid(cost: float, wage: float, currency: str = "USD", **more: Any) -> tuple[Step, ...]:
    """A worker who paid that, left, and earned that."""
    said = {"sex": "male", "channel": "agency", **more}
    return ((REGISTERED, "2025-01-01", said), (FEE, "2025-01-10", fee(money(cost, "USD"))), (LEFT, "2025-02-01", {"country": "QA"}),
            (PAID, "2025-03-31", {"amount": money(wage, currency), "period_start": "2025-03-01", "period_end": "2025-03-31"}))  # fmt: skip


def test_cost_has_three_readings_and_says_what_it_lacks(bench: Bench) -> None:
    bench.journeys("NP-QA", 8, *paid(1_000, 200))
    bench.journeys("NP-QA", 4, *paid(100, 100, sex="female"))
    bench.journeys("NP-QA", 5, *paid(900, 900, "QAR"))  # no rate from dollars to riyals
    bench.journeys("NP-QA", 3, (LEFT, "2025-02-01", {"country": "QA"}))  # said nothing of a fee: unknown, not free
    bench.journeys("NP-QA", 2, (LEFT, "2025-02-01", {"country": "QA"}), (FEE, "2025-01-01", fee(None)))
    found = row("R-RCI", corridor="NP-QA", by="all")
    assert figures(found, "journeys", "n", "cost_unknown", "wage_unknown", "not_comparable", "currency") == (22, 12, 5, 5, 5, "USD")
    assert figures(found, "ratio_of_means", "mean_of_ratios", "median_of_ratios") == (4.2, 3.667, 5.0)
    assert found["incomplete"] == "10 do not say"
    bench.silent("QA:office:mol")
    found = row("R-RCI", "--corridor", "NP-QA", by="all")
    assert (found["silent_offices"], found["incomplete"]) == (["QA:office:mol"], "an office is silent; 10 do not say")


def test_cost_is_net_and_the_worker_s_word_stands_before_the_agency_s(bench: Bench) -> None:
    twice = (FEE, "2025-01-11", fee(money(10, "USD"), by="agency"))  # the agency's receipt for the same fee
    other = (FEE, "2025-01-11", fee(money(50, "USD"), by="agency", code="medical"))
    theirs = (FEE, "2025-01-12", fee(money(5_000, "USD"), payer="employer", code="travel"))
    back = ("recruitment.fee_refunded", "2025-06-01", {"by": "worker", "code": "recruitment_service", "amount": money(150, "USD")})
    bench.journeys("NP-QA", 10, *paid(300, 100), twice, other, theirs, back)
    assert figures(row("R-RCI", corridor="NP-QA", by="all"), "mean_cost", "ratio_of_means", "incomplete") == (200.0, 2.0, "")


def test_what_several_tell_of_one_payment_is_paid_once(bench: Bench) -> None:
    told = (FEE, "2025-01-11", fee(money(80, "USD"), code="medical", payee="NP:dofe:1"))
    bench.journeys("NP-QA", 10, *paid(300, 100), told, told)  # one office, twice: two payments
    elsewhere = [fact(FEE, "2025-01-10", id=f"again-{n}", source="/office/QA/kathmandu", worker=[f"passport:NP:{n:032x}"],
                      body=fee(money(300, "USD"))) for n in range(10)]  # fmt: skip
    for each in elsewhere:  # another office was told of the same payment
        bench.journeys("NP-SA", 1, *paid(300, 100), given=[each])
    unsaid = (FEE, "2025-01-11", {"by": "agency", "code": "medical", "amount": money(80, "USD")})
    bench.journeys("NP-AE", 10, *paid(300, 100), unsaid)  # who paid the agency is not said
    foreign = ("recruitment.fee_refunded", "2025-02-01", {"by": "worker", "code": "recruitment_service", "amount": money(80, "QAR")})
    bench.journeys("NP-KW", 10, *paid(300, 100), foreign)
    other = ("recruitment.fee_refunded", "2025-02-01", {"by": "worker", "code": "medical", "amount": money(80, "USD")})
    bench.journeys("NP-OM", 10, *paid(300, 100), other)  # given back of a kind that was not paid
    costs = {each["corridor"]: figures(each, "n", "mean_cost", "cost_unknown") for each in rows("R-RCI", by="all")}
    assert {corridor: costs[corridor] for corridor in ("NP-QA", "NP-SA", "NP-AE", "NP-KW", "NP-OM")} == {
        "NP-QA": (10, 460.0, 0), "NP-SA": (10, 300.0, 0), "NP-AE": (0, None, 10), "NP-KW": (0, None, 10),
        "NP-OM": (10, 300.0, 0)}  # fmt: skip


def test_two_currencies_are_compared_by_a_rate_alone(bench: Bench) -> None:
    bench.journeys("NP-QA", 10, *paid(1_000, 364, "QAR"))
    bench.journeys("BD-QA", 10, *paid(1_000, 364, "QAR"))
    assert figures(row("R-RCI", corridor="NP-QA", by="all"), "n", "not_comparable", "ratio_of_means") == (0, 10, None)
    bench.command("INSERT INTO exchange_rates (currency, valid_from, per_usd, source) VALUES ('QAR', '2001-07-01', 3.64, 'peg')")
    assert figures(row("R-RCI", corridor="NP-QA", by="all"), "n", "currency", "mean_wage", "ratio_of_means") == (10, "USD", 100.0, 10.0)


def test_a_small_group_is_not_told_by_its_total(bench: Bench) -> None:
    bench.journeys("NP-QA", 30, *paid(1_000, 200))
    bench.journeys("NP-QA", 4, *paid(1_000, 100, sex="female"))
    bench.journeys("NP-QA", 12, *paid(1_000, 100, sex="x"))
    found = {each["of"]: each for each in rows("R-RCI", corridor="NP-QA", by="sex")}
    assert withheld("R-RCI", [found["female"], found["x"]])
    assert figures(found["male"], "n", "ratio_of_means") == (30, 5.0)
    bench.journeys("NP-SA", 9, *paid(1_000, 100))
    bench.journeys("NP-AE", 60, *paid(1_000, 100))
    for asked in ((), ("--corridor", "NP-QA")):  # 46 of 115 less 60 and 9: neither may be told, nor what adds up to it
        assert withheld("R-RCI", rows("R-RCI", *asked, corridor="NP-QA"))
    assert withheld("R-RCI", rows("R-RCI", corridor="NP-SA"))
    assert [figures(row("R-RCI", corridor=each, by="all"), "n") for each in ("NP-*", "NP-AE")] == [(115,), (60,)]


def test_a_corridor_of_which_nothing_is_known_is_no_zero(bench: Bench) -> None:
    found = row("R-RCI", "--corridor", "NP-MY")
    assert figures(found, "n", "ratio_of_means", "suppressed", "incomplete") == (0, None, False, "nothing is known")
    bench.journeys("NP-MY", 10, *paid(1_000, 100))
    assert row("R-RCI", "--corridor", "NP-MY", by="all")["n"] == 10
    assert row("R-RCI", "--corridor", "NP-MY", "--since", "2025-02-02")["n"] == 0
    assert row("R-RCI", "--corridor", "NP-MY", "--until", "2025-01-31")["n"] == 0


def test_stages_of_complaints(bench: Bench) -> None:
    def case(n: int, *steps: tuple[str, str, dict[str, Any]]) -> None:
        filed = ("complaint_filed", "2025-01-01", {"complainant_role": "worker", "country": "QA"})
        bench.facts(*(fact(f"complaint.{kind}", day, source="/office/NP/labour", refs=Refs(case=f"c-{n}"), body=body,
                           worker=[f"passport:NP:{n}"]) for kind, day, body in (filed, *steps)))  # fmt: skip

    for n in range(20):
        case(n, *(("complaint_acknowledged", "2025-01-04", {}),) * (n < 12), *(("complaint_followed_up", "2025-01-06", {}),) * (n < 10))
    case(20, ("complaint_settled", "2025-03-02", {"paid": True}))  # stands for what was not told before it
    case(21, ("complaint_decided", "2025-03-02", {"upheld": False}), ("sanction_imposed", "2025-03-03", {"on_kind": "worker"}))
    case(22, ("complaint_decided", "2025-03-02", {}), ("complaint_closed", "2025-03-02", {"reason": "repatriated"}))
    told = {each["stage"]: each for each in rows("R-FUNNEL")}
    assert [(name, each["n"], each["reached"]) for name, each in told.items()] == [
        ("filed", 23, 23), ("acknowledged", 23, 15), ("investigated", 23, 13), ("substantiated", 23, 1), ("measure", 23, 1),
        ("enforced", 23, 1), ("settled", 23, 1)]  # fmt: skip
    assert figures(told["acknowledged"], "share", "share_low", "share_high", "median_days") == (0.652, 0.449, 0.812, 3.0)
    assert figures(told["settled"], "timed", "median_days") == (None, None), "the days of one complaint"
    assert told["substantiated"]["incomplete"] == "some do not say"
    assert {each["n"] for each in rows("R-FUNNEL", "--corridor", "NP-QA")} == {23}
    assert rows("R-FUNNEL", "--corridor", "NP-SA") == []
    bench.silent("NP:office:labour")
    assert row("R-FUNNEL", stage="filed")["incomplete"] == "an office is silent"
    assert withheld("R-FUNNEL", rows("R-FUNNEL", "--since", "2025-01-01")) is False
    bench.facts(*(fact("complaint.complaint_filed", "2024-01-01", source="/office/QA/mol") for _ in range(9)))
    assert withheld("R-FUNNEL", rows("R-FUNNEL", jurisdiction="QA"))


def test_interviews_and_passport_checks(bench: Bench) -> None:
    def visits(country: str, many: int, **said: Any) -> None:
        bench.events(f"/office/{country}/mol", "oversight.inspection_done", many, {"employer": f"{country}:cr:1", **said})

    visits("QA", 30, worker_interviewed=True, interpreter=True, passport_checked=True)
    visits("QA", 10, worker_interviewed=False, passport_checked=False, employer_present=True)
    visits("QA", 60, outcome="violation")
    visits("SA", 9, worker_interviewed=True, passport_checked=True)
    visits("AE", 40)
    visits("OM", 20)
    visits("OM", 5, worker_interviewed=True, passport_checked=True)
    bench.silent("QA:office:mol")
    for name, said in (("R-INS-1", "interviewed"), ("R-DOC", "checked")):
        told = {each["jurisdiction"]: each for each in rows(name)}
        assert figures(told["QA"], "n", "stated", said, "share", "share_low", "share_high") == (100, 40, 30, 0.75, 0.598, 0.858)
        assert told["QA"]["incomplete"] == "an office is silent; 60 do not say"
        assert withheld(name, [told["SA"]])
        assert figures(told["AE"], "n", "stated", "share", "incomplete") == (40, 0, None, "40 do not say")
        assert figures(told["OM"], "n", "stated", said, "share", "suppressed") == (25, None, None, None, False), "all of five"
        assert [each["jurisdiction"] for each in rows(name, "--corridor", "NP-OM")] == ["OM"]
    assert figures(row("R-INS-1", jurisdiction="QA"), "understood", "violation", "no_outcome") == (30, 60, 40)


def test_coverage_by_sector_has_domestic_work_always(bench: Bench) -> None:
    def workers(country: str, many: int, isic: str, *more: Step) -> None:
        contract = {"country": country, "employer_isic": isic}
        bench.journeys(f"NP-{country}", many, ("oversight.contract_registered_origin", "2024-01-01", contract),
                       ("deployment.arrived", "2024-02-01", {"country": country}), *more)  # fmt: skip

    workers("QA", 200, "4100")
    workers("QA", 50, "4100", ("deployment.repatriation_done", "2024-06-01", {}))
    workers("QA", 12, "9700")
    workers("QA", 5, "5510")
    workers("SA", 30, "4100")
    bench.events("/office/QA/mol", "oversight.inspection_done", 4, {"employer": "QA:cr:1", "sector": "QA/4100"})
    bench.events("/office/KW/mol", "oversight.inspection_done", 3, {"employer": "KW:cr:1", "sector": "KW/4100"})
    told = {(each["jurisdiction"], each["sector"]): each for each in rows("R-COV")}
    assert figures(told["QA", "41"], "n", "inspections", "per_1000", "per_1000_low", "per_1000_high") == (200, 4, 20.0, 5.381, 51.204)
    assert figures(told["QA", "9700"], "n", "inspections", "per_1000", "incomplete") == (12, 0, 0.0, "")
    assert withheld("R-COV", [told["QA", "55"]])
    assert figures(told["SA", "41"], "n", "inspections", "per_1000", "incomplete") == (30, None, None, "nothing is known")
    assert figures(told["KW", "9700"], "n", "inspections", "per_1000", "incomplete") == (0, 0, None, "nothing is known")
    assert figures(row("R-COV", "--until", "2024-05-31", jurisdiction="QA", sector="41"), "n", "inspections") == (250, None)
    assert [each["sector"] for each in rows("R-COV", "--corridor", "NP-MY")] == ["9700"]
    for day, many in (("2024-01-01", 90_000), ("2025-01-01", 40_000)):
        bench.events("/office/QA/mol", "oversight.stock_reported", 1, {"sector": "QA/9700", "workers": many}, day)
    found = row("R-COV", jurisdiction="QA", sector="9700")
    assert figures(found, "n", "stock", "inspections", "per_1000", "per_1000_high") == (40_000, "reported", 0, 0.0, 0.092)
    bench.silent("QA:office:mol")
    assert row("R-COV", jurisdiction="QA", sector="41")["incomplete"] == "an office is silent"
