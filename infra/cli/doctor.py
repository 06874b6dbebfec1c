"""`fairpassage doctor`: checks a deployment, says what is wrong and how to mend it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rich.console import Console

from infra.checking import Result
from infra.doctor import examined
from infra.settings import load

MARKS = {"ok": "[green]ok   [/green]", "note": "[yellow]note [/yellow]", "wrong": "[red]wrong[/red]"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def doctor(as_json: bool) -> None:
    """Check Python, jars, keys, policy, processes, Kafka, topics, lag, dead letters, ClickHouse, migrations, the schema registry, the last
    audit, and which protections are off.

    Exit status 1 when one is wrong.
    """
    results = examined(load())
    wrong = sum(each.verdict == "wrong" for each in results)
    if as_json:
        click.echo(json.dumps({"ok": not wrong, "checks": [asdict(each) for each in results]}))
    else:
        _show(results, wrong)
    sys.exit(1 if wrong else 0)


def _show(results: list[Result], wrong: int) -> None:
    console = Console(highlight=False)
    for each in results:
        console.print(f"{MARKS[each.verdict]} {each.check:<13} ", end="")
        console.print(each.says, markup=False, soft_wrap=True)
        if each.mend:
            console.print(f"{'':<20}→ {each.mend}", markup=False, soft_wrap=True)
    console.print("all is well" if not wrong else f"{wrong} wrong")
