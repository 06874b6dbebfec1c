"""T-CON-06: many contracts of one employer are made worse at once."""

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
    "T-CON-06", "party", version=1, audience=("labour-inspectorate", "embassy"), severity="P2", action="inspect",
    recommendations=("A5",), indicators=("deception",),
    next_step="Ask the employer for the reason and the workers for their consent; until then the contracts before stand.",
    basis="C189 Art. 8; A/70/310 p. 20: no contract is replaced by a worse one",
    parameters={"days": days(1), "workers": count("workers", 2), "stands": days(1)},
    selectors=("destination",),
)  # fmt: skip
def mass_amendments(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Twenty or more workers of one employer had their contracts amended to the same terms, for the worse, within 7 days.

    The same terms are the same new values of whatever changed against the worker's contract before. For the worse is a lower wage,
    longer hours, fewer rest days, higher deductions, another duration, another employer or place, or an occupation of a lower
    skill; a change that only improves does not count, nor does one of two workers' own. Where the terms before are not known
    and such amendments are 20 or more, the employer is Insufficient.
    """
    yield from reported("T-CON-06", view, "P2")
