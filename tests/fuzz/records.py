"""Public records: bytes on a topic, with or without an office's signature, as intake and the audit take them.

An input is three parts: the topic, a line; the signature header, a line, empty where none is verified; the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from random import Random
from typing import Any

from schemas.catalogue import CONTEXTS, event_types
from schemas.codec import DecodeError, Written, decode, encode
from schemas.composition import topic_schema
from schemas.examples import example
from schemas.offices import Office
from streams.acceptance import Rejected, dead_letter, record_key, valid
from streams.domain.facts import encode as stored
from streams.intake import accept
from streams.publishers.identity import rekey, seal
from streams.publishers.signing import Signatures, Signer, _begun
from tests.fuzz.mutating import changed, mutated
from tests.fuzz.target import ACCEPTED, KEY, NOW, Target, Wrong, refusal

_SIGNER = Signer("NP.dofe", 1, KEY)


@cache
def _signatures() -> Signatures:
    office = Office("NP.dofe", ("/office/NP/*", "/office/QA/*"), CONTEXTS, ("embassy.NP-QA",))
    return Signatures({"NP.dofe": office}, {("NP.dofe", "1"): _begun(KEY)})


def _registry(_topic: str, written: Written) -> Mapping[str, Any] | None:
    """Writers' schemas by their Confluent id: each topic's own, none, and what is none or another's; by a fingerprint's first byte too."""
    number = written if isinstance(written, int) else written[0]
    if number < len(CONTEXTS):
        return topic_schema(CONTEXTS[number])
    others: dict[int, Mapping[str, Any]] = {
        100: {"type": "no such type"}, 101: {"type": "record", "name": "Other", "fields": [{"name": "id", "type": "long"}]},
        102: {"type": "array", "items": "null"}, 103: {"type": "map", "values": "bytes"},
    }  # fmt: skip
    return others.get(number)


@cache
def seeds() -> tuple[bytes, ...]:
    """Every example, sealed; of some also signed, and in Confluent's format."""
    found: list[bytes] = []
    for kind in event_types():
        value = encode(seal(example(kind.name), KEY))
        number, head = CONTEXTS.index(kind.topic), kind.topic.encode()
        found += [b"%s\n\n%s" % (head, value), b"%s\n\n\0\0\0\0%c%s" % (head, number, value[10:])]
        found.append(b"%s\n%s\n%s" % (head, _SIGNER.header(kind.topic, value)[1], value))
    return tuple(found)


def made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """Half of them bytes changed, half of them values that still are a record."""
    seed = rng.choice(seeds)
    topic, signed, value = seed.split(b"\n", 2)
    if rng.random() < 0.5:
        value = mutated(rng, value, [each.split(b"\n", 2)[2] for each in rng.sample(seeds, 2)])
    else:
        value = _other(rng, rng.choice(event_types()).name) or mutated(rng, value, [value])
        topic = topic if rng.random() < 0.1 else _topic_of(value) or topic
    if rng.random() < 0.02:
        topic = rng.choice((b"facts", b"", b"case.actions", b"visa", b"alerts.embassy.NP-QA"))
    if signed and rng.random() < 0.7:
        signed = _SIGNER.header(topic.decode("utf-8", "replace"), value)[1]
    elif signed:
        signed = mutated(rng, signed, [signed]).replace(b"\n", b"")
    return b"%s\n%s\n%s" % (topic, signed, value)


def _other(rng: Random, name: str) -> bytes | None:
    event = example(name)
    try:
        return encode(seal(changed(rng, event), KEY) if rng.random() < 0.5 else changed(rng, seal(event, KEY)))
    except Exception:  # noqa: BLE001 - what an office's own machine would not make is no record
        return None


@cache
def _heads() -> dict[bytes, bytes]:
    return {encode(seal(example(kind.name), KEY))[:10]: kind.topic.encode() for kind in event_types()}


def _topic_of(value: bytes) -> bytes | None:
    return _heads().get(value[:10])


def verdict(data: bytes) -> str:
    """As intake: accepted, re-keyed and stored as facts, or a dead letter."""
    topic, signed, value = (data + b"\n\n").split(b"\n", 2) if data.count(b"\n") < 2 else data.split(b"\n", 2)
    name = topic.decode("utf-8", "replace")
    headers = [("signature", signed)] if signed else []
    key = _key(name, value)
    try:
        event = valid(name, key, value, NOW, headers, _signatures() if signed else None, _registry)
    except Rejected as fault:
        letter = dead_letter((name, 0, 0), NOW, key, value, headers, fault)
        if not all(isinstance(each, bytes) for _, each in letter[3]):
            raise Wrong("a dead letter's header is no bytes") from fault
        return refusal("Rejected", fault.reason, fault.detail)
    accepted = accept(event, partial(rekey, key=KEY))
    if not accepted.copies:
        raise Wrong("an accepted event has no home")
    for _, fact in accepted.copies:
        stored(fact)
    if not value.startswith(b"\0") and decode(name, encode(event)) != event:
        raise Wrong("an accepted event is another one when it is written again")
    return ACCEPTED


def _key(topic: str, value: bytes) -> bytes:
    """The record's own key where it can be told; else any."""
    try:
        return record_key(decode(topic, value, _registry))
    except DecodeError:
        return b"?"


TARGET = Target(
    "records",
    "records on public topics: the Avro codec, signatures, meaning, the facts made of them",
    375, seeds, made, verdict,
)
