"""`fairpassage migrate`: brings ClickHouse's schema up, or back down; says first what it would do with --dry-run."""

from __future__ import annotations

import json

import click
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse import access as roles
from infra.clickhouse import runner, schema, sql
from infra.clickhouse.connection import of
from infra.clickhouse.runner import Step
from infra.settings import load


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the statements and run none.")
@click.option("--down-to", type=click.IntRange(0), help="Take back every migration above this number, and the reports; 0 takes back all.")
@click.option("--access", is_flag=True, help="Roles, row policies and quotas too, on a server that has users. Parsed here, run by no test.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def migrate(dry_run: bool, down_to: int | None, access: bool, as_json: bool) -> None:
    """Apply the ClickHouse migrations that are missing."""
    settings = load()
    if access and not settings.clickhouse_url:
        raise click.UsageError("the embedded engine has no users: its guests are FAIRPASSAGE_CLICKHOUSE_USERS_FILE (infra/README.md)")
    client = of(settings)
    try:
        rights = roles.steps(settings.clickhouse_database, up=down_to is None) if access else []
        steps = schema.missing(client, settings.clickhouse_database, down_to)
        if not dry_run:
            _run(client, settings.clickhouse_database, steps, rights, down_to)
    except (sql.MigrationError, ClickHouseError) as problem:
        raise click.ClickException(str(problem)) from problem
    _report(steps, rights, dry_run, as_json)


def _run(client: Client, database: str, steps: list[Step], rights: list[Step], down_to: int | None) -> None:
    """Rights are given on what is there, and go before it does."""
    if down_to is not None:
        roles.run(client, rights)
    runner.run(client, database, steps)
    if down_to is None:
        roles.run(client, rights)


def _report(steps: list[Step], rights: list[Step], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"dry_run": dry_run, "steps": [step.label for step in steps], "access": [step.label for step in rights]}))
        return
    _show(steps, dry_run)
    if rights:
        click.echo(roles.NOT_RUN)
        _show(rights, dry_run)
    if not steps and not rights:
        click.echo("nothing to do")


def _show(steps: list[Step], dry_run: bool) -> None:
    for step in steps:
        click.echo(step.label)
        for statement in step.statements if dry_run else ():
            click.echo(f"{statement};\n")
