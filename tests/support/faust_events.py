"""Records as an agent is given them, and a delivery that remembers or fails, without a broker."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

from aiokafka.structs import RecordMetadata
from faust.types import EventT

from streams.agents.delivery import Record


def event(
    topic: str, value: bytes | None, key: bytes | None = None, headers: dict[str, bytes] | None = None, offset: int = 7
) -> EventT[bytes]:
    """A record of partition 3, published at the epoch's first second."""
    message = SimpleNamespace(topic=topic, partition=3, offset=offset, value=value, key=key, headers=headers or {}, timestamp=1.0)
    return cast(EventT[bytes], SimpleNamespace(message=message, value=value))


class Remembered:
    """A delivery whose records are kept, by call; `failing` is the topic at which it raises, as a broker that is away would."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[list[Record]] = []
        self._failing, self._offset = failing, 0

    @property
    def records(self) -> list[Record]:
        return [record for call in self.calls for record in call]

    def to(self, topic: str) -> list[Record]:
        return [record for record in self.records if record[0] == topic]

    async def send(self, records: Iterable[Record]) -> list[RecordMetadata]:
        call = list(records)
        if any(record[0].startswith(self._failing) for record in call if self._failing):
            raise ConnectionError(f"{self._failing} takes nothing")
        self.calls.append(call)
        found = []
        for _ in call:
            self._offset += 1
            found.append(SimpleNamespace(offset=self._offset))
        return cast(list[Any], found)
