"""An event of a topic as another build writes it: with fields and a type that this one has not, and in Confluent's wire format."""

from __future__ import annotations

import copy
import io
import struct
from typing import Any

import fastavro

from schemas import codec
from schemas.catalogue import event_type
from schemas.composition import topic_schema
from schemas.examples import example
from streams.acceptance import record_key
from streams.agents.config import Writers
from streams.agents.intake import Intake
from streams.domain import frames
from streams.domain.instants import parse
from streams.publishers.identity import seal
from tests.support.faust_events import Remembered, event

KEY = b"a linking key of tests, thirty-two bytes and more"
TOPIC, TYPE = "deployment", "deployment.departed"
EVENT = codec.normalised(seal(example(TYPE), KEY))


def newer(**added: Any) -> dict[str, Any]:
    """The schema with a field of the envelope and one of the body that may be left out, and a type that is not here yet."""
    found = copy.deepcopy(topic_schema(TOPIC))
    field = {"name": "desk", "type": ["null", "string"], "doc": "New.", "pii": "none", "default": None, **added}
    body = next(each for each in found["fields"] if each["name"] == "body")
    next(each for each in body["type"] if each["name"] == "Departed")["fields"].append({**field, "name": "gate"})
    body["type"].append({"type": "record", "name": "Rested", "namespace": "org.fairpassage.deployment", "doc": "New.", "fields": [
        {"name": "where", "type": "string", "doc": "New.", "pii": "none"}]})  # fmt: skip
    found["fields"].append(field)
    return found


def avro(body: dict[str, Any] | None = None, kind: str = "", **said: Any) -> dict[str, Any]:
    """The event as Avro's writers want it, with what another build says more."""
    told = {name: codec._out(codec._types(TYPE)[name], value) for name, value in EVENT["body"].items()}
    return {**EVENT, **said, "body": (kind or event_type(TYPE).record, {**told, **(body or {})})}


def record(schema: dict[str, Any], body: dict[str, Any] | None = None, kind: str = "", **said: Any) -> bytes:
    """The bytes of the event after its header, as a build with that schema writes it."""
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(codec._bare(schema)), avro(body, kind, **said))
    return out.getvalue()


def confluent(number: int, data: bytes) -> bytes:
    """Bytes after a header, in Confluent's wire format."""
    return b"\0" + struct.pack(">I", number) + data


async def through_intake(writers: Writers | None, *values: bytes) -> tuple[list[str], list[str]]:
    """Records of the event, whoever wrote them, through one batch of intake: event ids that went on to `feed`, reasons of dead letters."""
    delivery, key = Remembered(), record_key(EVENT)
    intake = Intake(delivery, lambda home: 0, KEY, parse("2026-01-01T00:00:00Z"), writers=writers)
    await intake.process([event(TOPIC, value, key, offset=number) for number, value in enumerate(values)])
    taken = [fact.event_id for each in delivery.to("feed") for fact in frames.decode(each[3] or b"").facts]
    return taken, [dict(each[4])["fp_reason"].decode() for each in delivery.to(f"{TOPIC}.dlq")]
