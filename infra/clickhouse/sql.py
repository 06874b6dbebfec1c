"""Numbered migration files: read, split into statements, checked for gaps and for a way back."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.(up|down)\.sql")
# Quoted text and comments are skipped, so that a semicolon in them ends nothing.
_PART = re.compile(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|;|[^'`\"\-/;]+|.", re.DOTALL)


class MigrationError(Exception):
    """A migration that cannot be used or applied: names the file and the remedy."""


@dataclass(frozen=True)
class Migration:
    """One step of the schema: the statements that make it and those that take it back."""

    version: int
    name: str
    up: tuple[str, ...]
    down: tuple[str, ...]
    checksum: str


@dataclass(frozen=True)
class Repeatable:
    """What is made anew whenever its text differs from what the database has: a view, or a table's fixed rows. It holds no records."""

    name: str
    up: tuple[str, ...]
    down: tuple[str, ...]

    @property
    def checksum(self) -> str:
        """Of the statements that make it."""
        return checksum_of(";\n".join(self.up))


def checksum_of(text: str) -> str:
    """32 hex digits of SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def split(text: str) -> tuple[str, ...]:
    """The statements of a file, without their semicolons."""
    found, current = [], ""
    for part in _PART.findall(text):
        if part == ";":
            found.append(current)
            current = ""
        elif not part.startswith("--"):
            current += part
    return tuple(statement.strip() for statement in [*found, current] if statement.strip())


def read(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Every migration of a folder, by version from 1. Raises MigrationError."""
    texts: dict[tuple[int, str], dict[str, str]] = {}
    for path in sorted(folder.glob("*.sql")):
        if (match := _NAME.fullmatch(path.name)) is None:
            raise MigrationError(f"{path.name}: name it NNNN_what.up.sql or NNNN_what.down.sql")
        texts.setdefault((int(match[1]), match[2]), {})[match[3]] = path.read_text("utf-8")
    return tuple(_migration(place, key, texts[key]) for place, key in enumerate(sorted(texts), start=1))


def _migration(place: int, key: tuple[int, str], both: dict[str, str]) -> Migration:
    version, name = key
    if version != place:
        raise MigrationError(f"{version:04}_{name}: expected number {place:04}; versions go up by one, once each")
    for direction in ("up", "down"):
        if not split(both.get(direction, "")):
            raise MigrationError(f"{version:04}_{name}.{direction}.sql is missing or empty; every step has a way back")
    return Migration(version, name, split(both["up"]), split(both["down"]), checksum_of(both["up"]))
