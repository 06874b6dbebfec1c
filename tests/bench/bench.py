"""What every measurement is given: a folder, how long it may take, the engines, and events as offices publish them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.embedded import kafka
from infra.kafka.topics import create
from infra.settings import load
from streams.publishers.simulator.parameters import CORRIDORS, Corridor
from tests.bench import calibration, corpus
from tests.bench.corpus import Corpus


@dataclass
class Bench:
    """One run. `full` lets each measurement reach its whole size; else it stops at what `seconds` allow, and says so."""

    home: Path
    full: bool = False
    seconds: float = 15.0
    _corpora: dict[tuple[str, int], Corpus] = field(default_factory=dict)
    _folders: int = 0
    _pace: float = 0.0

    def __post_init__(self) -> None:
        self.key = self.home / "intake.key"
        self.key.write_bytes(secrets.token_hex(32).encode())
        self.key.chmod(0o600)

    def say(self, line: str) -> None:
        """What goes on, as it goes on."""
        print(f"  {line}", flush=True)

    def folder(self, name: str) -> Path:
        """A new folder of this run."""
        self._folders += 1
        path = self.home / f"{self._folders:02}-{name}"
        path.mkdir(parents=True)
        return path

    def corpus(self, events: int, corridors: Sequence[Corridor] = CORRIDORS) -> Corpus:
        """So many sealed events of these corridors (a few more or fewer), in order of arrival; made once a run."""
        place = ",".join(each.name for each in corridors), events
        if place not in self._corpora:
            began = time.monotonic()
            self._corpora[place] = corpus.make(events, tuple(corridors))
            self.say(f"made {len(self._corpora[place].records):,} events in {time.monotonic() - began:.0f} s")
        return self._corpora[place]

    def pace(self) -> float:
        """Events a second that the job itself does in this process, without Kafka: sizes are chosen by it."""
        if not self._pace:
            self._pace = calibration.pace(self.corpus(3_000), self.folder("pace"))
            self.say(f"the job alone does about {self._pace:,.0f} events/s in one process")
        return self._pace

    def enough(self, share: float = 0.6, most: int = 60_000) -> int:
        """How many events keep one worker busy for about `seconds`, if it does `share` of the pace."""
        wanted = self.pace() * share * self.seconds
        return most if self.full else max(5_000, min(most, round(wanted / 1_000) * 1_000))

    @contextmanager
    def kafka(self) -> Iterator[str]:
        """A Kafka node of its own with every topic: nothing of another measurement is in it."""
        with kafka.running(self.folder("kafka"), load().jars) as bootstrap:
            create(bootstrap, embedded=True)
            yield bootstrap
