"""T-CMP-03: complaints gather at one employer or agency."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, days, number
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-CMP-03", "party", version=1, audience=("embassy", "licensing-authority"), severity="P2", action="inspect",
    recommendations=("B5",), indicators=(), confidential=True,
    next_step="Hear the workers of this employer or agency together, through the embassy, before anyone else is told.",
    basis="A/70/310 p. 21: complaints are investigated and lead to measures; ILO GPOG, 2016",
    parameters={
        "days": days(1), "complaints": count("complaints", 2), "factor": number("times", 1), "p": number("probability", 0, 1),
        "per_1000": number("complaints a year by 1,000 workers"), "least_known": count("workers"), "known_days": days(1),
    },
    selectors=("origin", "destination"),
)  # fmt: skip
def complaint_cluster(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Five or more complaints against one employer or agency within 90 days, or more than three times as many as expected.

    Complaints by workers, their families, unions and organisations count, those by employers and agencies do not; several of one
    worker are one, whatever they are about. A complaint is about whom it is against, else about the employer, else the agency.
    Where the number of workers is known (20 or more), both halves need a Poisson probability below 0.01, so that five complaints
    at a firm of thousands are no cluster; where it is not, the second half is Insufficient. One complaint is no cluster. Counts
    below 5 are told as "fewer than 5", and of fewer than 5 complaints the embassy alone hears. No complaint's content, and no
    worker, is in the finding.
    """
    for outcome in reported("T-CMP-03", view, "P2"):
        few = isinstance(outcome, Finding) and outcome.reason != "many_complaints"
        yield msgspec.structs.replace(outcome, roles=("embassy",)) if few else outcome
