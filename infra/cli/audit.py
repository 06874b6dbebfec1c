"""`fairpassage audit`: whether every event that was published is in the record, in ClickHouse or among the dead letters."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from typing import Any

import click
from clickhouse_connect.driver.exceptions import ClickHouseError
from confluent_kafka import KafkaException
from rich import box
from rich.console import Console
from rich.table import Table

from consumers.audit import metrics
from consumers.audit.comparison import MISSING, WHERE
from consumers.audit.running import NotYet
from consumers.warehouse.kafka import Away
from consumers.warehouse.sending import Undeliverable
from consumers.warehouse.store import Misconfigured, Unavailable
from infra import metrics as serving
from infra.auditing import Auditor, Done
from infra.cli.progress import Progress
from infra.logs import to_json
from infra.settings import Settings, load
from streams.domain.instants import Instant, parse, text
from streams.publishers.identity import KeyFileError

log = logging.getLogger(__name__)
CLEAN, DIFFERS, COULD_NOT_RUN = 0, 1, 2
_FAILURES = (Away, NotYet, Undeliverable, Misconfigured, Unavailable, KafkaException, ClickHouseError, KeyFileError)


@click.command()
@click.option("--repair", is_flag=True, help="Put back what the audit before missed as well.")
@click.option("--every", type=click.IntRange(1, 10_080), metavar="MINUTES", help="Again and again, with metrics, until SIGTERM.")
@click.option("--since", metavar="INSTANT", help="Events that the broker has had since 2025-06-01T00:00:00Z; default: all that it retains.")
@click.option("--wait", "patience", type=click.FloatRange(0), default=60.0, show_default=True,
              help="Seconds that it waits for each of intake, dossiers and sink to have taken what was published.")  # fmt: skip
@click.option("--examples", type=click.IntRange(0, 1_000), default=5, show_default=True, help="Ids shown of each kind of difference.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an audit.")
def audit(repair: bool, every: int | None, since: str | None, patience: float, examples: int, as_json: bool) -> None:
    """Hold every event of the public topics against the record, ClickHouse and the dead letters, on a live system.

    Exit status 0 when all is there, 1 when something differs, 2 when it could not run.
    """
    settings, first = load(), _instant(since)
    to_json(settings.log_level if every else "ERROR")
    stop = threading.Event()
    if every:
        serving.serve(settings.metrics_port)
        _again(settings, stop, every, lambda: _one(settings, stop, first, patience, examples, repair, as_json))
        return
    sys.exit(DIFFERS if _one(settings, stop, first, patience, examples, repair, as_json) else CLEAN)


class CouldNotRun(click.ClickException):
    """Nothing was compared."""

    exit_code = COULD_NOT_RUN


def _instant(given: str | None) -> Instant | None:
    try:
        return parse(given) if given else None
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--since") from problem


def _one(
    settings: Settings, stop: threading.Event, since: Instant | None, patience: float, examples: int, repair: bool, as_json: bool
) -> bool:  # fmt: skip
    """One audit, said and measured; whether anything differs. Raises CouldNotRun."""
    try:
        with Progress() as progress:
            done = Auditor(settings, progress.say, stop.wait, patience).run(since, examples, repair)
    except click.ClickException as problem:
        metrics.STATUS.set(COULD_NOT_RUN)
        raise CouldNotRun(problem.message) from problem
    except _FAILURES as problem:
        metrics.STATUS.set(COULD_NOT_RUN)
        raise CouldNotRun(_why(problem)) from problem
    if as_json:
        click.echo(json.dumps(as_object(done)))
    else:
        _show(done, repair)
    return not done.report.clean


def _why(problem: Exception) -> str:
    if isinstance(problem, NotYet):
        return f"{problem}. Nothing was compared: see `fairpassage doctor`, or give it longer with --wait."
    return str(problem)[:300]


def _again(settings: Settings, stop: threading.Event, minutes: int, one: Any) -> None:
    """Until SIGTERM, an audit each time so many minutes have passed; one that could not run says so, and the next one is made."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        began = time.monotonic()
        try:
            one()
        except CouldNotRun as problem:
            log.warning("the audit could not run", extra={"why": problem.message})
        stop.wait(max(1.0, 60.0 * minutes - (time.monotonic() - began)))


def as_object(done: Done) -> dict[str, Any]:
    """For `--json`."""
    repaired = dict(sorted(done.repaired.items()))
    return {"at": text(done.at), **done.report.as_json(), "seconds": round(done.seconds, 1), "repaired": repaired}


def _show(done: Done, repair: bool) -> None:
    report, console = done.report, Console(highlight=False, markup=False, emoji=False)
    table = _table("topic", "events", "accepted", "rejected", "missing")
    for name, counts in sorted(report.topics.items()):
        lacking = sum(counts[where] for where in MISSING)
        table.add_row(name, *(f"{counts[each]:,}" for each in ("events", "accepted", "rejected")), f"{lacking:,}")
    if report.topics:
        console.print(table)
    wrong = {home: counts for home, counts in sorted(report.homes.items()) if any(counts[where] for where in WHERE)}
    if wrong:
        table = _table("home", "copies", "not in facts", "not in ClickHouse", "unaccounted")
        for home, counts in wrong.items():
            unasked = counts["unaccounted"] + counts["clickhouse unaccounted"]
            table.add_row(home, *(f"{each:,}" for each in (counts["copies"], counts["facts"], counts["clickhouse"], unasked)))
        console.print(table)
    for where in WHERE:
        if number := report.differences[where]:
            console.print(f"{number:,} {SAID[where]}", soft_wrap=True)
            for each in report.examples[where]:
                console.print(f"  {each}", soft_wrap=True)
    console.print(_end(done, repair))


def _table(name: str, *numbers: str) -> Table:
    table = Table(name, box=box.SIMPLE_HEAD)
    for each in numbers:
        table.add_column(each, justify="right")
    return table


SAID = {
    "facts": "accepted and not in facts", "clickhouse": "accepted and not in ClickHouse", "standings": "accepted and not in standings",
    "dead letters": "rejected and not among the dead letters", "clickhouse dead letters": "rejected and no dead letter in ClickHouse",
    "unaccounted": "in facts, and no event accounts for it",
    "clickhouse unaccounted": "in ClickHouse, and neither an event nor facts have it",
}  # fmt: skip


def _end(done: Done, repair: bool) -> str:
    took = f"{done.report.events:,} events in {done.seconds:,.1f} s"
    if done.report.clean and not done.report.events:
        return "no event is there to be held against anything: nothing was published, or nothing since"
    if done.report.clean:
        return f"all is there: {took}"
    if done.repaired:
        return f"{sum(done.repaired.values()):,} put back, {took}; the next audit says whether all is there"
    if any(done.report.differences[where] for where in MISSING):
        again = "nothing of it was missed by the audit before; " if repair else ""
        return f"{took}; {again}`fairpassage audit --repair` puts back what two audits both miss"
    return took
