"""The rows of a published .xlsx, read row by row: cells as the text that the department's csv would have.

A formula has no value until a spreadsheet has worked it out, and an error value never has one: such a cell is `UNREADABLE`,
and the import rejects its row. An archive that would unpack beyond bounds is refused before anything of it is read.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml.common import DefusedXmlException

from streams.publishers.oflc.errors import FileError

UNREADABLE = "\0"  # no cell that can be read has it
MOST_UNPACKED_BYTES = 2 << 30  # the largest published file unpacks to a tenth of it
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 10  # a spreadsheet's own limit; five times the widest published file
MOST_RATIO = 200  # sheets pack ten- to thirtyfold
_FORMULA, _ERROR = "f", "e"


def rows(path: Path) -> Iterator[list[str]]:
    """Every row of the first sheet, the header first; empty cells at a row's end are dropped or added to its width."""
    _bounded(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        with closing(book):
            width = 0
            page = book.worksheets[0]
            page.reset_dimensions()  # what a sheet says of its size is not believed: rows are as wide as what is in them
            for cells in _within(path, page.iter_rows()):
                found = [_text(cell) for cell in cells]
                while len(found) > width and not found[-1]:
                    found.pop()
                width = width or len(found)
                yield found + [""] * (width - len(found))
    except FileError:
        raise
    except Exception as problem:  # openpyxl, zipfile and zlib raise a dozen unrelated types for what is damaged
        cause: BaseException | None = problem
        while cause is not None and not isinstance(cause, DefusedXmlException):
            cause = cause.__cause__ or cause.__context__
        what = "its XML declares entities, which no published file does" if cause else "no readable .xlsx, or cut short"
        raise FileError(f"{path.name}: {what} ({type(problem).__name__}); fetch it again") from problem


def _within(path: Path, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet, up to as many and as wide as any has: openpyxl makes up all that are missing before what a cell names."""
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise FileError(f"{path.name}: over {MOST_ROWS} rows or {MOST_COLUMNS} columns, as no published file has; fetch it again")
        yield cells


def _bounded(path: Path) -> None:
    """Refuses an archive that says it unpacks to too much. What it says is the most that is unpacked of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, struct.error, OSError) as problem:
        raise FileError(f"{path.name}: no readable .xlsx, or cut short; fetch it again") from problem
    if unpacked > MOST_UNPACKED_BYTES or unpacked > MOST_RATIO * max(path.stat().st_size, 1 << 20):
        raise FileError(f"{path.name}: would unpack to {unpacked >> 20} MB; no published file does: fetch it again")


def _text(cell: Any) -> str:
    """A cell as the csv has it: a date as 2011-10-05, a whole number without its point, nothing as ''."""
    value = cell.value
    if cell.data_type in (_FORMULA, _ERROR):
        return UNREADABLE
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
