"""Y-NEG-01: nobody who should look at a party did."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.policy import Policy
from streams.rules.typology import on_party, weighed

_HARM = "Signs of institutional neglect"
_RULES = ("T-ATT-02", "T-SPT-01", "T-CMP-01", "T-INT-02")


@on_party(
    "Y-NEG-01", _RULES, version=1, audience=("oversight",), severity="P3", action="refer",
    recommendations=("A2", "A11", "B3", "B5"), indicators=(),
    next_step="Ask each office what it did about this party, and by when it will.",
    basis="Detection without consequence (S31); attestation as a stamp (S12b); A/70/310, A2 and A11",
)  # fmt: skip
def institutions_neglect(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Shallow attestation, no spot check, complaints left unanswered, intelligence without a licensing decision: two or more of these
    about one party, with weights that reach the row's threshold. Complaints count only from so many journeys that none can be told.
    """
    yield from weighed("Y-NEG-01", view, policy, _HARM, "P3")
