"""Disclosure files, as `fairpassage import oflc` reads them: csv, csv.gz and xlsx. Names in them are made up; an input is the file."""

from __future__ import annotations

import csv
import gzip
import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from streams.publishers.oflc.importing import FileReport, explained, rows, whole
from streams.publishers.oflc.layouts import LAYOUTS
from streams.publishers.oflc.rows import FileError
from streams.publishers.reading import Refused
from tests.fuzz.mutating import DATES, NUMBERS, TEXTS, mutated
from tests.fuzz.target import ACCEPTED, KEY, NOW, Target, Wrong, refusal

_MOST_ROWS = 500  # of an input's; a sheet may repeat a row for each of its positions
_CELLS: dict[str, str] = {
    "case": "H-300-20277-856930", "status": "Certified - Full", "visa_class": "H-2A", "received": "10/05/2020", "decided": "2020-11-01",
    "employer": "Green Farm", "address": "1 Road", "city": "Reno", "state": "NV", "agent": "Ann Agent", "requested": "1,200",
    "certified": "12",
    "wage": "$9.90", "unit": "HR", "begin": "2021-01-01", "end": "44561", "occupation": "45-2092.00", "title": "Farmworker", "flag": "J",
    "rank": "PRI", "prevailing": "9.00", "person": "Agent", "first": "Ann", "middle": "", "organisation": "Recruit One",
    "country": "Mexico",
    "client": "Blue Farm", "industry": "111", "county": "Washoe", "workers": "5", "programme": "H-2A", "entity": "Red Farm",
}  # fmt: skip
_WEIRD = (
    *DATES, *(each for each in TEXTS if "\ud800" not in each and "\udfff" not in each), *map(str, NUMBERS), "#####", "=A1", "1e5",
    "999999999999999",
    "H-400-99999-000000", "H-400-20366-1", "SELECT PAY RANGE", "-5", "$", "12.5", "Denied", "Withdrawn", "H-1B", "#REF!", "\u0661\u0662",
)  # fmt: skip


@cache
def _tables() -> tuple[list[list[str]], ...]:
    """A table of each layout: its headers and two rows."""
    found = []
    for layout in LAYOUTS:
        cells = [_CELLS[what] for what in layout.columns]
        found.append([[names[0] for names in layout.columns.values()], cells, cells])
    return tuple(found)


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8", "replace")


@cache
def _sheet(number: int) -> dict[str, bytes]:
    """The parts of a table's .xlsx: texts, numbers, dates, a truth, a formula and an error value."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in _tables()[number]:
        page.append(row)
    if number % 2:
        page.append([12, 9.5, date(2020, 11, 1), datetime(2020, 11, 1, 12), True, "=1+1", "#REF!", None])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def _packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice is meant
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


@cache
def csvs() -> tuple[bytes, ...]:
    """One of each layout."""
    return tuple(map(_csv, _tables()))


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=1, mtime=0)


@cache
def archives() -> tuple[bytes, ...]:
    """The same, gzipped."""
    return tuple(map(_zipped, csvs()))


@cache
def books() -> tuple[bytes, ...]:
    """The same as .xlsx."""
    return tuple(_packed(_sheet(number)) for number in range(len(LAYOUTS)))


def csv_made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """Cells exchanged for strange ones, headers for another layout's, or bytes changed."""
    if rng.random() < 0.3:
        return mutated(rng, rng.choice(seeds), seeds)
    table = [list(row) for row in rng.choice(_tables())]
    for _ in range(rng.choice((1, 1, 2, 4))):
        row = rng.choice(table[1:] if rng.random() < 0.85 else table)
        row[rng.randrange(len(row))] = rng.choice(_WEIRD) if rng.random() < 0.8 else rng.choice(rng.choice(rng.choice(_tables())))
    return _csv(table)


def archive_made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """A good archive of a strange csv, or a damaged one; now and then two in one, or one that is none."""
    data = _zipped(csv_made(rng, csvs())) if rng.random() < 0.4 else mutated(rng, rng.choice(seeds), seeds)
    return data + rng.choice(seeds) if rng.random() < 0.05 else data


