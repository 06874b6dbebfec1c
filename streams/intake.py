"""From a public event to facts: whose homes it concerns, and what each of them may read. Pure; the agent does the I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.catalogue import event_type
from schemas.subjects import redact, subjects
from streams.domain.facts import Fact, fact_id, from_event
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


def accept(event: Mapping[str, Any], rekey: Rekey) -> Accepted:
    """The facts of a decoded, valid public event. Its id is taken before anything is re-keyed or dropped."""
    identity, named = fact_id(event), subjects(event)
    was = event.get("was") or {}
    mine = worker_home(event)
    origins = {mine, was.get("origin") or ""} - {""}
    homes = origins | {home(subject) for subject in (*named, *(was.get("subjects") or ()))}
    given = tuple(sorted(homes)) if len(homes) > 1 else ()
    full = from_event(rekey(event), named, identity, given)
    others = from_event(redact(event), named, identity, given, withheld=bool(mine)) if homes - {mine} else full
    copies = tuple((each, full if each == mine or not mine else others) for each in sorted(homes))
    standing = event_type(event["type"]).standing and not mine
    return Accepted(copies, full if standing else None)
