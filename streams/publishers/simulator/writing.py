"""A script's steps as lines of JSON: raw identifiers as offices have them, some misrecorded at first and then corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import msgspec

from streams.domain.instants import DAY, HOUR, Instant, text
from streams.publishers.simulator import parameters as life
from streams.publishers.simulator import people
from streams.publishers.simulator.people import Person
from streams.publishers.simulator.script import Draft, Script

_encoder = msgspec.json.Encoder()
_KINDS = {"new_passport": "passport"}
NOBODY = Random("nobody")  # for events about no worker, which draw nothing


def event(draft: Draft, who: Person | None, draw: Random) -> dict[str, Any]:
    """The event as its office has it, with raw identifiers."""
    made: dict[str, Any] = {
        "id": draft.id, "source": draft.source, "type": draft.type, "time": text(draft.time),
        "recordedat": text(draft.recorded), "evidence": draft.evidence,
    }  # fmt: skip
    if who is not None and draft.show:
        shown = [_identifier(draft, kind, who, draw) for kind in draft.show]
        made["worker"] = {"origin": who.origin, "identifiers": shown, "languages": people.languages(who.origin)}
    if draft.refs:
        made["refs"] = draft.refs
    if draft.corrects:
        made |= {"corrects": draft.corrects, "was": draft.was, "retracted": draft.retracted}
    made["body"] = draft.body
    return made


def line(draft: Draft, who: Person | None, draw: Random) -> bytes:
    """The event as one line."""
    return _encoder.encode(event(draft, who, draw)) + b"\n"


def _identifier(draft: Draft, kind: str, who: Person, draw: Random) -> dict[str, Any]:
    found = who.identifier(kind, draw)
    found["kind"] = _KINDS.get(kind, kind)
    if kind == "passport" and draft.passport:
        found["value"] = draft.passport
    elif kind == "passport" and draft.type == "visa.visa_issued":
        found["mrz"] = people.mrz(who, date(2031, 6, 30))
    return found


def lines(script: Script) -> Iterator[tuple[Draft, bytes]]:
    """Every line of a script, in the order of its ids; settles first which steps were misrecorded."""
    setting = script.setting
    for name, draft in list(script.steps.items()):
        if setting.draw.random() < life.CORRECTIONS and _may_err(draft, setting.as_of):
            corrected = draft.recorded + setting.draw.randrange(24, 10 * 24) * HOUR
            script.misrecord(name, corrected, **_error(draft, setting.draw))
    for draft in sorted((*script.steps.values(), *script.extra), key=lambda d: d.id):
        yield draft, line(draft, setting.person, setting.draw)


def _may_err(draft: Draft, as_of: Instant) -> bool:
    named = any(isinstance(value, str) and ":person:" in value for value in draft.body.values())
    return not draft.clean and not named and bool(draft.show) and draft.recorded < as_of - 15 * DAY


def _error(draft: Draft, draw: Random) -> dict[str, Any]:
    """A wrong number, or a date that is hours or days too early."""
    if "passport" in draft.show and draw.random() < 0.5:
        return {"passport": people.passport_number(draw)}
    return {"time": draft.time - draw.randrange(1, 72) * HOUR}
