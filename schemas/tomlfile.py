"""A TOML file that an operator wrote, read with errors that name it and say what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def document(path: Path, wrong: type[ValueError]) -> dict[str, Any]:
    """The file's top level. Raises `wrong` where it cannot be read, or is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise wrong(f"{path}: {problem.strerror}; name a file that can be read") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise wrong(f"{path}: it is no TOML: {problem}") from problem
