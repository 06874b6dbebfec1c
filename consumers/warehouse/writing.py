"""A piece into ClickHouse: encode once, insert under the piece's token, bisect what is refused to dead letters, delete what was erased."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from consumers.warehouse import metrics
from consumers.warehouse.native import Row
from consumers.warehouse.pieces import Piece
from consumers.warehouse.purging import purges
from consumers.warehouse.records import Bad, Record
from consumers.warehouse.rows import Opener, encoded, row, table
from consumers.warehouse.store import UNREADABLE_NUMBER, Refused, Unavailable
from consumers.warehouse.tables import COLUMNS

Entry = tuple[Record, Row]


class Inserts(Protocol):
    """Where rows go."""

    def insert(self, table: str, columns: tuple[str, ...], data: bytes, token: str) -> None: ...

    def purge(self, table: str, where: str, values: Mapping[str, str | int]) -> None: ...


class DeadLetters(Protocol):
    """Where records go that can be no row."""

    def send(self, record: Record, reason: str, detail: str) -> None: ...


class Writer:
    """Writes pieces. `wait(attempt, why)` is called before a repeat: it waits, and raises to give up; `opened` opens sealed facts.

    `again` is for rows that are no longer there: it names who writes them, so that no token of the sink's drops them.
    """

    def __init__(
        self, warehouse: Inserts, letters: DeadLetters, wait: Callable[[int, str], None], opened: Opener, again: str = ""
    ) -> None:
        self._warehouse, self._letters, self._wait, self._opened, self._again = warehouse, letters, wait, opened, again

    def write(self, piece: Piece, log: str) -> None:
        """Returns when every record of the piece is stored or a confirmed dead letter.

        In offset order: what is stored of a partition is always all that comes before. Raises Misconfigured,
        Undeliverable, and what `wait` and `opened` raise.
        """
        entries: list[Entry] = []
        for record in piece.records:
            try:
                made = row(record, log, self._opened)
            except Bad as fault:
                self._letters.send(record, fault.reason, fault.detail)
                continue
            if made is not None:
                entries.append((record, made))
        if entries:
            place = entries[0][0]
            self._insert(entries, piece.first, piece.last, f"{place.topic}:{log}:{place.partition}{self._again}")
            for each in purges(table(place.topic), [made for _, made in entries]):
                self._patiently(lambda: self._warehouse.purge(*each))  # noqa: B023  # called at once

    def _insert(self, entries: list[Entry], first: int, last: int, log: str) -> None:
        try:
            self._acknowledged(entries, f"{log}:{first}-{last}")
        except Refused as refusal:
            self._bisect(entries, first, last, log, refusal)

    def _bisect(self, entries: list[Entry], first: int, last: int, log: str, refusal: Refused) -> None:
        """Halves by place, each under the token of its own range: the same halves at every repeat."""
        if len(entries) == 1:
            self._letters.send(entries[0][0], "refused", f"ClickHouse refuses the row, error {refusal.code}")
            return
        half = len(entries) // 2
        middle = entries[half][0].offset
        self._insert(entries[:half], first, middle - 1, log)
        self._insert(entries[half:], middle, last, log)

    def _acknowledged(self, entries: list[Entry], token: str) -> None:
        """Insert, with the same bytes as often as it takes. Raises Refused."""
        name = table(entries[0][0].topic)
        columns = tuple(COLUMNS[name])
        try:
            data = encoded(name, [made for _, made in entries])
        except (OverflowError, struct.error) as problem:
            raise Refused(UNREADABLE_NUMBER) from problem
        metrics.INSERT_SECONDS.observe(self._patiently(lambda: self._warehouse.insert(name, columns, data, token)))
        metrics.ROWS.labels(name).inc(len(entries))
        metrics.INSERTS.labels(name).inc()

    def _patiently(self, work: Callable[[], None]) -> float:
        """Does it as often as it takes until ClickHouse answers; returns the seconds of the last try."""
        attempt = 0
        while True:
            began = time.perf_counter()
            try:
                work()
                return time.perf_counter() - began
            except Unavailable as problem:
                attempt += 1
                metrics.RETRIES.inc()
                self._wait(attempt, str(problem))
