"""`python -m tests.found`: simulated corridors of several seeds, judged as they come in: disordered, twice, with offices that are down.

Prints a table in Markdown, and ends with status 1 where a rule misses what was planted or finds too much else.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

import click

from tests.bench.machine import commit
from tests.found.scoreboard import added_up, one, page, short


@click.command()
@click.option("--seeds", default=10, show_default=True, help="How many runs.")
@click.option("--workers", default=2_000, show_default=True, help="Workers of each.")
@click.option("--per-rule", default=100, show_default=True, help="Cases, and as many look-alikes, of each rule and run.")
def main(seeds: int, workers: int, per_rule: int) -> None:
    """Prints the table; status 1 where something falls short."""
    tasks = [(f"found-{number}", workers, per_rule) for number in range(1, seeds + 1)]
    with ProcessPoolExecutor(min(seeds, cpu_count() or 1), max_tasks_per_child=1) as pool:
        sums, events = added_up(pool.map(one, tasks))
    click.echo("\n".join(page(sums, events, workers, commit())))
    if problems := short(sums, per_rule):
        click.echo("\n".join(problems), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
