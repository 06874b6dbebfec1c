"""How fast the job itself is: decode, check, link, fold, judge and store in one process, without Kafka or Faust."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

from schemas.homes import partition as home_partition
from schemas.topicfiles import declared
from schemas.validate import check
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.intake import accept
from streams.publishers.identity import rekey
from streams.rules.policy import default
from streams.rules.registry import catalogue
from streams.store.rocks import RocksStore
from tests.bench.corpus import KEY, Corpus

PARTITIONS = 8
BATCH = 1_000


def context() -> Context:
    """The whole catalogue with the policy that ships."""
    return Context(catalogue(), default(), Standings(), declared)


def now() -> int:
    """Wall time as an instant."""
    return round(time.time() * 1_000)


def frames(copies: list[tuple[str, Fact]]) -> list[Frame]:
    """One frame for each home, as intake makes them."""
    homes: dict[str, list[Fact]] = defaultdict(list)
    for home, fact in copies:
        homes[home].append(fact)
    return [Frame(home, tuple(facts)) for home, facts in sorted(homes.items())]


def pace(corpus: Corpus, folder: Path) -> float:
    """Events a second."""
    judging = context()
    parts = {n: Partition(RocksStore(folder / f"p{n}"), judging) for n in range(PARTITIONS)}
    began = time.perf_counter()
    events = list(corpus.events())
    for first in range(0, len(events), BATCH):
        copies: list[tuple[str, Fact]] = []
        for event in events[first : first + BATCH]:
            check(event, now=now())
            accepted = accept(event, lambda each: rekey(each, KEY))
            copies += accepted.copies
            if accepted.standing is not None:
                judging.standings.add(accepted.standing)
        for frame in frames(copies):
            parts[home_partition(frame.home, PARTITIONS)].accept([frame], now())
        for part in parts.values():
            part.store.commit()
    took = time.perf_counter() - began
    for part in parts.values():
        part.store.close()
    return len(events) / took
