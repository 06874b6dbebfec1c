"""A producer for what must be there before anything goes on: acks=all, idempotent, and waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from confluent_kafka import KafkaException, Producer

SECONDS = 60.0
Sent = tuple[str, int | None, bytes, bytes | None, list[tuple[str, bytes]]]  # topic, partition, key, value, headers


class Undeliverable(Exception):
    """A record that Kafka did not take: what depends on it must not be done."""


class Sending:
    """Sends; connects when there is something to send. `failure` begins what is said where Kafka does not take it."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any], failure: str) -> None:
        self._failure = failure
        self._config: dict[str, Any] = {
            "bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 0,
            "message.max.bytes": 20 << 20, "delivery.timeout.ms": int(SECONDS * 1_000), **security,
        }  # fmt: skip

    @cached_property
    def _producer(self) -> Producer:
        return Producer(self._config)

    def __call__(self, records: Iterable[Sent]) -> None:
        """Returns when the broker has all of them. Raises Undeliverable."""
        failed: list[str] = []
        try:
            for topic, partition, key, value, headers in records:
                self._producer.produce(
                    topic, value, key, -1 if partition is None else partition, headers=[*headers],
                    on_delivery=lambda error, _: failed.append(str(error)) if error else None,
                )  # fmt: skip
        except (KafkaException, BufferError) as problem:
            raise Undeliverable(str(problem)) from problem
        if self._producer.flush(SECONDS + 5) or failed:
            raise Undeliverable(f"{self._failure}: {(failed or ['no answer'])[0]}")
