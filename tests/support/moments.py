"""Events whose moments are the published ones of `domain.md` 3: what reports are held to (3.7). No figure of a report is in here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streams.domain.facts import Fact, Refs
from tests.support.builders import fact
from tests.support.reporting import Bench

FEE, PAID, LEFT = "recruitment.fee_declared", "deployment.wage_paid", "deployment.departed"
REGISTERED = "recruitment.worker_registered"
# Mean cost, mean monthly wage, workers asked here. BBS 2020 [S54], in taka; its mean of all leavers holds Singapore and Oman.
BBS_ALL = (416_789, 23_693, 400)
BBS = {"BD-SG": (574_241, 38_129, 40), "BD-OM": (308_047, 19_177, 60)}
ILO = {"PK-SA": (4_290, 480, 40), "PK-AE": (2_358, 387, 40)}  # ILO 2016 [S59], in dollars
BMET = {2023: (2_380, 865), 2024: (6_755, 1_755), 2025: (4_900, 2_054)}  # complaints received and settled [S21][S91]
SLBFE = {2020: 743, 2021: 447, 2022: 745, 2023: 1_904, 2024: 3_356, 2025: 3_459}  # complaints received [S24c]
QATAR = {"clean": 684, "warned": 18, "closed": 14}  # visits to recruitment offices, Q4 2024 [S20]
QATAR_SECONDED, QATAR_AUTHENTICATED = 38_381, 166_562  # secondments and authentications, the same quarter [S20]

FORGED = (2_960, 6_938, 8)  # clearances approved and issued, agencies; found by holding two registers together [S14]


def money(major: float, currency: str) -> dict[str, Any]:
    """An amount of a currency with two decimals."""
    return {"minor": round(major * 100), "currency": currency}


def fee(amount: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """What a worker says that he or she paid; None: not how much."""
    said = {"by": "worker", "payer": "worker", "code": "recruitment_service", **more}
    return said if amount is None else {**said, "amount": amount}


def around(mean: float, many: int) -> list[float]:
    """So many amounts about a mean, some half and some half as much again, whose mean it is."""
    return [mean * (1 + 0.5 * (2 * n / (many - 1) - 1)) for n in range(many)]


def paid(bench: Bench, corridor: str, moments: tuple[float, float, int], currency: str) -> None:
    """Journeys of workers who paid these costs and earned these wages. High costs go with low wages: the means alone are published."""
    cost, wage, many = moments
    costs, wages = around(cost, many), around(wage, many)[::-1]
    bench.journeys(
        corridor, many, (REGISTERED, "2015-02-01", lambda n: {"sex": "female" if n % 20 < 3 else "male", "isco": "9313"}),
        (FEE, "2015-03-01", lambda n: fee(money(costs[n], currency))),
        (LEFT, "2015-04-01", {"country": corridor[3:]}), (PAID, "2015-05-31", lambda n: {"amount": money(wages[n], currency)}),
    )  # fmt: skip


def bangladesh(bench: Bench) -> None:
    """All that BBS asked: Singapore, Oman, and the others with what is left of the means."""
    cost, wage, many = BBS_ALL
    rest = many - sum(each[2] for each in BBS.values())
    left = [(total * many - sum(each[place] * each[2] for each in BBS.values())) / rest for place, total in enumerate((cost, wage))]
    for corridor, moments in {**BBS, "BD-SA": (left[0], left[1], rest)}.items():
        paid(bench, corridor, moments, "BDT")


def complaints(office: str, year: int, filed: int, settled: int) -> Iterator[Fact]:
    """Complaints received by an office in a year, the first so many of them settled, spread over the year's months."""
    source = f"/office/{office[:2]}/{office}"
    for n in range(filed):
        day, refs = f"{year}-{n % 12 + 1:02}-15", Refs(case=f"{office}/{year}/{n}")
        filed_by = {"complainant_role": "worker"}
        yield fact("complaint.complaint_filed", day, id=f"{office}-{year}-{n}", source=source, body=filed_by, refs=refs)
        if n < settled:
            yield fact("complaint.complaint_settled", f"{year}-{n % 12 + 1:02}-28", id=f"{office}-{year}-{n}-s", source=source, refs=refs)


def forged(bench: Bench) -> None:
    """Eight agencies with an even part of what was approved and of what was issued; some clearances voided in time besides."""
    approved, issued, agencies = FORGED
    for n in range(agencies):
        agency, demand = f"BD:bmet:{n}", f"BD:bmet:d-{n}"
        jobs = {"jobs": 2_000, "jobs_certified": approved // agencies}
        asked = {"employer": "SA:cr:1", "agency": agency, "country": "SA", "demand": demand, **jobs}
        bench.events("/office/BD/bmet", "recruitment.demand_submitted", 1, asked, refs=Refs(demand=demand))
        many = issued // agencies + (n < issued % agencies)
        cleared = bench.events("/office/BD/bmet", "visa.clearance_issued", many + 5, {"country": "SA", "demand": demand}, "2025-04-01")
        for each in cleared[:5]:
            bench.events("/office/BD/bmet", "visa.clearance_voided", 1, {"clearance": each.event_id}, "2025-04-02")
