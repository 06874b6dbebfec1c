"""What an audit leaves to the next one: what it missed, by name, and how it ended. One JSON file in the home, written in one step."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from streams.domain.instants import Instant

FILE = "audit.json"
MOST = 200_000  # names kept of each kind of difference: what is beyond is repaired by later audits


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """An audit's end. `cluster` is Kafka's id of the cluster it looked at; `missed` are names by where."""

    cluster: str
    at: Instant
    events: int
    differences: dict[str, int]
    missed: dict[str, list[str]] = {}

    @property
    def clean(self) -> bool:
        """Whether nothing differed."""
        return not any(self.differences.values())

    def missed_too(self, cluster: str) -> Mapping[str, frozenset[str]]:
        """What it missed of this cluster, by where."""
        return {where: frozenset(names) for where, names in self.missed.items()} if cluster == self.cluster else {}


def read(home: Path) -> Memory | None:
    """How the last audit ended; None when none did, or another version's."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return None


def write(home: Path, memory: Memory) -> None:
    """Replaces it; the file is its owner's alone."""
    home.mkdir(parents=True, exist_ok=True)
    scratch = home / f"{FILE}.new"
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(memory))
    scratch.replace(home / FILE)
