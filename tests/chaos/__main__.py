"""`python -m tests.chaos`: hurts a whole deployment for some minutes, and says what was lost. `make chaos` calls it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench.machine import describe
from tests.chaos import report
from tests.chaos.builds import BUILDS
from tests.chaos.faults import FAULTS
from tests.chaos.running import Plan, run
from tests.chaos.schedule import USUAL, schedule


@click.command()
@click.option("--minutes", type=click.FloatRange(1.0), default=USUAL, show_default=True, help="How long it is hurt.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides the events, the faults' order, and who is hit.")
@click.option("--only", default="", help="Faults by name, between commas; default: all.")
@click.option("--build", type=click.Choice(sorted(BUILDS)), default="plain", show_default=True, help="The workers'; two of them must fail.")
@click.option("--home", type=click.Path(path_type=Path), default=None, help="Where data, logs and all that differs stay; default: nowhere.")
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Where the table goes as a page, besides.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON object.")
def chaos(minutes: float, seed: int, only: str, build: str, home: Path | None, page: Path | None, as_json_: bool) -> None:
    """Three Kafka brokers, ClickHouse, three workers, two sinks, and faults; ends with 1 if anything differs afterwards."""
    if unknown := sorted(set(filter(None, only.split(","))) - {fault.name for fault in FAULTS}):
        raise click.UsageError(f"no fault is called {unknown[0]}. There are: {', '.join(fault.name for fault in FAULTS)}")
    chosen = [fault for fault in schedule(minutes, seed) if not only or fault.name in only.split(",")]
    began, machine, plan = time.monotonic(), describe(), Plan(minutes, seed, chosen, build)
    with TemporaryDirectory(prefix="fairpassage-chaos-") as scratch:
        outcome = run(plan, home or Path(scratch) / "home", lambda line: click.echo(f"{time.monotonic() - began:6.0f} s  {line}", err=True))
    if page is not None:
        some = f' ONLY="{only}"' if only else ""
        page.write_text(report.page(outcome, f"make chaos MINUTES={minutes:g} SEED={seed}{some} PAGE=1", machine), "utf-8")
    if home is not None:
        members = {each.what: each.members for each in outcome.differences}
        (home / "differences.json").write_text(json.dumps(members, indent=1), "utf-8")
    click.echo(json.dumps(report.as_json(outcome), indent=1) if as_json_ else report.text(outcome))
    sys.exit(0 if outcome.whole else 1)


if __name__ == "__main__":
    chaos()
