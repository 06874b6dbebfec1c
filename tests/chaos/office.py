"""The publisher of a run: a simulated corridor's events as time reaches them, with bad records among them, each acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

from confluent_kafka import KafkaError, Message, Producer

from schemas.topicfiles import topic
from streams.publishers.publishing import headers
from streams.publishers.reading import Ready, read
from tests.chaos.checking import Place
from tests.chaos.pace import Pace
from tests.support.simulated import Simulated

BAD_EVERY = 60  # events for each bad record
STEP = 0.2  # seconds
LONGEST = 600.0  # seconds that a record may take to be acknowledged, brokers away included
Sent = Callable[[KafkaError | None, Message], None]


class Office(threading.Thread):
    """Publishes with acks=all and an idempotent producer, on and on until the run's time is over.

    `acknowledged` is when (unix seconds) each fact was first acknowledged; `rejected` the same for bad records, by their place.
    """

    def __init__(self, bootstrap: str, run: Simulated, key: bytes) -> None:
        super().__init__(name="office", daemon=True)
        limit, now = topic("recruitment").max_record_bytes, round(time.time() * 1_000)
        rows = [row for row in read((line for _, line in run.raw), key, now, limit) if isinstance(row, Ready)]
        arrivals = accumulate((row.event["recordedat"] for row in rows), max)
        self.rows = rows
        self.acknowledged: dict[str, float] = {}
        self.rejected: dict[Place, float] = {}
        self._due, self._repeats, self._failed, self._sent, self._held = list(arrivals), 0, list[str](), 0, False
        self._producer = Producer({
            "bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 20, "log_level": 0,
            "delivery.timeout.ms": int(LONGEST * 1_000), "error_cb": lambda _problem: None,
        })  # fmt: skip

    def begin(self, pace: Pace) -> None:
        """Publishes from now on."""
        self._pace = pace
        self.start()

    def run(self) -> None:
        """In steps; the last one when all is sent and the run's time is over."""
        while True:
            now = self._pace.at(time.time())
            while not self._held and self._sent < len(self.rows) and self._due[self._sent] <= now:
                self._next()
            self._again()
            self._producer.poll(0)
            if self._sent == len(self.rows) and now >= self._pace.last:
                return
            time.sleep(STEP)

    def repeat(self, number: int) -> None:
        """Publishes the last so many events once more, at once. Thread-safe."""
        self._repeats = number

    @contextmanager
    def held(self) -> Iterator[None]:
        """Publishes nothing new meanwhile, and all that has come due at once afterwards."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def finish(self) -> None:
        """Returns when every record is acknowledged. Raises AssertionError when one is not."""
        self.join()
        assert not self._producer.flush(LONGEST), "records were not acknowledged"
        assert not self._failed, f"the brokers did not take {len(self._failed)} records: {self._failed[0]}"

    def _next(self) -> None:
        row, number = self.rows[self._sent], self._sent
        self._produce(row, self._took(row.fact))
        if number % BAD_EVERY == 0:
            where, key, value = bad(row, number // BAD_EVERY)
            self._put(where, key, value, [], self._refused)
        self._sent += 1

    def _again(self) -> None:
        number, self._repeats = self._repeats, 0
        for row in self.rows[max(0, self._sent - number) : self._sent]:
            self._produce(row, self._took(row.fact))

    def _produce(self, row: Ready, sent: Sent) -> None:
        self._put(row.topic, row.key, row.data, headers(row.event), sent)

    def _put(self, where: str, key: bytes, value: bytes | None, told: list[Any], sent: Sent) -> None:
        while True:
            try:
                self._producer.produce(where, value, key, headers=told, on_delivery=sent)
                return
            except BufferError:
                self._producer.poll(0.5)

    def _took(self, fact: str) -> Sent:
        def told(problem: KafkaError | None, _message: Message) -> None:
            if problem is not None:
                self._failed.append(problem.str())
            else:
                self.acknowledged.setdefault(fact, time.time())

        return told

    def _refused(self, problem: KafkaError | None, message: Message) -> None:
        if problem is not None:
            self._failed.append(problem.str())
        else:
            self.rejected[message.topic() or "", message.partition() or 0, message.offset() or 0] = time.time()

    def events(self) -> Iterator[dict[str, Any]]:
        """Every event that was acknowledged, in the order of publishing."""
        return (row.event for row in self.rows if row.fact in self.acknowledged)


def bad(row: Ready, number: int) -> tuple[str, bytes, bytes | None]:
    """(topic, key, value) of a record that intake must refuse: of five kinds in turn."""
    other = "visa" if row.topic != "visa" else "complaint"
    kinds: tuple[tuple[str, bytes, bytes | None], ...] = (
        (row.topic, b"no value", None),
        (row.topic, row.key, b"\xff" * 40),
        (row.topic, b"another key", row.data),
        (other, row.key, row.data),
        (row.topic, row.key, row.data[:-1]),
    )
    return kinds[number % len(kinds)]
