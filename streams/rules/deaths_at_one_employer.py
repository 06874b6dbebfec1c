"""T-DTH-01: deaths and injuries gather at one employer."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, days
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-DTH-01", "party", version=1, audience=("embassy",), severity="P1", action="inspect",
    recommendations=("A1", "B5"), indicators=("abusive working and living conditions",),
    next_step="Visit the place with the labour inspectorate, and see that families and survivors are told and helped.",
    basis="C155 Art. 11; C189 Art. 13: safe and healthy work",
    parameters={"days": days(1), "workers": count("workers", 2)},
    selectors=("destination",),
)  # fmt: skip
def deaths_at_one_employer(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Two or more workers of one employer died or were injured within 90 days of each other.

    Injuries count, and deaths of whatever cause: what killed them is what the visit is to find out. An injury and the death that
    it led to are one worker. Both days at the end of 90 days' distance are within it. The finding stands until 90 days after the
    last of them. An event whose employer is not known is T-DQ-01's, and counts for nobody.
    """
    yield from reported("T-DTH-01", view, "P1")
