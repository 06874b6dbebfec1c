"""Where a worker is at work, from when until when, and in which sector: by assignments, or by the contract while none is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streams.domain.employment import (
    CLOSING,
    FOREVER,
    Span,
    assignments,
    contracts,
    told,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.languages import language
from streams.domain.names import subject_key
from streams.domain.sums import Key
from streams.domain.travel import arrival
from streams.domain.views import JourneyView, once_a_view

SUPPLY = "78"  # ISIC: who supplies workers; they work in their users' sectors
HOUSEHOLDS = "9700"

Told = tuple[str, str, Key, tuple[str, ...]]


@dataclass(frozen=True)
class Stay:
    """One place of work: `fact` shows it; `isic` is '' when nothing tells the sector."""

    fact: Fact
    span: Span
    country: str
    isic: str
    employer: str
    site: str


@once_a_view
def stays(view: JourneyView) -> tuple[Stay, ...]:
    """By their beginning. Without an assignment the worker is taken to be at the contract's employer from arrival on."""
    found = tuple(
        Stay(each.fact, each.span, each.country or view.destination, _sector(view, each.fact), each.employer or "",
             each.fact.text("site") or "")
        for each in assignments(view)
    )  # fmt: skip
    came = arrival(view)
    if found or came is None:
        return found
    ends = min((fact.time for fact in view.of(*CLOSING) if fact.time >= came.time), default=FOREVER)
    return (Stay(came, (came.time, ends), came.text("country") or "", _contracted(view), told(view, "employer") or "", ""),)


def _sector(view: JourneyView, assignment: Fact) -> str:
    return assignment.text("isic") or (HOUSEHOLDS if assignment.flag("household") else _contracted(view))


def _contracted(view: JourneyView) -> str:
    """The contract employer's sector; '' where it only supplies workers to others."""
    said = contracts(view, "employer_isic")
    isic = said[-1].text("employer_isic") if said else None
    return "" if isic is None or isic.startswith(SUPPLY) else isic


def division(isic: str) -> str:
    """The ISIC division, at which workers and inspections meet however precisely each is told: '4100' -> '41'."""
    return isic[:2]


def spoken(view: JourneyView) -> tuple[str, ...]:
    """The languages that the worker understands, as any office knows them; () when none does."""
    return tuple(sorted({language(code) for fact in view.facts if fact.worker for code in fact.worker.languages}))


def tell_sectors(view: JourneyView, begun: str, ended: str) -> Iterator[Told]:
    """Each sector at destination hears the days on which a worker began there (measure `begun`) and no longer is (`ended`)."""
    for each in stays(view):
        if each.country and each.country != view.origin and each.isic:
            about, (start, end) = f"place:{each.country}/{division(each.isic)}", each.span
            yield about, begun, (local_day(start, each.country).isoformat(),), (each.fact.event_id,)
            if end < FOREVER:
                yield about, ended, (local_day(end, each.country).isoformat(),), (each.fact.event_id,)


def tell_workplaces(view: JourneyView, measure: str) -> Iterator[Told]:
    """Employers and sites hear that a migrant works there: (month begun, month ended or '', language or ''). No more of the worker.

    Months are written as their first day.
    """
    languages = spoken(view) or ("",)
    for each in stays(view):
        start, end = (_month(at, each.country) if at < FOREVER else "" for at in each.span)
        for party in filter(None, (each.employer, each.site)):
            for code in languages:
                yield subject_key(f"party:{party}"), measure, (start, end, code), (each.fact.event_id,)


def _month(at: Instant, country: str) -> str:
    return local_day(at, country).replace(day=1).isoformat()
