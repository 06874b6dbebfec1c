"""What a partition publishes: alerts, journeys, statements, and the findings entry that announces them (the outbox)."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from streams.domain.instants import Instant

Revision = tuple[int, int]  # (epoch of the partition's owner, n); every reader keeps the greatest

# raised -> updated* -> withdrawn (by later evidence) | superseded (its journey is now another); raised again after either.
Status = Literal["raised", "updated", "withdrawn", "superseded"]
OPEN: frozenset[str] = frozenset({"raised", "updated"})
# The whole vocabulary: no action on a worker can be expressed, and no reader takes one (domain.md 5, must-not 2).
Action = Literal["notify", "inspect", "verify", "refer", "license_review"]


class Alert(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One alert as one audience may read it (design.md, "Alerts"). Holds instants, never elapsed time.

    `subject` is a journey only for readers with a right to it; others get a party, demand or place. `evidence` are event
    ids. `offices` published the evidence: an embassy finds its national through them. `rule` is 'T-CON-01@1'.
    """

    id: str
    revision: Revision
    rule: str
    harm: str
    subject: str
    issue: str
    home: str
    status: Status
    severity: str
    reason: str
    summary: str
    action: Action
    next_step: str
    evidence: tuple[str, ...]
    basis: str
    indicators: tuple[str, ...]
    policy_rows: tuple[str, ...]
    audience: str
    parties: tuple[str, ...]
    offices: tuple[str, ...]
    origin: str
    destination: str
    since: Instant | None
    due_at: Instant | None
    raised_at: Instant
    changed_at: Instant
    replaced_by: str | None = None
    run: str | None = None


class Journey(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """A journey's public outline: what is known of it and what is missing. No identifier of the worker.

    `steps` are (event type, instant, event id), sorted; `missing` rule ids with an open finding; `unknown` rule ids
    that are Insufficient; `identities` how many strong identifiers it joined; `replaced_by` the journey that took over.
    Of one that was erased on lawful request nothing is left but its id and when that was (`opened_at`).
    """

    id: str
    revision: Revision
    home: str
    destination: str
    status: Literal["open", "closed", "replaced", "erased"]
    opened_at: Instant
    steps: tuple[tuple[str, Instant, str], ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    identities: int
    offices: tuple[str, ...]
    demand: str | None
    person: str
    replaced_by: str | None = None
    run: str | None = None


class Statement(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """What one dossier tells another: keys of measures that it contributes there, each with evidence event ids.

    Identified by teller and about; the greatest revision wins; no keys means no longer so.
    """

    teller: str
    about: str
    revision: Revision
    keys: tuple[tuple[str, tuple[str | int, ...], tuple[str, ...]], ...]


class Published(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """One finding as published: what the next evaluation is compared with. `alert` is its id; `unnamed` as the finding says;
    `former` are audiences that were told of it once and are not now."""

    alert: str
    rule: str
    issue: str
    reason: str
    severity: str
    summary: str
    evidence: tuple[str, ...]
    policy_rows: tuple[str, ...]
    audiences: tuple[str, ...]
    raised_at: Instant
    changed_at: Instant
    status: Status
    since: Instant | None
    due_at: Instant | None
    origin: str
    destination: str
    parties: tuple[str, ...]
    offices: tuple[str, ...]
    replaced_by: str | None = None
    unnamed: bool = False
    former: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """A dossier's entry on `findings`: outbox and receipt.

    `digest` is of the fact set it was made from, `as_of` when, `next_due` the next instant at which time alone could
    change it; `announces` the records of this revision, (topic, key, value), to deliver again after a crash; `held` until
    when an import run holds it: its findings are those of before, and `next_due` is that instant; `asked` the subjects whose
    standings it was judged by though it does not name them; `erased` that its facts were, on lawful request.
    """

    subject: str
    revision: Revision
    home: str
    digest: str
    as_of: Instant
    next_due: Instant | None
    published: tuple[Published, ...]
    announces: tuple[tuple[str, bytes, bytes], ...] = ()
    position: int = 0
    opener: tuple[str, str] = ("", "")
    weak: bool = False
    told: bytes = b""
    unknown: tuple[tuple[str, str, str], ...] = ()
    held: Instant = 0
    asked: tuple[str, ...] = ()
    erased: bool = False


_encoder = msgspec.msgpack.Encoder()


def encode(value: Any) -> bytes:
    """Any of these as bytes."""
    return _encoder.encode(value)


decode_alert = msgspec.msgpack.Decoder(Alert).decode
decode_journey = msgspec.msgpack.Decoder(Journey).decode
decode_statement = msgspec.msgpack.Decoder(Statement).decode
class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A partition's own entry on `findings`: an opening (its offset is the owner's epoch), or how far it has swept.

    `standings` is the offset of `standings` swept to; `version` names the rules and policy that evaluated everything.
    """

    standings: int
    version: str


decode_mark = msgspec.msgpack.Decoder(Mark).decode
decode_entry = msgspec.msgpack.Decoder(Entry).decode
