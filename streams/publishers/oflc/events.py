"""One row of a disclosure file as one event; each certified position of an application as a journey, where asked for.

Readings. An application's workers are known by case number and index only and their nationality is not in the file, so
a position's worker has no origin and the destination's home holds it. An agent's or attorney's name may be a person's,
so it is a pseudonym. Appendix rows have no date of their own for when they were declared: they take the filing date in
the case number, and say so in `inferred`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from streams.publishers.oflc import cells
from streams.publishers.oflc.cells import CellError

SOURCE = "/office/US/oflc"
POSITION = "recruitment.worker_registered"
_CLASS_OF_CASE = {"H-300": "H-2A", "H-400": "H-2B"}
_CLASS_OF_COLUMN = {"flag": "H-2A", "prevailing": "H-2B"}
T = TypeVar("T")
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)  # what an event may say (schemas/validate.py)
MOST_POSITIONS = 50_000  # of an application; many times the largest. Each becomes a journey where that is asked for
_DAYS = frozenset({"received", "decided", "begin", "end"})
_NUMBERS = frozenset({"requested", "certified", "workers", "wage"})


class RowError(ValueError):
    """A row that cannot become an event: the column at fault and the remedy."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field, self.remedy = field, remedy


@dataclass(frozen=True)
class Row:
    """A row by what its cells mean."""

    layout: str
    cells: Mapping[str, str]

    def text(self, what: str) -> str:
        """A cell without surrounding space; '' when the file has no such column."""
        return self.cells.get(what, "").strip()

    def read(self, what: str, parse: Callable[[str], T]) -> T:
        """A cell, parsed. Raises RowError that names it."""
        try:
            return parse(self.text(what))
        except CellError as problem:
            raise RowError(what, f"write {problem}") from problem

    @property
    def identity(self) -> str:
        """What the row is about: its case, or the entity barred (by a digest: an id is shown where a name is not)."""
        name = cells.name_key(self.text("entity"))
        return self.text("case") or (f"{self.text('programme')}-{_short(name)}" if name else "")

    @property
    def content(self) -> str:
        """A digest of what was read, whatever the order of columns and the format: a date or a number is one however written."""
        told = "\x1f".join(f"{what}={self._plainly(what)}" for what in sorted(self.cells))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def _plainly(self, what: str) -> str:
        text = self.text(what)
        try:
            if what in _DAYS:
                return str(cells.day(text) or "")
            return cells.plain_number(text) if what in _NUMBERS else text
        except CellError:
            return text

    def dated(self) -> date:
        """The day that the row's year is told by: decision, receipt, start of a debarment, or filing."""
        for what in ("decided", "received") if self.layout == "applications" else ("begin",) if self.layout == "debarments" else ():
            if (found := self.read(what, cells.day)) is not None:
                return found
        if (filed := cells.filed(self.text("case"))) is not None:
            return filed
        if self.layout == "debarments":
            raise RowError("begin", "a debarment says when it starts, such as 2011-10-05")
        raise RowError("case", "a case number that holds its filing date, such as H-400-20277-856930")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def organisation(name: str) -> str | None:
    """A party of the department's register: names that differ in spelling only are one."""
    key = cells.name_key(name)
    return f"US:oflc:{_short(key)}" if key else None


def person(name: str) -> str | None:
    """A natural person, still in clear: `seal` makes the pseudonym before anything leaves."""
    kept = " ".join(name.split())
    return f"US:person:{kept}"[:130] if kept else None


def _words(name: str) -> list[str]:
    return sorted(word for word in re.split(r"\W+", name.upper()) if word)


def demand(case: str) -> str:
    """The demand that an application is."""
    return f"US:oflc:{case}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


