"""`fairpassage report`: figures of what ClickHouse holds, for oversight. Each report of `consumers/warehouse/reports` by its name."""

from __future__ import annotations

import difflib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.console import Console

from consumers.warehouse import disclosures
from consumers.warehouse.reports import Report, reports
from consumers.warehouse.reports.reading import Asked, described
from infra.cli.report_formats import FORMATS, write
from infra.cli.report_page import page
from infra.cli.report_table import listing
from infra.clickhouse.connection import of
from infra.settings import Settings, load
from schemas.codes import countries


class Reports(click.Group):
    """The reports by name, in any case and with or without 'R-'; and `oflc`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*sorted(each.id for each in reports()), "oflc"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        named = {each.name: each for each in reports()}
        found = named.get(cmd_name.lower().replace("_", "-").removeprefix("r-"))
        return _command(found) if found else super().get_command(ctx, cmd_name.lower())

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        names = {each.name: each.id for each in reports()} | {"oflc": "oflc"}
        if args and self.get_command(ctx, args[0]) is None:
            near = difflib.get_close_matches(args[0].lower().removeprefix("r-"), names, n=1)
            hint = f"did you mean {names[near[0]]}?" if near else "`fairpassage report` lists them."
            raise click.BadParameter(f"{args[0]!r} is no report; {hint}", param_hint="NAME")
        return super().resolve_command(ctx, args)


@click.group(cls=Reports, invoke_without_command=True, subcommand_metavar="[NAME] [OPTIONS]")
@click.option("--json", "as_json", is_flag=True, help="Without NAME: what each report is, as one JSON object.")
@click.pass_context
def report(ctx: click.Context, as_json: bool) -> None:
    """Figures of what ClickHouse holds, for oversight. Without NAME: which reports there are, and what they watch."""
    if ctx.invoked_subcommand is not None:
        return
    if as_json:
        click.echo(json.dumps({"reports": [described(each) for each in reports()]}, ensure_ascii=False))
    else:
        click.echo("\n".join(listing(reports())))


def corridor(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Two countries that exist, 'NP-QA', or ''. Raises click.BadParameter."""
    found = value.upper()
    if found and (len(parts := found.split("-")) != 2 or not set(parts) <= countries() or parts[0] == parts[1]):
        raise click.BadParameter(f"{value!r}: write origin and destination, NP-QA")
    return found


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A day, 2025-01-01. Raises click.BadParameter."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as problem:
        raise click.BadParameter(f"{value!r}: write a day, 2025-01-01") from problem


def _command(found: Report) -> click.Command:
    """The command of a report."""
    options: list[click.Parameter] = [
        click.Option(["--corridor"], default="", callback=corridor, help="Only this corridor, NP-QA, or what is of its two countries."),
        click.Option(["--since"], callback=day, help="Only what happened from this day on, 2025-01-01."),
        click.Option(["--until"], callback=day, help="As of this day, its end included; today if not given."),
        click.Option(["--format", "form"], type=click.Choice(FORMATS), default="table", show_default=True),
        click.Option(["--json", "as_json"], is_flag=True, help="The same as --format json."),
        click.Option(["--out"], type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."),
    ]

    def run(corridor: str, since: date | None, until: date | None, form: str, as_json: bool, out: Path | None) -> None:
        asked = Asked(corridor, since or date(1900, 1, 1), until or datetime.now(UTC).date())
        if asked.since > asked.until:
            raise click.BadParameter(f"{asked.since} is after {asked.until}", param_hint="--since")
        _run(found, asked, "json" if as_json else form, out)

    text = f"{found.title}.\n\n{found.says}\n\nn: {found.denominator}. Watches {', '.join(found.recommendations)}."
    return click.Command(found.name, params=options, callback=run, help=text, short_help=f"{found.title}.")


def _run(found: Report, asked: Asked, form: str, out: Path | None) -> None:
    settings = load()
    try:
        _checked(of(settings), settings.clickhouse_database, [found.view])
        with Console(stderr=True).status("adding up"):
            write(of(settings, settings.clickhouse_database), found, asked, form, out)
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse could not answer: {str(problem)[:300]}") from problem


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
        _checked(of(settings), database, disclosures.VIEWS)
        with Console(stderr=True).status("adding up"):
            found = disclosures.report(of(settings, database), top, names)
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse could not answer: {str(problem)[:300]}") from problem
    if found is None:
        raise click.ClickException("no disclosure file is in ClickHouse; `fairpassage import oflc FILE...`, and wait for the sink.")
    return found


def _checked(client: Client, database: str, views: Any) -> None:
    """That the views are there. Raises click.ClickException."""
    if lacking := disclosures.lacking(client, database, views):
        some = f"{lacking[0]} and {len(lacking) - 1} more" if len(lacking) > 1 else lacking[0]
        raise click.ClickException(f"the database {database} has no view {some}; `fairpassage migrate` brings it up to date.")
