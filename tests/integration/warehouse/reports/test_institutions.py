"""R-LICACT, R-SHARE, R-AGR, R-AGR-2, R-REG-1, R-EMB, R-EXPOSE: plain, withheld, incomplete, not known."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from streams.domain.instants import HOUR
from tests.support.builders import at, fact
from tests.support.reporting import Bench, figures, row, rows, withheld
from tests.support.sinking import alert

pytestmark = [pytest.mark.integration, pytest.mark.together]
FOUND, SUSPENDED = "oversight.finding_recorded", "licensing.agency_suspended"
SHARED, ACKNOWLEDGED, RENEWED = "licensing.intelligence_shared", "licensing.intelligence_acknowledged", "licensing.agency_renewed"
UNTIL = ("--until", "2025-06-08")  # 99 days after 1 March, its own day included


def finding(bench: Bench, number: int, party: str, decided: str | None = None) -> None:
    """A finding of 1 March about an agency, and its suspension."""
    bench.events("/office/QA/mol", FOUND, 1, {"finding": f"f-{number}", "agency": party})
    if decided:
        bench.events("/office/NP/dofe", SUSPENDED, 1, {"holder": party, "jurisdiction": "NP"}, decided)


def test_the_survival_curve_of_findings(bench: Bench) -> None:
    for n in range(20):
        finding(bench, n, f"NP:dofe:{n}", "2025-03-11" if n < 5 else "2025-04-10" if n < 10 else None)
    finding(bench, 20, "BD:bmet:1", "2025-03-11")
    bench.events("/office/QA/mol", FOUND, 1, {"finding": "nobody"})
    told = {each["days"]: each for each in rows("R-LICACT", *UNTIL, kind="finding", country="NP")}
    assert figures(told[7], "n", "decided", "undecided", "undecided_low") == (20, 0, 1.0, None)
    assert figures(told[30], "n", "decided", "followed", "undecided", "undecided_low", "undecided_high") == (20, 5, 15, 0.75, 0.5, 0.887)
    assert figures(told[60], "decided", "undecided") == (10, 0.5)
    assert figures(told[90], "decided", "followed", "undecided") == (10, 10, 0.5)
    assert figures(told[180], "decided", "followed", "undecided") == (10, 0, None), "nobody was followed so long"
    assert told[30]["incomplete"] == "some do not say"
    assert withheld("R-LICACT", rows("R-LICACT", *UNTIL, country="BD"))
    assert rows("R-LICACT", "--corridor", "PH-SA") == []
    bench.silent("NP:office:dofe")
    assert row("R-LICACT", *UNTIL, kind="finding", country="NP", days=30)["incomplete"] == "an office is silent; some do not say"


def test_censored_items_leave_the_curve_when_they_are_last_seen(bench: Bench) -> None:
    for n in range(10):
        party = f"NP:dofe:{n}"
        bench.events("/office/QA/mol", FOUND, 1, {"finding": f"old-{n}", "agency": party}, "2025-01-01")
        bench.events("/office/QA/mol", FOUND, 1, {"finding": f"new-{n}", "agency": f"NP:dofe:n{n}"}, "2025-05-25")
        if n < 5:
            bench.events("/office/NP/dofe", SUSPENDED, 1, {"holder": party, "jurisdiction": "NP"}, "2025-02-10")
    told = row("R-LICACT", *UNTIL, days=60)
    assert figures(told, "n", "decided", "undecided") == (20, 5, 0.5), "of ten at risk on day 40; ten were seen for 15 days alone"


def test_intelligence_is_answered_by_what_refers_to_it(bench: Bench) -> None:
    for n in range(12):
        fair = {"grade": "B", "heard": True} if n < 3 else {}
        said = {"intelligence": f"i-{n}", "about": "NP:dofe:1", "with_jurisdiction": "NP", **fair}
        bench.events("/office/QA/mol", SHARED, 1, said)
        if n < 6:
            bench.events("/office/NP/dofe", ACKNOWLEDGED, 1, {"intelligence": f"i-{n}"}, "2025-03-04" if n < 4 else "2025-03-20")
    bench.events("/office/NP/dofe", RENEWED, 1, {"holder": "NP:dofe:1", "jurisdiction": "NP"}, "2025-03-20")  # refers to none
    bench.events("/office/NP/dofe", RENEWED, 1, {"holder": "NP:dofe:1", "jurisdiction": "NP", "intelligence": "i-0"}, "2025-03-20")
    bench.events("/office/NP/dofe", SUSPENDED, 1, {"holder": "NP:dofe:1", "jurisdiction": "NP", "intelligence": "i-11"}, "2025-03-08")
    told = {each["stage"]: figures(each, "n", "reached", "share") for each in rows("R-SHARE")}
    assert told == {"with grade and reply": (12, 3, 0.25), "acknowledged": (12, 7, 0.583), "in 7 days": (12, 5, 0.417),
                    "decided": (12, 2, 0.167), "in 60 days": (None, None, None)}  # fmt: skip
    assert figures(row("R-LICACT", kind="intelligence", days=30), "country", "n", "decided") == ("NP", 12, 2)
    assert row("R-SHARE", stage="decided")["median_days"] is None, "of one item"
    bench.events("/office/AE/mohre", SHARED, 4, lambda n: {"intelligence": f"x-{n}"})
    assert withheld("R-SHARE", [each for each in rows("R-SHARE", country="AE") if each["stage"] != "in 60 days"])
    assert row("R-SHARE", country="AE", stage="in 60 days")["n"] == 0, "none was acknowledged"
    assert rows("R-SHARE", "--since", "2025-04-01") == []
    bench.silent("NP:office:dofe")
    assert row("R-SHARE", country="QA", stage="decided")["incomplete"] == "an office is silent", "it may be its answer that is lacking"


def agreed(bench: Bench, kind: str, corridor: str, **said: Any) -> None:
    """An agreement."""
    body = {"agreement": f"{kind}-{corridor}", "corridor": corridor, **said}
    bench.events("/office/NP/labour", f"oversight.{kind}", 1, body, "2024-01-01")


def test_agreements_in_force_and_gaps_by_departures(bench: Bench) -> None:
    for corridor, many in (("NP-QA", 40), ("NP-SA", 30), ("NP-AE", 4)):
        bench.journeys(corridor, many, ("deployment.departed", "2025-02-01", {"country": corridor[3:]}))
    agreed(bench, "bla_signed", "NP-QA", valid_until="2025-12-31")
    agreed(bench, "mou_signed", "NP-QA", valid_until="2024-12-31", parties_kind="G-E")
    agreed(bench, "mou_signed", "NP-SA", parties_kind="G-G")
    agreed(bench, "union_agreement_signed", "NP-AE", valid_from="2026-01-01")
    agreed(bench, "bla_signed", "NP-AE", valid_until="2026-01-01")
    expired = {"agreement": "bla_signed-NP-AE", "corridor": "NP-AE", "from": "2025-03-01"}
    bench.events("/office/NP/labour", "oversight.bla_expired", 1, expired)
    bench.events("/office/NP/labour", "oversight.departures_reported", 1,
                 {"corridor": "NP-SA", "from": "2025-01-01", "until": "2025-06-30", "departures": 900})  # fmt: skip
    asked = ("--since", "2025-01-01", "--until", "2025-06-30")
    told = {each["corridor"]: each for each in rows("R-AGR", *asked)}
    assert list(told) == ["NP-SA", "NP-QA", "NP-AE"], "the gap that concerns most comes first"
    assert figures(told["NP-QA"], "bla", "mou", "tu", "gaps", "n", "gap_departures") == (
        "in force to 2025-12-31", "ended 2024-12-31", "none known", 2, 40, 80)  # fmt: skip
    assert figures(told["NP-SA"], "bla", "mou", "gaps", "n") == ("in force", "none known", 2, 900)
    assert figures(told["NP-AE"], "bla", "tu", "gaps", "n", "suppressed") == ("ended 2025-02-28", "none known", 3, None, True)
    assert figures(row("R-AGR", "--corridor", "PH-SA"), "bla", "gaps", "n", "incomplete") == ("none known", 3, 0, "nothing is known")
    bench.silent("QA:office:mol")
    assert row("R-AGR", *asked, corridor="NP-QA")["incomplete"] == "an office is silent"


def test_dialogues_between_bodies(bench: Bench) -> None:
    for kind, day in (("E-E", "2025-01-10"), ("E-E", "2025-03-01"), ("W-W", "2023-01-01"), ("regional", "2025-04-01")):
        bench.events("/office/NP/labour", "oversight.dialogue_held", 1, {"kind": kind, "corridor": "NP-QA"}, day)
    until = ("--until", "2025-04-10")
    assert figures(row("R-AGR-2", *until, corridor="NP-QA", kind="E-E"), "n", "last", "days_since", "overdue", "suppressed") == (
        2, "2025-03-01", 40, "no", False)  # fmt: skip
    assert figures(row("R-AGR-2", *until, corridor="NP-QA", kind="W-W"), "n", "overdue") == (1, "yes")
    unknown = row("R-AGR-2", "--corridor", "PH-SA", kind="W-W")
    assert figures(unknown, "n", "last", "overdue", "incomplete") == (0, None, "yes", "nothing is known")
    bench.silent("QA:office:mol")
    assert row("R-AGR-2", corridor="NP-QA", kind="E-E")["incomplete"] == "an office is silent"


def test_regional_sessions_and_what_they_left_open(bench: Bench) -> None:
    assert figures(row("R-REG-1"), "n", "last", "overdue", "incomplete") == (0, None, "yes", "nothing is known")
    for day, commitments in (("2024-01-01", ["a", "b"]), ("2024-03-01", ["b", "c"]), ("2025-01-01", ["c", "d"])):
        bench.events("/office/AE/abu-dhabi", "oversight.dialogue_held", 1, {"kind": "regional", "commitments": commitments}, day)
    told = row("R-REG-1", "--until", "2026-01-02")
    assert figures(told, "n", "last", "days_since", "longest_gap", "overdue") == (3, "2025-01-01", 366, 306, "yes")
    assert figures(told, "open_commitments", "not_named_again", "suppressed") == (2, 2, False)
    assert row("R-REG-1", "--until", "2026-01-01")["overdue"] == "no"
    bench.events("/office/AE/abu-dhabi", "oversight.dialogue_held", 1, {"kind": "regional", "corridor": "NP-QA"}, "2025-01-01")
    bench.silent("QA:office:mol")
    assert row("R-REG-1", dialogue="NP-QA")["incomplete"] == "an office is silent"


def alerts(bench: Bench, many: int, severity: str, hours: float | None, audience: str = "embassy.NP-QA", **more: Any) -> None:
    """Alerts of 1 March, taken up after so many hours."""
    for _ in range(many):
        made = msgspec.structs.replace(alert(next(bench.numbers), audience), severity=severity, raised_at=at("2025-03-01"), **more)
        bench.alerts(made)
        if hours is not None:
            taken_up = fact("case.acknowledged", at("2025-03-01") + round(hours * HOUR), source="/office/NP/embassy",
                            body={"alert": f"NP:{made.id}", "audience": audience})  # fmt: skip
            bench.facts(taken_up)


def test_embassies_have_staff_and_answer_in_time(bench: Bench) -> None:
    for day, caseworkers, nationals in (("2024-01-01", 90, 100_000), ("2025-01-01", 8, 400_000)):
        said = {"corridor": "NP-QA", "caseworkers": caseworkers, "nationals": nationals}
        bench.events("/office/NP/embassy", "oversight.embassy_staffing_reported", 1, said, day)
    alerts(bench, 6, "P1", 10)
    alerts(bench, 3, "P1", 24.5)
    alerts(bench, 2, "P1", None)
    alerts(bench, 2, "P1", None, status="withdrawn", changed_at=at("2025-03-01") + HOUR)  # over before it was due
    alerts(bench, 4, "P2", 10)
    told = {each["what"]: each for each in rows("R-EMB", corridor="NP-QA")}
    assert figures(told["staff"], "n", "caseworkers", "per_10000", "incomplete") == (400_000, 8, 0.2, "")
    assert figures(told["P1"], "n", "in_time", "share", "median_hours", "incomplete") == (11, 6, 0.545, None, "")
    assert withheld("R-EMB", [told["P2"]])
    alerts(bench, 12, "P2", None, "embassy.NP-SA")
    assert rows("R-EMB", "--until", "2025-03-03", corridor="NP-SA", what="P2") == [], "72 hours are not over"
    assert figures(row("R-EMB", "--until", "2025-03-04", corridor="NP-SA", what="P2"), "n", "in_time", "share") == (12, 0, 0.0)
    alerts(bench, 12, "P3", 3)
    assert figures(row("R-EMB", what="P3"), "n", "share", "median_hours") == (12, 1.0, 3.0)
    unknown = row("R-EMB", "--corridor", "PH-SA")
    assert figures(unknown, "what", "n", "caseworkers", "incomplete") == ("staff", None, None, "nothing is known")
    bench.silent("NP:office:embassy")
    assert row("R-EMB", corridor="NP-QA", what="P1")["incomplete"] == "an office is silent"


def test_to_whom_alerts_about_single_workers_went(bench: Bench) -> None:
    alerts(bench, 8, "P1", None, subject="journey:NP:1")
    for n in range(12):
        alerts(bench, 1, "P1", None, subject=f"journey:NP:a{n}", **({"status": "withdrawn"} if n < 3 else {}))
    alerts(bench, 20, "P1", None, "licensing-authority.NP", subject="party:NP:dofe:1")
    alerts(bench, 5, "P1", None, "embassy.PH-SA", subject="journey:PH:1")
    told = {each["audience"]: each for each in rows("R-EXPOSE")}
    assert figures(told["embassy.NP-QA"], "n", "with_journey", "journeys", "recalled", "share") == (20, 20, 13, 3, 1.0)
    assert figures(told["licensing-authority.NP"], "n", "with_journey", "journeys", "share") == (20, 0, 0, 0.0)
    assert withheld("R-EXPOSE", [told["embassy.PH-SA"]])
    assert {each["audience"] for each in rows("R-EXPOSE", "--corridor", "NP-QA")} == {"embassy.NP-QA", "licensing-authority.NP"}
    assert rows("R-EXPOSE", "--corridor", "BD-SA") == []
    bench.silent("QA:office:mol")
    assert row("R-EXPOSE", audience="embassy.NP-QA")["incomplete"] == "an office is silent"
