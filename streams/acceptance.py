"""What is accepted of a public record: bytes to a valid event, or to what its dead letter says. Pure: intake and the audit agree on it.

A record's own broker time is what it is held against, so that whoever looks at it again, however late, decides the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.codec import DecodeError, Resolver, decode
from schemas.validate import check
from streams.domain.instants import Instant
from streams.publishers.signing import FORGED, Signatures

Headers = list[tuple[str, bytes]]
Letter = tuple[str, bytes, bytes | None, Headers]  # topic, key, value, headers


class Rejected(Exception):
    """An event at fault: a reason code and, without the event's data, what is wrong."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


def valid(
    topic: str, key: bytes | None, value: bytes | None, now: Instant, headers: Iterable[tuple[str, bytes]] = (),
    signatures: Signatures | None = None, resolve: Resolver | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The event of a public record. `now` is the instant by which an event may lie in the future; without `signatures` none is verified;
    `resolve` finds schemas that no release has (schemas/codec.py).

    Raises Rejected, and what `resolve` raises.
    """
    if value is None:
        raise Rejected("null_value", "the record has no value; publish the event itself")
    try:
        decoded = decode(topic, value, resolve)
    except DecodeError as problem:
        raise Rejected(problem.reason, problem.detail) from problem
    if key != record_key(decoded):
        raise Rejected("wrong_key", "the record's key is not the key of its event")
    if signatures is not None and (why := signatures.refusal(topic, value, headers, decoded)):
        raise Rejected(FORGED, why)
    if problems := check(decoded, now=now):
        first = problems[0]
        raise Rejected(first.reason, f"{first.field}: {first.remedy}")
    return decoded


def record_key(event: Mapping[str, Any]) -> bytes:
    """The key of a public record: the event's source and id, so that a redelivery lands where the first one did."""
    return f"{event['source']}|{event['id']}".encode()


def dead_letter(
    place: tuple[str, int, int], at: Instant, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]], fault: Rejected
) -> Letter:
    """The original bytes, key and headers, with the reason and where it stood: topic, partition, offset, and its broker time."""
    return f"{place[0]}.dlq", key or b"", value, [*headers, *told(place, at, fault.reason, fault.detail)]


def told(place: tuple[str, int, int], at: Instant, reason: str, detail: str) -> Headers:
    """What every dead letter says in its headers: why, and where the record stood."""
    topic, partition, offset = place
    said = {"fp_reason": reason, "fp_detail": detail[:500], "fp_topic": topic, "fp_partition": str(partition),
            "fp_offset": str(offset), "fp_time": str(at)}  # fmt: skip
    return [(name, text.encode()) for name, text in said.items()]
