"""T-EMB-01: fifty open alerts for each caseworker, and one more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from streams.domain.answering import PUBLICATIONS, TOLD, Published
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import MemorySums
from streams.domain.views import SumsView
from streams.rules.alert_unanswered import DONE, OPEN_ALERTS, tell
from streams.rules.registry import Told
from tests.support.builders import at, fact
from tests.support.judging import judge

PLACE, EMBASSY = "place:NP-QA", "embassy.NP-QA"
AS_OF = at("2025-09-01")


def staffed(caseworkers: int, moment: str = "2025-01-10", **details: Any) -> Fact:
    return fact("oversight.embassy_staffing_reported", moment, body={"corridor": "NP-QA", "caseworkers": caseworkers},
                subjects=(PLACE,), source="/office/NP/embassy-doha", **details)  # fmt: skip


def outcome(*reports: Fact, alerts: int, day: str = "2025-03-01", as_of: Instant = AS_OF) -> Outcome | None:
    sums = MemorySums()
    for number in range(alerts):
        sums.add(OPEN_ALERTS.name, (day if number else "2025-02-01", EMBASSY), f"alert-{number}", f"case:NP:{number}")
    view = SumsView(id=PLACE, sums=sums, types=frozenset(report.type for report in reports))
    found = judge("T-EMB-01", view, as_of, standings=Standings(reports))
    return found[0] if found else None


@pytest.mark.covers("T-EMB-01", "plain", "boundary")
@pytest.mark.parametrize(("caseworkers", "most"), [(1, 50), (3, 150)])
def test_fifty_for_each_are_enough_and_one_more_is_too_many(caseworkers: int, most: int) -> None:
    assert isinstance(outcome(staffed(caseworkers), alerts=most), Clear)
    found = outcome(staffed(caseworkers, id="report"), alerts=most + 1)
    assert isinstance(found, Finding)
    assert (found.evidence, found.policy_rows, found.origin, found.destination) == (("report",), ("T-EMB-01.default",), "NP", "QA")
    assert found.since == at("2025-02-28T18:15:00Z")  # the day on which the last of them was published


@pytest.mark.covers("T-EMB-01", "look_alike")
def test_alerts_that_were_closed_ended_or_went_to_others_alone_are_none_of_its_load() -> None:
    """Of 51 with a caseworker, one that asks nothing more of the embassy leaves the fifty that are allowed."""

    def told(number: int, audiences: str = EMBASSY, successor: str = "", closed: bool = False) -> Iterator[Told]:
        alert, moment = f"{number:032x}", at("2025-03-01T06:00:00Z")
        said = Published(moment, TOLD, "P2", "T-CON-02", "NP", "QA", audiences, f"same-{number}", successor)
        sums = MemorySums()
        sums.add(PUBLICATIONS.name, said, alert, f"journey:NP:{number}")
        if closed:
            sums.add(DONE.name, (moment + DAY, "case.closed", EMBASSY, ""), f"closed-{number}", f"fact-{number}")
        return tell(SumsView(id=f"case:NP:{alert}", sums=sums, types=frozenset({"case.closed"})))

    def loaded(*last: Told) -> Outcome:
        heard = MemorySums()
        for about, measure, key, events in [*(each for number in range(50) for each in told(number)), *last]:
            if about == PLACE:
                heard.add(measure, key, events[0], f"case:{events[0]}")
        (found,) = judge("T-EMB-01", SumsView(id=PLACE, sums=heard, types=frozenset()), AS_OF, standings=Standings([staffed(1)]))
        return found

    assert isinstance(loaded(*told(50)), Finding)
    for other in (told(50, closed=True), told(50, successor="f" * 32), told(50, "labour-inspectorate.QA"), told(50, "embassy.NP-MY")):
        assert isinstance(loaded(*other), Clear)


def test_an_embassy_that_has_nobody_is_overloaded_by_its_first() -> None:
    assert isinstance(outcome(staffed(0), alerts=1), Finding)
    assert isinstance(outcome(staffed(0), alerts=0), Clear)


@pytest.mark.covers("T-EMB-01", "missing")
def test_one_that_never_reported_is_insufficient() -> None:
    assert isinstance(outcome(alerts=500), Insufficient)
    assert outcome(alerts=0) is None


def test_the_latest_report_counts_from_when_it_was_made() -> None:
    reports = staffed(1), staffed(2, "2025-08-01", id="more")
    assert isinstance(outcome(*reports, alerts=60, as_of=at("2025-08-01") - 1), Finding)
    assert isinstance(outcome(*reports, alerts=60, as_of=at("2025-08-01")), Clear)
    fewer = staffed(1), staffed(0, "2025-08-01")
    found = outcome(*fewer, alerts=1, as_of=at("2025-08-01") + DAY)
    assert isinstance(found, Finding)
    assert found.since == at("2025-08-01")


@pytest.mark.covers("T-EMB-01", "late")
def test_a_report_that_was_corrected_is_read_as_corrected() -> None:
    wrong = staffed(10, id="typed")
    right = staffed(1, id="right", corrects="typed", recorded="2025-01-20")
    assert isinstance(outcome(wrong, alerts=60), Clear)
    assert isinstance(outcome(wrong, right, alerts=60), Finding)