_VALUES = ("0", "-1", "1", "999999999", "1048576", "99999999999999999999", "1e400", "NaN", "", "A1", "XFD1", "ZZZ1", "A0", "AAAA1",
           "A1048577",
           "s", "n", "b", "d", "e", "str", "inlineStr", "x", "2020-11-01T12:00:00", "&#0;", "\ud7ff", "A1:ZZZ99999999", "B2:A1",
           "true")  # fmt: skip


def book_made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """An archive with a part changed, dropped or doubled; or its own bytes changed."""
    if rng.random() < 0.3:
        return mutated(rng, rng.choice(seeds), seeds)
    parts = dict(_sheet(rng.randrange(len(LAYOUTS))))
    name = "xl/worksheets/sheet1.xml" if rng.random() < 0.6 else rng.choice(list(parts))
    if rng.random() < 0.1:
        del parts[name]
    else:
        parts[name] = _xml(rng, parts[name])
    return _packed(parts, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED)))


def _xml(rng: Random, data: bytes) -> bytes:
    """An attribute or a text exchanged, an element repeated or dropped, or bytes changed."""
    if rng.random() < 0.2:
        return mutated(rng, data, [data])
    for _ in range(rng.choice((1, 1, 2, 4))):
        opening, closing = rng.choice(((b'="', b'"'), (b'="', b'"'), (b">", b"<"), (b"<", b">")))
        starts = data.split(opening)
        if len(starts) < 3:
            continue
        number = rng.randrange(1, len(starts))
        value, mark, rest = starts[number].partition(closing)
        other = rng.choice((*_VALUES, rng.choice(_WEIRD))).encode("utf-8", "replace") if opening != b"<" else value + b"/"
        starts[number] = (other if rng.random() < 0.8 else value + other) + mark + rest
        data = opening.join(starts)
    return data


@cache
def _folder() -> tuple[TemporaryDirectory[str], Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own within it, where there is one
    made = TemporaryDirectory(prefix="fairpassage-fuzz-", dir=memory if memory.is_dir() else None)
    return made, Path(made.name)


def verdict(name: str, data: bytes) -> str:
    """As `import oflc --explain` and then `import oflc --positions` do, with counts that add up."""
    path = _folder()[1] / name
    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of what it leaves out
            explained(path)
            whole(path)
            return _imported(path)
    except FileError as problem:
        said = str(problem)
        if not said.startswith(name):
            raise Wrong("a refusal does not say which file", said[:200]) from problem
        return refusal("FileError", " ".join(said.split(": ")[1].split()[:2]), said)


def _imported(path: Path) -> str:
    report = FileReport(path.name)
    found = list(islice(rows(path, report, KEY, True, NOW, 1 << 20), _MOST_ROWS))
    for row in found:
        if isinstance(row, Refused):
            refusal("Refused", row.problems[0].reason, row.problems[0].remedy)
    if len(found) < _MOST_ROWS and report.rows != report.imported + sum(report.skipped.values()) + report.rejected_rows:
        raise Wrong("rows do not add up", f"{report.rows} are not {report.imported} + {report.skipped} + {report.rejected_rows}")
    for each in report.rejected:
        refusal("rejected", each["field"] or "row", each["remedy"])
    if report.rejected:
        return f"rejected {report.rejected[0]['field'] or 'row'}"
    return ACCEPTED if report.imported else "nothing"


def _target(name: str, what: str, share: int, seeds: Callable[[], Sequence[bytes]], made: Any) -> Target:
    return Target(name, what, share, seeds, made, partial(verdict, f"file.{name}"))


TARGETS = (
    _target("csv", "a disclosure file as csv", 50, csvs, csv_made),
    _target("csv.gz", "the same, gzipped", 30, archives, archive_made),
    _target("xlsx", "the same as .xlsx: the archive, its parts, their XML", 8, books, book_made),
)
