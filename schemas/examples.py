"""The example of each event type, as an office would publish it: raw, invented numbers, one event a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "examples"


def path(name: str) -> Path:
    """The file with an event type's example."""
    return FOLDER / f"{name}.json"


def example(name: str) -> dict[str, Any]:
    """The example of an event type. Raises FileNotFoundError when there is no such type."""
    found: dict[str, Any] = json.loads(path(name).read_text("utf-8"))
    return found
