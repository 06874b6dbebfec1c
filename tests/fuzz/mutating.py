"""What is done to a good input: bytes turned, cut, spliced and repeated; values of JSON exchanged, nested and made strange."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from schemas.varint import varint

MOST = 256 << 10  # bytes of an input; what is larger finds nothing that this does not, and takes the time of many

NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**15, 10**30, 10**400, 0.5, -0.0, 1e308, 5e-324,
    float("nan"), float("inf"), float("-inf"), 1.0,
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "2025-02-30", "2025-W01-1", "20250301", "2025-03-01", "1899-12-31", "2200-01-01",
    "01/02/2025",
    "\u0968\u0966\u0968\u096b-\u0966\u0969-\u0966\u0967", "2025-03-01T10:00:00", "2025-03-01T24:00:00Z", "2025-03-01T10:00:60Z",
    "2025-03-01T10:00:00+99:99", "2025-03-01T10:00:00+23:59:59", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "2025-03-01T10:00:00." + "9" * 400 + "Z", "\u0662\u0660\u0662\u0665-03-01T10:00:00Z", "2025-03-01t10:00:00z", "45000", "99999.5", "0",
)  # fmt: skip
TEXTS = (
    "", " ", "\0", "\x1b[2J", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "e\u0301" * 50, "\U0001f600", "\u00df", "\u0130",
    "\uff11\uff12",
    "\u00b2", "a" * 201, "x" * 5_000, "'", '"', "\\", "\r\n", "=1+1", "../../x", "NaN", "null", "true", "-", "|", ":", "::", "NP", "np",
    "ZZ",
    "NP:person:", "NP:person:p_" + "0" * 32, "p_" + "0" * 32, "d_" + "f" * 32, "n_" + "a" * 32, "0" * 32, "party:", "party:NP:person:A B",
    "site:QA:x", "/office/NP/x", "/office//", "embassy.NP-QA", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
)  # fmt: skip
_MAGIC = (
    b"\0", b"\xff" * 8, b"\x80" * 9 + b"\x01", b"\xc3\x01", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xfe",
    b"\r\n",
    b"\n", b"\\u0000", b"\\ud800", b"NaN", b"1e999", b"[" * 500, b'{"a":' * 200, b"9" * 5_000, b'"', b"'", b",", b"\x1f\x8b", b"PK\x03\x04",
)  # fmt: skip


def mutated(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """One to four changes of bytes."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        data = rng.choice(_CHANGES)(rng, data, others)
    return data[:MOST]


def _flip(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _put(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(1) + data[at + 1 :]


def _span(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 2, 4, 16, 64, 512)))


def _drop(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _double(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]


def _truncate(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _splice(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _insert(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + rng.choice(_MAGIC) + data[end if rng.random() < 0.5 else start :]


def _number(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """A length, a count or a branch of Avro's exchanged for another."""
    start, end = _span(rng, data)
    return data[:start] + varint(rng.choice((1, 2, 3, 1 << 7, 1 << 20, 1 << 31, 1 << 40, (1 << 64) - 1))) + data[end:]


def _text(rng: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + rng.choice(TEXTS + DATES).encode("utf-8", "surrogatepass") + data[end:]


_CHANGES: tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...] = (
    _flip, _flip, _put, _drop, _double, _truncate, _splice, _insert, _number, _text,
)  # fmt: skip


def strange(rng: Random) -> Any:
    """A value that a field does not expect."""
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(NUMBERS)
    if kind == 1:
        return rng.choice((None, True, False, [], {}, [[]], [None], {"": None}, {"minor": "1", "currency": 1}))
    if kind == 2:
        return nested(rng, rng.choice((2, 50, 900, 5_000)))
    if kind == 3:
        return [rng.choice((*TEXTS, *NUMBERS, None, {}, [])) for _ in range(rng.choice((1, 3, 40, 3_000)))]
    return rng.choice(DATES if kind in (4, 5) else TEXTS)


def nested(rng: Random, depth: int) -> Any:
    """Lists or objects in one another."""
    found: Any = rng.choice((1, "x", None))
    for _ in range(depth):
        found = [found] if rng.random() < 0.5 else {"a": found}
    return found


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each container within a value, with each key or index."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        pairs = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        for key, inner in pairs:
            found.append((each, key))
            waiting.append(inner)
    return found


def changed(rng: Random, event: dict[str, Any]) -> dict[str, Any]:
    """A copy of a JSON object with one to three of its values exchanged, moved, taken away, doubled or renamed."""
    found: dict[str, Any] = json.loads(json.dumps(event))
    for _ in range(rng.choice((1, 1, 2, 3))):
        if not (there := places(found)):
            break
        inside, key = rng.choice(there)
        _change(rng, inside, key, there)
    return found


def _change(rng: Random, inside: Any, key: Any, there: list[tuple[Any, Any]]) -> None:
    what = rng.randrange(10)
    if what == 0:
        del inside[key]
    elif what == 1 and isinstance(inside, dict):
        inside[rng.choice((*TEXTS, str(key).upper(), f"{key}s"))] = inside[key]
    elif what == 2:
        other, name = rng.choice(there)
        inside[key] = other[name] if not isinstance(other[name], dict | list) else strange(rng)
    elif what == 3 and isinstance(inside[key], list):
        inside[key] = inside[key] * rng.choice((2, 30))
    elif what == 4 and isinstance(inside[key], str):
        text = inside[key]
        at = rng.randrange(len(text) + 1)
        inside[key] = text[:at] + rng.choice(TEXTS) + text[at + rng.randrange(2) :]
    else:
        inside[key] = strange(rng)


def written(rng: Random, value: Any) -> bytes:
    """A value as JSON, as it may be written: with escapes or without, a key twice, what no standard has."""
    try:
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    except (RecursionError, ValueError):
        text = "[" * 3_000
    if rng.random() < 0.1 and text.startswith("{"):
        text = f'{{"{rng.choice(("id", "type", "body", "time"))}": {json.dumps(rng.choice(TEXTS))}, {text[1:]}'
    return text.encode("utf-8", "surrogatepass")
