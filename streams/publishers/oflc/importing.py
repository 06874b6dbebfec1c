"""A disclosure file as a stream of events, with a report whose numbers add up to the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.domain.facts import fact_id
from streams.publishers.identity import Key
from streams.publishers.oflc.events import POSITION, Row, RowError, event, other_class, positions
from streams.publishers.oflc.layouts import Layout, LayoutError, recognise
from streams.publishers.oflc.rows import FileError, table
from streams.publishers.oflc.sheets import UNREADABLE
from streams.publishers.reading import Ready, Refused
from streams.publishers.reading import event as checked


@dataclass
class FileReport:
    """One file: rows = imported + skipped + rejected. `inferred` counts what was filled in, by what; `known` are events of
    it that were published before."""

    file: str
    layout: str = ""
    rows: int = 0
    imported: int = 0
    positions: int = 0
    events: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    inferred: Counter[str] = field(default_factory=Counter)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: int = 0
    known: int = 0
    line: int = 0

    def take(self, line: int, event: dict[str, Any], sign: int = 1) -> None:
        """Counts an event of a line; a `sign` of -1 takes one back that was refused later."""
        self.line = line
        self.events[event["type"]] += sign
        if event["type"] == POSITION:
            self.positions += sign
        else:
            self.imported += sign

    def refuse(self, event: dict[str, Any], field_: str, remedy: str) -> None:
        """Takes back the last event, which failed a check. A row whose application stands is no rejected row."""
        self.take(self.line, event, -1)
        self.reject(self.line, field_, remedy)
        if event["type"] == POSITION:
            self.rejected_rows -= 1

    def reject(self, row: int, field_: str, remedy: str) -> None:
        """Notes a row at fault; the first thousand are named."""
        self.rejected_rows += 1
        if len(self.rejected) < 1_000:
            self.rejected.append({"file": self.file, "row": row, "field": field_, "remedy": remedy})

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {"file": self.file, "layout": self.layout, "rows": self.rows, "events": dict(sorted(self.events.items())),
                "positions": self.positions, "known": self.known, "imported": self.imported, "skipped": sum(self.skipped.values()),
                "skipped_why": dict(sorted(self.skipped.items())), "inferred": dict(sorted(self.inferred.items())),
                "rejected": self.rejected_rows, "rejects": self.rejected}  # fmt: skip


def whole(path: Path) -> int:
    """Reads a file to its end, so that none is imported by half; its lines with the header. Raises FileError."""
    with table(path) as rows:
        return sum(1 for _ in rows)


def explained(path: Path) -> dict[str, Any]:
    """How a file would be read: its layout, the column of each thing, what it has no column for, and columns not read.

    Raises FileError where its headers are no known layout's or it cannot be read.
    """
    with table(path) as rows:
        header = next(rows, None) or []
        layout, columns = _recognised(path, header)
        reads = {what: header[place].strip() for what, place in columns.items()}
        unread = [name.strip() for place, name in enumerate(header) if name.strip() and place not in columns.values()]
        absent = [what for what in layout.columns if what not in columns]
        return {"file": str(path), "layout": layout.name, "reads": reads, "absent": absent, "unread": unread}


def _recognised(path: Path, header: list[str]) -> tuple[Layout, dict[str, int]]:
    if not header:
        raise FileError(f"{path.name}: empty; a disclosure file begins with its headers")
    try:
        return recognise(header)
    except LayoutError as problem:
        raise FileError(f"{path.name}: {problem}") from problem


def events(path: Path, report: FileReport, with_positions: bool) -> Iterator[dict[str, Any]]:
    """The events of a file, raw as an office has them; `report.line` is the line of the last. Raises FileError where
    its headers are no known layout's or it cannot be read."""
    with table(path) as rows:
        header = next(rows, None) or []
        layout, columns = _recognised(path, header)
        report.layout = layout.name
        seen: Counter[str] = Counter()
        for number, raw in enumerate(rows, 2):
            if not any(cell.strip() for cell in raw):
                continue
            report.rows += 1
            if len(raw) != len(header):
                report.reject(number, "", f"{len(raw)} cells where the header has {len(header)}: quote cells that hold commas")
                continue
            if unread := [what for what, place in columns.items() if raw[place] == UNREADABLE]:
                report.reject(number, unread[0], "a formula or an error value; paste the value itself")
                continue
            row = Row(layout.name, {what: raw[place] for what, place in columns.items()})
            yield from _events(row, number, seen, report, with_positions)


def _events(row: Row, number: int, seen: Counter[str], report: FileReport, with_positions: bool) -> Iterator[dict[str, Any]]:
    if other_class(row):
        report.skipped["another visa class"] += 1
        return
    copy = f"{row.identity}\x1f{row.content}"
    seen[copy] += 1
    try:
        made = event(row, seen[copy])
    except RowError as problem:
        report.reject(number, problem.field, problem.remedy)
        return
    for what in made["body"].get("inferred", ()):
        report.inferred[what] += 1
    report.take(number, made)
    yield made
    if with_positions and row.layout == "applications":
        for each in positions(row, made):
            report.take(number, each)
            yield each


def rows(path: Path, report: FileReport, key: Key, with_positions: bool, now: int, limit: int) -> Iterator[Ready | Refused]:
    """The file's events sealed and checked as `publish` checks them; what fails is counted as rejected. Raises FileError."""
    for made in events(path, report, with_positions):
        found = checked(made, key, now, limit)
        if isinstance(found, list):
            report.refuse(made, found[0].field, found[0].remedy)
            yield Refused(report.line, tuple(found), "")
        else:
            yield Ready(report.line, found[0], found[1], fact_id(found[0]))
