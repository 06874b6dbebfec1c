"""Where a partition's rows are cut into inserts, so that a repeated insert is always the same insert. Pure.

A **block** is 10,000 offsets: block b holds the offsets o with o // 10000 == b. A **piece** is what one insert holds, a
range of offsets inside one block, and its token names the range. The token makes a repeat harmless only if the repeat
has the same rows, so a cut may depend on nothing but the log:

- A block is *closed* once the log is known to reach beyond it. The piece is then the rest of the block, or as much of
  it as makes 8 MB, which is a function of its records. Compaction may take records from the range between two reads,
  never add any: if the first insert landed, the second holds nothing that is not there.
- An *open* block is cut by time, and only at the end of the log as the broker gives it: what a closed block was cut
  from can't look open to a later reader. Where the log ended is recorded before the insert (`planned`: the sink commits
  the piece's first offset with its last one as metadata). A reader that finds a plan cuts there first.

What is left are accidents that this scheme doesn't cover, such as a token older than the deduplication window; they
cost a second row under the same key, which ReplacingMergeTree drops.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from consumers.warehouse.records import Record

BLOCK = 10_000  # offsets; an insert and its two commits cost what some thousand rows do
MOST_BYTES = 8 << 20  # of one insert, unless one record alone is larger


@dataclass(frozen=True)
class Piece:
    """The records of one insert: all there are with first <= offset <= last. `planned`: record the cut first."""

    first: int
    last: int
    records: tuple[Record, ...]
    planned: bool = False

    def token(self, log: str) -> str:
        """The insert token; `log` names the topic and partition, also apart from an earlier topic of that name."""
        return f"{log}:{self.first}-{self.last}"


class Buffer:
    """The records of one partition that are read and not stored. `start` is the first offset wanted."""

    def __init__(self, start: int, plan: int | None = None) -> None:
        self._cursor, self._position, self._end = start, start, -1
        self._plan = plan if plan is not None and plan >= start else None
        self._waiting: deque[tuple[Record, float]] = deque()
        self.bytes = 0

    @property
    def unstored(self) -> int:
        """The first offset that is not stored, as far as the log is read."""
        return self._waiting[0][0].offset if self._waiting else self._position

    @property
    def position(self) -> int:
        """The first offset that is not read."""
        return self._position

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, record: Record, now: float) -> None:
        """The next record; ones that were added before are ignored. `now` is a monotonic time in seconds."""
        if record.offset < self._position:
            return
        self._waiting.append((record, now))
        self._position = record.offset + 1
        self.bytes += record.size

    def ended(self, offset: int) -> None:
        """The broker says that the log ends, or ended a moment ago, here (the next offset to be written)."""
        self._end = offset
        self._position = max(self._position, offset)

    def cut(self, now: float, linger: float) -> Piece | None:
        """The next piece, if there is one to write. An open block waits `linger` seconds from its first record."""
        if self._plan is not None:
            return self._piece(self._plan) if self._position > self._plan else None
        self._skip()
        block_end = self._cursor // BLOCK * BLOCK + BLOCK - 1
        if self._position > block_end:
            return self._piece(block_end)
        if self._waiting and self._end == self._position and now - self._waiting[0][1] >= linger:
            return self._piece(self._waiting[-1][0].offset, planned=True)
        return self._piece(block_end) if self.bytes >= MOST_BYTES else None

    def done(self, piece: Piece) -> None:
        """The piece is stored: forget it."""
        for _ in piece.records:
            self.bytes -= self._waiting.popleft()[0].size
        self._cursor = piece.last + 1
        if self._plan is not None and self._cursor > self._plan:
            self._plan = None

    def _skip(self) -> None:
        """Over blocks that hold nothing: there is nothing to insert and nothing to say."""
        ahead = self._waiting[0][0].offset if self._waiting else self._position
        if ahead // BLOCK > self._cursor // BLOCK:
            self._cursor = ahead // BLOCK * BLOCK

    def _piece(self, last: int, planned: bool = False) -> Piece | None:
        taken: list[Record] = []
        size = 0
        for record, _ in self._waiting:
            if record.offset > last:
                break
            taken.append(record)
            size += record.size
            if size >= MOST_BYTES:
                return Piece(self._cursor, record.offset, tuple(taken))
        return Piece(self._cursor, last, tuple(taken), planned)
