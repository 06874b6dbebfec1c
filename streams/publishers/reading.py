"""Reads an office's JSONL: each line becomes a sealed, valid event or a row that says what is wrong and what to do.

Shape, then seal, then schema, then meaning; nothing valid is lost with what is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.catalogue import event_type, known
from schemas.codec import DecodeError, decode, encode
from schemas.icao9303 import document_number, passport_problems
from schemas.validate import Problem, check
from streams.domain.facts import fact_id
from streams.domain.instants import parse
from streams.publishers.identity import normalise, seal

MOST_LINE_BYTES = 16 << 20  # a longer line is no event, and is not read into memory whole


@dataclass(frozen=True)
class Ready:
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


def read(lines: Iterable[bytes], key: bytes, now: int, limit: int) -> Iterator[Ready | Refused]:
    """Each line but blank ones, numbered from 1. `limit` is the most bytes a record may have, `now` an instant."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _line(line, key, now, limit)
        if isinstance(found, list):
            yield Refused(number, tuple(found), line.decode("utf-8", errors="replace").rstrip("\n"))
        else:
            event, data = found
            yield Ready(number, event, data, fact_id(event))


def _line(line: bytes, key: bytes, now: int, limit: int) -> list[Problem] | tuple[dict[str, Any], bytes]:
    if len(line) > MOST_LINE_BYTES:
        return [Problem("", "line_too_long", f"a line may have {MOST_LINE_BYTES >> 20} MB; one event a line")]
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as problem:
        what = "not UTF-8" if isinstance(problem, UnicodeDecodeError) else "not JSON"
        return [Problem("", what.replace(" ", "_").lower(), f"{what}: write one JSON object a line")]
    return event(raw, key, now, limit)


def event(raw: Any, key: bytes, now: int, limit: int) -> list[Problem] | tuple[dict[str, Any], bytes]:
    """One event in plain JSON, sealed, encoded and decoded again as intake will see it; or its problems."""
    if problems := _shape(raw):
        return problems
    try:
        sealed = seal(raw, key)
        data = encode({name: value for name, value in sealed.items() if name in _ENVELOPE})
        decoded = decode(event_type(raw["type"]).topic, data)
    except DecodeError as problem:
        return [Problem("", problem.reason, problem.detail)]
    except ValueError as problem:
        return [Problem("", "does_not_fit", str(problem)[:300])]
    if problems := check(decoded, now):
        return problems
    if len(data) > limit:
        return [Problem("", "over_the_limit", f"{len(data)} bytes; a record of this topic may have {limit}: split or shorten it")]
    return decoded, data


_ENVELOPE = frozenset({"id", "source", "type", "time", "recordedat", "evidence", "worker", "refs", "corrects", "was",
                       "retracted", "run", "body"})  # fmt: skip
_IDENTIFIER = frozenset({"kind", "country", "value", "digest", "generation", "mrz"})


def _shape(raw: Any) -> list[Problem]:
    """What must hold before anything can be sealed: an object with known names, texts where texts belong."""
    if not isinstance(raw, Mapping):
        return [Problem("", "not_an_object", "write one JSON object a line")]
    found = [Problem(name, "missing", "every event has id, source, type, time, recordedat and body")
             for name in ("id", "source", "type", "time", "recordedat") if not isinstance(raw.get(name), str) or not raw[name]]  # fmt: skip
    found += [Problem(str(name), "unknown_field", "see `fairpassage schema` for the envelope") for name in sorted(raw.keys() - _ENVELOPE)]
    if found:
        return found
    if not known(raw["type"]):
        return [Problem("type", "unknown_type", "see `fairpassage schema` for the event types")]
    return [*_moments(raw), *_body_names(raw), *_identifiers(raw)]


def _moments(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("time", "recordedat"):
        try:
            parse(raw[name])
        except ValueError:
            yield Problem(name, "bad_time", "write RFC 3339 with an offset: 2025-03-01T10:00:00Z")


def _body_names(raw: Mapping[str, Any]) -> Iterator[Problem]:
    body = raw.get("body", {})
    if not isinstance(body, Mapping):
        yield Problem("body", "not_an_object", f"see `fairpassage schema {raw['type']}`")
        return
    fields = {field.name: field for field in event_type(raw["type"]).fields}
    for name in sorted(body.keys() - fields.keys()):
        yield Problem(f"body.{name}", "unknown_field", f"see `fairpassage schema {raw['type']}`")
    for name, field in fields.items():
        if field.required and body.get(name) is None:
            yield Problem(f"body.{name}", "missing", f"required: {field.doc}")


def _identifiers(raw: Mapping[str, Any]) -> Iterator[Problem]:
    worker = raw.get("worker")
    if worker is None:
        return
    listed = worker.get("identifiers") if isinstance(worker, Mapping) else None
    if not isinstance(listed, list) or not listed:
        yield Problem("worker.identifiers", "no_identifier", "give at least one identifier, or no worker")
        return
    for number, each in enumerate(listed):
        where = f"worker.identifiers[{number}]"
        if not isinstance(each, Mapping) or not isinstance(each.get("kind"), str) or not isinstance(each.get("country"), str):
            yield Problem(where, "incomplete", "give kind, country and value")
        elif unknown := sorted(each.keys() - _IDENTIFIER):
            yield Problem(f"{where}.{unknown[0]}", "unknown_field", "known are kind, country, value, digest, generation, mrz")
        else:
            yield from _identifier(where, each)


def _identifier(where: str, each: Mapping[str, Any]) -> Iterator[Problem]:
    value = each.get("value")
    if value is None and each.get("digest") is None:
        yield Problem(f"{where}.value", "missing", "give the number itself; publish makes the digest")
        return
    if value is not None:
        try:
            normalise(each["kind"], value)
        except (ValueError, TypeError):
            yield Problem(f"{where}.value", "bad_value", "write the number as text, with at least one letter or digit")
            return
    if (mrz := each.get("mrz")) is not None:
        yield from _zone(where, each["kind"], mrz, value)


def _zone(where: str, kind: str, mrz: Any, value: str | None) -> Iterator[Problem]:
    problems = passport_problems(mrz) if isinstance(mrz, str) else ["the zone is text: two lines of 44"]
    for problem in problems:
        yield Problem(f"{where}.mrz", "bad_check_digit", f"ICAO 9303: {problem}; read the document again")
    if not problems and value is not None and normalise(kind, document_number(mrz)) != normalise(kind, value):
        yield Problem(f"{where}.mrz", "other_number", "the zone's document number is another: read the document again")
