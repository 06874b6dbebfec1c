"""What is tried: how inputs are made, and what one of them may end as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

ACCEPTED = "accepted"
NOW = 1_800_000_000_000  # the instant that every input is held against, so that a run can be repeated
KEY = b"a key for what is thrown at readers"


class Wrong(AssertionError):
    """An input was taken, or refused, as it may not be: what is wrong, by which it is known again, and about what."""

    def __init__(self, what: str, about: str = "") -> None:
        super().__init__(f"{what}: {about}" if about else what)
        self.what = what


@dataclass(frozen=True)
class Target:
    """A reader of what others wrote. An input is bytes, so that it can be kept as a file.

    `verdict` gives "accepted", or the refusal's type and reason; whatever else it raises is a finding. `share` is its part
    of a run's inputs, of 1,000.
    """

    name: str
    what: str
    share: int
    seeds: Callable[[], Sequence[bytes]]
    made: Callable[[Random, Sequence[bytes]], bytes]
    verdict: Callable[[bytes], str]


def refusal(error: str, reason: str, remedy: str) -> str:
    """A refusal's verdict. Raises Wrong for one that says nothing, or too much to be read, or what no terminal should be given."""
    if not reason.strip() or not remedy.strip():
        raise Wrong(f"{error} without a word", f"{reason!r}: {remedy!r}")
    if len(remedy) > 2_000:
        raise Wrong(f"{error} with a remedy too long to be read", remedy[:200])
    return f"{error} {reason}"
