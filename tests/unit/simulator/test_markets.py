"""What the corridors that all journeys share come to, reckoned from the stories as they were written."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from streams.domain.instants import DAY, HOUR, text
from streams.publishers.simulator.markets import CLEARED, DEPARTED, Markets
from streams.publishers.simulator.parameters import CORRIDORS
from streams.publishers.simulator.script import Script
from streams.publishers.simulator.stories import Story
from streams.publishers.simulator.truth import Planted
from tests.support.builders import at

START, END = at("2024-01-01"), at("2025-06-01")
LANE = next(corridor for corridor in CORRIDORS if corridor.name == "NP-QA")


def left(story: Story, agency: str, days: int = 20, again: str = "") -> Script:
    """A worker cleared by an agency, and by another the day after, who left so many days before the end."""
    who = story.hire()
    for number, each in enumerate((agency, again)):
        if each:
            said = {"country": "QA", "agency": each}
            who.add(f"cleared{number}", CLEARED, story.before(days + 9 - number), "NP/dofe", said, ("passport",))
    who.add("departed", DEPARTED, story.before(days), "NP/dofe", {"country": "QA"}, ("passport",))
    return who


def reckoned(agencies: Sequence[str], days: int = 20, more: Sequence[tuple[str, str, int]] = ()) -> list[Planted]:
    story, markets = Story("T-CHN-07", 0, 0, START, END, "s", LANE, "t"), Markets(END)
    for agency in agencies:
        markets.note(left(story, agency, days))
    for agency, again, when in more:
        markets.note(left(story, agency, when, again))
    return list(markets.true())


def test_four_of_ten_are_more_than_thirty_in_a_hundred() -> None:
    (line,) = reckoned(["A"] * 4 + list("BCDEFG"))
    assert (line.rule, line.subject, line.issue, line.expected, line.as_of) == ("T-CHN-07", "place:NP-QA", "departures", True, text(END))


@pytest.mark.parametrize(("agencies", "few"), [
    (["A"] * 3 + list("BCDEFGH"), False),  # thirty in a hundred
    ([agency for agency in "ABCD" for _ in range(5)], False),  # a quarter each
    ([agency for agency in "ABC" for _ in range(3)] + ["D"], True),  # thirty in a hundred each
    (["A"] * 3 + [""] * 7, False),  # seven of whom nobody knows
    (["NP:dofe:1-2", "NP:dofe:1 2", "NP:dofe:1.2", "NP:dofe:1/2", *"BCDEFG"], True),  # spellings
])  # fmt: skip
def test_shares_and_their_squares(agencies: list[str], few: bool) -> None:
    (line,) = reckoned(agencies)
    assert (line.expected, line.look_alike) == (few, not few)


def test_fewer_than_ten_and_what_was_long_ago_say_nothing() -> None:
    assert reckoned(["A"] * 9) == []
    assert reckoned(["A"] * 10, days=91) == []
    assert reckoned(["A"] * 9, more=[("A", "", 91)]) == []
    assert len(reckoned(["A"] * 9, more=[("A", "", 90)])) == 1


def test_the_last_clearance_before_it_counts() -> None:
    (line,) = reckoned(["A"] * 3 + list("BCDEFG"), more=[("A", "H", 20)])
    assert not line.expected


def test_a_story_speaks_for_its_own_corridor_and_who_wrote_a_day_ahead_for_nobody() -> None:
    story, markets = Story("T-CHN-07", 0, 0, START, END, "s", LANE, "t"), Markets(END)
    for _ in range(10):
        ahead = left(story, "A")
        ahead.steps["departed"].recorded = ahead.steps["departed"].time - DAY - HOUR
        markets.note(ahead)
    assert list(markets.true()) == []
    for _ in range(10):
        markets.note(left(story, "A"))
    (line,) = markets.true()
    markets.told([line])
    assert list(markets.true()) == []
