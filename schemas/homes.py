"""Which partition a home country is dealt to: known homes by a weighted table beside the topic files, others by hash."""

from __future__ import annotations

import tomllib
import zlib
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "topics" / "homes.toml"


@cache
def weights() -> dict[str, float]:
    """Home -> yearly departures in thousands, from the table."""
    return {str(home): float(weight) for home, weight in tomllib.loads(_TABLE.read_text("utf-8"))["homes"].items()}


@cache
def _dealt(partitions: int) -> dict[str, int]:
    """The heaviest home first, each to the partition that has least; ties by the lower number."""
    loads = [0.0] * partitions
    dealt: dict[str, int] = {}
    for home, weight in sorted(weights().items(), key=lambda each: (-each[1], each[0])):
        number = min(range(partitions), key=lambda n: (loads[n], n))
        dealt[home], loads[number] = number, loads[number] + weight
    return dealt


def partition(home: str, partitions: int) -> int:
    """The partition of a home; the same on every machine."""
    known = _dealt(partitions).get(home)
    return known if known is not None else zlib.crc32(home.encode()) % partitions
