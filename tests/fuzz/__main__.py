"""`python -m tests.fuzz`: bad input at scale, each target in a process of its own, one after another. `make fuzz` calls it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench.machine import describe
from tests.fuzz import report
from tests.fuzz.running import BlackBox, Finding, Tally, Watch, bounded, fuzz, kept, last
from tests.fuzz.targets import TARGETS, named, shared


@click.command()
@click.option("--inputs", type=click.IntRange(1), default=1_000_000, show_default=True, help="Shared among the targets.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same makes the same inputs.")
@click.option("--only", default="", help="Targets by name, between commas; default: all.")
@click.option("--keep", is_flag=True, help="Put an input of each ending that is new into the corpus, too.")
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Where the table goes as a page, besides.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON array.")
@click.option("--into", type=click.Path(path_type=Path), default=None, hidden=True, help="A target's own process: the folder of its tally.")
def main(inputs: int, seed: int, only: str, keep: bool, page: Path | None, as_json_: bool, into: Path | None) -> None:
    """Ends with 1 if there was a finding; each is in the corpus then, as small as it could be made."""
    if unknown := sorted(set(filter(None, only.split(","))) - {each.name for each in TARGETS}):
        raise click.UsageError(f"no target is called {unknown[0]}. There are: {', '.join(each.name for each in TARGETS)}")
    if into is not None:
        _one(only, inputs, seed, keep, into)
        return
    chosen, machine = tuple(each for each in TARGETS if not only or each.name in only.split(",")), describe()
    tallies = [_apart(name, number, seed, keep) for name, number in shared(inputs, chosen).items()]
    for tally in tallies:
        for finding in tally.findings.values():
            kept(tally.target, f"found-{finding.key}", finding.data)
    if page is not None:
        some = f" ONLY={only}" if only else ""
        page.write_text(report.page(tallies, f"make fuzz INPUTS={inputs} SEED={seed}{some} PAGE=1", seed, machine), "utf-8")
    click.echo(json.dumps(report.as_json(tallies), indent=1) if as_json_ else report.text(tallies))
    sys.exit(1 if any(each.findings for each in tallies) else 0)


def _one(name: str, inputs: int, seed: int, keep: bool, into: Path) -> None:
    """A target's own process."""
    target, watch = named(name), Watch()
    target.seeds()
    bounded()
    tally = fuzz(target, inputs, seed, watch, BlackBox(into / "last"), _keep if keep else None)
    (into / "tally").write_bytes(pickle.dumps(tally))
    sys.stdout.flush()
    os._exit(0)  # what the targets left open needs no closing


def _keep(target: str, verdict: str, data: bytes) -> None:
    kept(target, verdict, data)


def _apart(name: str, inputs: int, seed: int, keep: bool) -> Tally:
    """A target's tally; if its process died, what it died of is the finding."""
    click.echo(f"{name}: {inputs:,} inputs", err=True)
    with TemporaryDirectory(prefix="fairpassage-fuzz-") as folder:
        into = Path(folder)
        command = [sys.executable, "-m", "tests.fuzz", "--only", name, "--inputs", str(inputs), "--seed", str(seed), "--into", folder]
        ended = subprocess.run([*command, *(["--keep"] if keep else [])], check=False, stderr=subprocess.PIPE)
        if ended.returncode == 0:
            found: Tally = pickle.loads((into / "tally").read_bytes())  # noqa: S301 - written by ourselves, just now
            return found
        if not (into / "last").exists():
            raise click.ClickException(f"{name} did not begin: {ended.stderr.decode('utf-8', 'replace')[-2_000:]}")
        why = f"the process ended with {ended.returncode}: {ended.stderr.decode('utf-8', 'replace')[-2_000:]}"
        return Tally(name, findings={"died": Finding("died", why, last(into / "last"))})


if __name__ == "__main__":
    main()
