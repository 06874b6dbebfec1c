"""Whatever the order of Python's sets, a run is evaluated to the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys

EVALUATE = """
import hashlib
from streams.domain.outputs import encode
from streams.evaluate import evaluate_events
from streams.rules.policy import default
from tests.support.simulated import simulated
run = simulated(40, "11", 2)
result = evaluate_events([e for e in run.sealed() if e["type"] != "oversight.office_heartbeat"], default(), run.as_of)
parts = {
    "findings": [(subject, encode(each)) for subject, each in result.findings()],
    "unknown": result.insufficient(),
    "entries": [encode(result.entries[subject]) for subject in sorted(result.entries)],
    "journeys": [encode(result.journeys[name]) for name in sorted(result.journeys)],
    "alerts": [encode(result.alerts[key]) for key in sorted(result.alerts)],
}
for name, found in parts.items():
    print(name, len(found), hashlib.sha256(repr(found).encode()).hexdigest())
"""
UNSTABLE = "print({f'party:{n}' for n in range(50)})"


def ran(code: str, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=120, text=True).stdout


def test_two_seeds_of_hashing_give_the_same_findings_entries_and_alerts() -> None:
    first, second = ran(EVALUATE, "1"), ran(EVALUATE, "4711")
    assert first == second
    counts = {line.split()[0]: int(line.split()[1]) for line in first.splitlines()}
    assert set(counts) == {"findings", "unknown", "entries", "journeys", "alerts"}
    assert min(counts.values()) > 20


def test_what_depends_on_the_seed_is_seen() -> None:
    assert ran(UNSTABLE, "1") != ran(UNSTABLE, "4711")
