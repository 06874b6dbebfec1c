"""`fairpassage report`: figures of what ClickHouse holds, for oversight."""

from __future__ import annotations

import json

import click
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.console import Console

from consumers.warehouse import disclosures
from infra.cli.report_page import page
from infra.clickhouse.connection import of
from infra.settings import Settings, load


@click.group()
def report() -> None:
    """Figures of what ClickHouse holds, for oversight."""


@report.command()
@click.option("--top", type=click.IntRange(1, 1_000), default=10, show_default=True, help="How many employers to list.")
@click.option("--names", is_flag=True, help="Print names: of the employers listed, and of matches with debarments. Keep them to yourself.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def oflc(top: int, names: bool, as_json: bool) -> None:
    """US disclosure files: applications, positions, employers, recruiters, debarments, work sites.

    Positions are given over all rows and counted once. Employers have a rank and no name, unless --names is given.
    What was imported a moment ago may still be on its way: the first table says how many rows are here.
    """
    found = read(load(), top, names)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(page(found)))


def read(settings: Settings, top: int, names: bool) -> disclosures.Row:
    """The figures of the ClickHouse in force. Raises click.ClickException with the remedy: it is away, its schema is older
    than this program, nothing was imported."""
    database = settings.clickhouse_database
    try:
        _checked(of(settings), database)
        with Console(stderr=True).status("adding up"):
            found = disclosures.report(of(settings, database), top, names)
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse could not answer: {str(problem)[:300]}") from problem
    if found is None:
        raise click.ClickException("no disclosure file is in ClickHouse; `fairpassage import oflc FILE...`, and wait for the sink.")
    return found


def _checked(client: Client, database: str) -> None:
    """That the views are there. Raises click.ClickException."""
    if lacking := disclosures.lacking(client, database):
        some = f"{lacking[0]} and {len(lacking) - 1} more" if len(lacking) > 1 else lacking[0]
        raise click.ClickException(f"the database {database} has no view {some}; `fairpassage migrate` brings it up to date.")
