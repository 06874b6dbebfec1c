"""What an audit reads: parts of topics, with a consumer that is in no group, and ids in ClickHouse by where they came from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from clickhouse_connect.driver.client import Client
from confluent_kafka import OFFSET_END, Consumer, KafkaError, KafkaException, Message, TopicPartition

from consumers.audit.comparison import Copy, Letter, Place
from consumers.warehouse.kafka import Away, record
from consumers.warehouse.records import Record

TIMEOUT = 30.0  # seconds that a broker may be silent
READ = 2_000  # records taken from the client at once
SPAN = 500_000  # offsets of a partition that one query asks for
ASKED = 5_000  # ids that one query names
Part = tuple[str, int]
Span = tuple[int, int]  # first offset, and the first one beyond


class Reader:
    """Reads from one offset to another. It has no group: it is dealt nothing, and commits nothing."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any]) -> None:
        name = f"{security.get('sasl.username', 'fairpassage')}.audit"  # the client wants one; only names of its own are a user's
        self._consumer = Consumer({
            "bootstrap.servers": bootstrap, "group.id": name, "enable.auto.commit": False, "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest", "enable.partition.eof": True, "queued.max.messages.kbytes": 32 << 10,
            "fetch.message.max.bytes": 4 << 20, "log_level": 0, **security,
        })  # fmt: skip

    def close(self) -> None:
        """Closes the connection."""
        self._consumer.close()

    def read(self, spans: Mapping[Part, Span]) -> Iterator[Record]:
        """Every record there is in these parts of partitions; what the broker no longer has is passed over. Raises Away."""
        left = {part: last for part, (first, last) in spans.items() if last > first}
        if not left:
            return
        starts = [TopicPartition(*part, spans[part][0]) for part in left]
        self._consumer.assign(starts)
        self._consumer.resume(starts)  # what an earlier reading paused would stay so
        heard = time.monotonic()
        while left:
            for message in self._consumer.consume(READ, 1.0):
                heard = time.monotonic()
                part = message.topic() or "", message.partition() or 0
                if part not in left:
                    continue
                done = _reached(message)
                if message.error() is None and done <= left[part]:
                    yield record(message)
                if done >= left[part]:
                    del left[part]
                    self._consumer.pause([TopicPartition(*part)])
            if time.monotonic() - heard > TIMEOUT:
                raise Away(f"{next(iter(left))[0]} does not answer")
        self._consumer.unassign()

    def at(self, places: Iterable[Place]) -> Iterator[Record]:
        """The records at these places, as far as they are still there. Raises Away."""
        wanted = set(places)
        spans: dict[Part, Span] = {}
        for topic, partition, offset in wanted:
            first, last = spans.get((topic, partition), (offset, offset + 1))
            spans[topic, partition] = min(first, offset), max(last, offset + 1)
        for found in self.read(spans):
            if (found.topic, found.partition, found.offset) in wanted:
                yield found

    def since(self, parts: Iterable[Part], at: int) -> dict[Part, int]:
        """The first offset of each partition whose record is as young as `at` (ms); where there is none, its end. Raises Away."""
        asked = [TopicPartition(topic, partition, max(0, at)) for topic, partition in parts]
        try:
            answers = self._consumer.offsets_for_times(asked, timeout=TIMEOUT) if asked else []
            return {(each.topic, each.partition): each.offset if each.offset >= 0 else self._end(each) for each in answers}
        except KafkaException as problem:
            raise Away(str(problem)) from problem

    def _end(self, part: TopicPartition) -> int:
        if part.offset not in (OFFSET_END, -1) or part.error is not None:
            raise Away(f"{part.topic} does not answer")
        return int(self._consumer.get_watermark_offsets(TopicPartition(part.topic, part.partition), timeout=TIMEOUT)[1])


def _reached(message: Message) -> int:
    """The offset up to which a partition is read with this message. Raises Away."""
    error = message.error()
    if error is None:
        return (message.offset() or 0) + 1
    if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  # its public name
        return message.offset() or 0
    if error.retriable():
        return 0
    raise Away(str(error))


class Stored:
    """Ids that ClickHouse has. Bodies are not asked for."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._client = connect()

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def facts_from(self, log: str, spans: Mapping[int, Span]) -> Iterator[Copy]:
        """Copies of facts that came from these offsets of the partitions of `facts`, whose id in Kafka is `log`."""
        sql = ("SELECT home, id FROM facts WHERE src_log = {log:String} AND src_partition = {partition:UInt32} "
               "AND src_offset >= {first:UInt64} AND src_offset < {last:UInt64}")  # fmt: skip
        for partition, first, last in _pieces(spans):
            given = {"log": log, "partition": partition, "first": first, "last": last}
            for home, identity in self._client.query(sql, given).result_rows:
                yield Copy(str(home), str(identity))

    def facts_of(self, copies: Iterable[Copy]) -> Iterator[Copy]:
        """Those of these copies that it has, wherever they came from."""
        sql = "SELECT DISTINCT home, id FROM facts WHERE home IN %(homes)s AND id IN %(ids)s"
        for some in _chunks(copies):
            wanted, named = set(some), {"homes": tuple({each.home for each in some}), "ids": tuple({each.id for each in some})}
            for home, identity in self._client.query(sql, named).result_rows:
                if (found := Copy(str(home), str(identity))) in wanted:
                    yield found

    def letters(self, topics: Sequence[str], since: int) -> Iterator[Letter]:
        """What was rejected of these topics, by dead letters no older than `since` (ms)."""
        sql = ("SELECT DISTINCT origin_partition, origin_offset FROM dead_letters WHERE topic = {dlq:String} "
               "AND origin_topic = {topic:String} AND origin_partition IS NOT NULL AND origin_offset IS NOT NULL "
               "AND at >= fromUnixTimestamp64Milli({since:Int64})")  # fmt: skip
        for topic in topics:
            given = {"dlq": f"{topic}.dlq", "topic": topic, "since": max(0, since)}
            for partition, offset in self._client.query(sql, given).result_rows:
                yield Letter(topic, int(partition), int(offset))


def _pieces(spans: Mapping[int, Span]) -> Iterator[tuple[int, int, int]]:
    for partition, (first, last) in sorted(spans.items()):
        for start in range(first, last, SPAN):
            yield partition, start, min(start + SPAN, last)


def _chunks(copies: Iterable[Copy]) -> Iterator[list[Copy]]:
    some: list[Copy] = []
    for each in copies:
        some.append(each)
        if len(some) == ASKED:
            yield some
            some = []
    if some:
        yield some
