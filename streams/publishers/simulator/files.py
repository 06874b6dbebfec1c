"""A run as files: one of events per public topic, and the truth beside them."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from streams.publishers.simulator import truth
from streams.publishers.simulator.run import Options, Run
from streams.publishers.simulator.truth import Planted

TRUTH = "truth.ndjson"  # no *.jsonl: those are what offices publish


@dataclass
class Written:
    """What a run wrote: lines by topic, journeys, and per rule how many cases were planted, and how many look-alikes."""

    folder: Path
    events: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    journeys: int = 0
    identities: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    look_alikes: Counter[str] = field(default_factory=Counter)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of events, sorted by topic."""
        return tuple(self.folder / f"{context}.jsonl" for context in sorted(self.events))

    @property
    def truth(self) -> Path:
        """The file of truth."""
        return self.folder / TRUTH


def write(options: Options, folder: Path) -> Written:
    """Writes a run into `folder`, which is made when it is missing. Raises OSError when it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    run, done = Run(options), Written(folder)
    with ExitStack() as stack:
        opened: dict[str, BinaryIO] = {}

        def to(name: str) -> BinaryIO:
            if name not in opened:
                opened[name] = stack.enter_context((folder / name).open("wb"))
            return opened[name]

        to(TRUTH)
        for item in run:
            if isinstance(item, tuple):
                context, line = item
                done.events[context] += 1
                to(f"{context}.jsonl").write(line)
            else:
                to(TRUTH).write(truth.encode(item))
                _count(done, item)
    done.duplicates = run.arrivals.duplicates
    return done


def _count(done: Written, item: truth.Planted | truth.Migration) -> None:
    if isinstance(item, Planted):
        done.planted[item.rule] += item.expected
        done.look_alikes[item.rule] += item.look_alike
    else:
        done.journeys += 1
        done.identities += item.identities
