"""How a run's time passes: a simulated year and a half in minutes, the same for the publisher and every worker.

Due dates come due while processes die, which no run at the pace of the clock on the wall would see.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from streams.domain.instants import Instant


@dataclass(frozen=True)
class Pace:
    """From `first` to `last` (instants) in so many `seconds` from `began` (unix seconds); before and after it stands still."""

    began: float
    first: Instant
    last: Instant
    seconds: float

    def at(self, wall: float) -> Instant:
        """The run's instant at a unix time."""
        share = min(1.0, max(0.0, (wall - self.began) / self.seconds))
        return self.first + round((self.last - self.first) * share)


def _file(home: Path) -> Path:
    return home / "chaos" / "pace.json"


def begin(home: Path, pace: Pace) -> None:
    """From now on every worker of the home goes by it."""
    scratch = _file(home).with_suffix(".new")
    scratch.parent.mkdir(parents=True, exist_ok=True)
    scratch.write_text(json.dumps(asdict(pace)), "utf-8")
    scratch.replace(_file(home))


def read(home: Path) -> Pace | None:
    """The pace of a home; None before it began."""
    return Pace(**json.loads(_file(home).read_text("utf-8"))) if _file(home).exists() else None
