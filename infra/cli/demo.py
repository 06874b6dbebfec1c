"""`fairpassage demo`: simulated corridors end to end, and what was found against what was planted."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.demo.running import Demo
from infra.demo.settling import NotSettled
from infra.demo.showing import as_json, lines
from infra.embedded import state
from infra.settings import load
from streams.publishers.publishing import Undelivered

MADE = ("kafka", "clickhouse", "workers", "published", "simulated", "logs", "secrets")


@click.command()
@click.option("--workers", default=2_000, show_default=True, type=click.IntRange(100), help="How many workers migrate.")
@click.option("--seed", default="1", show_default=True, help="Same seed, same events.")
@click.option("--json", "json_wanted", is_flag=True, help="End with one JSON object.")
def demo(workers: int, seed: str, json_wanted: bool) -> None:
    """Simulate corridors, run the whole chain on the embedded engines, and compare what it found with what was planted.

    Works in a home of its own (`demo` below FAIRPASSAGE_HOME), which each run makes anew, and leaves nothing running.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    settings = load(home=load().root / "demo", kafka_port=0, clickhouse_port=0, bootstrap="", clickhouse_url="")
    _anew(settings.root)
    console = Console(stderr=True, quiet=json_wanted, width=80 if not sys.stderr.isatty() else None)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=json_wanted or not sys.stderr.isatty(), transient=True) as progress:
        tasks = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done)

        try:
            out = Demo(settings, workers, seed, console.print, step).run()
        except (NotSettled, Undelivered) as problem:
            raise click.ClickException(f"{problem} Logs: {settings.root / 'logs'}") from problem
    click.echo(json.dumps(as_json(out)) if json_wanted else "\n".join(lines(out)))


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """Ends as Ctrl-C does: every child first."""
    raise KeyboardInterrupt(f"signal {number}")


def _anew(home: Path) -> None:
    """An empty home; what an earlier demo left running there is ended first, and one that runs now is left alone."""
    found = state.read(home)
    if found is not None and found.supervisor.alive:
        raise click.ClickException(f"a demo runs here already (pid {found.supervisor.pid}); wait for it to end.")
    for child in (found.children if found is not None else {}).values():
        child.end()
    for name in MADE:
        shutil.rmtree(home / name, ignore_errors=True)
