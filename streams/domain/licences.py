"""What a register says of a recruiter at an instant: licensed, or why not. Licences and decisions are standings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.standings import Standings, valid_at

REGISTERED = "licensing.agency_registered"
RENEWED = "licensing.agency_renewed"
SUSPENDED = "licensing.agency_suspended"
CANCELLED = "licensing.agency_cancelled"
BLACKLISTED = "licensing.agency_blacklisted"
RELEASED = "licensing.agency_released"
LINKED = "licensing.subagent_linked"
UNLINKED = "licensing.subagent_unlinked"
GRANTS = (REGISTERED, RENEWED)
LICENSING = frozenset({*GRANTS, SUSPENDED, CANCELLED, BLACKLISTED, RELEASED, LINKED, UNLINKED})

State = Literal["valid", "expired", "not_yet", "suspended", "cancelled", "blacklisted", "unknown"]
_DECISIONS: tuple[tuple[str, State], ...] = ((BLACKLISTED, "blacklisted"), (CANCELLED, "cancelled"), (SUSPENDED, "suspended"))


@dataclass(frozen=True)
class Licence:
    """A party's licence in one jurisdiction at one instant, with the register's facts that show it, sorted."""

    state: State
    shown: tuple[Fact, ...] = ()


def licence_at(
    standings: Standings, party: str, jurisdiction: str, instant: Instant, as_of: Instant, roles: frozenset[str]
) -> Licence:
    """The licence of `party` for any of `roles` (a grant that names no role is for all). `unknown`: no record of one.

    A decision in force goes before any grant. Dates include their whole local day; a decision known only by its date
    holds from that day's beginning. A suspension or blacklisting ends when it is lifted, a cancellation by a later grant.
    """
    facts = tuple(f for f in standings.of(f"party:{party}", *LICENSING)
                  if f.text("holder") == party and f.text("jurisdiction") == jurisdiction and f.time <= as_of)  # fmt: skip
    grants = tuple(f for f in facts if f.type in GRANTS and (f.text("role") is None or f.text("role") in roles))
    for decision, state in _DECISIONS:
        held = tuple(f for f in facts if f.type == decision and _in_effect(f, facts, instant, jurisdiction))
        if held:
            return Licence(state, held)
    valid = tuple(f for f in grants if valid_at(f, instant, jurisdiction))
    if valid:
        return Licence("valid", valid)
    past = tuple(f for f in grants if _begins(f, jurisdiction) <= instant)
    return Licence("expired", past) if past else Licence("not_yet", grants) if grants else Licence("unknown")


def linked_at(standings: Standings, party: str, jurisdiction: str, instant: Instant, as_of: Instant) -> tuple[Fact, ...]:
    """The registrations of `party` as some agency's sub-agent in force at an instant."""
    facts = tuple(f for f in standings.of(f"party:{party}", LINKED, UNLINKED)
                  if f.text("subagent") == party and f.text("jurisdiction") == jurisdiction and f.time <= as_of)  # fmt: skip
    return tuple(
        f for f in facts
        if f.type == LINKED and valid_at(f, instant, jurisdiction)
        and not any(end.type == UNLINKED and end.text("principal") == f.text("principal")
                    and _begins(f, jurisdiction) <= _begins(end, jurisdiction) <= instant for end in facts)
    )  # fmt: skip


def _begins(fact: Fact, country: str) -> Instant:
    day = fact.text("valid_from") or fact.text("from")
    return start_of_day(day, country) if day else fact.time


def _in_effect(decision: Fact, facts: Iterable[Fact], instant: Instant, country: str) -> bool:
    begins, until = _begins(decision, country), decision.text("until")
    if instant < begins or (until is not None and instant >= end_of_day(until, country)):
        return False
    ends = GRANTS if decision.type == CANCELLED else (RELEASED,)
    # A grant that began on the very day of the cancellation is the one that was cancelled.
    return not any(
        f.type in ends and begins <= _begins(f, country) <= instant and (f.type == RELEASED or _begins(f, country) > begins)
        for f in facts
    )
