"""What a worker is told: resolved once by the command line, frozen, handed down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from schemas.codec import Written
from streams.domain.instants import Instant
from streams.publishers.identity import Key
from streams.publishers.signing import Signatures
from streams.rules.policy import Policy

INTERNAL = ("feed", "facts", "findings", "standings", "journeys", "erasures", "keys")


class Writers(Protocol):
    """Schemas of records that no release explains, from a schema registry."""

    def __call__(self, topic: str, written: Written) -> Mapping[str, Any] | None:
        """One that is known by now, without waiting; None where there is none. Raises DecodeError where nobody can tell yet."""
        ...

    async def look_for(self, wanted: Iterable[tuple[str, Written]]) -> None:
        """Makes these known, if that takes seconds at most; raises nothing."""
        ...


@dataclass(frozen=True)
class WorkerConfig:
    """A worker's settings. `intake_key` re-keys what offices publish; `master_key` wraps the roots that seal facts; `as_of` fixes time
    for tests, demo and imports; with `signatures` intake takes only what its source signed; `writers` know schemas that no release has."""

    bootstrap: str
    directory: Path
    intake_key: Key = field(repr=False)
    master_key: bytes = field(repr=False)
    public_topics: tuple[str, ...]
    policy: Policy
    declared: Callable[[str], bool]
    home_partition: Callable[[str, int], int]
    group: str = "fairpassage"
    as_of: Instant | None = None
    hold: Instant = 0
    pause: Instant = 0
    metrics_port: int = 0
    session_timeout: float = 6.0
    heartbeat: float = 1.0
    tick_seconds: float = 1.0
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)
    signatures: Signatures | None = None
    writers: Writers | None = None
