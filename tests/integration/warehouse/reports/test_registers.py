"""R-RECON, R-SUBST, R-LAG, R-OFF, R-ABSENT: plain, withheld, incomplete, not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.outputs import Journey, encode
from tests.support.builders import at, fact
from tests.support.filling import store
from tests.support.reporting import Bench, Body, Step, figures, row, rows, withheld
from tests.support.sinking import alert

pytestmark = [pytest.mark.integration, pytest.mark.together]
ORIGIN, DESTINATION = "oversight.contract_registered_origin", "oversight.contract_authenticated_destination"
CLEARED, VOIDED, LEFT = "visa.clearance_issued", "visa.clearance_voided", "deployment.departed"


def demand(bench: Bench, name: str, agency: str | None = None, **said: Any) -> None:
    """A job order, 'NP:dofe:1'."""
    body = {"employer": "QA:cr:1", "country": "QA", "demand": name, **({"agency": agency} if agency else {}), **said}
    bench.events(f"/office/{name[:2]}/labour", "recruitment.demand_submitted", 1, body, refs=Refs(demand=name))


def cleared(bench: Bench, name: str, many: int, *more: Step) -> None:
    """Journeys with a clearance on a demand."""
    bench.journeys("NP-QA", many, (CLEARED, "2025-04-01", {"country": "QA", "demand": name}), *more)


def test_issued_against_approved(bench: Bench) -> None:
    demand(bench, "NP:dofe:1", "NP:dofe:a", jobs=50, jobs_certified=20)
    demand(bench, "NP:dofe:2", "NP:dofe:a", jobs=15)
    demand(bench, "NP:dofe:3", "NP:dofe:b", jobs=15)
    demand(bench, "NP:dofe:4", "NP:dofe:c", jobs=40)
    demand(bench, "NP:dofe:5", "NP:dofe:d", jobs=40)
    bench.events("/office/QA/kathmandu", "oversight.demand_attested", 1, {"demand": "NP:dofe:2", "depth": "desk", "jobs": 12})
    bench.events("/office/QA/kathmandu", "oversight.demand_rejected", 1, {"demand": "NP:dofe:5"})
    cleared(bench, "NP:dofe:1", 25)
    cleared(bench, "NP:dofe:1", 10, (CLEARED, "2025-04-03", {"country": "QA", "demand": "NP:dofe:1"}))  # twice, of one worker
    cleared(bench, "NP:dofe:2", 12)
    cleared(bench, "NP:dofe:3", 20)
    cleared(bench, "NP:dofe:4", 30)
    cleared(bench, "NP:dofe:5", 11)
    told = {each["of"]: each for each in rows("R-RECON")}
    assert figures(told["NP:dofe:1"], "n", "approved", "excess", "share") == (35, 20, 15, 0.429)
    assert figures(told["NP:dofe:2"], "n", "approved", "excess") == (12, 12, 0)
    assert figures(told["NP:dofe:a"], "n", "approved", "requested", "excess") == (47, 32, 65, 15)
    assert figures(told["NP:dofe:3"], "n", "approved", "excess") == (20, None, 5), "no more can have been approved than was asked for"
    assert figures(told["NP:dofe:4"], "n", "approved", "excess", "incomplete") == (30, None, None, "nothing is known")
    assert figures(told["NP:dofe:5"], "n", "approved", "excess") == (11, 0, 11), "rejected"
    assert figures(told["all"], "n", "approved", "excess", "incomplete") == (108, 32, 31, "some do not say")
    assert {each["jurisdiction"] for each in rows("R-RECON", "--corridor", "NP-QA")} == {"NP"}
    assert rows("R-RECON", "--corridor", "BD-QA") == []
    bench.silent("NP:office:labour")
    assert row("R-RECON", level="all")["incomplete"] == "an office is silent; some do not say"


def test_a_voided_clearance_frees_its_place_only_before_departure(bench: Bench) -> None:
    demand(bench, "NP:dofe:1", "NP:dofe:a", jobs_certified=5)
    for day, many in (("2025-04-20", 10), ("2025-05-20", 3)):
        steps = ((CLEARED, "2025-04-01", {"country": "QA", "demand": "NP:dofe:1"}), (LEFT, "2025-05-01", {"country": "QA"}))
        for journey in bench.journeys("NP-QA", many, *steps):
            bench.facts(fact(VOIDED, day, source="/office/NP/labour", body={"clearance": journey.steps[0][2]}))
    cleared(bench, "NP:dofe:1", 9)
    assert figures(row("R-RECON", of="NP:dofe:1"), "n", "excess") == (12, 7)


def test_few_clearances_are_not_told_by_their_country(bench: Bench) -> None:
    for number, many in enumerate((40, 30, 5), 1):
        demand(bench, f"NP:dofe:{number}", f"NP:dofe:{'abc'[number - 1]}", jobs_certified=10)
        cleared(bench, f"NP:dofe:{number}", many)
    assert row("R-RECON", level="all")["n"] == 75
    assert withheld("R-RECON", [each for each in rows("R-RECON") if each["of"] in ("NP:dofe:b", "NP:dofe:c", "NP:dofe:2", "NP:dofe:3")])
    assert row("R-RECON", of="NP:dofe:a")["n"] == 40


def contracts(bench: Bench, many: int, after: dict[str, Any] | None, **before: Any) -> None:
    """Pairs of contracts; None: none at destination."""
    base = {"country": "QA", "employer": "QA:cr:1", "isco": "9313", "wage": {"minor": 100_000, "currency": "QAR"}, "hours_per_week": 48.0,
            "rest_days": 1.0, "site": "QA:site:1", "months": 24, "agency": "NP:dofe:a", **before}  # fmt: skip
    there: tuple[Step, ...] = () if after is None else ((DESTINATION, "2025-03-01", base | after),)
    bench.journeys("NP-QA", many, (ORIGIN, "2025-01-01", base), *there)


def test_substitution_by_field(bench: Bench) -> None:
    def wage(minor: int) -> dict[str, Any]:
        return {"wage": {"minor": minor, "currency": "QAR"}}

    contracts(bench, 10, {})
    contracts(bench, 6, wage(94_999) | {"site": "QA:site:2"})
    contracts(bench, 2, wage(95_000))  # exactly 5 % less
    contracts(bench, 3, wage(200_000) | {"hours_per_week": 40.0, "isco": "2141", "rest_days": 2.0})  # improvements
    contracts(bench, 4, {"isco": "9112", "hours_per_week": 52.9, "months": 36, "employer": "QA:cr:2"})
    contracts(bench, 2, {"wage": {"minor": 300, "currency": "USD"}})
    contracts(bench, 5, None)
    contracts(bench, 3, {"employer": "QA:cr:9", "site": "QA:site:9"})
    permit = {"from_employer": "QA:cr:1", "to_employer": "QA:cr:9", "country": "QA"}
    bench.events("/office/QA/mol", "deployment.secondment_approved", 1, permit)
    told = {each["field"]: figures(each, "n", "worse") for each in rows("R-SUBST", agency="all")}
    assert told == {"any": (30, 10), "wage": (28, 6), "job": (30, 4), "employer": (30, 4), "place": (30, 6), "hours": (30, 4),
                    "rest day": (30, 0), "duration": (30, 4), "deductions": (0, 0)}  # fmt: skip
    found = row("R-SUBST", agency="NP:dofe:a", field="any")
    assert figures(found, "n", "share", "share_low", "share_high", "incomplete") == (30, 0.333, 0.192, 0.512, "some do not say")
    contracts(bench, 4, {}, agency="NP:dofe:b")
    assert withheld("R-SUBST", [each for each in rows("R-SUBST", field="any") if each["agency"] != "all"])
    bench.silent("QA:office:mol")
    assert row("R-SUBST", agency="all", field="any")["incomplete"] == "an office is silent; some do not say"
    assert figures(row("R-SUBST", "--corridor", "NP-SA"), "n", "share", "incomplete") == (0, None, "nothing is known")


def test_lags_of_records(bench: Bench) -> None:
    def registered(office: str, days: int, many: int) -> None:
        recorded = at("2025-02-01") + days * DAY
        for n in range(many):
            contract = fact(ORIGIN, "2025-01-01", source=f"/office/NP/{office}", worker=[f"passport:NP:{office}{days}{n}"],
                            recorded=recorded, id=f"{office}-{days}-{n}")  # fmt: skip
            bench.journeys("NP-QA", 1, (LEFT, "2025-02-01", {"country": "QA"}), given=[contract])

    registered("labour", -3, 16)
    registered("labour", 10, 4)
    registered("small", 1, 4)
    told = row("R-LAG", office="NP:office:labour")
    assert figures(told, "step", "n", "late", "p50_days", "p95_days", "share") == ("registered at origin", 20, 4, -3.0, 10.0, 0.2)
    assert withheld("R-LAG", rows("R-LAG", office="NP:office:small"))
    bench.journeys("NP-SA", 12, (DESTINATION, "2025-03-20", {"country": "SA"}))  # arrival unknown: no due day
    unknown = row("R-LAG", step="authenticated at destination")
    assert figures(unknown, "n", "p50_days", "incomplete") == (0, None, "nothing is known; 12 do not say")
    bench.journeys("NP-AE", 12, (DESTINATION, "2025-03-20", {"country": "AE"}), ("deployment.arrived", "2025-02-01", {"country": "AE"}))
    assert figures(row("R-LAG", "--corridor", "NP-AE"), "n", "late", "p50_days") == (12, 12, 17.0)
    bench.silent("QA:office:mol")
    assert row("R-LAG", "--corridor", "NP-QA", office="NP:office:labour")["incomplete"] == "an office is silent"


def test_a_corrected_record_is_judged_by_its_first(bench: Bench) -> None:
    def registered(id: str, recorded: str, corrects: str | None = None) -> Fact:
        return fact(ORIGIN, "2025-01-01", id=id, source="/office/NP/labour", worker=["passport:NP:1"], recorded=recorded, corrects=corrects)

    for n in range(10):
        bench.facts(registered(f"first-{n}", "2025-01-02"))
        second = registered(f"second-{n}", "2025-09-01", corrects=f"first-{n}")
        bench.journeys("NP-QA", 1, (LEFT, "2025-02-01", {"country": "QA"}), given=[second])
    assert figures(row("R-LAG"), "n", "late", "p50_days") == (10, 0, -30.0)


def test_what_offices_do(bench: Bench) -> None:
    work: tuple[tuple[str, int, Body], ...] = (
        (ORIGIN, 30, {"country": "QA"}), ("oversight.campaign_held", 2, {"reached": 40}), ("oversight.office_heartbeat", 5, {}),
    )  # fmt: skip
    for kind, many, body in work:
        bench.events("/office/NP/kathmandu", kind, many, body)
    wrong = bench.events("/office/NP/kathmandu", ORIGIN, 1, {"country": "QA"})[0]
    bench.events("/office/NP/kathmandu", ORIGIN, 1, {"country": "SA"}, corrects=wrong.event_id)
    bench.events("/office/NP/pokhara", ORIGIN, 4, {"country": "QA"})
    bench.events("/office/NP/old", ORIGIN, 20, {"country": "QA"}, "2019-01-01")
    told = {each["office"]: each for each in rows("R-OFF", "--since", "2025-01-01")}
    assert figures(told["NP:office:kathmandu"], "n", "events", "corrections", "campaigns", "reached") == (31, 39, 1, 2, 80)
    assert figures(told["NP:office:kathmandu"], "p50_days", "p95_days", "per_authentication") == (0.0, 0.0, None)
    assert withheld("R-OFF", [told["NP:office:pokhara"]])
    assert figures(told["NP:office:old"], "n", "events", "campaigns", "incomplete") == (0, None, None, "nothing is known")
    bench.silent("NP:office:mute")
    assert row("R-OFF", office="NP:office:mute")["incomplete"] == "an office is silent; nothing is known"
    assert rows("R-OFF", "--corridor", "BD-SA") == []


def test_missing_steps_beside_all_that_began(bench: Bench) -> None:
    def judged(journeys: list[Journey], missing: Callable[[int], tuple[str, ...]], unknown: Callable[[int], tuple[str, ...]]) -> None:
        found = [msgspec.structs.replace(each, revision=(1, 2), missing=missing(n), unknown=unknown(n)) for n, each in enumerate(journeys)]
        store(bench.place, "journeys", [(each.id, encode(each)) for each in found])

    many, few = (bench.journeys(corridor, number, (LEFT, "2025-02-01", {})) for corridor, number in (("NP-QA", 30), ("BD-SA", 3)))
    judged(many, lambda n: ("T-CON-01", "T-OUT-01") if n < 12 else (), lambda n: ("T-PDO-01",) if n > 15 else ())
    judged(few, lambda n: ("T-CON-01",), lambda n: ())
    told = {each["rule"]: each for each in rows("R-ABSENT", place_of="NP-QA")}
    assert {rule: figures(each, "n", "missing", "not_known", "share", "incomplete") for rule, each in told.items()} == {
        "T-CON-01": (30, 12, 0, 0.4, ""), "T-PDO-01": (30, 0, 14, 0.0, "14 do not say")}  # fmt: skip
    assert told["T-CON-01"]["harm"] == "contract_not_registered"
    assert withheld("R-ABSENT", rows("R-ABSENT", place_of="BD-SA"))
    assert rows("R-ABSENT", "--since", "2025-03-01", kind="journey") == []
    demand(bench, "NP:dofe:1")
    demand(bench, "NP:dofe:2")
    bench.alerts(msgspec.structs.replace(alert(1), rule="T-ATT-01@1", harm="demand_not_attested", subject="demand:NP:dofe:1"))
    assert figures(row("R-ABSENT", kind="demand"), "place_of", "rule", "n", "missing") == ("NP", "T-ATT-01", 2, 1)
    bench.silent("NP:office:labour")
    assert figures(row("R-ABSENT", kind="office"), "place_of", "rule", "n", "missing", "silent_offices") == (
        "NP", "T-OFF-01", 1, 1, ["NP:office:labour"])  # fmt: skip
    bench.alerts(msgspec.structs.replace(alert(2), rule="T-BLA-01@1", harm="x", subject="place:NP-SA"))
    place = row("R-ABSENT", kind="place")
    assert figures(place, "place_of", "rule", "n", "missing", "suppressed") == ("NP", "T-BLA-01", None, 1, False)
    assert place["incomplete"] == "an office is silent; of how many is not known"
