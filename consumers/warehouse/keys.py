"""The roots that open sealed facts, as the sink reads them: when a fact names one that it does not know yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from consumers.warehouse.kafka import TIMEOUT, Away, consumer
from consumers.warehouse.store import Misconfigured
from streams.domain.erasures import Husk
from streams.domain.facts import Fact
from streams.sealing import Roots, Unknown, WrongMaster

TOPIC = "keys"


class Keys:
    """Opens what lies on `facts`. `keys` is read on to its end as it is now, from where it was read to last."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any], master: bytes) -> None:
        self._bootstrap, self._security = bootstrap, security
        self._roots = Roots(master)
        self._positions: dict[int, int] = {}

    def open(self, home: str, identity: str, value: bytes) -> Fact | Husk:
        """A fact, or what is left of one. Raises Away, Misconfigured, and what decoding raises."""
        try:
            return self._roots.open(home, identity, value)
        except Unknown:
            self._read()
        try:
            return self._roots.open(home, identity, value)
        except Unknown as problem:  # a root is confirmed before any fact under it: the broker lags, or the topic was lost
            raise Away(str(problem)) from problem

    def _read(self) -> None:
        client = consumer(self._bootstrap, "fairpassage-keys", 10.0, self._security)  # in no group: assigned, and commits nothing
        try:
            ends = _ends(client)
            client.assign([TopicPartition(TOPIC, number, self._positions.get(number, 0)) for number in ends])
            while any(self._positions.get(number, 0) < end for number, end in ends.items()):
                self._take(client, ends)
        except KafkaException as problem:
            raise Away(str(problem)) from problem
        except WrongMaster as problem:
            raise Misconfigured(f"{problem}: FAIRPASSAGE_MASTER_KEY_FILE must name the one that the workers have") from problem
        finally:
            client.close()

    def _take(self, client: Consumer, ends: Mapping[int, int]) -> None:
        for message in client.consume(500, timeout=1.0):
            number, offset = message.partition() or 0, message.offset() or 0
            if message.error() is None and (key := message.key()) is not None:
                self._roots.take(key, message.value())
                self._positions[number] = offset + 1
            elif message.error() is not None:  # the partition ended, also where compaction left nothing before its end
                self._positions[number] = max(self._positions.get(number, 0), min(offset, ends.get(number, 0)))


def _ends(client: Consumer) -> dict[int, int]:
    metadata = client.list_topics(TOPIC, timeout=TIMEOUT).topics[TOPIC]
    return {number: client.get_watermark_offsets(TopicPartition(TOPIC, number), timeout=TIMEOUT)[1] for number in metadata.partitions}
