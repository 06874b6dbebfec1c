"""Feeding a sink and looking at what it stored; and a sink process that dies where a test says.

`python -m tests.support.sinking MODE COUNT BOOTSTRAP GROUP TOPIC URL PASSWORD DATABASE` runs such a process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from pydantic import SecretStr

from consumers.warehouse import sink as sinks
from consumers.warehouse.kafka import commit, record
from consumers.warehouse.pieces import Piece
from consumers.warehouse.records import Record
from consumers.warehouse.sink import Sink, SinkConfig
from consumers.warehouse.store import Warehouse
from consumers.warehouse.writing import Writer
from infra.clickhouse.connection import client
from streams.domain.outputs import Alert, Revision, encode

Positions = Mapping[tuple[str, int], tuple[int, int | None]]

WAIT_SECONDS = 45.0


def alert(number: int, audience: str = "oversight", revision: Revision = (1, 1)) -> Alert:
    """A made-up alert, numbered."""
    return Alert(
        id=f"alert-{number}", revision=revision, rule="T-CON-01@1", harm="contract_not_registered", home="NP",
        subject="journey:NP:00", issue="", status="raised", severity="high", reason="none", summary=f"number {number}",
        action="verify", next_step="ask", evidence=("ev-1",), basis="law", indicators=(), policy_rows=(), parties=(),
        audience=audience, offices=("NP:office:kathmandu",), origin="NP", destination="QA", since=None,
        due_at=1_700_000_000_000, raised_at=1_700_000_000_000, changed_at=1_700_000_000_123,
    )  # fmt: skip


def make_topics(bootstrap: str, *names: str, partitions: int = 2) -> None:
    """Create topics that are not there yet."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    missing = [NewTopic(name, partitions, 1) for name in names if name not in admin.list_topics(timeout=30).topics]
    for waiting in admin.create_topics(missing).values() if missing else ():
        waiting.result(30)


def produce(bootstrap: str, topic: str, records: Iterable[tuple[str, bytes | None]], partition: int | None = None) -> None:
    """Publish and wait until all of it is acknowledged."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "linger.ms": 5})
    for key, value in records:
        producer.produce(topic, value, key, -1 if partition is None else partition, headers=[("ce_id", key.encode())])
        producer.poll(0)
    assert producer.flush(30) == 0


def produce_alerts(bootstrap: str, topic: str, numbers: Iterable[int]) -> None:
    """Publish numbered alerts."""
    audience = topic.removeprefix("alerts.")
    produce(bootstrap, topic, ((f"alert-{n}", encode(alert(n, audience))) for n in numbers))


def read_all(bootstrap: str, topic: str) -> list[Record]:
    """Every record that a topic has now."""
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader", "enable.partition.eof": True,
                       "auto.offset.reset": "earliest", "enable.auto.commit": False})  # fmt: skip
    reader.subscribe([topic])
    left = len(reader.list_topics(topic, timeout=30).topics[topic].partitions)
    found: list[Record] = []
    while left:
        message = reader.poll(30)
        assert message is not None, f"{topic} does not answer"
        if message.error():
            left -= 1
        else:
            found.append(record(message))
    reader.close()
    return found


def warehouse(url: str, password: str, database: str) -> Warehouse:
    """The sink's view of a database."""
    return Warehouse(lambda: client(url, "default", SecretStr(password), database, timeout=30))


@contextmanager
def sinking(config: SinkConfig, store: Warehouse) -> Iterator[Sink]:
    """A sink in a thread for the length of a with-block; what it raised is raised here."""
    running, raised = Sink(config, store), list[BaseException]()

    def work() -> None:
        try:
            running.run()
        except BaseException as problem:  # noqa: BLE001  # raised again by the test's own thread
            raised.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield running
    finally:
        running.stop()
        thread.join(WAIT_SECONDS)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail after a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)


def count(found: Client, table: str, where: str = "1") -> int:
    """Rows as they lie there, without FINAL: a duplicate counts twice."""
    return int(found.query(f"SELECT count() FROM {table} WHERE {where}").result_rows[0][0])


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def _dying(mode: str, after: int) -> None:
    """Patch the sink so that it kills itself between the `after`-th insert and its commit, or its commit and insert."""
    write, done = Writer.write, [0]

    def commit_late(consumer: Consumer, positions: Positions) -> None:
        if all(plan is None for _, plan in positions.values()):
            done[0] += 1
            if done[0] == after:
                _die()
        commit(consumer, positions)

    def store_commit_first(self: Sink, pieces: dict[tuple[str, int], Piece]) -> None:
        commit(self._consumer, {place: (piece.last + 1, None) for place, piece in pieces.items()})
        done[0] += 1
        if done[0] == after:
            _die()
        for place, piece in pieces.items():
            write(self._writer, piece, self._logs[place[0]])

    if mode == "commit_first":
        sinks.Sink._store = store_commit_first  # type: ignore[method-assign]  # the build that a test shows failing
    else:
        vars(sinks)["commit"] = commit_late


if __name__ == "__main__":
    given = sys.argv[1:]
    _dying(given[0], int(given[1]))
    Sink(SinkConfig(given[2], given[3], (given[4],), session_timeout=6.0), warehouse(*given[5:])).run()
