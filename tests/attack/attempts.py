"""An attempt, what came of it, and the table of all."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

WIDTH = 80
ROLE, ATTEMPT = 17, 26


@dataclass(frozen=True)
class Answer:
    """What came of an attempt, in a few words."""

    allowed: bool
    said: str


@dataclass(frozen=True)
class Attempt:
    """Who tries what. `should` is whether it ought to work: the controls, without which refusing everything would pass."""

    role: str
    what: str
    run: Callable[[], Answer]
    should: bool = False


@dataclass(frozen=True)
class Tried:
    """An attempt and its answer."""

    attempt: Attempt
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether it came out as it should."""
        return self.answer.allowed == self.attempt.should


def tried(attempts: Iterable[Attempt]) -> Iterator[Tried]:
    """Each one's answer, as it comes. What an attempt raises is a fault of the table, not an answer."""
    for attempt in attempts:
        yield Tried(attempt, attempt.run())


def lines(found: Tried) -> Iterator[str]:
    """A row of the table, in lines of 80 columns."""
    mark = ("allowed" if found.answer.allowed else "refused") if found.right else "WRONG"
    room = WIDTH - ROLE - ATTEMPT - 9
    columns = (textwrap.wrap(found.attempt.role, ROLE - 1), textwrap.wrap(found.attempt.what, ATTEMPT - 1),
               textwrap.wrap(mark, 8), textwrap.wrap(found.answer.said, room, max_lines=2, placeholder=" ...",
                                                      break_on_hyphens=False) or [""])  # fmt: skip
    for number in range(max(map(len, columns))):
        role, what, verdict, said = (column[number] if number < len(column) else "" for column in columns)
        yield f"{role:<{ROLE}}{what:<{ATTEMPT}}{verdict:<9}{said}".rstrip()


def heading() -> str:
    """Above the table."""
    return f"{'role':<{ROLE}}{'attempt':<{ATTEMPT}}{'is':<9}answer"


def summary(found: Iterable[Tried]) -> str:
    """Below it."""
    every = list(found)
    wrong = [each for each in every if not each.right]
    allowed = sum(each.answer.allowed for each in wrong)
    refused, controls = sum(not each.attempt.should for each in every), sum(each.attempt.should for each in every)
    if not wrong:
        return f"{refused} forbidden things were tried and refused, {controls} that are allowed worked."
    return f"WRONG: {allowed} forbidden things were allowed, {len(wrong) - allowed} allowed ones were refused."
