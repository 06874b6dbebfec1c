"""The schemas as others get them: a topic's envelope with the union of its bodies in one piece, and what was released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from schemas.catalogue import AVRO, CONTEXTS, folder, read

RELEASES = Path(__file__).parent / "releases"
OUTGOING = ("alert", "journey", "fact", "finding")
_MONEY = "org.fairpassage.Money"


def _inlined(node: Any, seen: set[str]) -> Any:
    """A named type is written out where it first stands, and named after that."""
    if isinstance(node, list):
        return [_inlined(each, seen) for each in node]
    if node == _MONEY and _MONEY not in seen:
        seen.add(_MONEY)
        return read(AVRO / "money.avsc")
    if isinstance(node, Mapping):
        return {key: _inlined(value, seen) if key in ("type", "items", "fields") else value for key, value in node.items()}
    return node


@cache
def topic_schema(context: str) -> dict[str, Any]:
    """The present schema of a public topic, as plain JSON, with PII classes, subjects and codes as attributes."""
    seen: set[str] = set()
    composed: dict[str, Any] = _inlined(read(AVRO / "envelope.avsc"), seen)
    bodies = [_inlined(read(path), seen) for path in sorted(folder(context).glob("*.avsc"))]
    composed["fields"].append({"name": "body", "type": bodies, "doc": "What happened.", "pii": "none"})
    composed["name"], composed["namespace"] = f"{folder(context).name.title()}Event", "org.fairpassage"
    return composed


def present(name: str) -> dict[str, Any]:
    """The present schema of a public topic or of something outgoing."""
    return read(AVRO / "outgoing" / f"{name}.avsc") if name in OUTGOING else topic_schema(name)


def contracts() -> tuple[str, ...]:
    """Everything that is released: the public topics, and what goes out."""
    return (*CONTEXTS, *OUTGOING)


def releases(name: str, folder: Path = RELEASES) -> list[tuple[int, dict[str, Any]]]:
    """Frozen versions of a schema, oldest first."""
    found = [(int(path.stem), json.loads(path.read_text("utf-8"))) for path in (folder / name).glob("*.avsc")]
    return sorted(found, key=lambda each: each[0])


def versions(context: str) -> list[dict[str, Any]]:
    """Every schema that a writer may have used: the releases, and the present one."""
    return [*(schema for _, schema in releases(context)), topic_schema(context)]