def event(row: Row, occurrence: int) -> dict[str, Any]:
    """The event of a row; `occurrence` tells exact copies of one row apart. Raises RowError."""
    if not row.identity:
        what = "entity" if row.layout == "debarments" else "case"
        raise RowError(what, "every row names it")
    year = cells.fiscal_year(row.dated())
    kind, body, when, inferred = _BODIES[row.layout](row, year)
    shown = {**body, "inferred": inferred} if inferred else body
    recorded = max(when, row.dated()) if row.layout == "applications" else when
    return {
        "id": f"{row.layout}:{year}:{row.identity[:80]}:{row.content}.{occurrence}", "source": SOURCE, "type": kind,
        "time": _moment(when), "recordedat": _moment(recorded),
        "evidence": "inferred" if any(each.startswith("time") for each in inferred) else "documented",
        "refs": {"demand": demand(row.text("case"))} if row.text("case") else {}, "run": f"oflc-{row.layout}-{year}",
        "body": {name: value for name, value in shown.items() if value not in (None, "")},
    }  # fmt: skip


Body = tuple[str, dict[str, Any], date, list[str]]


def certified(status: str) -> bool:
    """Whether an application was certified in full or in part."""
    lowered = status.lower()
    return "certif" in lowered and not any(word in lowered for word in ("denied", "not certif", "withdrawn", "non-certif"))


def sub_application(row: Row) -> bool:
    """Whether a row repeats its joint master's positions: by its rank where the year says it, else by an H-2A flag left empty."""
    if row.text("rank"):
        return row.text("rank").upper().startswith("SUB")
    return "flag" in row.cells and not row.text("flag") and visa_class(row) == "H-2A"


def visa_class(row: Row) -> str:
    """H-2A or H-2B by its column or, where a year has none, by the case number's programme, or by the column that only one of
    the two has (H-2A the organisation's flag, H-2B the prevailing wage); other classes as written."""
    written = re.sub(r"[^A-Z0-9]", "", row.text("visa_class").upper())
    if not written:
        return _CLASS_OF_CASE.get(row.text("case").upper()[:5], _CLASS_OF_COLUMN.get(_told_by(row), ""))
    return f"{written[0]}-{written[1:]}" if written in ("H2A", "H2B") else row.text("visa_class")


def _told_by(row: Row) -> str:
    return next((what for what in _CLASS_OF_COLUMN if what in row.cells), "")


def other_class(row: Row) -> bool:
    """Whether an application is for another visa than the H-2 classes: such rows are skipped, and counted."""
    return row.layout == "applications" and visa_class(row) not in ("", "H-2A", "H-2B")


def _application(row: Row, year: int) -> Body:
    received, inferred = row.read("received", cells.day), list[str]()
    filed = cells.filed(row.text("case"))
    if received is None:
        inferred.append("time: " + ("filing date in the case number" if filed else "decision date"))
    if not row.text("visa_class") and visa_class(row):
        inferred.append("visa_class: by the case number or the file's columns")
    when = received or filed or row.dated()
    begin, end = _span(row, inferred)
    title, decided = row.text("title"), row.read("decided", cells.day)
    body: dict[str, Any] = {
        "employer": organisation(row.text("employer")), "agency": person(row.text("agent")), "country": "US",
        "jobs": row.read("requested", cells.whole), "jobs_certified": row.read("certified", cells.whole),
        "wage": row.read("wage", cells.usd), "wage_period": row.read("unit", cells.period), "occupation_code": row.text("occupation"),
        "occupation_title": title[:200], "start": begin, "end": end, "layout": row.layout, "fiscal_year": year,
        "case_number": row.text("case"), "status": row.text("status"), "certified": certified(row.text("status")),
        "decision_date": decided.isoformat() if decided else None, "sub_application": sub_application(row),
        "organisation_flag": row.text("flag"), "visa_class": visa_class(row), "employer_name": row.text("employer")[:200],
        "employer_address": row.text("address")[:200], "employer_city": row.text("city"), "employer_state": row.text("state"),
    }  # fmt: skip
    if (body["jobs_certified"] or 0) > MOST_POSITIONS:
        raise RowError("certified", f"at most {MOST_POSITIONS} positions")
    if body["employer"] is None:
        raise RowError("employer", "a name with at least one letter or digit")
    return "recruitment.demand_submitted", body, when, inferred


