"""The layouts of the department's disclosure files, each known by its headers: columns found by name, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


class LayoutError(ValueError):
    """A file whose headers are no known layout's: says what it was taken for and which columns are missing."""


@dataclass(frozen=True)
class Layout:
    """One family of files: for each thing read, the headers it goes by in one year or another; `needs` must be there."""

    name: str
    columns: dict[str, tuple[str, ...]]
    needs: tuple[str, ...]


_CASE = ("CASE_NO", "CASE_NUMBER", "CASENUMBER", "CASE_NUM")
_APPLICATION = {
    "case": _CASE,
    "status": ("CASE_STATUS", "STATUS", "APPLICATION_STATUS"),
    "visa_class": ("VISA_CLASS", "VISA_TYPE", "APPLICATION_TYPE", "PROGRAM"),
    "received": ("CASE_RECEIVED_DATE", "NPC_SUBMITTED_DATE", "RECEIVED_DATE", "CASE_SUBMITTED", "SUBMITTED_DATE",
                 "RECENT_CASE_RECEIVED_DATE"),
    "decided": ("DECISION_DATE", "RECENT_DECISION_DATE", "LAST_EVENT_DATE", "CASE_STATUS_DATE", "FINAL_CASE_STATUS_DATE"),
    "employer": ("EMPLOYER_NAME", "EMPLOYER_LEGAL_BUSINESS_NAME", "EMPLOYER_LEGAL_NAME"),
    "address": ("EMPLOYER_ADDRESS1", "EMPLOYER_ADDRESS_1", "EMPLOYER_ADDRESS"),
    "city": ("EMPLOYER_CITY",),
    "state": ("EMPLOYER_STATE",),
    "agent": ("AGENT_ATTORNEY_NAME", "ATTORNEY_AGENT_NAME", "AGENT_NAME", "ATTORNEY_AGENT_LAST_NAME"),
    "requested": ("NBR_WORKERS_REQUESTED", "NUMBER_OF_WORKERS_REQUESTED", "WORKERS_REQUESTED", "TOTAL_WORKERS_REQUESTED",
                  "TOTAL_WORKERS_H-2A_REQUESTED", "TOTAL_WORKERS_H2A_REQUESTED", "TOTAL_WORKERS_NEEDED"),
    "certified": ("NBR_WORKERS_CERTIFIED", "NUMBER_OF_WORKERS_CERTIFIED", "WORKERS_CERTIFIED", "TOTAL_WORKERS_CERTIFIED",
                  "TOTAL_WORKERS_H-2A_CERTIFIED", "TOTAL_WORKERS_H2A_CERTIFIED"),
    "wage": ("BASIC_RATE_OF_PAY", "BASIC_RATE_OF_PAY_FROM", "BASIC_WAGE_RATE_FROM", "WAGE_OFFER", "WAGE_OFFERED", "RATE_OF_PAY"),
    "unit": ("BASIC_UNIT_OF_PAY", "RATE_OF_PAY_UNIT", "PAY_RANGE_UNIT", "WAGE_UNIT", "PER", "UNIT_OF_PAY"),
    "begin": ("CERTIFICATION_BEGIN_DATE", "EMPLOYMENT_BEGIN_DATE", "REQUESTED_START_DATE_OF_NEED", "REQUESTED_BEGIN_DATE"),
    "end": ("CERTIFICATION_END_DATE", "EMPLOYMENT_END_DATE", "REQUESTED_END_DATE_OF_NEED", "REQUESTED_END_DATE"),
    "occupation": ("SOC_CODE", "SOC_CODE_ID", "SOC", "DOT_OCCUPATIONAL_CODE"),
    "title": ("JOB_TITLE", "SOC_NAME", "SOC_TITLE", "DOT_NAME"),
    "flag": ("ORGANIZATION_FLAG", "ORGANIZATION_TYPE"),
    "rank": ("PRIMARY_SUB",),
    "prevailing": ("PREVAILING_WAGE", "PREVIALING_WAGE"),
}  # fmt: skip

