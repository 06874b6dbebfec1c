"""What is wrong with a disclosure file as a whole."""

from __future__ import annotations


class FileError(ValueError):
    """A file that cannot be read: says why and what to do."""
