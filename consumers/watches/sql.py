"""A watch's SQL is put together from its own file and pieces that several share; parameters are never part of the text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from streams.domain.places import zones

FOLDER = Path(__file__).parent
_PIECE = re.compile(r"\{\{(\w+)([^{}]*)\}\}")
_TYPE = re.compile(r"[a-z_]+\.[a-z_]+")


def composed(text: str, folder: Path = FOLDER) -> str:
    """The statement of a file: without its comments, each `{{piece argument ...}}` replaced by that piece of `shared/`.

    In a piece `$1` is the first argument, `$*` all of them and `$types` all of them as a list of texts. Raises ValueError.
    """
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    while (found := _PIECE.search(bare)) is not None:
        bare = bare[: found.start()] + _piece(found[1], tuple(found[2].split()), folder) + bare[found.end() :]
    return bare.strip()


def _piece(name: str, arguments: tuple[str, ...], folder: Path) -> str:
    if name == "zones":
        return _zones()
    text = (folder / "shared" / f"{name}.sql").read_text("utf-8").strip()
    if "$types" in text and not all(map(_TYPE.fullmatch, arguments)):
        raise ValueError(f"{name}: {arguments} are no event types")
    listed = ", ".join(f"'{each}'" for each in arguments)
    return text.replace("$types", listed).replace("$*", " ".join(arguments)).replace("$1", arguments[0] if arguments else "")


@cache
def _zones() -> str:
    """Each country's own time, as a table (country, zone): a day of leave is a day there."""
    rows = ", ".join(f"('{country}', '{zone}')" for country, zone in sorted(zones().items()))
    return f"(SELECT country, zone FROM VALUES('country String, zone String', {rows}))"  # noqa: S608  # of the time zone database
