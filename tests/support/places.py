"""Corridors, countries and sectors for tests of rules: facts about them, and what journeys told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key
from streams.domain.views import SumsView
from streams.rules.registry import catalogue
from tests.support.builders import at, fact, sums
from tests.support.judging import judge

CORRIDOR, ORIGIN, DESTINATION = "place:NP-QA", "place:NP", "place:QA"


def said(type: str, time: str | Instant, *subjects: str, id: str | None = None, **body: Any) -> Fact:
    """What an office said of these subjects; CORRIDOR when none is given."""
    details = {name: body.pop(name) for name in ("source", "recorded", "corrects", "retracted") if name in body}
    return fact(type, time, id=id, subjects=subjects or (CORRIDOR,), body=body, **details)


def told(view: SumsView, measure: str, key: Key, many: int = 1) -> SumsView:
    """The same view after so many journeys told one key of a measure."""
    for number in range(many):
        view.sums.add(measure, key, f"ev-{'-'.join(map(str, key))}-{number}", f"journey:{number}-{key}")  # type: ignore[attr-defined]
    return view


def place(rule: str, subject: str, facts: Iterable[Fact], heard: Iterable[tuple[str, Key, int]] = ()) -> SumsView:
    """A dossier as a rule reads it: of its facts, and of (measure, key, how many journeys told it)."""
    kind = subject.partition(":")[0]
    measures = {measure.name: measure for each in catalogue() if each.id == rule and each.kind == kind for measure in each.measures}
    view = sums(subject, measures.values(), *facts)
    for measure, key, many in heard:
        told(view, measure, key, many)
    return view


def outcomes(
    rule: str, subject: str, as_of: str | Instant, *facts: Fact, heard: Iterable[tuple[str, Key, int]] = ()
) -> dict[str, Outcome]:  # fmt: skip
    """What a rule says of a dossier, by issue; the facts are its own, and standings."""
    return {each.issue: each for each in judge(rule, place(rule, subject, facts, heard), at(as_of), standings=Standings(facts))}


def outcome(rule: str, subject: str, as_of: str | Instant, *facts: Fact, heard: Iterable[tuple[str, Key, int]] = ()) -> Outcome | None:
    """Its only outcome; None when it says nothing."""
    found = list(outcomes(rule, subject, as_of, *facts, heard=heard).values())
    assert len(found) <= 1
    return found[0] if found else None
