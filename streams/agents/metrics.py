"""A worker's metrics. Labels are topics, outcomes and reasons: never an id."""

from __future__ import annotations

import contextlib

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("fairpassage_events_total", "Public events by topic and outcome", ["topic", "outcome"])
DEAD_LETTERS = Counter("fairpassage_dead_letters_total", "Dead letters by topic and reason", ["topic", "reason"])
FACTS = Counter("fairpassage_facts_total", "New facts recorded")
ALERTS = Counter("fairpassage_alerts_total", "Alert revisions published, by rule and status", ["rule", "status"])
LATENCY = Histogram("fairpassage_event_to_alert_seconds", "From an event's publication to its alerts' delivery",
                    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60))  # fmt: skip
OPENING = Histogram("fairpassage_open_partition_seconds", "Time to open a partition",
                    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300))  # fmt: skip
PARTITIONS = Gauge("fairpassage_open_partitions", "Partitions that this worker owns and has open")
DUE_OVERDUE = Gauge("fairpassage_due_overdue", "Dossiers whose due instant has passed and that are not evaluated yet", ["partition"])
DOSSIERS = Gauge("fairpassage_open_dossiers", "Dossiers with an entry, in the open partitions", ["partition"])
STALE = Counter("fairpassage_stale_entries_total", "Entries of an earlier owner that came late, said again as they stand now")
LAG = Gauge("fairpassage_lag", "Records that the group has not committed yet", ["topic", "partition"])


def gone(gauge: Gauge, *labels: str) -> None:
    """Shows no more of what has left this worker; nothing where it was never measured."""
    with contextlib.suppress(KeyError):
        gauge.remove(*labels)
