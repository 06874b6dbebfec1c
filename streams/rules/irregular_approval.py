"""T-VIS-03: approvals that an honest office would not give."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, days, hours
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-VIS-03", "place", version=1, audience=("oversight",), severity="P2", action="verify",
    recommendations=("A7",), indicators=(),
    next_step="Ask who used the officer's access, and hold the log; the workers cleared have done nothing wrong.",
    basis="domain.md 1.1 [S14b]: approvals from a stolen session after rejection; UN Convention against Corruption Art. 8",
    parameters={
        "days": days(1), "signs": count("signs", 1, 4), "burst": count("approvals", 2), "burst_minutes": count("minutes"),
        "new_hours": hours(1), "history": count("approvals"),
    },
    selectors=("jurisdiction",),
)  # fmt: skip
def irregular_approval(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An approval shows two of four signs: after a rejection, by an officer on leave, from a new network, in a burst out of hours.

    Approvals are clearances and attestations. After a rejection: the demand was rejected before it, and no new document was
    submitted in between. On leave: on any local day of the officer's leave, first and last included. A new network: one that
    the officer did not use until a day before, when at least five earlier approvals show which they used. A burst: ten
    approvals by one officer out of hours within 60 minutes. One sign alone is silent; with one sign and another that cannot
    be told because the officer, network or hours are not known, it is Insufficient. One finding an officer and jurisdiction;
    the officer is a pseudonym, and only oversight hears.
    """
    yield from reported("T-VIS-03", view, "P2")
