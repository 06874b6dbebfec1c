"""From a public event to facts: whose homes it concerns, and what each of them may read. Pure; the agent does the I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from schemas.catalogue import event_type
from schemas.subjects import private_fields, subjects
from streams.domain.facts import Fact, Refs, dossiers_of, fact_id, from_event
from streams.domain.places import home

Rekey = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Accepted:
    """One event as facts: a copy for each home, and the standing if it is one."""

    copies: tuple[tuple[str, Fact], ...]
    standing: Fact | None


def worker_home(event: Mapping[str, Any]) -> str:
    """ISO2 that keeps the worker's journey: their origin; where it is unknown, the destination holds the event.

    '' when the event names no worker.
    """
    worker = event.get("worker")
    if not worker:
        return ""
    body = event.get("body") or {}
    held: str = worker.get("origin") or body.get("country") or event["source"].split("/")[2]
    return held


def homes_of(event: Mapping[str, Any], named: Iterable[str]) -> set[str]:
    """The homes of an event that names these dossiers, and of what it corrects: each of them keeps a copy."""
    homes = {home(subject) for subject in named}
    if mine := worker_home(event):
        homes.add(mine)
    if was := event.get("was"):
        homes.update(home(subject) for subject in was.get("subjects") or ())
        if origin := was.get("origin"):
            homes.add(origin)
    return homes


def is_standing(event: Mapping[str, Any]) -> bool:
    """Whether any home may need to look it up."""
    return not worker_home(event) and event_type(event["type"]).standing


def accept(event: Mapping[str, Any], rekey: Rekey) -> Accepted:
    """The facts of a decoded, valid public event. Its id is taken before anything is re-keyed or dropped."""
    identity, named, mine = fact_id(event), dossiers_of(subjects(event)), worker_home(event)
    homes = homes_of(event, named)
    given = tuple(sorted(homes)) if len(homes) > 1 else ()
    full = from_event(rekey(event), named, identity, given)
    others = withheld(full) if mine and given else full
    copies = tuple((each, full if each == mine else others) for each in given or homes)
    return Accepted(copies, full if is_standing(event) else None)


def withheld(fact: Fact) -> Fact:
    """The copy for a home that is not the worker's: no worker, no papers of theirs, no narrative."""
    private = private_fields(fact.type)
    body = {name: value for name, value in fact.body.items() if name not in private} if private else fact.body
    return replace(fact, worker=None, refs=Refs(demand=fact.refs.demand), body=body, withheld=fact.about_worker)
