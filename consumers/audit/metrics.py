"""The audit's metrics. Labels are where something is missing, and topics: never an id."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

DIFFERENCES = Gauge("fairpassage_audit_differences", "What the last audit found missing or unaccounted for, by where", ["where"])
EVENTS = Gauge("fairpassage_audit_events", "Public events that the last audit held against everything, by topic and outcome",
               ["topic", "outcome"])  # fmt: skip
STATUS = Gauge("fairpassage_audit_status", "Of the last audit: 0 all is there, 1 something differs, 2 it could not run")
FINISHED = Gauge("fairpassage_audit_finished", "When the last audit that could run ended, in seconds since 1970")
SECONDS = Gauge("fairpassage_audit_seconds", "How long the last audit that could run took")
REPAIRED = Counter("fairpassage_audit_repaired_total", "What audits sent or stored again, by where it was missing", ["where"])
