"""The catalogue as a page: a row for each recommendation, and one for each rule, watch, typology and report. It tells no threshold."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consumers.warehouse.reports import Report, reports
from streams.rules.registry import Rule, catalogue

PAGE = Path(__file__).parents[2] / "streams" / "rules" / "catalogue.md"
_DATA = Path(__file__).parent / "recommendations.toml"
NAMES = (*(f"A{number}" for number in range(1, 13)), *(f"B{number}" for number in range(1, 17)))


@dataclass(frozen=True)
class Recommendation:
    """One of the 28: what it asks for, whose facts show it, and what must not happen on the way."""

    name: str
    title: str
    facts: str
    must_not: str


@cache
def recommendations() -> tuple[Recommendation, ...]:
    """All 28, in their order. Raises KeyError where one is missing."""
    raw = tomllib.loads(_DATA.read_text("utf-8"))
    return tuple(Recommendation(name, **raw[name]) for name in NAMES)


def rules_of(name: str) -> list[Rule]:
    """The rules, watches and typologies that watch a recommendation, one of each id."""
    return [same[0] for same in catalogue().by_id.values() if any(name in rule.recommendations for rule in same)]


def reports_of(name: str) -> list[Report]:
    """The reports that count it."""
    return [report for report in reports() if name in report.recommendations]


def kind_of(rule: Rule) -> str:
    """rule | watch | typology."""
    return "typology" if rule.combines else rule.by


def _harm(rule: Rule) -> str:
    """The harm in a few words: the first line of the rule's file, which tells no threshold."""
    first = (sys.modules[rule.check.__module__].__doc__ or rule.harm).partition("\n")[0]
    return first.partition(": ")[2] or first


def page() -> str:
    """The page, in Markdown."""
    return "\n".join([*_head(), *_recommended(), "", *_ruled(), "", *_reported()]) + "\n"


def _head() -> Iterator[str]:
    yield "# What is watched, on whose facts, and who hears"
    yield ""
    yield "Made by `fairpassage rules --markdown`; a test compares it with the rules and reports as they are. Thresholds are not here:"
    yield "they are rows of `policies/`, which those who work with the system read by `fairpassage rules RULE`. A **watch** looks at a"
    yield "population, in SQL; a **typology** (Y-...) combines what rules found; an R-... is a report (`fairpassage report`)."
    yield ""
    yield "What must not happen anywhere: no action on a worker can be expressed, no worker has a score, and complaints go to the"
    yield "embassy and restricted oversight alone (domain.md 5)."
    yield ""


def _recommended() -> Iterator[str]:
    yield "## The 28 recommendations"
    yield ""
    rows = []
    for each in recommendations():
        watching = rules_of(each.name)
        hear = sorted({role for rule in watching for role in rule.audience}) or ["oversight"]
        listed = [*(rule.id for rule in watching), *(report.id for report in reports_of(each.name))]
        rows.append((each.name, each.title, ", ".join(listed), each.facts, ", ".join(hear), each.must_not))
    yield from _table(("", "recommendation", "watched by", "on whose facts", "who hears", "must not"), rows)


def _ruled() -> Iterator[str]:
    yield "## Rules, watches and typologies"
    yield ""
    rows = []
    for same in catalogue().by_id.values():
        first = same[0]
        name = ", ".join((first.id, *first.aliases))
        rows.append((name, kind_of(first), _harm(first), ", ".join(rule.kind for rule in same),
                     ", ".join(first.recommendations), first.basis, first.severity, ", ".join(first.audience)))  # fmt: skip
    yield from _table(("id", "kind", "harm", "about", "for", "basis", "", "who hears"), rows)


def _reported() -> Iterator[str]:
    yield "## Reports"
    yield ""
    yield from _table(("id", "what", "of how many", "for"),
                      [(each.id, each.title, each.denominator, ", ".join(each.recommendations)) for each in reports()])  # fmt: skip


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in row)} |"
