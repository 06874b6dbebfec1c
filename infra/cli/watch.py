"""`fairpassage watch`: rules about the population, on their schedule; what is new leaves as events through the same alerts."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from functools import partial

import click
from confluent_kafka import KafkaException
from rich import box
from rich.console import Console
from rich.table import Table

from consumers.watches.catching_up import CatchingUp
from consumers.watches.headers import Watch, watches
from consumers.watches.judging import Unusable
from consumers.watches.running import Ran, Runner, Schedule
from infra import metrics
from infra.cli.publish import signer_of
from infra.cli.wiring import policy_of, service
from infra.clickhouse.connection import connecting
from infra.kafka import offsets
from infra.kafka.security import librdkafka
from infra.logs import to_json
from infra.settings import Settings, load
from schemas.catalogue import event_types
from streams.domain.instants import Instant, parse, text
from streams.publishers.identity import KeyFileError
from streams.publishers.publishing import Publisher, Undelivered

log = logging.getLogger(__name__)
PATIENCE = 20.0  # seconds that a run waits for each of workers, dossiers and sink to catch up
AGAIN = 15.0  # seconds until a watch that had to wait, or whose window has not ended, is looked at again


@click.command()
@click.option("--once", is_flag=True, help="One run of each, then end; 1 when one could not be judged.")
@click.option("--only", multiple=True, metavar="ID", help="Only this watch (T-DTH-01, or its harm); may be given more than once.")
@click.option("--dry-run", is_flag=True, help="All but publish.")
@click.option("--as-of", metavar="INSTANT", help="The last window that had ended at 2025-06-01T00:00:00Z, not now; with --once.")
@click.option("--days", type=click.IntRange(1, 36_500), help="A window of so many days instead of the policy's; with --dry-run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run: counts and places, no names.")
def watch(once: bool, only: tuple[str, ...], dry_run: bool, as_of: str | None, days: int | None, as_json: bool) -> None:
    """Run the watches: each once its window has ended and ClickHouse has all that Kafka had. Publishes what is new, until SIGTERM."""
    if (as_of and not once) or (days and not dry_run):
        raise click.UsageError("--as-of goes with --once, and --days with --dry-run: what is published is judged by the policy, on time.")
    settings = load()
    to_json(settings.log_level if not once else "ERROR")
    chosen, fixed, stop = _chosen(only), _instant(as_of or settings.as_of), threading.Event()
    try:
        publisher = None if dry_run else _Publishing(settings).open
        lacking, overrides = partial(_lacking, _catching_up(settings, stop)), {"days": days} if days else {}
        runner = Runner(connecting(settings, timeout=600), policy_of(settings), lacking, publisher, overrides)
        if once:
            ran = runner.run(chosen, _now(fixed))
            _say(ran, dry_run, as_json)
            sys.exit(1 if any(each.lacking for each in ran) else 0)
        metrics.serve(settings.metrics_port)
        _run(runner, chosen, fixed, stop, as_json)
    except (Unusable, Undelivered, KafkaException, KeyFileError) as problem:
        raise click.ClickException(str(problem)) from problem


def _chosen(only: Sequence[str]) -> list[Watch]:
    """The watches named, or all. Raises click.BadParameter."""
    found = list(watches())
    names = {name.lower() for name in only}
    known = {name for each in found for name in (each.id.lower(), each.harm)}
    if unknown := names - known:
        raise click.BadParameter(f"{min(unknown)!r} is no watch; there are {', '.join(each.id for each in found)}", param_hint="--only")
    return [each for each in found if not names or names & {each.id.lower(), each.harm}]


def _instant(given: str) -> Instant | None:
    try:
        return parse(given) if given else None
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--as-of") from problem


def _now(fixed: Instant | None) -> Instant:
    return fixed if fixed is not None else round(time.time() * 1_000)


class _Publishing:
    """A publisher of the deployment's broker, made when there is something to publish; what watches said is remembered in ClickHouse."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def open(self) -> Publisher:
        """A publisher of one run's reports."""
        return Publisher(service(self._settings).bootstrap, None, librdkafka(self._settings), signer_of(self._settings))


def _catching_up(settings: Settings, stop: threading.Event) -> CatchingUp:
    admin = offsets.admin(service(settings).bootstrap, librdkafka(settings))
    public = tuple(sorted({kind.topic for kind in event_types()}))
    stages = (("intake", settings.group, public), ("the dossiers", settings.group, ("feed",)),
              ("the sink", f"{settings.group}-sink", ("facts", "journeys")))  # fmt: skip
    return CatchingUp(offsets.Logs(admin), stages, PATIENCE, stop.wait)


def _lacking(catching_up: CatchingUp) -> str:
    """What is not there yet; a broker that is away says nothing about it, so that the watches wait for it and go on."""
    try:
        return catching_up.lacking()
    except KafkaException as problem:
        return f"an answer of Kafka: {offsets.reason(problem)}"


def _run(runner: Runner, chosen: Sequence[Watch], fixed: Instant | None, stop: threading.Event, as_json: bool) -> None:
    """Until SIGTERM: what is due, and then a pause."""
    schedule = Schedule(chosen)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("watches start", extra={"count": len(chosen)})
    while not stop.is_set():
        due = schedule.due(_now(fixed))
        if due:
            ran = _tried(runner, due, _now(fixed))
            schedule.done(ran)
            if as_json:
                click.echo(json.dumps(_json(ran, dry_run=False)))
        stop.wait(AGAIN)


def _tried(runner: Runner, due: Sequence[Watch], now: Instant) -> list[Ran]:
    """What was run; nothing where the broker did not take a report: those watches stay due, and make the same reports again."""
    try:
        return runner.run(due, now)
    except (Undelivered, KafkaException) as problem:
        log.warning("watches wait for Kafka", extra={"why": type(problem).__name__})
        return []


def _json(ran: Iterable[Ran], dry_run: bool) -> dict[str, object]:
    return {"dry_run": dry_run, "watches": [each.as_json() for each in ran]}


def _say(ran: Sequence[Ran], dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_json(ran, dry_run), ensure_ascii=False))
    else:
        _table(ran)


def _table(ran: Iterable[Ran]) -> None:
    table = Table("watch", "until", "found", "clear", "insufficient", "new", box=box.SIMPLE_HEAD)
    for each in ran:
        name = f"{each.watch.ref}\n{each.watch.harm}"
        if each.lacking:
            table.add_row(name, text(each.until), "not judged", "", each.lacking, "")
            continue
        new = ", ".join(f"{count} {outcome}" for outcome, count in sorted(each.new.items())) or "nothing"
        counts = (str(each.found[outcome]) for outcome in ("finding", "clear", "insufficient"))
        table.add_row(name, text(each.until), *counts, new if each.watch.publishes == "alerts" else "figures alone")
    Console(highlight=False, markup=False, emoji=False).print(table)
