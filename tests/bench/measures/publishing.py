"""Rows a second of `fairpassage publish`: with a broker, and all but that."""

from __future__ import annotations

import json
import os
import subprocess
from itertools import islice
from pathlib import Path

from infra.settings import PREFIX
from streams.publishers.simulator.parameters import CORRIDORS
from tests.bench.bench import Bench
from tests.bench.corpus import PER_WORKER, lines
from tests.bench.measure import Figure, Found, Measure, at_least
from tests.bench.workers import FAIRPASSAGE, ROOT

ROWS = 40_000
AIM = at_least(20_000)
UNIT = "rows/s"


def published(rows: Path, home: Path, settings: dict[str, str], *options: str) -> tuple[float, str]:
    """Rows a second, as the command itself counts and times them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env = {**kept, "PYTHONPATH": str(ROOT), f"{PREFIX}HOME": str(home), **{PREFIX + name: value for name, value in settings.items()}}
    command = (*FAIRPASSAGE, "publish", str(rows), "--json", *options)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"publish failed: {(done.stderr or done.stdout).strip()[-300:]}")
    found = json.loads(done.stdout)
    return found["rows"] / found["seconds"], f"{found['rows']:,} rows in {found['seconds']:.1f} s"


def run(bench: Bench) -> Found:
    """The same file twice."""
    folder = bench.folder("publish")
    rows, many = folder / "rows.jsonl", ROWS * (10 if bench.full else 1)
    with rows.open("wb") as file:
        file.writelines(islice(lines(many // PER_WORKER, CORRIDORS), many))
    rate, note = published(rows, folder / "dry", {"LINKING_KEY_FILE": str(bench.key)}, "--dry-run")
    yield Figure("publish.dry", "publish, dry run", rate, UNIT, None, note)
    with bench.kafka() as bootstrap:
        rate, note = published(rows, folder / "office", {"LINKING_KEY_FILE": str(bench.key), "BOOTSTRAP": bootstrap})
    yield Figure("publish", "publish to the broker", rate, UNIT, AIM, note)


MEASURES = (Measure("publish", "rows published", UNIT, AIM, run),)
