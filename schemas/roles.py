"""Who may write and read topics: roles.toml, whose names topic files use. A misspelt key fails instead of passing unseen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from schemas import topicfiles
from schemas.topicfiles import TopicFileError

_FIELDS = {"says", "user", "each", "groups", "sees_groups", "sees_topics", "cluster"}
EACH = ("", "office", "audience")


@dataclass(frozen=True)
class Role:
    """One role. `user` is whom it logs in as; '' where `each` says that every office or audience is a user of its own."""

    name: str
    says: str
    user: str = ""
    each: str = ""
    groups: tuple[str, ...] = ()
    sees_groups: tuple[str, ...] = ()
    sees_topics: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()


@cache
def roles() -> dict[str, Role]:
    """Every role by its name. Raises TopicFileError."""
    found = tomllib.loads((topicfiles.FOLDER / "roles.toml").read_text("utf-8"))
    return {name: _role(name, table) for name, table in found.items()}


def _role(name: str, table: dict[str, object]) -> Role:
    if unknown := sorted(table.keys() - _FIELDS):
        raise TopicFileError(f"roles.toml: {name}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}")
    if bool(table.get("user")) == bool(table.get("each")) or table.get("each", "") not in EACH:
        raise TopicFileError(f"roles.toml: {name}: write either user, or each = \"office\" or \"audience\"")
    return Role(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})  # type: ignore[arg-type]
