"""The reports of `domain.md` 4.2, 4.3 and 4.5: each is one SQL file here, a header in TOML that defines it and the SELECT that counts.

`views.py` makes of it the view that ClickHouse has. A new report is a new file; nothing else lists them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

FOLDER = Path(__file__).parent
_HEADER = re.compile(r"\A/\*\n(.*?)\n\*/\n", re.DOTALL)
_RECOMMENDATION = re.compile(r"A([1-9]|1[0-2])|B([1-9]|1[0-6])")
_KEYS = {"id", "title", "says", "denominator", "recommendations", "by", "figures", "rates", "caveats", "public", "totals", "few", "guards",
         "keep", "narrow", "order"}  # fmt: skip

# share: so many of so many, never more than all (Wilson's interval). count: so many happenings per so many exposed (Byar's).
Interval = Literal["share", "count"]


class ReportError(Exception):
    """A report's file that cannot be used: names the file and what is wrong."""


@dataclass(frozen=True)
class Rate:
    """A rate with its 95 % interval: `per` times numerator by denominator, both columns of the report."""

    name: str
    numerator: str
    denominator: str
    says: str
    interval: Interval = "share"
    per: float = 1


@dataclass(frozen=True)
class Report:
    """One report. `by` are the columns that say what a row is about, `figures` those that it counts, with what each is.

    Column `n` is the denominator. A row of which `few` (SQL, n if not given) is 1 to 9 shows none of its figures; a figure shows only
    where the column that `guards` names for it, or the denominator of its rate, is not 1 to 9. Not so in a `public` report: it is of
    acts of states and organisations, never of people. `totals`: some rows add up to others. `keep` (SQL) says which rows are shown
    of all that were looked at for that. `narrow` are columns that a page of 80 columns has no room for; `order` is SQL.
    """

    id: str
    title: str
    says: str
    denominator: str
    recommendations: tuple[str, ...]
    by: Mapping[str, str]
    figures: Mapping[str, str]
    rates: tuple[Rate, ...]
    caveats: tuple[str, ...]
    public: bool
    totals: bool
    few: str
    guards: Mapping[str, str]
    keep: str
    narrow: frozenset[str]
    order: str
    select: str

    @property
    def name(self) -> str:
        """'funnel', as the command takes it."""
        return self.id.removeprefix("R-").lower()

    @property
    def view(self) -> str:
        """'report_funnel'."""
        return f"report_{self.name.replace('-', '_')}"

    @property
    def columns(self) -> dict[str, str]:
        """Every column of the view, in order, with what it says."""
        found = {**self.by, "n": self.denominator, **self.figures}
        for rate in self.rates:
            found |= {rate.name: rate.says, f"{rate.name}_low": "95 % interval, from", f"{rate.name}_high": "95 % interval, to"}
        found["suppressed"] = "the row's figures are withheld: they are of fewer than ten, or would give such a row away"
        return found | {
            "silent_offices": "offices of the countries concerned that are silent now (T-OFF-01)",
            "incomplete": "why the row is no whole picture; empty where nothing says so",
        }


@cache
def reports() -> tuple[Report, ...]:
    """Every report, sorted by id. Raises ReportError."""
    return tuple(sorted((read(path) for path in FOLDER.glob("*.sql")), key=lambda each: each.id))


def of_recommendation(recommendation: str) -> tuple[Report, ...]:
    """The reports that watch a recommendation, 'A1' to 'A12' and 'B1' to 'B16'."""
    return tuple(each for each in reports() if recommendation in each.recommendations)


def read(path: Path) -> Report:
    """A report from its file. Raises ReportError."""
    text = path.read_text("utf-8")
    if (header := _HEADER.match(text)) is None:
        raise ReportError(f"{path.name}: begin it with /*, a line each of TOML, and */")
    try:
        found = _report(tomllib.loads(header[1]), text[header.end() :].strip().removesuffix(";"))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as problem:
        raise ReportError(f"{path.name}: {problem!r} in its header") from problem
    if wrong := _wrong(found, path):
        raise ReportError(f"{path.name}: {wrong}")
    return found


def _report(given: Mapping[str, Any], select: str) -> Report:
    if unknown := sorted(given.keys() - _KEYS):
        raise KeyError(*unknown)
    rates = (Rate(name, each["of"][0], each["of"][1], each["says"], each.get("interval", "share"), each.get("per", 1))
             for name, each in given.get("rates", {}).items())  # fmt: skip
    return Report(
        given["id"], given["title"], " ".join(given["says"].split()), given["denominator"], tuple(given["recommendations"]), given["by"],
        given["figures"], tuple(rates), tuple(given["caveats"]), given.get("public", False),
        given.get("totals", False), given.get("few", "n"), given.get("guards", {}), given.get("keep", "true"),
        frozenset(given.get("narrow", ())), given.get("order", ", ".join(given["by"])), select,
    )  # fmt: skip


def _wrong(report: Report, path: Path) -> str:
    """What is wrong with it, or ''."""
    counted = {"n", *report.figures}
    if path.stem != report.view.removeprefix("report_"):
        return f"name the file {report.view.removeprefix('report_')}.sql"
    if not report.recommendations or not all(_RECOMMENDATION.fullmatch(each) for each in report.recommendations):
        return "recommendations are A1 to A12 and B1 to B16, one at least"
    for rate in report.rates:
        if not {rate.numerator, rate.denominator} <= counted or rate.interval not in get_args(Interval):
            return f"rates.{rate.name} is of columns that the report has not, or its interval is none of {', '.join(get_args(Interval))}"
    unknown = {*report.narrow, *report.guards, *report.guards.values()} - report.columns.keys()
    return f"narrow or guards names no column: {', '.join(sorted(unknown))}" if unknown else ""
