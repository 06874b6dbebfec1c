"""What runs in a home: written by `up`, read by `status`, `stop` and every command that wants its addresses."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.embedded.ports import free
from infra.embedded.processes import Identity


@dataclass(frozen=True)
class State:
    """The supervisor and its children, by name, and the addresses."""

    supervisor: Identity
    children: dict[str, Identity] = field(default_factory=dict)
    bootstrap: str = ""
    clickhouse: str = ""
    metrics: dict[str, int] = field(default_factory=dict)


def _file(home: Path) -> Path:
    return home / "state.json"


def read(home: Path) -> State | None:
    """The state as last written; None when there is none."""
    try:
        raw = json.loads(_file(home).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return State(Identity(**raw["supervisor"]), {name: Identity(**each) for name, each in raw["children"].items()},
                 raw["bootstrap"], raw["clickhouse"], raw["metrics"])  # fmt: skip


def write(home: Path, state: State) -> None:
    """Replaces the state in one step."""
    home.mkdir(parents=True, exist_ok=True)
    scratch = _file(home).with_suffix(".new")
    scratch.write_text(json.dumps(asdict(state), indent=1))
    scratch.replace(_file(home))


def remove(home: Path) -> None:
    """Nothing runs here any more."""
    _file(home).unlink(missing_ok=True)


def ports(home: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A port for each name, picked once and kept, so that bookmarks and clients survive a restart."""
    file = home / "ports.json"
    kept: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    for name in names:
        while name not in kept:
            port = free()
            if port not in kept.values():
                kept[name] = port
    home.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=1))
    return kept


def secret_file(home: Path, name: str) -> Path:
    """A file with 32 random bytes in hex that only the owner may read, made the first time."""
    path = home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path