LAYOUTS = (
    Layout("applications", _APPLICATION, ("case", "status", "employer", "certified")),
    Layout("recruiters", {
        "case": _CASE,
        "person": ("RECRUITER_LAST_NAME", "RECRUITER_NAME"), "first": ("RECRUITER_FIRST_NAME",), "middle": ("RECRUITER_MIDDLE_NAME",),
        "organisation": ("RECRUITER_EMPLOYER_NAME", "RECRUITER_ORGANIZATION_NAME", "RECRUITER_BUSINESS_NAME"),
        "city": ("RECRUITER_EMPLOYER_CITY", "RECRUITER_CITY"), "country": ("RECRUITER_EMPLOYER_COUNTRY", "RECRUITER_COUNTRY"),
    }, ("case", "person", "organisation")),
    Layout("clients", {
        "case": _CASE, "client": ("EMPLOYER_CLIENT_LEGAL_BUSINESS_NAME", "CLIENT_LEGAL_BUSINESS_NAME", "EMPLOYER_CLIENT_NAME"),
        "city": ("EMPLOYER_CLIENT_CITY",), "state": ("EMPLOYER_CLIENT_STATE",), "industry": ("EMPLOYER_CLIENT_NAICS_CODE",),
    }, ("case", "client")),
    Layout("worksites", {
        "case": _CASE, "city": ("WORKSITE_CITY", "WORKSITE_CITY_1"), "state": ("WORKSITE_STATE",), "county": ("WORKSITE_COUNTY",),
        "workers": ("TOTAL_WORKERS", "WORKERS_NEEDED"), "begin": ("BEGIN_DATE", "WORKSITE_BEGIN_DATE"),
        "end": ("END_DATE", "WORKSITE_END_DATE"),
        "wage": ("BASIC_WAGE_RATE_FROM", "WAGE_FROM"), "unit": ("PER", "WAGE_UNIT"),
    }, ("case", "city", "state", "workers")),
    Layout("debarments", {
        "programme": ("PROGRAM",), "entity": ("ENTITY_DEBARRED", "ENTITY", "EMPLOYER"), "city": ("CITY",), "state": ("STATE",),
        "begin": ("START_DATE", "DEBARMENT_START"), "end": ("END_DATE", "DEBARMENT_END"),
    }, ("programme", "entity", "begin")),
)  # fmt: skip


def plain(header: str) -> str:
    """A header as it is compared: upper case, words joined by one underscore."""
    return re.sub(r"[^A-Z0-9-]+", "_", header.strip().lstrip("\ufeff").upper()).strip("_")


def _found(layout: Layout, headers: Sequence[str]) -> dict[str, int]:
    place = {name: number for number, name in reversed(list(enumerate(headers)))}
    return {what: place[name] for what, names in layout.columns.items() for name in names[::-1] if name in place}


def recognise(raw: Sequence[str]) -> tuple[Layout, dict[str, int]]:
    """The layout of a header row, and where each thing it reads stands. Raises LayoutError."""
    headers = [plain(each) for each in raw]
    if twice := sorted({name for name in headers if name and headers.count(name) > 1}):
        raise LayoutError(f"the column {twice[0][:80]} is there twice; keep one")
    best: tuple[int, Layout, dict[str, int]] | None = None
    for layout in LAYOUTS:
        found = _found(layout, headers)
        if all(what in found for what in layout.needs):
            return layout, found
        score = sum(what in found for what in layout.needs) * 100 + len(found)
        if best is None or score > best[0]:
            best = score, layout, found
    assert best is not None
    missing = [f"{what} ({' or '.join(best[1].columns[what])})" for what in best[1].needs if what not in best[2]]
    gaps = "; empty header cells between others: unmerge them, and name each column" if _gap(headers) else ""
    raise LayoutError(f"no known layout; taken for {best[1].name}, it lacks {'; '.join(missing)}{gaps}")


def _gap(headers: Sequence[str]) -> bool:
    """Whether a header cell is empty before another that is not, as merged cells leave it."""
    named = [number for number, name in enumerate(headers) if name]
    return bool(named) and len(named) <= named[-1]
