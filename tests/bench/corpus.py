"""Events as offices publish them: simulated corridors, sealed, in order of arrival."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from confluent_kafka import Producer

from schemas.codec import decode
from schemas.topicfiles import topic
from streams.domain.facts import Fact
from streams.domain.instants import parse
from streams.intake import accept
from streams.publishers.identity import rekey
from streams.publishers.reading import Ready, Refused, read
from streams.publishers.simulator.parameters import Corridor
from streams.publishers.simulator.run import Options, Run

KEY = b"a linking key of the bench, thirty-two bytes and more"
START = parse("2023-11-01T00:00:00Z")
PER_WORKER = 20  # events of a simulated worker, about
Sent = tuple[str, bytes, bytes]  # topic, key, value


@dataclass(frozen=True)
class Corpus:
    """Public records in order of arrival."""

    records: tuple[Sent, ...]

    def parted(self) -> tuple[tuple[Sent, ...], tuple[Sent, ...]]:
        """Licences and sanctions, which offices publish before all else and seldom after; and the rest."""
        first, rest = list[Sent](), list[Sent]()
        for each in self.records:
            (first if each[0] == "licensing" else rest).append(each)
        return tuple(first), tuple(rest)

    def events(self) -> Iterator[dict[str, Any]]:
        """The same as intake decodes them."""
        return (decode(name, value) for name, _, value in self.records)

    def copies(self) -> Iterator[tuple[str, Fact, Fact | None]]:
        """(home, fact, standing or None) of each copy that intake makes."""
        for event in self.events():
            accepted = accept(event, lambda each: rekey(each, KEY))
            for home, fact in accepted.copies:
                yield home, fact, accepted.standing


def lines(workers: int, corridors: tuple[Corridor, ...], seed: str = "bench") -> Iterator[bytes]:
    """Raw events as offices have them, one a line, in order of arrival."""
    run = Run(Options(workers, seed, corridors, START, per_rule=0))
    return (each[1] for each in run if isinstance(each, tuple))


def sealed(raw: Iterable[bytes]) -> Iterator[Ready]:
    """The same as `fairpassage publish` sends them. Raises ValueError for one that it would refuse."""
    for row in read(raw, KEY, round(time.time() * 1_000), topic("recruitment").max_record_bytes):
        match row:
            case Ready():
                yield row
            case Refused():
                raise ValueError(f"a simulated event is refused: {row.problems[0].reason}")


def make(events: int, corridors: tuple[Corridor, ...]) -> Corpus:
    """About so many events."""
    workers = max(10, events // PER_WORKER)
    rows = islice(sealed(lines(workers, corridors)), events)
    return Corpus(tuple((row.topic, row.key, row.data) for row in rows))


def produce(bootstrap: str, records: Iterable[tuple[str, bytes, bytes]], partition: int = -1) -> None:
    """Publishes and returns when the broker has all of it. Raises RuntimeError when it has not."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 5,
                         "message.max.bytes": 16 << 20, "queue.buffering.max.messages": 200_000, "log_level": 0})  # fmt: skip
    for name, key, value in records:
        while True:
            try:
                producer.produce(name, value, key, partition)
                break
            except BufferError:
                producer.poll(0.2)
    if left := producer.flush(120):
        raise RuntimeError(f"the broker did not take {left} records")
