"""`fairpassage simulate`: labelled synthetic corridors as files, with the truth beside them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from streams.domain.instants import start_of_day, text
from streams.publishers.simulator.files import Written, write
from streams.publishers.simulator.parameters import chosen
from streams.publishers.simulator.run import Options


@click.command()
@click.option("--workers", default=2_000, show_default=True, type=click.IntRange(1), help="How many workers migrate.")
@click.option("--seed", default="1", show_default=True, help="Same seed, same bytes.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("simulated"), show_default=True,
              help="Folder for the files of events and truth.ndjson.")  # fmt: skip
@click.option("--corridor", "corridors", multiple=True, help="Only this corridor, such as NP-QA; may be repeated.")
@click.option("--start", default="2023-11-01", show_default=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--plant-per-rule", "per_rule", type=click.IntRange(0), default=None,
              help="Abuses and look-alikes per rule, at least; one in twenty workers when left out.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def simulate(
    workers: int, seed: str, out: Path, corridors: tuple[str, ...], start: click.DateTime, per_rule: int | None, as_json: bool
) -> None:
    """Write what offices would publish about WORKERS, with the truth about every abuse planted.

    The files hold raw, invented numbers, as an office has them: `fairpassage publish` seals them.
    """
    try:
        options = Options(workers, seed, chosen(corridors), start_of_day(f"{start:%Y-%m-%d}", "UTC"),
                          workers // 20 if per_rule is None else per_rule)  # fmt: skip
        done = write(options, out)
    except (ValueError, OSError) as problem:
        raise click.ClickException(str(problem)) from problem
    report = {
        "out": str(out), "as_of": text(options.as_of), "events": dict(sorted(done.events.items())), "duplicates": done.duplicates,
        "workers": workers, "journeys": done.journeys, "identities": done.identities,
        "planted": {rule: {"abuses": done.planted[rule], "look_alikes": done.look_alikes[rule]}
                    for rule in sorted({*done.planted, *done.look_alikes})},
    }  # fmt: skip
    click.echo(json.dumps(report) if as_json else _text(done, text(options.as_of)))


def _text(done: Written, as_of: str) -> str:
    rows = [f"  {context:<14}{many:>10,}" for context, many in sorted(done.events.items())]
    rules = [f"  {rule:<14}{done.planted[rule]:>10,}{done.look_alikes[rule]:>14,}" for rule in sorted({*done.planted, *done.look_alikes})]
    return "\n".join([
        f"{sum(done.events.values()):,} events ({done.duplicates:,} twice) of {done.journeys:,} journeys, in {done.folder}/",
        *rows, "", f"  {'rule':<14}{'abuses':>10}{'look-alikes':>14}", *rules, "",
        f"The truth is in {done.truth}; it holds at {as_of}.",
        f"Next: fairpassage evaluate {done.folder}/*.jsonl --as-of {as_of}",
    ])  # fmt: skip
