"""A search for raw values: does anything that the simulator wrote about a person appear where only digests may be?

What is searched may be gigabytes and what is sought tens of thousands of values, so the search looks at every fifth
position only: each value is known by its pieces at five offsets, and one of them lies on such a position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

PIECE = 5
LEAST = 2 * PIECE - 1  # a shorter value would be found everywhere, or missed
_PERSON = re.compile(r"[A-Z]{2}:person:(?!p_[0-9a-f]{32}$)(.+)")
_NARRATIVE = frozenset({"note"})


@dataclass(frozen=True)
class Found:
    """A raw value where it may not be. `value` is shown shortened: a report is no place for it either."""

    where: str
    value: str


class Scan:
    """Looks for raw values in anything that can be read as bytes; letter case does not matter."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values: dict[bytes, list[tuple[int, bytes]]] = {}
        self.sought = 0
        for value in sorted({each.lower() for each in values if len(each.encode()) >= LEAST}):
            raw = value.encode()
            self.sought += 1
            for offset in range(PIECE):
                self._values.setdefault(raw[offset : offset + PIECE], []).append((offset, raw))

    def bytes(self, where: str, data: bytes) -> Iterator[Found]:
        """Every value found in `data`, once each."""
        hay, seen = data.lower(), set[bytes]()
        for at in range(0, len(hay) - PIECE + 1, PIECE):
            for offset, value in self._values.get(hay[at : at + PIECE], ()):
                if value not in seen and hay.startswith(value, at - offset if at >= offset else len(hay)):
                    seen.add(value)
                    yield Found(where, f"{value.decode()[:4]}…")

    def folder(self, folder: Path) -> Iterator[Found]:
        """Every value found in the files below a folder, and in their names."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield from self.bytes(str(path), str(path).encode())
            yield from self.file(path)

    def file(self, path: Path, block: int = 1 << 24) -> Iterator[Found]:
        """Every value found in one file; blocks overlap, so that none is missed between two."""
        overlap = 512
        with path.open("rb") as opened:
            tail = b""
            while data := opened.read(block):
                yield from self.bytes(str(path), tail + data)
                tail = data[-overlap:]


def raw_values(files: Iterable[Path]) -> set[str]:
    """What offices wrote in clear: numbers as spelled and as normalised, machine-readable zones, names, what was said."""
    found: set[str] = set()
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                found.update(_of(msgspec.json.decode(line)))
    return found


def _of(event: dict[str, Any]) -> Iterator[str]:
    for each in (event.get("worker") or {}).get("identifiers", ()):
        yield each["value"]
        yield re.sub(r"[^A-Za-z0-9]", "", each["value"])
        yield from each.get("mrz", "").split("\n")
    for subject in (event.get("was") or {}).get("subjects", ()):
        yield from _person(subject.partition(":")[2])
    for name, value in (event.get("body") or {}).items():
        if isinstance(value, str):
            yield from _person(value)
            if name in _NARRATIVE:
                yield value


def _person(value: str) -> Iterator[str]:
    if found := _PERSON.fullmatch(value):
        yield found[1]
