"""Time per stage of one worker, from a sampling profile of it under a backlog."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from schemas.catalogue import CONTEXTS
from tests.bench.bench import Bench
from tests.bench.corpus import produce
from tests.bench.measure import Figure, Found, Measure
from tests.bench.measures.throughput import READY, limit
from tests.bench.progress import Progress
from tests.bench.stages import shares
from tests.bench.workers import child, until, worker

HERTZ = 100
UNIT = "µs/event"


def sampler() -> str:
    """Where py-spy is. Raises RuntimeError when the target could not install it."""
    found = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if found is None:
        raise RuntimeError("py-spy is not there: `make bench` installs it")
    return found


def run(bench: Bench) -> Found:
    """Half the events of a throughput run, looked at a hundred times a second."""
    corpus, folder = bench.corpus(bench.enough()), bench.folder("profile")
    records, raw = corpus.records[: len(corpus.records) // 2], folder / "samples"
    with bench.kafka() as bootstrap:
        produce(bootstrap, records[:READY])
        (_, *command), settings = worker(bootstrap, folder, bench.key)
        profiled = [sys.executable, "-m", "tests.bench.profiled", *command[2:]]
        progress = Progress(bootstrap)
        with child(folder, "worker-1", profiled, settings) as running:
            until(lambda: progress.settled(CONTEXTS, READY), "the first events", 60, [running], 0.5)
            looking = [sampler(), "record", "--pid", str(running.process.pid), "--rate", str(HERTZ), "--format", "raw", "--full-filenames",
                       "--duration", "3600", "--output", str(raw)]  # fmt: skip
            with child(folder, "py-spy", looking) as spy:
                until(lambda: "Sampling" in spy.log.read_text("utf-8"), "py-spy", 30, [spy])
                produce(bootstrap, records[READY:])
                ran = progress.run(len(records) - READY, [running], limit(bench), records=len(records))
                running.process.terminate()
                until(lambda: spy.process.poll() is not None, "py-spy", 60)
    if not raw.exists():
        raise RuntimeError(f"py-spy wrote nothing: {(folder / 'py-spy.log').read_text('utf-8').strip()[-200:]}")
    for stage, share in shares(raw.read_text("utf-8").splitlines()).items():
        yield Figure(f"stage.{stage}", f"a worker's CPU in {stage}", share * ran.cpu, UNIT, None, f"{share:.0%}")


MEASURES = (Measure("stages", "time per stage from a profile", UNIT, None, run),)
