"""The offices' file: who publishes, under which sources, on which topics, and whose alerts it reads. Data of a deployment.

    ["NP.embassy-doha"]                      # the user; its files are called so too
    sources = ["/office/NP/embassy-doha"]    # what its events may call themselves; * is one part of the path
    contexts = ["complaint", "oversight"]    # the public topics that it may write
    audiences = ["embassy.NP-QA"]            # whose alerts it reads and acts on; may be left out

A user that is called as an audience is that audience's; `watch` is the line of the watches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.catalogue import CONTEXTS
from schemas.roles import roles
from schemas.tomlfile import document
from schemas.topicfiles import audiences

ACTIONS = "case.actions"
_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # names a file, and is no path
_SOURCE = re.compile(r"/office(/([A-Za-z0-9._-]+|\*)){1,4}")


class OfficesError(ValueError):
    """An offices' file that cannot be used: names the file, the line and the remedy."""


@dataclass(frozen=True)
class Office:
    """One who publishes."""

    user: str
    sources: tuple[str, ...]
    contexts: tuple[str, ...]
    audiences: tuple[str, ...] = ()

    def may_say(self, source: str) -> bool:
        """Whether an event of this source may be its own."""
        return any(_within(source, each) for each in self.sources)

    def may_write(self, topic: str) -> bool:
        """Whether a public topic is one of its own; one that reads alerts may say what it did about them."""
        return topic in self.contexts or (topic == ACTIONS and bool(self.audiences))


def _within(source: str, pattern: str) -> bool:
    given, wanted = source.split("/"), pattern.split("/")
    return len(given) == len(wanted) and all(part == each or (part == "*" and each) for part, each in zip(wanted, given, strict=True))


def read(path: Path | None) -> dict[str, Office]:
    """Every line by its user; none without a file. Raises OfficesError."""
    if path is None:
        return {}
    return {user: _office(f"{path}: {user}", user, table) for user, table in document(path, OfficesError).items()}


def _office(where: str, user: str, table: object) -> Office:
    if not _USER.fullmatch(user):
        raise OfficesError(f"{where}: a user's name has letters, digits, dots and hyphens, up to 100: NP.embassy-doha")
    if not isinstance(table, Mapping):
        raise OfficesError(f'{where}: write a table: ["{user}"], then sources and contexts')
    services = {role.user for role in roles().values()} - {"", "watch"}
    if user in services:
        raise OfficesError(f"{where}: that is the name of a process; choose another")
    if unknown := sorted(table.keys() - {"sources", "contexts", "audiences"}):
        raise OfficesError(f"{where}: unknown key {unknown[0]!r}; known are sources, contexts, audiences")
    own = (user,) if user in audiences() else ()
    office = Office(user, _listed(where, table, "sources"), _listed(where, table, "contexts"),
                    tuple(dict.fromkeys((*own, *_listed(where, table, "audiences")))))  # fmt: skip
    _check(where, office)
    return office


def _listed(where: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise OfficesError(f"{where}: {key}: write a list of texts")
    return tuple(value)


def _check(where: str, office: Office) -> None:
    known = set(CONTEXTS) - {ACTIONS}
    for source in office.sources:
        if not _SOURCE.fullmatch(source) or source == "/office/*":
            raise OfficesError(f"{where}: source {source!r}: write /office/NP/embassy-doha")
    if not office.sources:
        raise OfficesError(f"{where}: it has no source: write sources = [\"/office/NP/embassy-doha\"]")
    if wrong := sorted(set(office.contexts) - known):
        raise OfficesError(f"{where}: {wrong[0]!r} is no topic of an office's; there are {', '.join(sorted(known))}")
    if wrong := sorted(set(office.audiences) - audiences()):
        raise OfficesError(f"{where}: {wrong[0]!r} is no declared audience; audiences.toml has them")
