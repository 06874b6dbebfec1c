"""Opens a disclosure file and gives its rows, in bounded memory; what cannot be opened or decoded is a clear error."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from streams.publishers.oflc import sheets
from streams.publishers.oflc.errors import FileError

__all__ = ["FileError", "table"]

MOST_CELL_CHARACTERS = 1 << 20
MOST_ROW_CHARACTERS = 4 << 20


@contextmanager
def table(path: Path) -> Iterator[Iterator[list[str]]]:
    """The rows of a .csv, .csv.gz or .xlsx, the header first."""
    if path.suffix.lower() == ".xlsx":
        yield sheets.rows(path)
        return
    csv.field_size_limit(MOST_CELL_CHARACTERS)
    if path.suffix.lower() not in (".csv", ".gz"):
        raise FileError(f"{path.name}: neither .csv, .csv.gz nor .xlsx; save the sheet as one of them")
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]  # it reads as one
        text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        yield _rows(path, text)


class _Lines:
    """A file's lines, until those of one row are too long for any: what is packed may unpack to a line of any length."""

    def __init__(self, text: IO[str]) -> None:
        self._text, self.read = text, 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MOST_ROW_CHARACTERS + 1):
            self.read += len(line)
            if self.read > MOST_ROW_CHARACTERS:
                raise csv.Error(f"a row of more than {MOST_ROW_CHARACTERS >> 20} million characters, or a quote that is never closed")
            yield line


def _rows(path: Path, text: IO[str]) -> Iterator[list[str]]:
    lines = _Lines(text)
    try:
        for row in csv.reader(lines, strict=True):
            lines.read = 0
            yield row
    except UnicodeDecodeError as problem:
        raise FileError(f"{path.name}: not UTF-8 (byte {problem.start}); convert it, for example from Windows-1252") from problem
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise FileError(f"{path.name}: the archive is damaged or cut short; fetch it again") from problem
    except csv.Error as problem:
        raise FileError(f"{path.name}: not a csv: {problem}") from problem
