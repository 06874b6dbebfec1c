"""A topic's schema: the envelope with the union of its bodies, composed from the files, self-contained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from schemas.catalogue import AVRO, CONTEXTS, read

RELEASES = Path(__file__).parent / "releases"
_ATTRIBUTES = frozenset({"pii", "subject", "semantic", "symbols_of", "event", "standing"})


def _strip(node: Any, seen: set[str]) -> Any:
    """Only what Avro knows; a named type is written out where it first stands and named after that."""
    if isinstance(node, list):
        return [_strip(each, seen) for each in node]
    if not isinstance(node, Mapping):
        if node == "org.fairpassage.Money" and node not in seen:
            return _strip(read(AVRO / "money.avsc"), seen)
        return node
    if node.get("type") in ("record", "enum"):
        seen.add(f"{node.get('namespace', 'org.fairpassage')}.{node['name']}")
    kept = {key: value for key, value in node.items() if key not in _ATTRIBUTES}
    if kept.get("type") != "enum":
        kept.pop("symbols", None)
    return {key: value if key in ("default", "doc", "symbols") else _strip(value, seen) for key, value in kept.items()}


@cache
def topic_schema(context: str) -> dict[str, Any]:
    """The present schema of a public topic, as plain JSON."""
    envelope, seen = read(AVRO / "envelope.avsc"), set[str]()
    composed = _strip(envelope, seen)
    bodies = [_strip(read(path), seen) for path in sorted((AVRO / context).glob("*.avsc"))]
    composed["fields"].append({"name": "body", "type": bodies, "doc": "What happened."})
    composed["name"], composed["namespace"] = f"{context.title()}Event", "org.fairpassage"
    found: dict[str, Any] = composed
    return found


def releases(context: str) -> list[tuple[int, dict[str, Any]]]:
    """Frozen versions of a topic's schema, oldest first."""
    found = [(int(path.stem), json.loads(path.read_text("utf-8"))) for path in (RELEASES / context).glob("*.avsc")]
    return sorted(found, key=lambda each: each[0])


def versions(context: str) -> list[dict[str, Any]]:
    """Every schema that a writer may have used: the releases, and the present one when it is not released yet."""
    released = [schema for _, schema in releases(context)]
    present = topic_schema(context)
    return released if released and released[-1] == present else [*released, present]


def all_topics() -> tuple[str, ...]:
    """The public topics."""
    return CONTEXTS
