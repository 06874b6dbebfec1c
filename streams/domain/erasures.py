"""Lawful erasure: what is ordered, what the journal keeps of it, and what is left of a fact (domain.md 5, must-not 11).

The unit is an event with its corrections. A dossier's state is a function of the set of facts and of the set of erased
events: which of the two came first is no matter, and an erased event that comes again is known already.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from streams.domain.facts import RESTATED, Fact, decode
from streams.domain.instants import Instant

_HUSK = b"\0"  # no msgpack array begins so, and a fact is one


class Order(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """An order to erase a dossier of `home`, as it travels on `feed`.

    `basis` names the law or the request, `officer` who ordered it (a pseudonym), `at` when. To the other homes that hold
    copies go the `events`, (source, event id): what they erase is theirs.
    """

    id: str
    home: str
    subject: str
    basis: str
    officer: str
    at: Instant
    events: tuple[tuple[str, str], ...] = ()


class Erasure(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """The journal's line of one order in one home, on `erasures`: who, when, why, and of what; nothing that it said.

    `subjects` are the dossiers that it ended, `facts` the ids of the facts that it emptied, `events` the digests of the
    events that count as known from now on; facts are empty where the home had none of it.
    """

    id: str
    home: str
    subject: str
    basis: str
    officer: str
    at: Instant
    subjects: tuple[str, ...]
    facts: tuple[str, ...]
    events: tuple[str, ...]


class Husk(NamedTuple):
    """What is left of an erased fact on `facts`: that it is there. `event` is the digest of its event."""

    home: str
    fact: str
    event: str


def event_digest(source: str, event_id: str) -> str:
    """Which event it is, and not what its office called it: 32 hex characters. Evidence names events without a source: ''."""
    return hashlib.sha256(f"{source}|{event_id}".encode()).hexdigest()[:32]


def digests(source: str, event_id: str) -> tuple[str, str]:
    """By what an erased event is known: as it comes from its office, and as evidence names it."""
    return event_digest(source, event_id), event_digest("", event_id)


def named(fact: Fact) -> tuple[str, ...]:
    """The events with any of which a fact is erased: its own, the one that it corrects, the one whose identifier it says again."""
    again = fact.text("event") if fact.type == RESTATED else None
    return tuple(name for name in (fact.event_id, fact.corrects, again) if name)


def husk_of(home: str, fact: Fact) -> Husk:
    """What is left of a fact."""
    return Husk(home, fact.id, event_digest(fact.source, fact.event_id))


def emptied(husk: Husk) -> bytes:
    """The value of an erased fact's record."""
    return _HUSK + husk.event.encode()


def kept(home: str, identity: str, value: bytes) -> Fact | Husk:
    """What a value of `facts` is, keyed home|fact id. Raises msgspec.DecodeError and UnicodeDecodeError."""
    return Husk(home, identity, value[1:].decode()) if value.startswith(_HUSK) else decode(value)


encode = msgspec.msgpack.Encoder().encode
decode_erasure = msgspec.msgpack.Decoder(Erasure).decode
