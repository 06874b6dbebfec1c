"""The guard of the contracts: released files never change, and every later version reads what earlier ones wrote.

`avro.compatibility` says whether a reader can read a writer's records; reading a sample would miss two breaks in five
(house-style.md). Beyond Avro: codes are only added, and a field's PII class never becomes weaker.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from schemas.composition import RELEASES, contracts, present, releases

HASHES = "released.toml"
_WEAKER_FIRST = ("none", "organisation", "pseudonym", "sensitive", "narrative", "identifier")


def problems(folder: Path = RELEASES) -> list[str]:
    """Everything wrong with the released contracts, each with its remedy; empty when they hold."""
    found = [*_changed(folder)]
    for name in contracts():
        known = [(f"{name} version {number}", schema) for number, schema in releases(name, folder)]
        if not known or not same(known[-1][1], present(name)):
            found.append(f"{name}: its present schema is not released; run `python -m schemas.release`")
            known.append((f"{name} as it stands", present(name)))
        for (earlier, writer), (later, reader) in combinations(known, 2):
            found += [f"{later} breaks {earlier}: {each}" for each in breaks(reader, writer)]
    return found


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hashes(folder: Path = RELEASES) -> dict[str, str]:
    """'recruitment/1.avsc' -> SHA-256 at its release."""
    path = folder / HASHES
    found: dict[str, str] = tomllib.loads(path.read_text("utf-8"))["sha256"] if path.exists() else {}
    return found


def _changed(folder: Path) -> Iterator[str]:
    listed = hashes(folder)
    there = {path.relative_to(folder).as_posix(): path for path in sorted(folder.glob("*/*.avsc"))}
    for name in sorted(there.keys() | listed.keys()):
        if name not in there:
            yield f"releases/{name} is gone; a released schema stays: restore it"
        elif name not in listed:
            yield f"releases/{name} is not in {HASHES}; `python -m schemas.release` writes both"
        elif digest(there[name]) != listed[name]:
            yield f"releases/{name} has changed since its release; restore it, and release another version"


def same(one: Any, other: Any) -> bool:
    """Whether two schemas are one contract: all but their words."""
    return json.dumps(_wordless(one), sort_keys=True) == json.dumps(_wordless(other), sort_keys=True)


def _wordless(node: Any) -> Any:
    if isinstance(node, list):
        return [_wordless(each) for each in node]
    if isinstance(node, Mapping):
        return {key: _wordless(value) for key, value in node.items() if key != "doc"}
    return node


def breaks(reader: Mapping[str, Any], writer: Mapping[str, Any]) -> list[str]:
    """Why a reader with one schema cannot take, or would take differently, what was written with another."""
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]  # avro annotates it not
    answer = checker.get_compatibility(_parsed(reader), _parsed(writer))
    found = []
    if answer.compatibility is not SchemaCompatibilityType.compatible:
        found = [f"{message} at {place}" for message, place in zip(sorted(answer.messages), sorted(answer.locations), strict=False)]
    return [*found, *_meaning(reader, writer)]


def _parsed(schema: Mapping[str, Any]) -> avro.schema.Schema:
    return avro.schema.parse(json.dumps(schema))


def _fields(node: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(where, field) of every field of every record."""
    if isinstance(node, list):
        for each in node:
            yield from _fields(each, path)
    elif isinstance(node, Mapping):
        for field in node.get("fields", ()):
            where = f"{path}{node['name']}.{field['name']}"
            yield where, field
            yield from _fields(field["type"], f"{where}/")
        for inner in ("items", "type"):
            yield from _fields(node.get(inner), path)


def _meaning(reader: Mapping[str, Any], writer: Mapping[str, Any]) -> Iterator[str]:
    before = {where.rpartition("/")[2]: field for where, field in _fields(writer)}
    for where, field in _fields(reader):
        old = before.get(where.rpartition("/")[2])
        if old is None:
            continue
        if gone := set(old.get("symbols", ())) - set(field.get("symbols", old.get("symbols", ()))):
            yield f"{where} no longer has the code {min(gone)}; codes are only added"
        if _WEAKER_FIRST.index(field["pii"]) < _WEAKER_FIRST.index(old["pii"]):
            yield f"{where} was {old['pii']} and is now {field['pii']}; a PII class never becomes weaker"
