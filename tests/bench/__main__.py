"""`python -m tests.bench`: every measurement in turn, or those that are named; `make bench` calls it."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench import machine, plots, report
from tests.bench.bench import Bench
from tests.bench.measure import Figure, Measure
from tests.bench.measures import MEASURES
from tests.bench.report import Results
from tests.bench.workers import ROOT

DOCS = Path(__file__).parent / "docs"
KEPT = DOCS / "results.json"
README = ROOT / "README.md"
LATEST = 13 * 60.0  # seconds after which none is begun: a run takes less than 15 minutes, on a slow day too


def measure(chosen: tuple[Measure, ...], bench: Bench, results: Results) -> None:
    """Runs them; what one gave before it failed is kept, and the next one runs."""
    began = time.monotonic()
    for each in chosen:
        if not bench.full and time.monotonic() - began > LATEST:
            results.failed[each.name] = f"not begun: {LATEST / 60:.0f} minutes were over; call it alone, or all with SECONDS=8"
            continue
        click.echo(f"{each.name}: {each.what}")
        start = time.monotonic()
        try:
            for found in each.run(bench):
                results.add(found)
                if isinstance(found, Figure):
                    click.echo(f"  {found.what}: {report.number(found.value)} {found.unit}  {found.note}")
        except Exception as problem:  # noqa: BLE001  # a failed measurement is told of, and loses no other
            results.failed[each.name] = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
            click.echo(f"  failed: {traceback.format_exc()}", err=True)
        click.echo(f"  {time.monotonic() - start:.0f} s")
    results.seconds = time.monotonic() - began


def write(results: Results, kept: Results | None, folder: Path) -> str:
    """JSON, table and plots into a folder; the table."""
    folder.mkdir(parents=True, exist_ok=True)
    found = report.table(results, kept)
    (folder / "results.json").write_text(results.as_json(), "utf-8")
    pictures = "\n".join(f"![{path.stem}]({path.name})" for path in plots.draw(results.curves, folder))
    (folder / "table.md").write_text(f"# A run of the bench\n\n{found}\n\n{pictures}\n", "utf-8")
    return found


def keep(results: Results, kept: Results | None) -> None:
    """The run that the next ones are compared with. Raises click.ClickException for one that is not whole."""
    if results.failed:
        raise click.ClickException("a run in which a measurement failed is not kept")
    write(results, kept, DOCS)
    shown = f"{report.table(report.brief(results), kept)}\n\nEvery figure, and the plots: [tests/bench/docs](tests/bench/docs/table.md)."
    README.write_text(report.placed(README.read_text("utf-8"), shown), "utf-8")
    click.echo(f"kept in {DOCS.relative_to(ROOT)}; the README has its table")


def chosen(names: str) -> tuple[Measure, ...]:
    """Measurements by their names, parted by commas; all when none is named. Raises click.UsageError that lists them."""
    wanted = [name for name in names.split(",") if name]
    known = {each.name: each for each in MEASURES}
    if unknown := [name for name in wanted if name not in known]:
        raise click.UsageError(f"no measurement {unknown[0]!r}; there are {', '.join(known)}")
    return tuple(known[name] for name in wanted) or MEASURES


@click.command()
@click.option("--only", default="", help="These alone, by name, parted by commas.")
@click.option("--full", is_flag=True, help="Whole sizes, however long they take.")
@click.option("--keep", "keeping", is_flag=True, help="Keep the run: the next ones are compared with it; its table goes to the README.")
@click.option("--seconds", default=15.0, show_default=True, help="How long one worker is kept busy by a measurement.")
@click.option("--out", default=Path("build/bench"), type=click.Path(path_type=Path), show_default=True, help="Where results go.")
def main(only: str, full: bool, keeping: bool, seconds: float, out: Path) -> None:
    """Measures, prints a table, writes JSON, table and plots. Ends with 1 when a measurement failed."""
    if keeping and only:
        raise click.UsageError("a run is kept whole: leave out --only")
    picked, kept = chosen(only), report.load(KEPT)
    results = Results(machine.describe())
    click.echo("\n".join(f"{name:16}{value}" for name, value in results.machine.items()))
    with TemporaryDirectory(prefix="fairpassage-bench-") as home:
        measure(picked, Bench(Path(home), full, seconds), results)
    click.echo("\n" + write(results, kept, out))
    if keeping:
        keep(results, kept)
    sys.exit(1 if results.failed else 0)


if __name__ == "__main__":
    main()
