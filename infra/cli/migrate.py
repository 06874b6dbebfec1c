"""`fairpassage migrate`: brings ClickHouse's schema up, or back down; says first what it would do with --dry-run."""

from __future__ import annotations

import json

import click
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse import runner, schema, sql
from infra.clickhouse.connection import of
from infra.settings import load


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the statements and run none.")
@click.option("--down-to", type=click.IntRange(0), help="Take back every migration above this number, and the reports; 0 takes back all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def migrate(dry_run: bool, down_to: int | None, as_json: bool) -> None:
    """Apply the ClickHouse migrations that are missing."""
    settings = load()
    client = of(settings)
    try:
        steps = schema.missing(client, settings.clickhouse_database, down_to)
        if not dry_run:
            runner.run(client, settings.clickhouse_database, steps)
    except (sql.MigrationError, ClickHouseError) as problem:
        raise click.ClickException(str(problem)) from problem
    _report(steps, dry_run, as_json)


def _report(steps: list[runner.Step], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"dry_run": dry_run, "steps": [step.label for step in steps]}))
        return
    for step in steps:
        click.echo(step.label)
        for statement in step.statements if dry_run else ():
            click.echo(f"{statement};\n")
    if not steps:
        click.echo("nothing to do")
