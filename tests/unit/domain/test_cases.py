"""Cases: which steps are about which complaint, how one is closed, what the worker agreed to, and whom the worker chose."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.cases import NEVER, Case, case_of, cases, channel, closes, consented, own_filings, refused
from streams.domain.employment import FOREVER
from streams.domain.facts import Fact, Refs
from streams.domain.instants import DAY
from streams.domain.views import JourneyView
from tests.support.builders import at, fact, journey

DAY_0 = at("2025-03-02T08:00:00Z")


def filed(case: str | None = "K-1", day: float = 0, role: str = "worker", through: str | None = None, id: str | None = None) -> Fact:
    body = {"complainant_role": role} | ({"channel": through} if through else {})
    return fact("complaint.complaint_filed", DAY_0 + round(day * DAY), source="/office/QA/mol", refs=Refs(case=case), body=body, id=id)


def step(name: str, day: float, case: str | None = None, source: str = "/office/QA/mol", **body: Any) -> Fact:
    return fact(f"complaint.{name}", DAY_0 + round(day * DAY), source=source, refs=Refs(case=case), body=body)


def consent(name: str, day: float, scope: str = "inspectorate", case: str | None = None, **body: Any) -> Fact:
    return step(f"consent_{name}", day, case, scope=scope, **body)


def only(view: JourneyView) -> Case:
    (case,) = cases(view)
    return case


def test_a_step_is_of_the_case_that_it_names_or_of_the_only_one_open() -> None:
    settled = step("complaint_settled", 5, "K-1")
    both = {case.id: case for case in cases(journey(filed(), filed("K-2", 1), settled, step("complaint_followed_up", 9)))}
    assert [fact.type for fact in both["K-1"].own] == ["complaint.complaint_settled"]
    assert [fact.type for fact in both["K-2"].own] == ["complaint.complaint_followed_up"]  # K-1 had ended
    assert both["K-1"].of("complaint.complaint_settled") == (settled,)


def test_a_step_that_may_be_of_either_is_in_doubt_for_both() -> None:
    found = cases(journey(filed(None, id="a"), filed(None, 1, id="b"), step("hearing_held", 5)))
    assert [case.id for case in found] == ["event:a", "event:b"]
    assert all(case.doubts("complaint.hearing_held") and case.own == () for case in found)


def test_which_case_a_step_is_about() -> None:
    view = journey(filed(), filed("K-2", 1))
    assert [getattr(case_of(view, step("hearing_held", 5, name)), "id", None) for name in ("K-1", "K-2", None, "other")] == [
        "K-1", "K-2", None, None]  # fmt: skip
    alone = journey(filed())
    assert getattr(case_of(alone, step("hearing_held", 5)), "id", None) == "K-1"
    assert case_of(alone, step("hearing_held", -5)) is None


def test_the_workers_own_are_by_time_and_nobody_elses() -> None:
    view = journey(filed("K-2", 3), filed(), filed("K-3", 1, role="employer"), filed("K-4", 2, role="family"))
    assert [case.id for _, case in own_filings(view)] == ["K-1", "K-2"]


@pytest.mark.parametrize(("body", "expected"), [
    ({}, False), ({"confirmed_by_worker": False}, False), ({"confirmed_by_worker": True}, True), ({"reason": "repatriated"}, False),
    ({"impossible": "worker_died"}, False), ({"impossible": "worker_died", "document": "n_1"}, True), ({"document": "n_1"}, False),
])  # fmt: skip
def test_what_closes_a_complaint(body: dict[str, Any], expected: bool) -> None:
    assert closes(step("complaint_closed", 1, "K-1", **body)) is expected
    assert bool(only(journey(filed(), step("complaint_closed", 1, "K-1", **body))).own) is expected


END = at("2025-03-31T21:00:00Z")  # the thirty-first ends in Qatar


@pytest.mark.parametrize(("facts", "expected"), [
    ((), NEVER), ((consent("given", 1),), (DAY_0 + DAY, FOREVER)), ((consent("given", 1, "referral"),), NEVER),
    ((consent("given", 1, until="2025-03-31"),), (DAY_0 + DAY, END)),
    ((consent("given", 1), consent("withdrawn", 9)), (DAY_0 + DAY, DAY_0 + 9 * DAY)),
    ((consent("given", 1, until="2025-03-31"), consent("withdrawn", 90)), (DAY_0 + DAY, END)),
    ((consent("withdrawn", 0), consent("given", 1)), (DAY_0 + DAY, FOREVER)),
    ((consent("given", 1), consent("withdrawn", 1)), (DAY_0 + DAY, DAY_0 + DAY)),
    ((consent("given", 1), consent("withdrawn", 9), consent("given", 20)), (DAY_0 + 20 * DAY, FOREVER)),
    ((consent("given", 1, case="K-1"),), (DAY_0 + DAY, FOREVER)), ((consent("given", 1, case="K-2"),), NEVER),
    ((consent("given", 1, case="K-1"), consent("withdrawn", 9)), (DAY_0 + DAY, DAY_0 + 9 * DAY)),
])  # fmt: skip
def test_from_when_until_when_the_worker_agrees(facts: tuple[Fact, ...], expected: tuple[int, int]) -> None:
    view = journey(filed(), *facts)
    assert consented(view, "inspectorate", only(view)) == expected


@pytest.mark.parametrize(("facts", "expected"), [
    ((), False), ((consent("withdrawn", 1, "embassy"),), True), ((consent("withdrawn", -1, "embassy"),), False),
    ((consent("withdrawn", 1),), False), ((consent("withdrawn", 1, "embassy"), consent("given", 2, "embassy")), False),
    ((consent("given", 1, "embassy"), consent("withdrawn", 2, "embassy")), True),
])  # fmt: skip
def test_whether_the_embassy_is_refused(facts: tuple[Fact, ...], expected: bool) -> None:
    view = journey(filed(), *facts)
    assert refused(view, "embassy", only(view)) is expected
    assert channel(view, only(view)) == ("oversight-restricted" if expected else "")


@pytest.mark.parametrize(("through", "role", "expected"), [
    ("ngo", "worker", "ngo-channel"), ("union", "worker", "union-channel"), ("ngo", "family", "ngo-channel"), ("embassy", "worker", ""),
    ("hotline", "worker", ""), (None, "worker", ""), ("ngo", "employer", ""), ("union", "agency", ""),
])  # fmt: skip
def test_whom_the_worker_chose(through: str | None, role: str, expected: str) -> None:
    view = journey(filed(role=role, through=through))
    assert channel(view, only(view)) == expected


def test_the_last_choice_counts_of_a_case_and_of_a_matter_that_names_none() -> None:
    view = journey(filed(through="ngo"), filed(day=2, through="embassy"), filed("K-2", 1, through="union"))
    assert {case.id: channel(view, case) for case in cases(view)} == {"K-1": "", "K-2": "union-channel"}
    assert channel(view, None) == ""
    assert channel(journey(filed(through="embassy"), filed("K-2", 1, through="union")), None) == "union-channel"
    assert channel(journey(), None) == ""


def test_who_chose_a_channel_is_not_asked_about_the_embassy() -> None:
    view = journey(filed(through="ngo"), consent("withdrawn", 1, "embassy"))
    assert channel(view, only(view)) == "ngo-channel"
