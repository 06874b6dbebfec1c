"""While a key of identifiers is changed, an office says each identifier again that it published before: one event an identifier.

Such an event is written under every key in use, and so tells that old and new digest are one number. A worker who is quiet for as
long as both keys are set is known again afterwards, although the old key is gone by then.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.codec import decode, encode
from streams.domain.facts import RESTATED, STRONG, fact_id
from streams.publishers.reading import Ready, Refused

CHANGE = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")  # what a change of keys may be called
_LONGEST = 150  # characters of an id that leave room for the rest


def restated(rows: Iterable[Ready | Refused], change: str, seen: set[bytes]) -> Iterator[Ready | Refused]:
    """The strong identifiers of these rows that are not in `seen`, each as an event of its own; refused rows as they are.

    One identifier an event, since two in one would join what a later correction parts. Its time is that of the event which showed
    it, its id that event's with the change's name: to say it again is to say the same. A weak identifier joins nobody, and where
    the origin is unknown nothing does: those are left out.
    """
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        for number, each in enumerate(_strong(row.event), 1):
            known = bytes.fromhex(each["digest"])
            if known not in seen:
                seen.add(known)
                yield _event(row, change, number, each)


def _strong(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    worker = event.get("worker")
    if worker and worker.get("origin"):
        yield from (each for each in worker["identifiers"] if each["kind"] in STRONG)


def _event(row: Ready, change: str, number: int, identifier: Mapping[str, Any]) -> Ready:
    shown = row.event
    name = shown["id"] if len(shown["id"]) <= _LONGEST else hashlib.sha256(shown["id"].encode()).hexdigest()
    data = encode({
        "id": f"{name}~{change}.{number}", "source": shown["source"], "type": RESTATED, "time": shown["time"],
        "recordedat": shown["recordedat"], "evidence": shown["evidence"], "body": {"change": change, "event": shown["id"]},
        "worker": {"origin": shown["worker"]["origin"], "identifiers": [dict(identifier)], "languages": []},
    })  # fmt: skip
    event = decode("oversight", data)
    return Ready(row.line, event, data, fact_id(event))
