"""Y-DEB-01: debt, wages that do not come and a passport withheld come together in one situation."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView
from streams.rules.policy import Policy
from streams.rules.typology import on_journey, weighed

_HARM = "Signs of debt bondage"
_RULES = ("T-FEE-05", "T-WAG-01", "T-DOC-01")


@on_journey(
    "Y-DEB-01", _RULES, version=1, audience=("embassy",), severity="P2", action="verify",
    recommendations=("B13", "B16"), indicators=("debt bondage", "withholding of wages", "retention of identity documents"),
    next_step="Speak with the worker where nobody listens; see to the passport, the wages due and the debt, in the order the worker wants.",
    basis="ILO indicators of forced labour: debt bondage, withholding of wages, retention of identity documents (S41)",
)  # fmt: skip
def debt_bondage(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Debt, late or short wages and a withheld passport together: a situation from which a worker cannot leave.

    Two or more of the three have findings on the journey, and their weights reach the row's threshold. It is said of the situation:
    no label is put on the person, and there is no score of a worker.
    """
    yield from weighed("Y-DEB-01", view, policy, _HARM, "P2")
