"""Deadlines in working days end with a local day; the time in which an alert is answered is the audience's own working week."""

from __future__ import annotations

import pytest

from streams.domain.instants import DAY, HOUR
from streams.rules.deadlines import answer_by, due_after, working_days_after, working_time_after
from tests.support.builders import at

THURSDAY = at("2025-03-06T12:00:00+03:00")  # noon in Qatar


def test_working_days_end_with_the_local_day() -> None:
    assert working_days_after(THURSDAY, 0, (), "QA") == THURSDAY
    assert working_days_after(THURSDAY, 3, (), "QA") == at("2025-03-12T00:00:00+03:00") - 1
    assert working_days_after(THURSDAY, 3, ("SU",), "QA") == at("2025-03-11T00:00:00+03:00") - 1


def test_the_day_it_counts_from_is_the_local_one() -> None:
    """23:30 UTC on Saturday is Sunday in Qatar, which is not counted."""
    assert working_days_after(at("2025-03-08T23:30:00Z"), 1, (), "QA") == at("2025-03-11T00:00:00+03:00") - 1


@pytest.mark.parametrize(("start", "span", "end"), [
    ("2025-03-05T12:00:00+03:00", 24 * HOUR, "2025-03-06T12:00:00+03:00"),
    ("2025-03-06T12:00:00+03:00", 12 * HOUR, "2025-03-07T00:00:00+03:00"),  # the working week's last instant
    ("2025-03-06T12:00:00+03:00", 24 * HOUR, "2025-03-09T12:00:00+03:00"),
    ("2025-03-07T12:00:00+03:00", 24 * HOUR, "2025-03-10T00:00:00+03:00"),
    ("2025-03-27T12:00:00+03:00", 24 * HOUR, "2025-04-02T12:00:00+03:00"),  # a weekend and Eid
    ("2025-03-06T12:00:00+03:00", 72 * HOUR, "2025-03-11T12:00:00+03:00"),
])  # fmt: skip
def test_working_time_leaves_days_of_rest_out(start: str, span: int, end: str) -> None:
    assert working_time_after(at(start), span, (), "QA") == at(end)


def test_an_alert_is_answered_in_hours_or_in_ten_working_days_of_the_country() -> None:
    assert answer_by(THURSDAY, "P1", "QA") == THURSDAY + 24 * HOUR
    assert answer_by(THURSDAY, "P2", "QA") == THURSDAY + 72 * HOUR
    assert answer_by(THURSDAY, "P3", "QA") == at("2025-03-21T00:00:00+03:00") - 1
    assert answer_by(THURSDAY, "P3", "PH") == at("2025-03-21T00:00:00+08:00") - 1
    assert answer_by(at("2025-03-27T12:00:00+03:00"), "P3", "QA") == at("2025-04-16T00:00:00+03:00") - 1  # Eid within
    assert answer_by(THURSDAY, "P3") == THURSDAY + 14 * DAY


def test_no_day_is_the_end_of_this_one() -> None:
    assert due_after(THURSDAY, 0, "QA") == at("2025-03-07T00:00:00+03:00") - 1
    assert due_after(THURSDAY, 2, "QA") == THURSDAY + 2 * DAY
