"""T-VIS-02: more is issued than was approved."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_also, watch_rule


@watch_rule(
    "T-VIS-02", "demand", version=1, audience=("oversight",), severity="P2", action="verify",
    recommendations=("A7",), indicators=(),
    next_step="Compare the register of approvals with that of clearances, row by row, before either is edited.",
    basis="domain.md 1.1 [S14]: clearances forged beside the approved ones; A/70/310, A7: offices keep registers",
    parameters={"excess": count("clearances", 0)},
    selectors=("jurisdiction",),
)  # fmt: skip
def issued_over_approved(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """More clearances were issued on a demand, or by an agency, than positions were approved.

    Approved are the positions certified, else those attested; where neither is known, more than were requested is more than
    could have been approved, and less is Insufficient. A worker cleared twice for one demand takes one place. A voided clearance
    frees its place if it was voided before the worker left. Of an agency all demands that it holds are added up, and its
    clearances on them or on none; those it issued on another's demand are that demand's. Only oversight hears: the agency's own
    office may be the one that issued.
    """
    yield from reported("T-VIS-02", view, "P2")


@watch_also("T-VIS-02", "party")
def _of_an_agency(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The same of all demands that an agency holds."""
    yield from reported("T-VIS-02", view, "P2")
