"""Y-DEC-01: what was promised, paid for and found at destination differ."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.policy import Policy
from streams.rules.typology import on_journey, on_party_too, weighed

_HARM = "Signs of deception"
_RULES = ("T-CON-03", "T-VIS-04", "T-FEE-04")


@on_journey(
    "Y-DEC-01", _RULES, version=1, audience=("embassy", "labour-inspectorate"), severity="P2", action="refer",
    recommendations=("A5", "B14", "B16"), indicators=("deception",),
    next_step="Set promise and reality side by side with the worker; claim the difference from employer and agency.",
    basis="ILO indicators of forced labour: deception (S41); C189 Art. 8; substitution (A/70/310, A5)",
)  # fmt: skip
def worker_deceived(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Terms, destination or fees turned out otherwise than promised, in more than one way.

    Two or more of the three have findings, and their weights reach the row's threshold. On an organisation those of several
    dossiers that name it, each rule once.
    """
    yield from weighed("Y-DEC-01", view, policy, _HARM, "P2")


@on_party_too("Y-DEC-01")
def worker_deceived_by_one(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same of an organisation that the findings of several dossiers name: each rule counts once."""
    yield from weighed("Y-DEC-01", view, policy, _HARM, "P2")
