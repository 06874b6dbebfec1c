"""The guard of the contracts: released files never change, and every later version reads what earlier ones wrote.

`avro.compatibility` says whether a reader can read a writer's records; reading a sample would miss two breaks in five
(house-style.md). Beyond Avro, which would read these and take them otherwise: a field stays and keeps its meaning, codes
are only added, and a PII class never becomes weaker. Who reads what goes out has the version of their day, so there the
earlier version must read the later one's records too, and fields are only added at the end (they travel by position).
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

from schemas.composition import OUTGOING, RELEASES, contracts, present, releases

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
            found += [f"{later} breaks {earlier}: {each}" for each in conflicts(name, reader, writer)]
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


def conflicts(name: str, later: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[str]:
    """Why a contract's later version cannot follow its earlier one; empty when it can."""
    found = breaks(later, earlier)
    if name in OUTGOING:
        found += [f"who has the earlier version cannot read it: {each}" for each in _unreadable(earlier, later)]
        order = [field["name"] for field in earlier["fields"]]
        if [field["name"] for field in later["fields"]][: len(order)] != order:
            found.append("its first fields are no longer those of the earlier version, in their order; add fields at the end")
    return found


def breaks(reader: Mapping[str, Any], writer: Mapping[str, Any]) -> list[str]:
    """Why a reader with one schema cannot take, or would take differently, what was written with another."""
    return [*_unreadable(reader, writer), *_meaning(reader, writer)]


def _unreadable(reader: Mapping[str, Any], writer: Mapping[str, Any]) -> list[str]:
    checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]  # avro annotates it not
    answer = checker.get_compatibility(_parsed(reader), _parsed(writer))
    if answer.compatibility is SchemaCompatibilityType.compatible:
        return []
    return [f"{'; '.join(sorted(answer.messages))} (at {', '.join(sorted(answer.locations))})"]


def _parsed(schema: Mapping[str, Any]) -> avro.schema.Schema:
    return avro.schema.parse(json.dumps(schema))


def _fields(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """('Record.field', field) of every field of every record."""
    if isinstance(node, list):
        for each in node:
            yield from _fields(each)
    elif isinstance(node, Mapping):
        for field in node.get("fields", ()):
            yield f"{node['name']}.{field['name']}", field
            yield from _fields(field["type"])
        for inner in ("items", "values", "type"):
            yield from _fields(node.get(inner))


def _meaning(reader: Mapping[str, Any], writer: Mapping[str, Any]) -> Iterator[str]:
    now = dict(_fields(reader))
    for where, old in _fields(writer):
        new = now.get(where)
        if new is None:
            yield f"{where} is gone, and what was published in it would be dropped unseen; a released field stays"
            continue
        for name in ("symbols", "enum"):
            if gone := _codes(old, name) - (_codes(new, name) or _codes(old, name)):
                yield f"{where} no longer has the code {min(gone)}; codes are only added"
        if _sense(old) != _sense(new):
            yield f"{where} meant {' '.join(_sense(old))} and now means {' '.join(_sense(new))}; give the new meaning a field of its own"
        if _WEAKER_FIRST.index(new["pii"]) < _WEAKER_FIRST.index(old["pii"]):
            yield f"{where} was {old['pii']} and is now {new['pii']}; a PII class never becomes weaker"


def _codes(field: Mapping[str, Any], name: str) -> set[str]:
    """Codes of a text field (`symbols`), or of its enum: Avro reads a removed one as the enum's default."""
    if name == "symbols":
        return set(field.get("symbols", ()))
    return {symbol for each in _branches(field) if isinstance(each, Mapping) for symbol in each.get("symbols", ())}


def _sense(field: Mapping[str, Any]) -> tuple[str, str]:
    """Unit of a number and kind of a text: Avro reads milliseconds as microseconds, and a party as a person."""
    logical = next((each["logicalType"] for each in _branches(field) if isinstance(each, Mapping) and "logicalType" in each), "plain")
    return logical, field.get("semantic", "anything")


def _branches(field: Mapping[str, Any]) -> list[Any]:
    return field["type"] if isinstance(field["type"], list) else [field["type"]]
