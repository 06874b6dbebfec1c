"""What a rule may say of one issue: Finding, Clear or Insufficient. Missing data is never Clear (design.md, invariant 6)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from streams.domain.instants import Instant


class Finding(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """A harm or a missing step that the facts show.

    `issue` says what is at issue within the subject (a case, a work site, "" for the subject itself) and is stable: the
    alert's id comes from rule, subject and issue. `reason` is a short code; `summary` one sentence without personal
    data; `evidence` sorted event ids; `policy_rows` ids of the rows read; `since` when the harm began; `due_at` by when
    the next step is due; `next_at` the next instant at which time alone could change this outcome. `origin`,
    `destination` and `authority` (ISO2) say whose embassy, inspectorate and licensing authority hear of it; empty
    means the view's own. `parties` are party ids that readers without a right to the journey see instead of it. `unnamed`: what it
    rests on is too weak to name a party by at public or regional level (domain.md 5, must-not 9); the summary names none anyway.
    `channel` is the audience role that hears instead of the embassy and the satellite office, where the worker chose so; '' is none.
    `roles` are those of the rule's audience that hear of this one; empty means all of them.
    """

    issue: str = ""
    reason: str
    summary: str
    evidence: tuple[str, ...]
    severity: str = ""
    policy_rows: tuple[str, ...] = ()
    since: Instant | None = None
    due_at: Instant | None = None
    next_at: Instant | None = None
    origin: str = ""
    destination: str = ""
    authority: str = ""
    parties: tuple[str, ...] = ()
    unnamed: bool = False
    channel: str = ""
    roles: tuple[str, ...] = ()


class Clear(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """The facts needed are there and show no harm (or not yet: then `next_at` says when that could change)."""

    issue: str = ""
    next_at: Instant | None = None
    evidence: tuple[str, ...] = ()


class Insufficient(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """Facts that the rule needs are missing; `missing` names them in a few words."""

    issue: str = ""
    missing: str
    next_at: Instant | None = None
    evidence: tuple[str, ...] = ()


Outcome: TypeAlias = Finding | Clear | Insufficient
