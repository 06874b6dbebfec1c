"""`fairpassage status`: what runs in this home, and how it does by its own metrics."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import Any

import click
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from infra.embedded import state
from infra.settings import load

TIMEOUT = 3.0
# What a reader wants of a process's metrics: name on the wire -> the word shown.
SHOWN = {
    "fairpassage_events_total": "events", "fairpassage_facts_total": "facts", "fairpassage_alerts_total": "alerts",
    "fairpassage_dead_letters_total": "dead letters", "fairpassage_open_partitions": "partitions",
    "fairpassage_open_dossiers": "dossiers", "fairpassage_due_overdue": "overdue", "fairpassage_lag": "lag",
    "fairpassage_sink_rows_total": "rows", "fairpassage_watch_runs_total": "runs", "fairpassage_watch_reports_total": "reports",
}  # fmt: skip


def scraped(port: int) -> dict[str, int] | None:
    """A process's own numbers, summed over labels; None when it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=TIMEOUT) as answer:
            text = answer.read().decode()
    except (OSError, urllib.error.URLError):
        return None
    found: dict[str, int] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if (word := SHOWN.get(sample.name)) is not None:
                found[word] = found.get(word, 0) + round(sample.value)
    return found


def report(running: state.State | None) -> dict[str, Any]:
    """Everything shown, as one JSON object."""
    if running is None:
        return {"running": False, "children": {}}
    children = {
        name: {"pid": each.pid, "running": each.alive, "metrics": scraped(running.metrics[name]) if name in running.metrics else None}
        for name, each in running.children.items()
    }
    return {"running": running.supervisor.alive, "supervisor": running.supervisor.pid, "bootstrap": running.bootstrap,
            "clickhouse": running.clickhouse, "children": children}  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(as_json: bool) -> None:
    """What `up` runs in FAIRPASSAGE_HOME. Exit status 1 when it does not run, or a part of it does not."""
    home = load().root
    found = {"home": str(home), **report(state.read(home))}
    if as_json:
        click.echo(json.dumps(found))
    elif not found["children"]:
        click.echo(f"nothing runs in {home}; start it with `fairpassage up`")
    else:
        _show(found)
    sys.exit(0 if found["running"] and all(each["running"] for each in found["children"].values()) else 1)


def _show(found: dict[str, Any]) -> None:
    console = Console(highlight=False)
    who = f"supervisor {found['supervisor']}" if found["running"] else "the supervisor has ended: `fairpassage stop`, then `fairpassage up`"
    console.print(f"Kafka {found['bootstrap']}   ClickHouse {found['clickhouse']}   {who}", soft_wrap=True)
    table = Table("process", "pid", "state", "numbers")
    for name, each in found["children"].items():
        numbers = ", ".join(f"{word} {value:,}" for word, value in (each["metrics"] or {}).items())
        table.add_row(name, str(each["pid"]), "runs" if each["running"] else "[red]ended[/red]", numbers)
    console.print(table)
