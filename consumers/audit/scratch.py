"""What an audit has seen so far, on disk and in order, so that its memory does not grow with what it looks at.

About 150 bytes of disk an event; in memory what RocksDB keeps for writing and reading, some 100 MB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType

import msgspec

from consumers.audit.comparison import Copy, Letter, Place, Seen, Standing, Subject
from consumers.audit.expecting import Asked, Known
from streams.store.rocks import RocksStore

BATCH = 50_000  # puts between two writes
PAGE = 20_000  # keys read at once
_PLACE = struct.Struct(">BIQ")
_FACT, _STANDING, _LETTER, _EVENT, _CORRECTION, _DOUBTED = b"f", b"s", b"l", b"v", b"c", b"d"
_doubted = msgspec.msgpack.Decoder(tuple[Asked, tuple[str, int, int]]).decode
_kept = msgspec.msgpack.Decoder(tuple[Known, tuple[str, int, int]]).decode


class Scratch:
    """Marks by subject, and events by source; a context manager. `topics` are all whose records are named."""

    def __init__(self, folder: Path, topics: Sequence[str]) -> None:
        self._store = RocksStore(folder)
        self._topics = tuple(topics)
        self._numbers = {name: number for number, name in enumerate(self._topics)}
        self._waiting = 0

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._store.close()

    def mark(self, subject: Subject, mark: str, place: Place | None = None) -> None:
        """Says that something was seen of a subject; of two records under one mark the later one said is kept."""
        value = _PLACE.pack(self._numbers[place[0]], place[1], place[2]) if place is not None else b""
        self._put(self._key(subject) + mark.encode(), value)

    def has(self, subject: Subject, mark: str) -> bool:
        """Whether a subject has a mark."""
        return self._store.get(self._key(subject) + mark.encode()) is not None

    def event(self, known: Known, place: Place) -> None:
        """Keeps an event that has to be everywhere, to be found by the corrections of it."""
        fact = known.fact
        kept = msgspec.msgpack.encode((known, place))
        self._put(_EVENT + _named(fact.source, fact.event_id) + fact.id.encode(), kept)
        if fact.corrects is not None:
            self._put(_CORRECTION + fact.source.encode() + b"\0" + fact.id.encode(), kept)

    def doubt(self, asks: Asked, place: Place) -> None:
        """Keeps what a rejected event would have asked for."""
        self._put(_DOUBTED + _PLACE.pack(self._numbers[place[0]], *place[1:]), msgspec.msgpack.encode((asks, place)))

    def doubted(self) -> Iterator[tuple[Asked, Place]]:
        """What was kept so."""
        return (_doubted(value) for _, value in self._pages(_DOUBTED))

    def corrected(self) -> Iterator[list[tuple[Known, Place]]]:
        """By source, each correction and what it corrects, as far as they were kept."""
        for _, entries in groupby(self._pages(_CORRECTION), lambda entry: entry[0].rpartition(b"\0")[0]):
            found = [_kept(value) for _, value in entries]
            targets = {each.fact.corrects for each, _ in found if each.fact.corrects is not None}
            name = found[0][0].fact.source
            for target in sorted(targets):
                found += [_kept(value) for _, value in self._pages(_EVENT + _named(name, target))]
            yield found

    def seen(self) -> Iterator[Seen]:
        """Every subject with its marks."""
        for table in (_FACT, _STANDING, _LETTER):
            for key, entries in groupby(self._pages(table), lambda entry: entry[0][:-1]):
                yield self._subject(key), {chr(name[-1]): self._place(value) for name, value in entries}

    def _put(self, key: bytes, value: bytes) -> None:
        self._store.put(key, value)
        self._waiting += 1
        if self._waiting >= BATCH:
            self._store.commit()
            self._waiting = 0

    def _pages(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        self._store.commit()
        start = b""
        while page := list(self._store.scan(prefix, start, PAGE)):
            yield from page
            start = page[-1][0][len(prefix) :] + b"\0"

    def _key(self, subject: Subject) -> bytes:
        if isinstance(subject, Copy):
            return _FACT + f"{subject.id}\0{subject.home}\0".encode()
        if isinstance(subject, Standing):
            return _STANDING + subject.id.encode() + b"\0"
        return _LETTER + _PLACE.pack(self._numbers[subject.topic], subject.partition, subject.offset)

    def _subject(self, key: bytes) -> Subject:
        if key[:1] == _FACT:
            identity, home, _ = key[1:].decode().split("\0")
            return Copy(home, identity)
        if key[:1] == _STANDING:
            return Standing(key[1:-1].decode())
        number, partition, offset = _PLACE.unpack(key[1:])
        return Letter(self._topics[number], partition, offset)

    def _place(self, value: bytes) -> Place | None:
        if not value:
            return None
        number, partition, offset = _PLACE.unpack(value)
        return self._topics[number], partition, offset


def _named(source: str, event_id: str) -> bytes:
    """An event's own prefix: no id that an office gives has an unprintable character."""
    return f"{source}\0{event_id}\0".encode()
