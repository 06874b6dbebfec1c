"""Whether ClickHouse has all that Kafka had: what offices published, what the streams made of it, and what the sink stored, in turn.

The ends of a stage's logs are taken first and then waited for, so that records that keep coming hold nothing up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

Place = tuple[str, int]  # topic, partition


class Logs(Protocol):
    """Where logs end, and how far a group has committed them; a partition that it never committed is not in the answer."""

    def ends(self, topics: Iterable[str]) -> Mapping[Place, tuple[int, int]]:
        """(first offset, next offset) of each partition of these topics."""
        ...

    def committed(self, group: str) -> Mapping[Place, int]: ...


class CatchingUp:
    """Waits at most `patience` seconds a stage. `stages` are (who takes them, group, topics), in the order in which an event passes them;
    `wait` sleeps so many seconds and says whether to give up."""

    def __init__(
        self, logs: Logs, stages: Iterable[tuple[str, str, tuple[str, ...]]], patience: float, wait: Callable[[float], bool]
    ) -> None:  # fmt: skip
        self._logs, self._stages, self._patience, self._wait = logs, tuple(stages), patience, wait

    def lacking(self) -> str:
        """What is not there yet, '' when all of it is."""
        for what, group, topics in self._stages:
            if left := self._left(group, topics):
                return f"{left} records of {', '.join(topics)} wait for {what}"
        return ""

    def _left(self, group: str, topics: tuple[str, ...]) -> int:
        """Records up to the logs' ends as they were at first that the group had not committed when the patience was over."""
        ends, until = self._logs.ends(topics), time.monotonic() + self._patience
        while True:
            done = self._logs.committed(group)
            left = sum(max(0, last - max(first, done.get(place, 0))) for place, (first, last) in ends.items())
            if not left or time.monotonic() >= until or self._wait(0.2):
                return left
