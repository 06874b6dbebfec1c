"""What the sink reads and what it makes of it, as plain values."""

from __future__ import annotations

from msgspec import Struct

Headers = tuple[tuple[str, bytes], ...]


class Record(Struct, frozen=True, gc=False):
    """One Kafka record with its coordinates. `timestamp` is the broker's, in ms."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: int = 0

    @property
    def size(self) -> int:
        """Bytes that it holds in memory, about."""
        return len(self.value or b"") + len(self.key or b"") + 200


class Bad(Exception):
    """A record that can be no row: a reason code and, without its data, what is wrong."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail
