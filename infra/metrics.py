"""Prometheus metrics over HTTP, on loopback only: what scrapes them runs beside the process, or through a tunnel.

What a metric may carry as a label is decided where it is made: topics, rules, outcomes, reasons; never an id.
"""

from __future__ import annotations

import click
from prometheus_client import Counter, Gauge, start_http_server

LOOPBACK = "127.0.0.1"
CHILD_UP = Gauge("fairpassage_child_up", "Whether a child of `fairpassage up` runs", ["child"])
CHILD_RESTARTS = Counter("fairpassage_child_restarts_total", "How often a child ended and was started again", ["child"])


def serve(port: int) -> None:
    """Serves this process's metrics at http://127.0.0.1:PORT/metrics; 0 serves none. Raises click.ClickException."""
    if not port:
        return
    try:
        start_http_server(port, addr=LOOPBACK)
    except OSError as problem:
        raise click.ClickException(f"metrics at port {port}: {problem.strerror}; set FAIRPASSAGE_METRICS_PORT to another.") from problem
