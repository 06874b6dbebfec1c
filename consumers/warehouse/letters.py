"""Dead letters of the sink: delivered and confirmed before anything after them is committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consumers.warehouse import metrics
from consumers.warehouse.records import Record
from consumers.warehouse.sending import Sending, Undeliverable
from streams.acceptance import told

TOPIC = "sink.dlq"


class Letters:
    """What goes to `sink.dlq`."""

    def __init__(self, bootstrap: str, security: Mapping[str, Any]) -> None:
        self._send = Sending(bootstrap, security, f"no dead letter could be delivered to {TOPIC}")

    def send(self, record: Record, reason: str, detail: str) -> None:
        """The original bytes and headers with the reason and where it stood. Raises Undeliverable."""
        if record.topic == TOPIC:
            raise Undeliverable(f"a record of {TOPIC} is itself at fault ({reason}); it would come back for ever")
        added = told((record.topic, record.partition, record.offset), record.timestamp, reason, detail)
        kept = [(name, value) for name, value in record.headers if name not in dict(added)]
        key = f"{record.topic}-{record.partition}-{record.offset}".encode()
        self._send([(TOPIC, None, key, record.value, [*kept, *added])])
        metrics.DEAD_LETTERS.labels(record.topic, reason).inc()
