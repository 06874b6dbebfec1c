"""Y-PHX-01: those whose licence was taken go on under other names or in other countries."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.policy import Policy
from streams.rules.typology import on_party, weighed

_HARM = "A possible phoenix network"
_RULES = ("T-LIC-01", "T-LIC-02", "T-LIC-03", "T-CHN-04")


@on_party(
    "Y-PHX-01", _RULES, version=1, audience=("licensing-authority", "oversight"), severity="P3", action="license_review",
    recommendations=("A11",), indicators=(),
    next_step="Compare owners, addresses and accounts with those of cancelled agencies, and hear the party before anything is decided.",
    basis="A/70/310 p. 20: agencies are licensed in both countries; cancelled agencies found still recruiting (S22f)",
)  # fmt: skip
def phoenix_network(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Acting without a licence, barred in one country and licensed in another, sharing what a cancelled agency had, or recruiters tied to
    many agencies: two or more of these about one party, with weights that reach the row's threshold. A possibility for people to look
    into, never a decision.
    """
    yield from weighed("Y-PHX-01", view, policy, _HARM, "P3")
