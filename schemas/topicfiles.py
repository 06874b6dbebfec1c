"""The topic files: one a topic, every key required and known, so that a misspelt one fails instead of passing unseen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "topics"
_NOT_TOPICS = frozenset({"audiences", "homes", "roles"})
_LEAST = {"retention_days": -1, "dead_letter_days": 0}  # other numbers are 1 at least


class TopicFileError(ValueError):
    """A topic file that cannot be used: names the file, the key and the remedy."""


@dataclass(frozen=True)
class Topic:
    """One topic: sizes in bytes, retention in days (-1: for ever)."""

    name: str
    owner: str
    key: str
    value: str
    partitions: int
    embedded_partitions: int
    retention_days: int
    cleanup: str
    max_record_bytes: int
    pii: str
    dead_letters: str
    dead_letter_days: int
    producers: list[str]
    consumers: list[str]


def parse(text: str, name: str) -> Topic:
    """A topic from its file's text. Raises TopicFileError."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise TopicFileError(f"{name}: it is no TOML: {problem}") from problem
    expected = {field.name: field.type for field in fields(Topic)}
    if unknown := sorted(raw.keys() - expected.keys()):
        raise TopicFileError(f"{name}: unknown key {unknown[0]!r}; known are {', '.join(expected)}")
    if missing := sorted(expected.keys() - raw.keys()):
        raise TopicFileError(f"{name}: {missing[0]} is missing; every topic file says all of {', '.join(expected)}")
    for key, kind in expected.items():
        if remedy := _remedy(key, kind, raw[key]):
            raise TopicFileError(f"{name}: {key} is {raw[key]!r}; {remedy}")
    return Topic(**raw)


def _remedy(key: str, kind: Any, value: Any) -> str:
    """What to write instead of a value that a broker would refuse, or take for another; '' where it is good."""
    if key == "cleanup":
        return "" if value in ("delete", "compact") else "write delete or compact"
    if kind == "int":
        good = type(value) is int and value >= _LEAST.get(key, 1) and (key, value) != ("retention_days", 0)
        return "" if good else "write a whole number; of retention_days, -1 is for ever"
    if kind == "str":
        return "" if isinstance(value, str) else "write a text, in quotes"
    return "" if isinstance(value, list) and all(isinstance(each, str) for each in value) else "write a list of texts"


@cache
def _files() -> tuple[Topic, ...]:
    paths = sorted(path for path in FOLDER.glob("*.toml") if path.stem not in _NOT_TOPICS)
    return tuple(parse(path.read_text("utf-8"), path.name) for path in paths)


@cache
def audiences() -> frozenset[str]:
    """Every declared audience, 'embassy.NP-QA'."""
    raw = tomllib.loads((FOLDER / "audiences.toml").read_text("utf-8"))
    found = set(raw["everywhere"])
    for places, roles in (("corridors", "per_corridor"), ("origins", "per_origin"), ("destinations", "per_destination")):
        found |= {f"{role}.{place}" for role in raw[roles] for place in raw[places]}
    return frozenset(found)


def declared(audience: str) -> bool:
    """Whether an audience has a topic of its own."""
    return audience in audiences()


@cache
def may(role: str) -> tuple[str, ...]:
    """The measures that a role may record on an alert; none where the role is not known."""
    raw = tomllib.loads((FOLDER / "audiences.toml").read_text("utf-8"))
    return tuple(raw["may"].get(role, ()))


def topic(name: str) -> Topic:
    """One topic file. Raises KeyError."""
    return {each.name: each for each in _files()}[name]


def topics() -> tuple[Topic, ...]:
    """Every topic there is to create: the files', their dead-letter topics', and one for each audience."""
    found: dict[str, Topic] = {}
    for each in _files():
        if each.name == "alerts":
            for audience in sorted(audiences()):
                found[f"alerts.{audience}"] = _like(each, name=f"alerts.{audience}")
            continue
        found[each.name] = each
        if each.dead_letters == f"{each.name}.dlq":
            found[each.dead_letters] = _dead_letters(each)
    return tuple(found[name] for name in sorted(found))


def _like(original: Topic, **changes: Any) -> Topic:
    return Topic(**{field.name: getattr(original, field.name) for field in fields(Topic)} | changes)


def _dead_letters(of: Topic) -> Topic:
    """Kept longer than the inbox, and able to hold whatever the inbox held with the reason added."""
    return _like(of, name=of.dead_letters, cleanup="delete", retention_days=of.dead_letter_days, dead_letters="",
                 partitions=1, embedded_partitions=1, max_record_bytes=2 * of.max_record_bytes, producers=["worker", "audit"],
                 consumers=["dlq", "sink", "audit"])  # fmt: skip
