"""T-RET-02: a worker was sent home, and wages are still owed."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.employment import CONTRACTS, told
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.money import money
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule

REPATRIATED, OWED, PAID = "deployment.repatriation_done", "deployment.wages_outstanding", "deployment.wage_paid"


@journey_rule(
    "T-RET-02", version=1, reads=(REPATRIATED, OWED, PAID, *CONTRACTS), audience=("embassy", "labour-inspectorate"), severity="P2",
    action="inspect", recommendations=("B14", "B15"), indicators=("withholding of wages",),
    next_step="Recover the wages from the employer, and have them paid to the worker at home.",
    basis="C143 Art. 9: rights from past employment; ICRMW Art. 22(6): claims for wages on leaving",
)  # fmt: skip
def repatriated_unpaid(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker was repatriated while wages were outstanding, by any amount.

    Outstanding is what was last said, at repatriation or on its own: what was owed in all on leaving, and then by each employer.
    Wages that were paid since, of the same currency and as much, end it. Where nobody says whether wages were
    outstanding, it is Insufficient. The inspectorate reads of the employer alone.
    """
    home = view.last(REPATRIATED)
    if home is None:
        return
    said = _last_said(view)
    if not said:
        yield Insufficient(missing="whether wages were outstanding", evidence=(home.event_id,))
        return
    unpaid = [fact for fact in said if _unpaid(view, fact)]
    if not unpaid:
        yield Clear(evidence=evidence((home, *said)))
        return
    owing = {name for fact in unpaid for name in [fact.text("employer") or told(view, "employer")] if name}
    yield Finding(
        reason="wages_outstanding",
        summary="A worker was sent home while wages were owed.",
        evidence=evidence((home, *unpaid)),
        since=home.time,
        due_at=answer_by(home.time, "P2"),
        destination=home.text("country") or view.destination or home.jurisdiction,
        parties=tuple(sorted(owing)),
    )


def _last_said(view: JourneyView) -> list[Fact]:
    """The last word on what is owed: the total on leaving, until an employer's debt is stated after it; else each employer's."""
    last: dict[str, Fact] = {}
    for fact in view.of(REPATRIATED, OWED):
        if fact.type == REPATRIATED:
            last = {"": fact} if fact.body.get("outstanding") is not None else last
        else:
            last.pop("", None)
            last[party_key(fact.text("employer") or "")] = fact
    return list(last.values())


def _unpaid(view: JourneyView, fact: Fact) -> bool:
    """Whether something of it is still owed: less what that employer paid since, in the same currency."""
    owed = money(fact.body.get("outstanding" if fact.type == REPATRIATED else "amount"))
    if owed is None:
        return False
    paid = [money(each.body.get("amount")) for each in view.of(PAID) if each.time > fact.time and _same(each, fact)]
    return owed.minor > sum(each.minor for each in paid if each is not None and each.currency == owed.currency)


def _same(paid: Fact, owed: Fact) -> bool:
    """Whether a payment may be that employer's: not where both are named, and are others."""
    names = paid.text("employer"), owed.text("employer")
    return None in names or party_key(names[0] or "") == party_key(names[1] or "")
