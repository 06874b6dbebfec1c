"""A report as a page of 80 columns: what it is, the rows that there are figures of, and what keeps them from being whole."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from consumers.warehouse.reports import Rate, Report
from consumers.warehouse.reports.reading import Asked, Row
from infra.cli.report_page import shown

WIDTH = 80
_GAP = "  "
_LEAST = 11  # columns that a text has before it goes on below
_SHORT = {"jurisdiction": "country"}  # headings


def listing(found: Sequence[Report]) -> Iterator[str]:
    """The reports that there are."""
    yield f"{'report':<11}{'watches':<12}what it says"
    for each in found:
        watched = textwrap.wrap(", ".join(each.recommendations), 11)
        for place, line in enumerate(textwrap.wrap(each.title, WIDTH - 23) or [""]):
            yield f"{each.id if not place else '':<11}{watched[place] if place < len(watched) else '':<12}{line}"
        yield from (f"{'':<11}{rest}" for rest in watched[len(textwrap.wrap(each.title, WIDTH - 23)) :])
    yield f"{'oflc':<11}{'B1, B4':<12}US disclosure files, as imported"
    yield ""
    yield "fairpassage report NAME [--corridor NP-QA] [--since 2025-01-01]"
    yield "                        [--until 2025-12-31] [--format csv] [--out FILE]"


def table(report: Report, asked: Asked, found: Sequence[Row]) -> str:
    """The whole page."""
    return "\n".join([*_head(report, asked), *(_rows(report, found) if found else ["Nothing is known: no event that it counts is here."]),
                      *_foot(report, found)])  # fmt: skip


def _head(report: Report, asked: Asked) -> Iterator[str]:
    since = "" if asked.since.year == 1900 else f"from {asked.since} "
    yield from textwrap.wrap(f"{report.id}  {report.title}", WIDTH)
    yield f"{asked.corridor or 'all corridors'}, {since}until {asked.until}"
    yield ""
    yield from textwrap.wrap(f"n: {report.denominator}.", WIDTH)
    yield ""


def _rows(report: Report, found: Sequence[Row]) -> Iterator[str]:
    names = _columns(report)
    cells = [[shown(text) for text in _cells(report, names, each)] for each in found]
    heads = [_SHORT.get(name, name).replace("_", " ") for name in names]
    numeric = [name not in report.by for name in names]
    widths = _widths(heads, cells, numeric)
    if sum(widths) + len(_GAP) * (len(widths) - 1) > WIDTH:
        yield from _blocks(names, heads, cells)
        return
    yield from _lines(heads, widths, numeric)
    yield _GAP.join("─" * width for width in widths)
    for each in cells:
        yield from _lines(each, widths, numeric)


def _columns(report: Report) -> list[str]:
    """What a page has room for. A rate stands with its interval in one column; notes are letters, told below."""
    ends = {f"{rate.name}_{end}" for rate in report.rates for end in ("low", "high")}
    dropped = report.narrow | ends | {"suppressed", "silent_offices", "incomplete"}
    return [*(name for name in report.columns if name not in dropped), ""]


def _cells(report: Report, names: Sequence[str], row: Row) -> Iterator[str]:
    rates = {rate.name: rate for rate in report.rates}
    for name in names:
        if not name:
            yield note(row)
        elif name in rates:
            yield _rate(rates[name], row)
        else:
            yield str(row[name]) if name in report.by else text(row[name])


def note(row: Row) -> str:
    """Letters: s suppressed, i incomplete."""
    return ("s" if row["suppressed"] else "") + ("i" if row["incomplete"] else "")


def text(value: Any) -> str:
    """A figure as a page has it; '-' where it is not known or not shown."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _rate(rate: Rate, row: Row) -> str:
    value, low, high = (row[f"{rate.name}{end}"] for end in ("", "_low", "_high"))
    if value is None:
        return "-"
    digits = 3 if rate.per == 1 else 2
    return f"{value:.{digits}f} {low:.{digits - 1}f}-{high:.{digits - 1}f}"


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[int]:
    """As wide as the widest; where that is too much for the page, texts go on below."""
    least = [max(map(len, head.split()), default=0) for head in heads]
    found = [max(least[place], *(len(each[place]) for each in cells)) for place in range(len(heads))]
    floor = [found[place] if numeric[place] else min(found[place], max(least[place], _LEAST)) for place in range(len(heads))]
    while sum(found) + len(_GAP) * (len(found) - 1) > WIDTH and found != floor:
        widest = max((place for place in range(len(found)) if found[place] > floor[place]), key=lambda place: found[place])
        found[widest] -= 1
    return found


def _lines(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    """One row, on as many lines as its longest cell takes."""
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    for place in range(max(map(len, wrapped))):
        parts = (each[place] if place < len(each) else "" for each in wrapped)
        yield _GAP.join(f"{part:>{width}}" if right else f"{part:<{width}}"
                        for part, width, right in zip(parts, widths, numeric, strict=True)).rstrip()  # fmt: skip


def _blocks(names: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Where a row is too wide for a line: one figure a line."""
    room = max(map(len, heads))
    for each in cells:
        for head, value in zip(heads, each, strict=True):
            if value:
                yield from textwrap.wrap(f"{head or 'notes':<{room}}  {value}", WIDTH, subsequent_indent=" " * (room + 2))
        yield ""


def _foot(report: Report, found: Sequence[Row]) -> Iterator[str]:
    yield ""
    if any(each["suppressed"] for each in found):
        yield from _say("s: of fewer than ten, or would give such a row away: there, and withheld.")
    for why in sorted({part for each in found for part in _reasons(each)}):
        yield from _say(f"i: {why}.")
    if silent := sorted({office for each in found for office in each["silent_offices"]}):
        yield from _say(f"Silent now: {', '.join(silent)}.")
    for rate in report.rates:
        yield from _say(f"{rate.name.replace('_', ' ')}: {rate.says}, with its 95 % interval.")
    for caveat in report.caveats:
        yield from _say(caveat)
    if dropped := [name for name in report.columns if name in report.narrow]:
        yield from _say(f"In the other formats also: {', '.join(dropped)}.")


def _reasons(row: Row) -> Iterator[str]:
    """Why a row is incomplete, without its own numbers."""
    for why in filter(None, row["incomplete"].split("; ")):
        yield "some do not say" if why.endswith("do not say") else why


def _say(text: str) -> list[str]:
    return textwrap.wrap(shown(text), WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
