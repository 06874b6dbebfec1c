"""The watches' metrics. Labels are watches and outcomes: never a subject."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

RUNS = Counter("fairpassage_watch_runs_total", "Runs, by watch and what came of them: judged or insufficient", ["watch", "outcome"])
REPORTS = Counter("fairpassage_watch_reports_total", "Reports that the broker acknowledged, by watch and outcome", ["watch", "outcome"])
SECONDS = Histogram("fairpassage_watch_seconds", "From asking ClickHouse to its answer, by watch", ["watch"],
                    buckets=(0.1, 0.5, 1, 5, 10, 30, 60, 300))  # fmt: skip
UNTIL = Gauge("fairpassage_watch_judged_until", "End of the last window that was judged, in seconds since 1970, by watch", ["watch"])
