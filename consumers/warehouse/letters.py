"""Dead letters of the sink: delivered and confirmed before anything after them is committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaException, Producer

from consumers.warehouse import metrics
from consumers.warehouse.records import Record

TOPIC = "sink.dlq"
DELIVERY_SECONDS = 60.0


class Undeliverable(Exception):
    """A dead letter that Kafka did not take: the process must end without a commit."""


class Letters:
    """The producer of `sink.dlq`: acks=all, idempotent."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any]) -> None:
        self._producer = Producer({
            "bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 0,
            "message.max.bytes": 20 << 20, "delivery.timeout.ms": int(DELIVERY_SECONDS * 1000), **security,
        })  # fmt: skip

    def send(self, record: Record, reason: str, detail: str) -> None:
        """The original bytes and headers with the reason and where it stood. Raises Undeliverable."""
        if record.topic == TOPIC:
            raise Undeliverable(f"a record of {TOPIC} is itself at fault ({reason}); it would come back for ever")
        origin = {"fp_reason": reason, "fp_detail": detail[:500], "fp_topic": record.topic, "fp_time": str(record.timestamp),
                  "fp_partition": str(record.partition), "fp_offset": str(record.offset)}  # fmt: skip
        kept = [(name, value) for name, value in record.headers if name not in origin]
        headers: list[tuple[str, str | bytes | None]] = [*kept, *((name, value.encode()) for name, value in origin.items())]
        failed: list[str] = []
        try:
            self._producer.produce(
                TOPIC, record.value, f"{record.topic}-{record.partition}-{record.offset}".encode(), headers=headers,
                on_delivery=lambda error, _: failed.append(str(error)) if error else None,
            )  # fmt: skip
        except (KafkaException, BufferError) as problem:
            raise Undeliverable(str(problem)) from problem
        if self._producer.flush(DELIVERY_SECONDS + 5) or failed:
            raise Undeliverable(f"no dead letter could be delivered to {TOPIC}: {(failed or ['no answer'])[0]}")
        metrics.DEAD_LETTERS.labels(record.topic, reason).inc()
