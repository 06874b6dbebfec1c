"""T-WAG-02: an employer stops paying."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, days, percent
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-WAG-02", "party", version=1, audience=("embassy",), severity="P1", action="refer",
    recommendations=("B14",), indicators=("withholding of wages",),
    next_step="Find the workers and what they need; ask the labour ministry for the guarantee fund and for transfers.",
    basis="C95 Art. 12; Qatar, Law 1/2015: wages through the banks on the day",
    parameters={"share_percent": percent(), "least": count("workers"), "late_days": days(), "short_percent": percent()},
    selectors=("destination",),
)  # fmt: skip
def employer_collapse(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """In each of two consecutive months of pay, 30 % or more of an employer's workers were not paid in full in time.

    A wage is late when 95 % of it has not come within 7 days of its due day, where the employer is; one of which no payment is
    known is late. A worker counts once a month, as late if any of the month's wages is. Who is known to work there that month, and
    of whom neither a wage due nor a payment is known, could be late, and so could who was paid something of a wage that nobody
    stated, or in another currency: the employer is Insufficient where they could reach 30 %, and below 5 workers. It need not be
    the same workers in both months. A wage that comes later was late all the same; a month that is paid in time ends the finding.
    """
    yield from reported("T-WAG-02", view, "P1")
