"""Builders of facts, journeys and sums for tests: everything has a sound default, a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from streams.domain.corrections import in_force
from streams.domain.facts import Fact, Identifier, Refs, Was, Worker, dossiers_of, fact_id
from streams.domain.instants import Instant, parse
from streams.domain.names import subject_key
from streams.domain.sums import Measure, refold
from streams.domain.views import JourneyView, SumsView

_serial = count(1)


def at(moment: str | Instant) -> Instant:
    """'2025-03-01' or '2025-03-01T10:00:00Z' or an instant, to an instant."""
    if isinstance(moment, int):
        return moment
    return parse(moment if "T" in moment else f"{moment}T00:00:00Z")


def fact(
    type: str,
    time: str | Instant,
    *,
    body: dict[str, Any] | None = None,
    id: str | None = None,
    source: str = "/office/NP/kathmandu",
    recorded: str | Instant | None = None,
    worker: Iterable[str] | None = None,
    origin: str = "NP",
    subjects: Iterable[str] = (),
    refs: Refs | None = None,
    evidence: str = "documented",
    corrects: str | None = None,
    was: Was | None = None,
    retracted: bool = False,
) -> Fact:
    """A fact; `worker` are tokens such as 'passport:NP:ab12'; its id follows from its content, as in service."""
    event_id = id or f"ev-{next(_serial)}"
    moment = at(time)
    tokens = tuple(sorted(Identifier(*token.split(":", 2)) for token in worker)) if worker is not None else None
    content = {"id": event_id, "source": source, "type": type, "time": moment, "body": body or {}, "worker": tokens,
               "recorded": at(recorded) if recorded is not None else moment, "subjects": dossiers_of(subjects),
               "corrects": corrects, "retracted": retracted, "evidence": evidence, "refs": refs}  # fmt: skip
    return Fact(
        id=fact_id(content), event_id=event_id, source=source, type=type, time=moment,
        recorded=at(recorded) if recorded is not None else moment, evidence=evidence, subjects=dossiers_of(subjects),
        body=body or {}, worker=Worker(origin, tokens) if tokens is not None else None, refs=refs or Refs(),
        corrects=corrects, was=was, retracted=retracted,
    )  # fmt: skip


def journey(*facts: Fact, id: str = "journey:NP:0000000000000001") -> JourneyView:
    """A journey's view of these facts, in any order."""
    return JourneyView(id=id, known=tuple(sorted(facts, key=lambda f: f.key)), person="person-1")


def sums(subject: str, measures: Iterable[Measure], *facts: Fact) -> SumsView:
    """A demand's, party's or place's view of these facts."""
    named = subject_key(subject)
    folded = refold(in_force(facts), named, tuple(measures), facts)
    return SumsView(id=named, sums=folded, types=frozenset(f.type for f in facts))
