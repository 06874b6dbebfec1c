"""Events that raise an alert by themselves, at once: how long until it can be read. Published at a steady rate among others."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from confluent_kafka import Consumer, Producer, TopicPartition

from infra.kafka import offsets
from schemas.examples import example
from streams.domain.instants import DAY, text
from streams.domain.outputs import decode_alert
from tests.bench.calibration import now
from tests.bench.corpus import Sent, sealed

SLICE = 0.01  # seconds between two lots of a steady rate
_serial = count(1)


def probes(many: int) -> list[tuple[str, Sent]]:
    """(event id, record) of departures with no contract: each a worker of its own, long enough ago to be overdue."""
    raw = []
    for _ in range(many):
        event, number = example("deployment.departed"), next(_serial)
        left = text(now() - 60 * DAY + number)
        event |= {"id": f"probe-{number}", "time": left, "recordedat": left, "refs": {}}
        event["worker"]["identifiers"][0]["value"] = f"PB{number:08}"
        event["body"]["employer"] = f"QA:cr:{number % 500}"
        raw.append(json.dumps(event).encode())
    return [(row.event["id"], (row.topic, row.key, row.data)) for row in sealed(raw)]


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie (nearest rank). Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class Watch:
    """Publishes and listens at once, in one thread: the times are of one clock."""

    bootstrap: str
    sent: dict[str, float] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._producer = Producer({"bootstrap.servers": self.bootstrap, "acks": "all", "linger.ms": 0, "log_level": 0,
                                   "queue.buffering.max.messages": 200_000})  # fmt: skip
        self._consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "bench", "fetch.wait.max.ms": 5, "log_level": 0,
                                   "enable.auto.commit": False})  # fmt: skip
        names = offsets.topics(offsets.admin(self.bootstrap, {}))
        alerts = [(name, number) for name, many in names.items() if name.startswith("alerts") for number in range(many)]
        self._consumer.assign([TopicPartition(*each, 0) for each in alerts])

    def publish(self, record: Sent, probe: str = "") -> None:
        """One record; `probe` is its event id when it is one."""
        topic, key, value = record
        self._producer.produce(topic, value, key)
        if probe:
            self.sent[probe] = time.monotonic()

    def listen(self) -> None:
        """Takes in what has been said by now."""
        self._producer.poll(0)
        for message in self._consumer.consume(500, 0.001):
            if message.error() is None and (value := message.value()):
                at = time.monotonic()
                for event in decode_alert(value).evidence:
                    if event in self.sent:
                        self.heard.setdefault(event, at)

    def steady(self, records: Iterator[tuple[str, Sent]], rate: int, seconds: float) -> None:
        """Publishes (probe or '', record) at so many a second."""
        began, done = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            while done < passed * rate:
                probe, record = next(records)
                self.publish(record, probe)
                done += 1
            self.listen()
            time.sleep(max(0.0, SLICE - (time.monotonic() - began - passed)))
        self._producer.flush(30)

    def until_heard(self, seconds: float, check: Callable[[], None]) -> int:
        """Listens until every probe is answered or the time is up; how many are not."""
        deadline = time.monotonic() + seconds
        while len(self.heard) < len(self.sent) and time.monotonic() < deadline:
            self.listen()
            check()
        return len(self.sent) - len(self.heard)

    def latencies(self) -> list[float]:
        """Milliseconds from publishing to reading, of each probe that was answered; forgets all of them."""
        found = [(at - self.sent[event]) * 1_000 for event, at in self.heard.items()]
        self.sent.clear()
        self.heard.clear()
        return found
