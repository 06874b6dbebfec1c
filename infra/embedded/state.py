"""What runs in a home: written by `up`, read by `status`, `stop` and every command that wants its addresses."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.embedded.ports import free, taken
from infra.embedded.processes import Identity
from infra.secretfiles import made


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
        children = {name: Identity(**each) for name, each in raw["children"].items()}
        return State(Identity(**raw["supervisor"]), children, raw["bootstrap"], raw["clickhouse"], raw["metrics"])
    except (OSError, ValueError, KeyError, TypeError):  # absent, or not of this version
        return None


def write(home: Path, state: State) -> None:
    """Replaces the state in one step."""
    replace(_file(home), json.dumps(asdict(state), indent=1))


def remove(home: Path) -> None:
    """Nothing runs here any more."""
    _file(home).unlink(missing_ok=True)


def ports_file(home: Path) -> Path:
    """Where the ports that were picked are kept."""
    return home / "ports.json"


def ports(home: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A port for each name, picked once and kept, so that bookmarks and clients survive a restart."""
    try:
        kept: dict[str, int] = json.loads(ports_file(home).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        kept = {}
    for name in names:
        while name not in kept:
            port = free()
            if port not in kept.values():
                kept[name] = port
    replace(ports_file(home), json.dumps(kept, indent=1))
    return {name: kept[name] for name in names}


def free_ports(home: Path, names: tuple[str, ...]) -> dict[str, int]:
    """The same for ports that may be others when they are taken: nobody's client depends on them."""
    found = ports(home, names)
    busy = {name for name, port in found.items() if taken(port)}
    if not busy:
        return found
    kept: dict[str, int] = json.loads(ports_file(home).read_text("utf-8"))
    replace(ports_file(home), json.dumps({name: port for name, port in kept.items() if name not in busy}))
    return ports(home, names)


def replace(path: Path, text: str) -> None:
    """Writes a file in one step: it is there in whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(text, "utf-8")
    scratch.replace(path)


def secret_file(home: Path, name: str) -> Path:
    """A file with 32 random bytes in hex that only the owner may read, made the first time."""
    return made(home / "secrets" / name)
