"""`fairpassage up`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import signal
import time
from types import FrameType

import click
from rich.console import Console

from infra.embedded.supervisor import Deployment
from infra.metrics import serve
from infra.settings import load

WATCH_SECONDS = 0.5
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TO_TRY = (
    ("an office publishes", "fairpassage publish FILE.jsonl"),
    ("made-up corridors to publish", "fairpassage simulate --workers 200 --out simulated"),
    ("an embassy's alerts", "fairpassage alerts --audience embassy.NP-QA --follow"),
    ("what runs, and how it does", "fairpassage status"),
    ("is all well?", "fairpassage doctor"),
)


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="How many workers; FAIRPASSAGE_WORKERS when left out.")
def up(workers: int | None) -> None:
    """Run Kafka, ClickHouse, workers, a sink and the watches on this machine, on loopback, until Ctrl-C. Data stay in FAIRPASSAGE_HOME."""
    for number in _ENDING:
        signal.signal(number, _interrupt)
    console = Console(highlight=False)
    deployment = Deployment(load(), workers=workers, say=lambda line: console.print(line, style="dim", soft_wrap=True), watching=True)
    try:
        with deployment:
            serve(deployment.metrics["up"])
            _tell(console, deployment)
            while True:
                deployment.watch()
                time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        console.print("stopped; the data are kept, `fairpassage up` goes on with them")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave the children half ended
    raise KeyboardInterrupt


def _tell(console: Console, deployment: Deployment) -> None:
    password = deployment.environment()["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"]
    metrics = ", ".join(f"{name} {port}" for name, port in sorted(deployment.metrics.items()))
    console.print("\n[bold]Fair Passage runs.[/bold]", soft_wrap=True)
    for what, where in (
        ("Kafka", deployment.bootstrap),
        ("ClickHouse", f"{deployment.clickhouse}  user default, password in {password}"),
        ("metrics", f"http://127.0.0.1:PORT/metrics  {metrics}"),
        ("data and logs", str(deployment.home)),
    ):
        console.print(f"  {what:<14}{where}", soft_wrap=True)
    console.print("\nTo try, in another terminal here:")
    for what, command in TO_TRY:
        console.print(f"  {command:<55}[dim]{what}[/dim]", soft_wrap=True)
    console.print("\nCtrl-C ends it.")
