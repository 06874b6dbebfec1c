"""Where a worker's time goes: each sampled stack to one stage, by the modules in it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

STAGES = ("decode", "link", "fold", "rules", "store", "produce", "Faust", "other")
FAUST, OTHER = STAGES[-2:]

# The innermost frame that names a stage decides; the first pattern that fits a frame names it.
_PATTERNS = tuple((stage, re.compile(pattern)) for stage, pattern in (
    ("store", r"streams/store/|rocksdict|sortedcontainers"),
    ("rules", r"streams/rules/|streams/dossiers/(alerting|audiences|publishing|reasserting)\.py"),
    ("link", r"streams/linking/|streams/dossiers/(clusters|groups|weak)\.py"),
    ("fold", r"streams/dossiers/"),
    ("produce", r"streams/agents/(delivery|owned)\.py|aiokafka/producer/"),
    ("decode", r"schemas/|fastavro|streams/(intake|agents/intake|publishers/\w+|domain/frames)\.py"),
))  # fmt: skip
# Values that several stages share: whoever calls them pays; the fold where nobody is named.
_SHARED = re.compile(r"streams/domain/")
# Connections and the loop serve whoever uses them; what is left is Faust's own: its consumer, its tasks, its timers.
_MACHINERY = re.compile(r"/faust/|/mode/|streams/agents/|aiokafka/|asyncio/|selectors\.py|/concurrent/|threading\.py|uvloop")
_STARTING = re.compile(r"_find_and_load|<frozen importlib")
_WAITING = re.compile(r"select \([^;]*selectors\.py:\d+\)$")


def stage(stack: str) -> str:
    """The stage of one stack in py-spy's raw form: frames from the outermost in, parted by ';'."""
    for frame in reversed(stack.split(";")):
        for name, pattern in _PATTERNS:
            if pattern.search(frame):
                return name
    if _SHARED.search(stack):
        return "fold"
    return FAUST if _MACHINERY.search(stack) else OTHER


def shares(lines: Iterable[str]) -> dict[str, float]:
    """Stage -> share of the samples, of lines 'stack count'; waiting, and importing modules, are left out.

    Raises ValueError when there is no sample.
    """
    found: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        if stack and not _STARTING.search(stack) and not _WAITING.search(stack):
            found[stage(stack)] += int(count)
    total = sum(found.values())
    if not total:
        raise ValueError("no sample: the profiler saw nothing")
    return {name: found[name] / total for name in STAGES}
