"""`fairpassage publish`: validate and publish an office's events; identifiers become digests before anything leaves."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.cli.wiring import service
from infra.generations import held
from infra.kafka.security import librdkafka
from infra.settings import Settings, load
from schemas.topicfiles import topic
from streams.publishers.identity import KeyFileError, Keys, offices_keys
from streams.publishers.publishing import Publisher, Report, Undelivered
from streams.publishers.reading import Ready, Refused, lines_of, read
from streams.publishers.restating import CHANGE, restated
from streams.publishers.signing import Signer, signer

MOST_SHOWN = 20
Row = Ready | Refused


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--restate", "change", default=None, metavar="CHANGE",
              help="While a key is changed: publish only the identifiers of FILES, published before. CHANGE is its name, 2026-11.")
@click.option("--dry-run", is_flag=True, help="All but publish.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end.")
def publish(files: tuple[Path, ...], change: str | None, dry_run: bool, as_json: bool) -> None:
    """Publishes FILES (JSON lines; - for standard input). Rows at fault go to FILE.rejected.jsonl, the rest is published."""
    if change is not None and not CHANGE.fullmatch(change):
        raise click.BadParameter("up to 32 of a-z, 0-9, point and hyphen, the same at all offices: 2026-11", param_hint="--restate")
    settings = load()
    started = time.monotonic()
    try:
        key = key_of(settings, dry_run)
        with publisher_of(settings, dry_run) as publisher:
            sift = partial(restated, change=change, seen=set()) if change else iter
            for path in files:
                _file(publisher, path, key, as_json, sift)
            report = publisher.report
    except (KeyFileError, Undelivered) as problem:
        raise click.ClickException(str(problem)) from problem
    _say(report, files, dry_run, time.monotonic() - started, as_json, "identifiers" if change else "rows")
    sys.exit(1 if report.rejected else 0)


def key_of(settings: Settings, dry_run: bool) -> Keys:
    """The offices' key, with the one before it where that is set; a dry run that has none makes one for itself."""
    path = settings.linking_key_file
    if path is None and not settings.bootstrap:
        path = service(settings).linking_key_file if not dry_run else None
    if path is None and dry_run:
        return Keys(secrets.token_bytes(32))
    keys = offices_keys(path, settings.linking_key_generation, settings.linking_old_key_file, settings.party_key_file)
    return keys if dry_run else held(settings, "linking", keys)


def publisher_of(settings: Settings, dry_run: bool) -> Publisher:
    """A publisher to the broker in force; to nowhere in a dry run."""
    if dry_run:
        return Publisher("", None)
    return Publisher(service(settings).bootstrap, settings.root / "published", librdkafka(settings), signer_of(settings))


def signer_of(settings: Settings) -> Signer | None:
    """Who signs what this process publishes; None where no key is set. Raises KeyFileError."""
    return signer(settings.signing_key_file, "FAIRPASSAGE_SIGNING_KEY_FILE")


def _file(publisher: Publisher, path: Path, key: Keys, quiet: bool, sift: Callable[[Iterable[Row]], Iterable[Row]]) -> None:
    limit = topic("recruitment").max_record_bytes
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeElapsedColumn())
    bar = Progress(*columns, console=console)
    rejected = Rejected(path)
    with click.open_file(str(path), "rb") as lines, bar, rejected:
        task = bar.add_task(path.name, total=None)
        rows = read(lines_of(lines), key, round(time.time() * 1_000), limit)
        publisher.publish(sift(rows), rejected.write, lambda done: bar.update(task, completed=done))


class Rejected:
    """FILE.rejected.jsonl: made with the first row at fault, its owner's alone; the raw row stays in the office."""

    def __init__(self, path: Path) -> None:
        self.path = Path("stdin.rejected.jsonl") if str(path) == "-" else path.with_name(path.name + ".rejected.jsonl")
        self._file: IO[str] | None = None
        self._stack = ExitStack()
        self._name, self._shown = str(path), 0

    def __enter__(self) -> Rejected:
        self.path.unlink(missing_ok=True)  # what an earlier run refused says nothing about this one
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def write(self, row: Refused) -> None:
        """One line for each problem of a row, and the first few on standard error."""
        if self._file is None:
            self._file = self._stack.enter_context(os.fdopen(_made(self.path), "w", encoding="utf-8"))
        for problem in row.problems:
            found = {"field": problem.field, "reason": problem.reason, "remedy": problem.remedy}
            line: dict[str, Any] = {"line": row.line, **found, "row": row.row}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            if self._shown < MOST_SHOWN:
                click.echo(f"{self._name}, line {row.line}, {problem.field or 'line'}: {problem.reason}: {problem.remedy}", err=True)
            self._shown += 1


def _made(path: Path) -> int:
    """A new file, and no link that somebody put there to another one."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _say(report: Report, files: tuple[Path, ...], dry_run: bool, seconds: float, as_json: bool, what: str) -> None:
    if as_json:
        click.echo(json.dumps({**report.as_json(), "dry_run": dry_run, "seconds": round(seconds, 3)}))
        return
    done = "would be published" if dry_run else "published"
    click.echo(f"{report.rows} {what}: {report.accepted} {done}, {report.duplicates} known already, {report.rejected} rejected.")
    if report.same_id:
        click.echo(f"{report.same_id} of them carry an id that was published with other content: both are kept, and checked.")
    if report.rejected:
        names = ", ".join(str(Rejected(path).path) for path in files if Rejected(path).path.exists())
        click.echo(f"What to correct: {names}")
