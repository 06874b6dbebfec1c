"""Truth: what was planted, written when it is planted. Nothing here reads a rule, the fold or linking."""

from __future__ import annotations

from typing import Any

import msgspec


class Opening(msgspec.Struct, frozen=True, omit_defaults=True):
    """The event that opens a journey, by its source and id: a journey's id follows from it."""

    source: str
    id: str


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """One abuse, or one look-alike that is none.

    `expected`: whether a finding is open at `as_of`. `look_alike`: one fact away from the abuse that `rule` names.
    `variant` says which scene it was; `subject` is "journey" (then `opening` names it), or a demand, party or place id
    with raw natural persons; `issue` as the rule names it (its beginning and "*" where any end will do). `evidence` are
    event ids that show it; `until` when a later step ended it (RFC 3339).
    """

    rule: str
    variant: str
    expected: bool
    look_alike: bool
    subject: str
    as_of: str
    worker: str = ""
    origin: str = ""
    opening: Opening | None = None
    issue: str = "*"
    evidence: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    kind: str = "planted"


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One journey as it was lived: its opening event and how many different strong identifiers it showed."""

    worker: str
    number: int
    opening: Opening
    corridor: str
    identities: int
    events: int
    kind: str = "journey"


_encoder = msgspec.json.Encoder()


def encode(line: Planted | Migration) -> bytes:
    """One line of truth.ndjson."""
    return _encoder.encode(line) + b"\n"


def decode(line: bytes) -> Planted | Migration:
    """A line of truth.ndjson. Raises msgspec.ValidationError when it is neither."""
    found: dict[str, Any] = msgspec.json.decode(line)
    if found.get("kind") == "journey":
        return msgspec.convert(found, Migration)
    return msgspec.convert(found, Planted)
