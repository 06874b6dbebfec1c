"""Who hears of a finding, and how much of it: a rule's roles become roles in a place, and each reads only what it may."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from streams.domain.focal import focal
from streams.domain.instants import Instant
from streams.domain.names import subject_key
from streams.domain.outputs import Alert
from streams.domain.standings import Standings

# Roles with a right to a journey's id and its evidence; all others read parties and places (domain.md 5, must-not 1).
READS_JOURNEYS = frozenset({"embassy", "satellite-office", "oversight", "oversight-restricted", "ngo-channel", "union-channel"})

# Beyond those who may act on a party: several states, or bodies in which its competitors sit (domain.md 5, must-not 9).
PUBLIC = frozenset({"regional-network", "tripartite-committee"})

OVERSIGHT = "oversight"
RESTRICTED = "oversight-restricted"

_PLACES: dict[str, Callable[[str, str, str], str]] = {
    "embassy": lambda origin, destination, authority: _pair(origin, destination),
    "satellite-office": lambda origin, destination, authority: _pair(origin, destination),
    "labour-inspectorate": lambda origin, destination, authority: destination,
    "licensing-authority": lambda origin, destination, authority: authority or origin,
    "focal-office": lambda origin, destination, authority: origin,
    "tripartite-committee": lambda origin, destination, authority: destination,
    "ngo-channel": lambda origin, destination, authority: origin,
    "union-channel": lambda origin, destination, authority: origin,
}


def _pair(origin: str, destination: str) -> str:
    return f"{origin}-{destination}" if origin and destination else ""


def address(role: str, origin: str, destination: str, authority: str) -> str:
    """'embassy.NP-QA'; a role that needs no place as it is; '' when the place that it needs is unknown."""
    if role not in _PLACES:
        return role
    place = _PLACES[role](origin, destination, authority)
    return f"{role}.{place}" if place else ""


class Vacancies:
    """Which countries have no valid focal contact at an instant (T-FPO-01). `next_at` is when that may change of those asked for."""

    def __init__(self, standings: Standings, as_of: Instant) -> None:
        self._standings, self._as_of = standings.at(as_of), as_of
        self._turns: list[Instant] = []
        self._vacant: dict[str, bool] = {}

    def __call__(self, country: str) -> bool:
        if country not in self._vacant:
            found = focal(self._standings, f"place:{country}")
            boundary = found.next_boundary(self._as_of)
            self._turns += [] if boundary is None else [boundary]
            self._vacant[country] = not found.held(self._as_of)
        return self._vacant[country]

    @property
    def next_at(self) -> Instant | None:
        """When one of the answers may be another by time alone."""
        said = [] if self._standings.next_at is None else [self._standings.next_at]
        return min([*self._turns, *said], default=None)

    @property
    def asked(self) -> set[str]:
        """The places asked for, whose standings may change the answers."""
        return self._standings.asked


def addresses(
    roles: tuple[str, ...], origin: str, destination: str, authority: str, declared: Callable[[str], bool],
    confidential: bool = False, vacant: Callable[[str], bool] = lambda country: False,
) -> tuple[str, ...]:  # fmt: skip
    """The audiences of a finding, sorted. One that nobody declared, or whose place is unknown, goes to oversight.

    So does, as well, what is for the focal office of a country where it is `vacant`: it keeps its topic, for whoever comes. What
    is confidential goes to restricted oversight then (domain.md 5, must-not 4).
    """
    found = {address(role, origin, destination, authority) for role in roles}
    reached = {name for name in found if name and declared(name)}
    unheard = found - reached or any(vacant(name.partition(".")[2]) for name in reached if role(name) == "focal-office")
    return tuple(sorted(reached | ({RESTRICTED if confidential else OVERSIGHT} if unheard else set())))


def role(audience: str) -> str:
    """'embassy.NP-QA' -> 'embassy'."""
    return audience.partition(".")[0]


def as_read_by(audience: str, alert: Alert, confidential: bool = False, unnamed: bool = False) -> Alert:
    """The alert as this audience may read it: without journey and evidence where it has no right to journeys.

    An event id leads to the worker whom the event is about, also where a demand, party or place is the subject. Of what is
    confidential such an audience reads the process alone: whose step is missing, and since when. What is `unnamed` names no party
    at public or regional level: the country whose party it is, and what was found.
    """
    if unnamed and role(audience) in PUBLIC:
        place = f"place:{alert.home}"
        return msgspec.structs.replace(alert, audience=audience, subject=place, issue="", parties=(), evidence=(), offices=(),
                                       replaced_by=None)  # fmt: skip
    if role(audience) in READS_JOURNEYS:
        return msgspec.structs.replace(alert, audience=audience)
    if not alert.subject.startswith("journey:"):
        return msgspec.structs.replace(alert, audience=audience, evidence=())
    subject = subject_key(f"party:{alert.parties[0]}") if alert.parties else f"place:{alert.origin}-{alert.destination or alert.origin}"
    if confidential:
        alert = msgspec.structs.replace(alert, policy_rows=(), indicators=())
    return msgspec.structs.replace(alert, audience=audience, subject=subject, issue="", evidence=(), replaced_by=None)
