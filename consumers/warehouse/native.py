"""Rows as ClickHouse's Native format, column by column: the same bytes for the same rows every time. Pure.

Against JSONEachRow it takes a quarter of the time to write and a third to read. LowCardinality columns are given as String: the
server makes its own dictionaries. Types are those of infra/clickhouse/migrations; a test compares them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any

from schemas.varint import varint

Row = tuple[Any, ...]  # a value for each column of its table, in their order


@dataclass(frozen=True)
class Kind:
    """A column's type as the block names it, how its values are written, and what stands for none."""

    name: str
    put: Callable[[Sequence[Any]], bytes]
    default: Any


_LENGTHS = tuple(map(varint, range(4_096)))


def _texts(values: Sequence[str]) -> bytes:
    return _blobs([value.encode() for value in values])


def _blobs(values: Sequence[bytes]) -> bytes:
    try:
        return b"".join([_LENGTHS[len(value)] + value for value in values])
    except IndexError:  # a long one among them
        return b"".join([varint(len(value)) + value for value in values])


def _codes(values: Sequence[str]) -> bytes:
    """Texts of which many are alike."""
    known = {value: _blobs((value.encode(),)) for value in set(values)}
    return b"".join([known[value] for value in values])


def _lists(put: Callable[[Sequence[Any]], bytes]) -> Callable[[Sequence[Any]], bytes]:
    def lists(values: Sequence[Sequence[Any]]) -> bytes:
        ends = list(accumulate(map(len, values)))
        return struct.pack(f"<{len(ends)}Q", *ends) + put(list(chain.from_iterable(values)))

    return lists


def _numbers(code: str) -> Callable[[Sequence[Any]], bytes]:
    return lambda values: struct.pack(f"<{len(values)}{code}", *values)


def _wide(values: Sequence[int]) -> bytes:
    return b"".join([value.to_bytes(16, "little") for value in values])


def _nullable(kind: Kind) -> Kind:
    def put(values: Sequence[Any]) -> bytes:
        nulls = bytes([value is None for value in values])
        return nulls + kind.put([kind.default if value is None else value for value in values])

    return Kind(f"Nullable({kind.name})", put, None)


def _array(kind: Kind) -> Kind:
    return Kind(f"Array({kind.name})", _lists(kind.put), ())


TEXT, CODE, BLOB = Kind("String", _texts, ""), Kind("String", _codes, ""), Kind("String", _blobs, b"")
TEXTS, CODES = _array(TEXT), _array(CODE)
BYTE, SHORT, LONG = Kind("UInt8", _numbers("B"), 0), Kind("UInt32", _numbers("I"), 0), Kind("UInt64", _numbers("Q"), 0)
WIDE, FLAG = Kind("UInt128", _wide, 0), Kind("Bool", _numbers("?"), False)
MOMENT = Kind("DateTime64(3, 'UTC')", _numbers("q"), 0)  # milliseconds since 1970
MOMENTS = _array(MOMENT)
MAYBE_MOMENT, MAYBE_SHORT, MAYBE_LONG = _nullable(MOMENT), _nullable(SHORT), _nullable(LONG)


def block(columns: Mapping[str, Kind], rows: Sequence[Row]) -> bytes:
    """One block of rows, at least one. Raises OverflowError or struct.error when a number does not fit its column."""
    out, width = [varint(len(columns)), varint(len(rows))], len(columns)
    flat = list(chain.from_iterable(rows))  # every so manyth value is a column's: half the time of zip(*rows)
    for place, (name, kind) in enumerate(columns.items()):
        out += [_blobs((name.encode(), kind.name.encode())), kind.put(flat[place::width])]
    return b"".join(out)
