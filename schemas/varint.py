"""Whole numbers as seven bits a byte, the least first: lengths and counts of Avro and of ClickHouse's Native format."""

from __future__ import annotations


def varint(number: int) -> bytes:
    """A number that is not negative."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
