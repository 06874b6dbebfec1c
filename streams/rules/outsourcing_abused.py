"""Y-OUT-01: recruiters and contractors pass workers on, so that nobody answers for them."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.policy import Policy
from streams.rules.typology import on_journey, on_party_too, weighed

_HARM = "Signs of outsourcing abuse"
_RULES = ("T-CHN-01", "T-CHN-02", "T-CHN-06", "T-OUT-01", "T-OUT-02", "T-OUT-03", "T-VIS-01")


@on_journey(
    "Y-OUT-01", _RULES, version=1, audience=("labour-inspectorate", "embassy", "licensing-authority"), severity="P2", action="inspect",
    recommendations=("B1", "B4", "B16"), indicators=("deception", "abuse of vulnerability"),
    next_step="Find out who employs, who directs and who pays, link by link; inspect the places of work that the chain leads to.",
    basis="A/70/310 p. 15: agencies formally establish relations with subcontractors; C181 Art. 11 and 12",
)  # fmt: skip
def outsourcing_abused(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A long or unlicensed chain and work for others than the contract's employer come together.

    Two or more rules have findings, and their weights reach the row's threshold. On a journey those of its own; on an organisation
    also those of journeys and job orders that name it, each rule once.
    """
    yield from weighed("Y-OUT-01", view, policy, _HARM, "P2")


@on_party_too("Y-OUT-01")
def outsourcing_abused_by_one(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same of an organisation that the findings of several dossiers name: each rule counts once."""
    yield from weighed("Y-OUT-01", view, policy, _HARM, "P2")
