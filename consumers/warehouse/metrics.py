"""The sink's metrics. Labels are tables, topics and reasons: never an id."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

ROWS = Counter("fairpassage_sink_rows_total", "Rows that ClickHouse acknowledged, by table", ["table"])
INSERTS = Counter("fairpassage_sink_inserts_total", "Acknowledged inserts, by table", ["table"])
RETRIES = Counter("fairpassage_sink_retries_total", "Inserts and look-ups repeated because ClickHouse was away")
DEAD_LETTERS = Counter("fairpassage_sink_dead_letters_total", "Records sent to sink.dlq, by topic and reason", ["topic", "reason"])
INSERT_SECONDS = Histogram("fairpassage_sink_insert_seconds", "From sending an insert to its acknowledgement",
                           buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30))  # fmt: skip
LAG = Gauge("fairpassage_sink_lag", "Records in Kafka that ClickHouse does not have yet, by topic", ["topic"])
WAITING_BYTES = Gauge("fairpassage_sink_waiting_bytes", "Bytes read from Kafka and not stored yet")
