"""Secrets that are made here: a file each, which its owner alone may read, and which is never printed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def made(path: Path) -> Path:
    """A file with 32 random bytes in hex, made the first time, with its folder. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path
