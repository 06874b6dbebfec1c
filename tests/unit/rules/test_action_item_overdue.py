"""T-TRI-03: an item's own date, else ninety days."""

from __future__ import annotations

from typing import Any

import pytest

from streams.domain.committees import parsed
from streams.domain.facts import Fact
from streams.domain.instants import DAY
from streams.domain.outcomes import Clear, Finding, Outcome
from tests.support.builders import at
from tests.support.lately import lately
from tests.support.places import DESTINATION, outcomes, said

MET = at("2025-01-15T07:00:00Z")


def met(time: int = MET, *items: str, committee: str = "C", id: str | None = None, done: tuple[str, ...] = (), **body: object) -> Fact:
    return said("oversight.committee_met", time, DESTINATION, id=id, committee=committee, jurisdiction="QA", government=True, workers=True,
                employers=True, action_items=list(items), done_items=list(done), **body)  # fmt: skip


def finished(time: int, item: str = "A-7", committee: str = "C", **body: Any) -> Fact:
    return said("oversight.action_item_done", time, DESTINATION, committee=committee, jurisdiction="QA", item=item, **body)


def judged(as_of: int, *facts: Fact, issue: str = "C/A-7") -> Outcome:
    return outcomes("T-TRI-03", DESTINATION, as_of, *facts)[issue]


@pytest.mark.covers("T-TRI-03", "plain", "boundary")
def test_ninety_days_where_it_has_no_date() -> None:
    due = MET + 90 * DAY
    before = judged(due, met(MET, "A-7"))
    assert isinstance(before, Clear)
    assert before.next_at == due + 1
    found = judged(due + 1, met(MET, "A-7", id="met"))
    assert isinstance(found, Finding)
    assert (found.reason, found.since, found.evidence, found.policy_rows) == ("action_item_overdue", due, ("met",), ("T-TRI-03.default",))


@pytest.mark.covers("T-TRI-03", "look_alike", "boundary")
def test_its_own_date_goes_first_the_whole_day_included() -> None:
    item, over = met(MET, "A-7 | due 2025-02-01 | inspections are published"), at("2025-02-01T21:00:00Z")
    assert isinstance(judged(over - 1, item), Clear)
    found = judged(over, item)
    assert isinstance(found, Finding)
    assert found.since == over - 1
    assert isinstance(judged(MET + 100 * DAY, met(MET, "A-7 | due 2025-12-31")), Clear)


@pytest.mark.covers("T-TRI-03", "look_alike")
def test_a_committee_may_move_the_date() -> None:
    moved = met(MET + DAY, "A-7 | due 2025-06-30")
    assert isinstance(judged(at("2025-03-01"), met(MET, "A-7 | due 2025-02-01"), moved), Clear)
    again = met(MET + DAY, "A-7")  # spoken of again, without a date: what was stated stays
    assert isinstance(judged(at("2025-03-01"), met(MET, "A-7 | due 2025-02-01"), again), Finding)


@pytest.mark.covers("T-TRI-03", "look_alike")
def test_done_in_time_late_or_by_a_later_meeting_it_is_done() -> None:
    assert isinstance(judged(MET + 91 * DAY, met(MET, "A-7"), finished(MET + 10 * DAY)), Clear)
    assert isinstance(judged(MET + 200 * DAY, met(MET, "A-7"), finished(MET + 150 * DAY)), Clear)
    assert isinstance(judged(MET + 200 * DAY, met(MET, "A-7"), met(MET + 150 * DAY, done=("A-7",))), Clear)


def test_another_committees_item_of_the_same_reference_is_another() -> None:
    found = outcomes("T-TRI-03", DESTINATION, MET + 91 * DAY, met(MET, "A-7"), finished(MET + DAY, committee="D"))
    assert {issue: type(each) for issue, each in found.items()} == {"C/A-7": Finding}
    assert isinstance(judged(MET + 91 * DAY, met(MET, "A-7", "A-8"), finished(MET + DAY, "A-8")), Finding)


def test_what_was_taken_back_is_not_done() -> None:
    done = finished(MET + DAY, id="done")
    undone = finished(MET + DAY, corrects="done", retracted=True, recorded=MET + 5 * DAY)
    assert isinstance(judged(MET + 91 * DAY, met(MET, "A-7"), done, undone), Finding)


def test_an_item_that_no_meeting_known_agreed_on_is_none() -> None:
    assert outcomes("T-TRI-03", DESTINATION, MET + 400 * DAY, finished(MET)) == {}


@pytest.mark.covers("T-TRI-03", "missing")
def test_what_nobody_told_is_not_done() -> None:
    """A later meeting that says nothing of it leaves it open; one without items has none."""
    assert outcomes("T-TRI-03", DESTINATION, MET + 400 * DAY, met(MET)) == {}
    assert isinstance(judged(MET + 91 * DAY, met(MET, "A-7"), met(MET + 60 * DAY)), Finding)
    assert isinstance(judged(MET + 91 * DAY, met(MET, "A-7"), met(MET + 60 * DAY, done=("A-8",))), Finding)


def test_how_an_item_is_read() -> None:
    assert parsed("A-7") == ("A-7", "")
    assert parsed(" A-7 |due 2025-03-01| text ") == ("A-7", "2025-03-01")
    assert parsed("A-7 | dues are published") == ("A-7", "")


@pytest.mark.covers("T-TRI-03", "late")
def test_what_was_done_and_is_told_late_withdraws_the_alert() -> None:
    late = finished(MET + 10 * DAY, recorded=MET + 120 * DAY)
    assert lately("T-TRI-03", [met(MET, "A-7")], [late], MET + 91 * DAY, MET + 121 * DAY) == ("raised", "withdrawn")
