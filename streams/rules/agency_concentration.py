"""T-CHN-07: a few agencies hold a corridor."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, days, number, percent
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-CHN-07", "place", version=1, audience=("oversight", "tripartite-committee"), severity="P3", action="verify",
    recommendations=("B1",), indicators=(),
    next_step="Ask how the agencies of this corridor are chosen, and whether others are kept out.",
    basis="A/70/310 p. 20: licensing that is open and fair; domain.md 1.1 [S26b]: a corridor given to a closed list of agencies",
    parameters={"days": days(1), "share_percent": percent(), "hhi": number("points", 0, 10_000), "least": count("departures")},
    selectors=("origin", "destination"),
)  # fmt: skip
def agency_concentration(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """One agency sends more than 30 % of a corridor's workers within 90 days, or all of them are a closed market (HHI above 2,500).

    Counted are departures, each by the agency of the last clearance before it; a worker cleared for the same departure twice is
    one. Who went without an agency counts in the whole and is nobody's share. A departure whose agency is not known could be
    anyone's: the corridor is Insufficient where it could tip the balance, and below 10 departures. Spellings of one agency's
    number are one agency. For a jurisdiction the same is said of job orders that declare their recruiters: the share of them
    that names an organisation. A large share is no fault of an agency; a corridor that a few can close is what is watched.
    """
    yield from reported("T-CHN-07", view, "P3")
