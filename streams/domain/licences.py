"""What a register says of a recruiter at an instant: licensed, or why not. Licences and decisions are standings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from streams.domain.employment import FOREVER
from streams.domain.facts import Fact, by_key
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.names import party_key
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
    standings: Standings, party: str, jurisdiction: str, instant: Instant, roles: frozenset[str]
) -> Licence:
    """The licence of `party`, however spelled, for any of `roles` (what names no role is for all). `unknown`: no record of one.

    A decision in force goes before any grant. Dates include their whole local day; a decision known only by its date
    holds from that day's beginning. A suspension or blacklisting ends when it is lifted, a cancellation by a later grant.
    A renewal to come is no sign that there was no licence before it.
    """
    facts = tuple(
        f for f in _about(standings, party, jurisdiction, "holder")
        if f.type not in (LINKED, UNLINKED) and (f.text("role") is None or f.text("role") in roles)
    )  # fmt: skip
    for decision, state in _DECISIONS if any(f.type not in GRANTS for f in facts) else ():
        held = tuple(f for f in facts if f.type == decision and _in_effect(f, facts, instant, jurisdiction))
        if held:
            return Licence(state, held)
    grants = tuple(f for f in facts if f.type in GRANTS)
    valid = tuple(f for f in grants if valid_at(f, instant, jurisdiction))
    if valid:
        return Licence("valid", valid)
    past = tuple(f for f in grants if _begins(f, jurisdiction) <= instant)
    if past:
        return Licence("expired", past)
    return Licence("not_yet" if any(f.type == REGISTERED for f in grants) else "unknown", grants)


@dataclass(frozen=True)
class Phase:
    """A licence while its state is one: from `begins` (-FOREVER for the first) up to, not including, `ends` (FOREVER for the last)."""

    licence: Licence
    begins: Instant
    ends: Instant


def phases(standings: Standings, party: str, jurisdiction: str, roles: frozenset[str]) -> tuple[Phase, ...]:
    """What `licence_at` says from the first instant to the last, in order; there is always one."""
    facts = [f for f in _about(standings, party, jurisdiction, "holder") if f.type not in (LINKED, UNLINKED)]
    turns = {_begins(f, jurisdiction) for f in facts} | {end for f in facts if (end := ended(f, jurisdiction)) is not None}
    found: list[Phase] = []
    for begins, ends in pairwise([-FOREVER, *sorted(turns), FOREVER]):
        licence = licence_at(standings, party, jurisdiction, begins, roles)
        if found and found[-1].licence.state == licence.state:
            before = found.pop()
            shown = {f.id: f for f in (*before.licence.shown, *licence.shown)}
            found.append(Phase(Licence(licence.state, tuple(sorted(shown.values(), key=by_key))), before.begins, ends))
        else:
            found.append(Phase(licence, begins, ends))
    return tuple(found)


def granted(standings: Standings, party: str, jurisdiction: str, roles: frozenset[str]) -> tuple[tuple[Instant, Fact], ...]:
    """(first instant, grant) of each licence and renewal of a party for any of `roles`, by when they begin; ended ones included."""
    facts = _about(standings, party, jurisdiction, "holder")
    found = [(_begins(f, jurisdiction), f) for f in facts if f.type in GRANTS and (f.text("role") is None or f.text("role") in roles)]
    return tuple(sorted(found, key=lambda each: (each[0], by_key(each[1]))))


def ended(fact: Fact, country: str) -> Instant | None:
    """The first instant after a grant's or decision's last day; None where it has no end."""
    last = fact.text("valid_until") or fact.text("until")
    return end_of_day(last, country) if last else None


def linked_at(standings: Standings, party: str, jurisdiction: str, instant: Instant) -> tuple[Fact, ...]:
    """The registrations of `party` as some agency's sub-agent in force at an instant."""
    facts = _about(standings, party, jurisdiction, "subagent")
    return tuple(
        f for f in facts
        if f.type == LINKED and valid_at(f, instant, jurisdiction)
        and not any(end.type == UNLINKED and _principal(end) == _principal(f)
                    and _begins(f, jurisdiction) <= _begins(end, jurisdiction) <= instant for end in facts)
    )  # fmt: skip


def related_at(standings: Standings, party: str, instant: Instant) -> tuple[tuple[str, Fact], ...]:
    """Whom a register ties `party` to at an instant, as its sub-agent or as the agency that answers for it, with the registration."""
    key, found = party_key(party), []
    facts = standings.of(f"party:{party}", LINKED, UNLINKED)
    for f in facts:
        country = f.text("jurisdiction") or ""
        ends = (end for end in facts if end.type == UNLINKED and _pair(end) == _pair(f) and end.text("jurisdiction") == country)
        if f.type == LINKED and valid_at(f, instant, country) and not any(
            _begins(f, country) <= _begins(end, country) <= instant for end in ends
        ):
            found += [(other, f) for other in (f.text("subagent"), f.text("principal")) if other and party_key(other) != key]
    return tuple(found)


def _pair(fact: Fact) -> tuple[str, str]:
    return party_key(fact.text("subagent") or ""), _principal(fact)


def _about(standings: Standings, party: str, jurisdiction: str, field: str) -> tuple[Fact, ...]:
    """What a jurisdiction's own register says of the party in `field`."""
    said, key = standings.of(f"party:{party}", *LICENSING), party_key(party)
    return tuple(f for f in said
                 if party_key(f.text(field) or "") == key and f.text("jurisdiction") == jurisdiction)  # fmt: skip


def _principal(fact: Fact) -> str:
    return party_key(fact.text("principal") or "")


def _begins(fact: Fact, country: str) -> Instant:
    day = fact.text("valid_from") or fact.text("from")
    return start_of_day(day, country) if day else fact.time


def _in_effect(decision: Fact, facts: Iterable[Fact], instant: Instant, country: str) -> bool:
    begins, until = _begins(decision, country), decision.text("until")
    if instant < begins or (until is not None and instant >= end_of_day(until, country)):
        return False
    return not any(_ends(f, decision, country) and _begins(f, country) <= instant for f in facts)


def _ends(later: Fact, decision: Fact, country: str) -> bool:
    """Whether a release or grant undoes a decision: said no earlier, and from no earlier day."""
    if later.time < decision.time:
        return False
    day, decided = (local_day(_begins(f, country), country) for f in (later, decision))
    if decision.type == CANCELLED:
        # A grant that began on the very day of the cancellation is the one that was cancelled.
        return later.type in GRANTS and day > decided
    return later.type == RELEASED and day >= decided
