"""Every event type, read from its schema file: fields, PII classes, subjects, and whether it is a standing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

AVRO = Path(__file__).parent / "avro"
# The public topics, each named for its context; what was done about alerts is in `case.actions`.
CONTEXTS = ("recruitment", "visa", "deployment", "complaint", "oversight", "licensing", "case.actions")
PII_CLASSES = frozenset({"none", "organisation", "pseudonym", "identifier", "narrative", "sensitive"})


@dataclass(frozen=True)
class Field:
    """One field of a body. `type` is the Avro type without null; `semantic` what its value means beyond the type."""

    name: str
    type: str
    required: bool
    doc: str
    pii: str
    subject: str = ""
    semantic: str = ""
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventType:
    """One event type: its topic is its context, its record the Avro record of its body."""

    name: str
    doc: str
    record: str
    standing: bool
    fields: tuple[Field, ...]

    @property
    def topic(self) -> str:
        """The public topic of its context."""
        return topic_of(self.name)


def folder(topic: str) -> Path:
    """Where the bodies of a public topic's events are: 'case.actions' -> avro/case."""
    return AVRO / topic.partition(".")[0]


_TOPICS = {topic.partition(".")[0]: topic for topic in CONTEXTS}


def topic_of(name: str) -> str:
    """The public topic of an event type's name: 'case.closed' -> 'case.actions'; '' where there is no such context."""
    return _TOPICS.get(name.partition(".")[0], "")


def read(path: Path) -> dict[str, Any]:
    """A schema file as it is."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def type_name(avro: Any) -> str:
    """A field's type for people: date, timestamp, Money, list of string, ..."""
    if isinstance(avro, list):
        return type_name(next(branch for branch in avro if branch != "null"))
    if isinstance(avro, Mapping):
        if avro.get("type") == "array":
            return f"list of {type_name(avro['items'])}"
        logical: str = avro.get("logicalType") or avro.get("name") or avro["type"]
        return "timestamp" if logical == "timestamp-millis" else logical
    return str(avro).rpartition(".")[2]


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        name=raw["name"], type=type_name(raw["type"]), required="default" not in raw, doc=raw["doc"], pii=raw["pii"],
        subject=raw.get("subject", ""), semantic=raw.get("semantic", ""), symbols=tuple(raw.get("symbols", ())),
    )  # fmt: skip


@cache
def _types() -> dict[str, EventType]:
    found = {}
    for context in CONTEXTS:
        for path in sorted(folder(context).glob("*.avsc")):
            raw = read(path)
            fields = tuple(_field(each) for each in raw["fields"])
            name = f"{path.parent.name}.{path.stem}"
            found[name] = EventType(name, raw["doc"], f"{raw['namespace']}.{raw['name']}", raw["standing"], fields)
    return found


@cache
def envelope() -> tuple[Field, ...]:
    """The fields that every event carries."""
    return tuple(_field(each) for each in read(AVRO / "envelope.avsc")["fields"])


def event_types() -> tuple[EventType, ...]:
    """All event types, by name."""
    return tuple(_types()[name] for name in sorted(_types()))


def event_type(name: str) -> EventType:
    """One event type. Raises KeyError when there is none of that name."""
    return _types()[name]


def known(name: str) -> bool:
    """Whether there is an event type of that name."""
    return name in _types()