def _span(row: Row, inferred: list[str]) -> tuple[str | None, str | None]:
    """First and last day; one outside 1900 to 2199, and an end before its beginning, are left out, and said."""
    days: list[date | None] = []
    for what in ("begin", "end"):
        day = row.read(what, cells.day)
        if day is not None and not _FIRST <= day <= _LAST:
            inferred.append(f"{what}: outside 1900 to 2199, left out")
            day = None
        days.append(day)
    begin, end = days
    if begin and end and end < begin:
        inferred.append("end: before the beginning, left out")
        end = None
    return begin.isoformat() if begin else None, end.isoformat() if end else None


def _filed(row: Row) -> tuple[date, list[str]]:
    return row.dated(), ["time: filing date in the case number"]


def _recruiter(row: Row, year: int) -> Body:
    when, inferred = _filed(row)
    full = " ".join(part for part in (row.text("person"), row.text("first"), row.text("middle")) if part)
    firm = row.text("organisation")
    alone = bool(firm) and _words(firm) == _words(full)  # one who recruits under their own name is a person, not a firm
    body = {
        "role": "recruiter", "organisation": person(full) if alone else organisation(firm),
        "organisation_name": "" if alone else firm[:200],
        "person": person(full), "person_country": cells.country(row.text("country")), "demand": demand(row.text("case")),
        "declared_by": "employer", "layout": row.layout, "case_number": row.text("case"), "fiscal_year": year,
    }  # fmt: skip
    return "recruitment.recruiter_declared", body, when, inferred


def _worksite(row: Row, year: int) -> Body:
    when, inferred = _filed(row)
    begin, end = _span(row, inferred)
    if begin is None:
        begin = when.isoformat()
        inferred.append("from: filing date in the case number")
        if end is not None and end < begin:
            inferred.append("until: before the filing date, left out")
            end = None
    site = cells.name_key(f"{row.text('city')}{row.text('county')}{row.text('state')}")
    body = {
        "site": f"US:site:{_short(site)}" if site else None, "country": "US", "from": begin, "until": end,
        "demand": demand(row.text("case")), "workers": row.read("workers", cells.whole), "wage": row.read("wage", cells.usd),
        "wage_period": row.read("unit", cells.period), "layout": row.layout, "case_number": row.text("case"), "fiscal_year": year,
        "city": row.text("city"), "state": row.text("state"),
    }  # fmt: skip
    return "deployment.worksite_assigned", body, when, inferred


def _client(row: Row, year: int) -> Body:
    when, inferred = _filed(row)
    body = {
        "employer": organisation(row.text("client")), "country": "US", "demand": demand(row.text("case")), "declared_client": True,
        "client_name": row.text("client")[:200], "layout": row.layout, "case_number": row.text("case"), "fiscal_year": year,
        "city": row.text("city"), "state": row.text("state"),
    }  # fmt: skip
    return "deployment.worksite_assigned", body, when, inferred


def _debarment(row: Row, year: int) -> Body:
    inferred: list[str] = []
    begin, end = _span(row, inferred)
    if begin is None:
        raise RowError("begin", "a debarment says when it starts")
    body = {
        "employer": organisation(row.text("entity")), "jurisdiction": "US", "name": row.text("entity")[:200], "from": begin, "until": end,
        "programme": row.text("programme"), "reason": "debarred", "layout": row.layout, "case_number": row.identity[:80],
        "city": row.text("city"), "state": row.text("state"),
    }  # fmt: skip
    return "licensing.employer_blacklisted", body, date.fromisoformat(begin), inferred


_BODIES: dict[str, Callable[[Row, int], Body]] = {
    "applications": _application, "recruiters": _recruiter, "worksites": _worksite, "clients": _client, "debarments": _debarment,
}  # fmt: skip


def positions(row: Row, application: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A journey's first event for each certified position; none for a sub-application, which repeats its master's."""
    body = application["body"]
    if not body["certified"] or body["sub_application"]:
        return
    channel = "agency" if body.get("agency") else "direct"
    for number in range(1, (body.get("jobs_certified") or 0) + 1):
        worker = {"origin": None, "identifiers": [{"kind": "position", "country": "US", "value": f"{row.text('case')}+{number}"}]}
        yield {**application, "id": f"position:{application['id'].split(':', 1)[1]}:{number}", "type": POSITION,
               "worker": worker, "body": {"country": "US", "demand": application["refs"]["demand"], "channel": channel}}  # fmt: skip
