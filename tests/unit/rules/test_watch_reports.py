"""The streamed half of a watch: its latest report on each issue is what the dossier says."""

from __future__ import annotations

import random
from typing import Any

import pytest

from schemas.subjects import subjects
from streams.domain.facts import Fact
from streams.domain.instants import DAY, HOUR
from streams.domain.outcomes import Clear, Finding, Insufficient
from streams.evaluate import evaluate_events
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.rules.watch_reports import REPORTED, about, reports
from tests.support.builders import at, fact, sums
from tests.support.judging import judge, only

FIRM = "QA:cr:55-1023"
WATCH = "T-DTH-01"
NOW = at("2025-05-20")
WATCHES = sorted({rule.id for rule in catalogue() if rule.by == "watch"})


def report(
    outcome: str = "finding", time: str = "2025-05-19T06:00:00Z", source: str = "/office/QA/watches", id: str | None = None, **body: Any
) -> Fact:
    given: dict[str, Any] = {"watch": WATCH, "version": 1, "party": FIRM, "outcome": outcome, "revision": 0} | body
    event = {"type": REPORTED, "source": source, "body": given}
    return fact(REPORTED, time, body=given, source=source, subjects=subjects(event), id=id)


def said(*facts: Fact, issue: str = "", watch: str = WATCH, subject: str = f"party:{FIRM}") -> Any:
    return only(watch, sums(subject, [reports(watch)], *facts), NOW, issue)


def test_a_report_is_the_finding() -> None:
    told = report(
        reason="deaths_at_one_employer", summary="3 workers of one employer died or were injured within 90 days.", since=at("2025-04-02"),
        evidence=["b", "a"], parties=[FIRM], origin="NP", destination="QA", policy_rows=["T-DTH-01.default"], issue="NP",
    )  # fmt: skip
    found = said(told, issue="NP")
    assert found == Finding(
        issue="NP", reason="deaths_at_one_employer", summary="3 workers of one employer died or were injured within 90 days.",
        severity="P1", evidence=("a", "b"), policy_rows=("T-DTH-01.default",), since=at("2025-04-02"),
        due_at=at("2025-04-02") + 24 * HOUR, origin="NP", destination="QA", parties=(FIRM,),
    )  # fmt: skip


def test_a_report_without_evidence_is_evidence_itself() -> None:
    assert said(report(id="told")).evidence == ("told",)


@pytest.mark.parametrize("seed", range(4))
def test_the_latest_report_decides_in_whatever_order_they_come(seed: int) -> None:
    told = [
        report(time="2025-05-17T06:00:00Z"), report("clear", time="2025-05-18T06:00:00Z"),
        report("insufficient", missing="pay of 4 workers", revision=1), report(revision=0),
    ]  # fmt: skip
    random.Random(seed).shuffle(told)
    assert isinstance(said(*told), Insufficient)
    assert isinstance(said(*told, report("clear", time="2025-05-19T07:00:00Z")), Clear)


def test_of_two_reports_on_one_window_the_greater_event_id_decides() -> None:
    assert isinstance(said(report("clear", id="b"), report(id="a")), Clear)
    assert isinstance(said(report("clear", id="a"), report(id="b")), Finding)


def test_issues_are_apart() -> None:
    view = sums(f"party:{FIRM}", [reports(WATCH)], report(issue="NP"), report("clear", issue="IN"))
    assert [type(each) for each in judge(WATCH, view, NOW)] == [Clear, Finding]


def test_a_window_that_is_yet_to_end_says_nothing_yet() -> None:
    view = sums(f"party:{FIRM}", [reports(WATCH)], report("clear"), report(time="2025-05-21T06:00:00Z"))
    (found,) = judge(WATCH, view, NOW)
    assert isinstance(found, Clear)
    assert found.next_at == at("2025-05-21T06:00:00Z")


@pytest.mark.parametrize("told", [
    report(source="/office/QA/mol"),  # no office speaks for a watch
    report(watch="T-WAG-02"),
    report(party=None, corridor="NP-QA"),
    report(party="QA:cr:1", parties=[FIRM]),
])  # fmt: skip
def test_what_is_no_report_of_this_watch_on_this_subject_counts_for_nothing(told: Fact) -> None:
    assert judge(WATCH, sums(f"party:{FIRM}", [reports(WATCH)], told), NOW) == []


def test_a_retracted_report_is_taken_back() -> None:
    first = report(id="told")
    gone = fact(REPORTED, "2025-05-19T06:00:00Z", body=first.body, source=first.source, subjects=first.subjects, corrects="told",
                retracted=True, recorded="2025-05-19T08:00:00Z")  # fmt: skip
    assert judge(WATCH, sums(f"party:{FIRM}", [reports(WATCH)], first, gone), NOW) == []


@pytest.mark.parametrize("watch", WATCHES)
def test_every_watch_alerts_those_it_should(watch: str) -> None:
    """Through intake, linking and the dossiers of every kind that the watch is over."""
    rules = [rule for rule in catalogue() if rule.id == watch]
    names = {"party": ("party", FIRM), "demand": ("demand", "NP:dofe:LT-77"), "place": ("corridor", "NP-QA")}
    for rule in rules:
        field, name = names[rule.kind]
        body = {"watch": watch, "version": 1, field: name, "outcome": "finding", "revision": 0, "reason": "many_complaints",
                "window_until": NOW, "origin": "NP", "destination": "QA", "authority": "NP"}  # fmt: skip
        event = {"id": "told", "source": f"/office/{name[:2]}/watches", "type": REPORTED, "time": NOW, "recordedat": NOW, "body": body}
        found = evaluate_events([event], default(), NOW + DAY)
        (alert,) = {each.id: each for each in found.alerts.values() if each.rule == rule.ref}.values()
        assert (alert.subject, alert.severity, alert.evidence in ((), ("told",))) == (about(body), rule.severity, True)
        reached = {audience.partition(".")[0] for audience, each in found.alerts if each == alert.id}
        assert reached == set(rule.audience)


def test_a_watch_that_says_nothing_is_no_silent_office() -> None:
    told = report(time="2025-01-01T00:00:00Z")
    event = {"id": "told", "source": told.source, "type": REPORTED, "time": told.time, "recordedat": told.time,
             "body": {**told.body, "window_until": told.time}}  # fmt: skip
    assert {each.rule for _, each in evaluate_events([event], default(), NOW).findings()} == {f"{WATCH}@1"}


def test_deaths_and_collapse_are_the_gravest_and_oversight_alone_hears_of_offices() -> None:
    by_id = {rule.id: rule for rule in catalogue() if rule.by == "watch"}
    assert {name for name, rule in by_id.items() if rule.severity == "P1"} == {"T-DTH-01", "T-WAG-02"}
    assert {name for name, rule in by_id.items() if rule.audience == ("oversight",)} == {"T-VIS-02", "T-VIS-03"}
    assert by_id["T-LIC-03"].action == "verify"
    assert by_id["T-CMP-03"].confidential
