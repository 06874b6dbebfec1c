"""`fairpassage import`: real public disclosure files to events."""

from __future__ import annotations

import json
import secrets
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from infra.cli.publish import key_of, publisher_of
from infra.settings import load
from schemas.topicfiles import topic
from streams.domain.instants import text
from streams.publishers.identity import KeyFileError, Keys
from streams.publishers.oflc.importing import FileReport, explained, rows, whole
from streams.publishers.oflc.rows import FileError
from streams.publishers.publishing import Publisher, Undelivered
from streams.publishers.reading import Ready, Refused


@click.group()
def importing() -> None:
    """Turns public records into events."""


@importing.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--positions", is_flag=True, help="Each certified position that is no sub-application becomes a journey.")
@click.option("--dry-run", is_flag=True, help="Read, convert and check all of it; publish nothing.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write sealed events here; publish nothing.")
@click.option("--explain", is_flag=True, help="Show which columns would be read as what; read no row.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file.")
def oflc(files: tuple[Path, ...], positions: bool, dry_run: bool, out: Path | None, explain: bool, as_json: bool) -> None:
    """US disclosure FILES (.csv, .csv.gz, .xlsx): applications, recruiters, work sites, clients, debarments."""
    if explain:
        sys.exit(_explain(files, as_json))
    settings = load()
    aside = dry_run or out is not None
    reports: list[FileReport] = []
    unread = 0
    try:
        key = Keys(secrets.token_bytes(32)) if dry_run else key_of(settings, aside)
        with publisher_of(settings, aside) as publisher, ExitStack() as stack:
            writer = stack.enter_context(out.open("w", encoding="utf-8")) if out is not None else None
            for path in files:
                try:
                    reports.append(_file(publisher, path, key, positions, writer, quiet=as_json))
                except FileError as problem:
                    unread += _unread(path, problem, as_json)
                    continue
                _say(reports[-1], dry_run, as_json)
    except (KeyFileError, Undelivered) as problem:
        raise click.ClickException(str(problem)) from problem
    sys.exit(1 if unread or any(report.rejected_rows for report in reports) else 0)


def _explain(files: tuple[Path, ...], as_json: bool) -> int:
    """Prints how each file would be read; 1 when one of them cannot be."""
    unread = 0
    for path in files:
        try:
            found = explained(path)
        except FileError as problem:
            unread += _unread(path, problem, as_json)
            continue
        click.echo(json.dumps(found) if as_json else "\n".join(_explanation(found)))
    return 1 if unread else 0


def _unread(path: Path, problem: FileError, as_json: bool) -> int:
    """Says why a file cannot be read; 1, to count it."""
    click.echo(json.dumps({"file": str(path), "error": str(problem)}) if as_json else f"Error: {problem}", err=not as_json)
    return 1


def _explanation(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['file']}: {found['layout']}"
    for what, column in sorted(found["reads"].items()):
        yield f"  {what:<14}{column}"
    for title, names in (("no column for", found["absent"]), ("not read", found["unread"])):
        if names:
            yield from textwrap.wrap(f"{title}: {', '.join(names)}", 80, initial_indent="  ", subsequent_indent="    ")


def _file(publisher: Publisher, path: Path, key: Keys, positions: bool, writer: IO[str] | None, quiet: bool) -> FileReport:
    """Imports one file, read to its end before anything of it is published."""
    whole(path)
    report, before = FileReport(str(path)), publisher.report.duplicates
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} events"), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(path.name, total=None)
        found = _rows(path, report, key, positions, writer)
        publisher.publish(found, lambda row: None, lambda done: bar.update(task, completed=done))
    report.known = publisher.report.duplicates - before
    return report


def _rows(path: Path, report: FileReport, key: Keys, positions: bool, writer: IO[str] | None) -> Iterator[Ready | Refused]:
    for row in rows(path, report, key, positions, round(time.time() * 1_000), topic("recruitment").max_record_bytes):
        if writer is not None and isinstance(row, Ready):
            times = {name: text(row.event[name]) for name in ("time", "recordedat")}
            writer.write(json.dumps({**row.event, **times}) + "\n")
        yield row


def _say(report: FileReport, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json()))
        return
    would = "would be imported" if dry_run else "imported"
    counts = f"{report.imported} {would}, {sum(report.skipped.values())} skipped, {report.rejected_rows} rejected."
    click.echo(f"{report.file}: {report.layout}, {report.rows} rows: {counts}")
    if report.known:
        click.echo(f"  {report.known:>8} events published before: nothing added")
    for kind, count in sorted(report.events.items()):
        click.echo(f"  {count:>8} {kind}")
    for what, count in sorted(report.inferred.items()):
        click.echo(f"  {count:>8} inferred: {what}")
    for problem in report.rejected[:20]:
        click.echo(f"  row {problem['row']}, {problem['field'] or 'row'}: {problem['remedy']}", err=True)
