"""A report as table, CSV, JSON or Parquet, to standard output or to a file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from clickhouse_connect.driver.client import Client

from consumers.warehouse.reports import Report
from consumers.warehouse.reports.reading import Asked, Row, described, raw, rows
from infra.cli.report_table import table

FORMATS = ("table", "csv", "json", "parquet")
# What a spreadsheet would run; some take it in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(client: Client, report: Report, asked: Asked, form: str, out: Path | None) -> None:
    """Writes it. Raises click.UsageError for bytes on a terminal, click.ClickException for a file that can't be written."""
    if form == "parquet" and out is None and _terminal():
        raise click.UsageError("Parquet is bytes: give --out FILE, or send it to another program.")
    if form == "parquet":
        made = raw(client, report, asked, "Parquet")
    else:
        made = f"{_TEXTS[form](report, asked, rows(client, report, asked))}\n".encode()
    if out is None:
        click.echo(made, nl=False)
        return
    try:
        out.write_bytes(made)
    except OSError as problem:
        raise click.ClickException(f"{out}: {problem.strerror}") from problem


def as_csv(report: Report, asked: Asked, found: Sequence[Row]) -> str:
    """Comma-separated, a header first; empty is unknown or withheld. No text begins as a formula does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(report.columns)
    writer.writerows([cell(each[name]) for name in report.columns] for each in found)
    return text.getvalue().rstrip("\n")


def cell(value: Any) -> Any:
    """A value as a spreadsheet may open it: numbers as they are, texts never a formula."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if not isinstance(value, str):
        return value
    value = f"'{value}" if value.startswith(_FORMULA) else value
    return value.replace("\r\n", "\n").replace("\r", "\n")  # csv quotes no bare return, and what follows it would begin a row


def as_json(report: Report, asked: Asked, found: Sequence[Row]) -> str:
    """One object: what the report is, what was asked, and its rows; null is unknown or withheld."""
    return json.dumps({"report": described(report), "asked": asked.parameters, "rows": list(found)}, ensure_ascii=False)


def _terminal() -> bool:
    return sys.stdout.isatty()


_TEXTS = {"table": table, "csv": as_csv, "json": as_json}
