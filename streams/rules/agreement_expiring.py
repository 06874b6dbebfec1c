"""T-BLA-02: an agreement between governments is about to end, and nothing follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streams.domain.agreements import AGREEMENTS, GOVERNMENTS, UNKNOWN, Agreement, agreements, next_boundary
from streams.domain.employment import FOREVER
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

# Agreements are looked up as standings: this says only that a corridor which has one is judged.
SIGNED = Measure("corridor.agreements", AGREEMENTS, lambda fact, subject: ())


@sums_rule(
    "T-BLA-02", "place", version=1, measures=(SIGNED,), standings=AGREEMENTS, audience=("focal-office", "tripartite-committee"),
    severity="P3", action="notify", recommendations=("A9", "B10"), indicators=(),
    next_step="Renew the agreement, or agree on what follows it, before it ends.",
    basis="Bilateral agreements on labour migration (A/70/310, A9); C181 Art. 8(2)",
    parameters={"days": days(1)}, selectors=("origin", "destination"),
)  # fmt: skip
def agreement_expiring(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An agreement between governments ends in less than 180 days; one issue per agreement.

    It ends when the agreement does: then there is none (T-BLA-01). A new term under the same reference, or another agreement
    between the governments that holds on when it ends, leaves no gap: Clear. Of a memorandum that does not say between whom it
    is, it is Insufficient when it ends so soon.
    """
    if place_kind(view.id) != "corridor":
        return
    signed = [each for each in agreements(standings, view.id) if each.parties in (GOVERNMENTS, UNKNOWN)]
    for each in signed:
        yield _judge(view, policy, as_of, each, signed)


def _judge(view: SumsView, policy: Policy, as_of: Instant, each: Agreement, signed: Sequence[Agreement]) -> Outcome:
    row = policy.require("T-BLA-02", local_day(each.begins, view.home), origin=view.name[:2], destination=view.name[3:])
    shown, ends = evidence(each.facts), each.ends
    soon = ends - row.whole("days") * DAY  # sooner than so many days from here on: later than this instant
    boundary = next_boundary(signed, as_of)
    if ends == FOREVER or as_of >= ends or as_of <= soon or _followed(each, signed):
        turns = [at for at in (boundary, soon + 1 if as_of <= soon else None) if at is not None]
        return Clear(issue=each.reference, evidence=shown, next_at=min(turns, default=None))
    if each.parties == UNKNOWN:
        return Insufficient(issue=each.reference, missing="whether the memorandum is between governments", evidence=shown, next_at=boundary)
    return Finding(
        issue=each.reference, reason="agreement_expiring", evidence=shown, policy_rows=(row.id,), since=soon + 1, next_at=boundary,
        summary=f"The agreement {each.reference} for the corridor {view.name} ends on {local_day(ends - 1, view.home)}, "
        "and nothing that follows it is known.",
        due_at=min(ends, answer_by(soon + 1, "P3", view.home)),
    )  # fmt: skip


def _followed(each: Agreement, signed: Sequence[Agreement]) -> bool:
    return any(other.parties == GOVERNMENTS and other.in_force(each.ends) for other in signed)
