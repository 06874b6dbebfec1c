"""Reads an office's JSONL: each line becomes a sealed, valid event or a row that says what is wrong and what to do.

Shape, then seal, then schema, then meaning; nothing valid is lost with what is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from msgspec import Struct

from schemas import lines as plain
from schemas.catalogue import event_type
from schemas.codec import DecodeError, decode, encode, encode_plainly
from schemas.shape import problems
from schemas.validate import Problem, check, sound
from streams.domain.facts import fact_id
from streams.publishers.identity import Key, seal

MOST_LINE_BYTES = 16 << 20  # a longer line is no event, and is not read into memory whole
ROOM = 4 << 10  # what the broker counts beside the value: key, headers and framing


class Ready(Struct, frozen=True):
    """A line that may be published: the event as intake will decode it, its bytes, and its fact id."""

    line: int
    event: dict[str, Any]
    data: bytes
    fact: str

    @property
    def topic(self) -> str:
        """The public topic."""
        return event_type(self.event["type"]).topic

    @property
    def key(self) -> bytes:
        """The record's key, as intake expects it."""
        return f"{self.event['source']}|{self.event['id']}".encode()


@dataclass(frozen=True)
class Refused:
    """A line that is not published: every problem it has, and the line as it was."""

    line: int
    problems: tuple[Problem, ...]
    row: str


def read(lines: Iterable[bytes], key: Key, now: int, limit: int) -> Iterator[Ready | Refused]:
    """Each line but blank ones, numbered from 1. `limit` is the most bytes a record may have, `now` an instant."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _plainly(line, key, now, limit) or _line(line, key, now, limit)
        if isinstance(found, list):
            yield Refused(number, tuple(found), line.decode("utf-8", errors="replace").rstrip("\n"))
        else:
            event, data = found
            yield Ready(number, event, data, fact_id(event))


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is longer than an event can be, only as much as tells so."""
    while line := file.readline(MOST_LINE_BYTES + 1):
        rest = line
        while len(rest) > MOST_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MOST_LINE_BYTES + 1)
        yield line


def _plainly(line: bytes, key: Key, now: int, limit: int) -> tuple[dict[str, Any], bytes] | None:
    """What `_line` makes of a line in which nothing is unusual, in a third of the time; None leaves the line to it."""
    if len(line) > limit or (found := plain.event(line)) is None:
        return None
    try:
        sealed = seal(found, key)
    except ValueError:
        return None
    data = encode_plainly(sealed)
    if data is None or len(data) + ROOM > limit or not sound(sealed, now):
        return None
    return sealed, data


def _line(line: bytes, key: Key, now: int, limit: int) -> list[Problem] | tuple[dict[str, Any], bytes]:
    if len(line) > MOST_LINE_BYTES:
        return [Problem("", "line_too_long", f"a line may have {MOST_LINE_BYTES >> 20} MB; one event a line")]
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as problem:
        what = "not UTF-8" if isinstance(problem, UnicodeDecodeError) else "not JSON"
        return [Problem("", what.replace(" ", "_").lower(), f"{what}: write one JSON object a line")]
    return event(raw, key, now, limit)


def event(raw: Any, key: Key, now: int, limit: int) -> list[Problem] | tuple[dict[str, Any], bytes]:
    """One event in plain JSON, sealed, encoded and decoded again as intake will see it; or its problems."""
    if found := problems(raw):
        return found
    try:
        sealed = seal(raw, key)
        data = encode(sealed)
        decoded = decode(event_type(raw["type"]).topic, data)
    except DecodeError as problem:
        return [Problem("", problem.reason, problem.detail)]
    except ValueError as problem:
        return [Problem("", "does_not_fit", str(problem)[:300])]
    if found := check(decoded, now):
        return found
    if len(data) + ROOM > limit:
        return [Problem("", "over_the_limit", f"{len(data)} bytes; a record of this topic may have {limit - ROOM}: split or shorten it")]
    return decoded, data
