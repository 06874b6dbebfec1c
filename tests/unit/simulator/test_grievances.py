"""Complaints that gather at shared parties by chance: five, or far more than expected of the workers known there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from streams.domain.instants import DAY
from streams.publishers.simulator import world
from streams.publishers.simulator.grievances import Complaints
from streams.publishers.simulator.parameters import CORRIDORS
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import Story
from streams.publishers.simulator.truth import Planted
from tests.support.builders import at

START, END = at("2024-01-01"), at("2025-06-01")
LANE = next(corridor for corridor in CORRIDORS if corridor.name == "NP-QA")
FIRM = world.employer("QA", 3)


def complains(story: Story, days: float, role: str = "worker", firm: str = FIRM, who: Script | None = None, origin: str = "") -> Script:
    worker = who or story.hire(origin)
    worker.add(f"filed{days}", "complaint.complaint_filed", END - round(days * DAY), "QA/mol",
               {"complainant_role": role, "employer": firm}, ("passport",))  # fmt: skip
    return worker


def reckoned(scripts: Sequence[Script]) -> list[tuple[str, str, bool]]:
    complaints = Complaints(CORRIDORS, END)
    for script in scripts:
        complaints.note(script)
    found: list[Planted] = list(complaints.true())
    assert all(line.rule == "T-CMP-03" and line.look_alike != line.expected for line in found)
    return [(line.subject, line.issue, line.expected) for line in found]


@pytest.fixture
def story() -> Story:
    return Story("T-CMP-03", 0, 0, START, END, "s", LANE, "t")


def staff(story: Story, many: int) -> list[Script]:
    found = [story.hire() for _ in range(many)]
    for who in found:
        who.add("arrived", "deployment.arrived", END - 300 * DAY, "QA/mol", {"country": "QA", "employer": FIRM}, ("passport",))
    return found


def test_five_workers_in_ninety_days_and_each_nationality(story: Story) -> None:
    five = [complains(story, days, origin="BD" if days > 90 else "") for days in (100, 30, 20, 15, 10)]
    assert reckoned(five) == [(f"party:{FIRM}", "BD", True), (f"party:{FIRM}", "NP", True)]
    late = [complains(story, days) for days in (100.1, 30, 20, 15, 10)]
    assert reckoned(late) == [(f"party:{FIRM}", "NP", False)]


def test_one_worker_an_employer_and_a_party_of_one_journey_gather_nothing(story: Story) -> None:
    one = story.hire()
    assert reckoned([complains(story, days, who=one) for days in (1, 2, 3, 4, 5)][:1]) == []
    assert reckoned([complains(story, days, role="employer") for days in range(1, 7)]) == []
    assert reckoned([complains(story, days, firm="QA:cr:pown") for days in range(1, 7)]) == []


def test_what_was_over_ninety_days_ago_is_told_no_more(story: Story) -> None:
    assert reckoned([complains(story, days) for days in (95, 94, 93, 92, 91)]) == []


@pytest.mark.parametrize(("workers", "complaints", "expected"), [(19, 4, False), (20, 2, True), (100, 2, False), (100, 3, True)])
def test_where_the_workers_are_known_both_halves_are_weighed(story: Story, workers: int, complaints: int, expected: bool) -> None:
    known = staff(story, workers)
    for number, who in enumerate(known[:complaints]):
        complains(story, 10 + number, who=who)
    assert reckoned(known) == [(f"party:{FIRM}", "NP", expected)]


def test_a_worker_who_comes_again_is_one(story: Story) -> None:
    known = staff(story, 19)
    for number, who in enumerate(known[:2]):
        complains(story, 10 + number, who=who)
    assert reckoned([*known, known[-1]]) == [(f"party:{FIRM}", "NP", False)]
