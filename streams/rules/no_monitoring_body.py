"""T-TRI-01: an agreement that nobody watches over."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.agreements import AGREEMENTS, Agreement, agreements, next_boundary
from streams.domain.committees import MET, counts, watching
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

# Agreements and meetings are looked up as standings: this says only that a corridor which has an agreement is judged.
SIGNED = Measure("corridor.agreements_and_meetings", AGREEMENTS | {MET}, lambda fact, subject: ())


@sums_rule(
    "T-TRI-01", "place", version=1, measures=(SIGNED,), standings=AGREEMENTS | {MET}, audience=("tripartite-committee", "oversight"),
    severity="P3", action="notify", recommendations=("B2", "B10"), indicators=(),
    next_step="Set up a body of government, workers and employers that monitors the agreement.",
    basis="Bipartite agreements monitored by government, workers and employers (B2); C144 Art. 5",
    parameters={"days": days()}, selectors=("origin", "destination"),
)  # fmt: skip
def no_monitoring_body(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An agreement in force has no monitoring body 365 days after it began; one issue per agreement.

    Agreements between governments, with employers and between unions alike. There is a body when an agreement names one,
    then or in a later term, or when a committee that watches over the agreement has met, with the workers' side there. Named
    or met late, the finding ends; it ends with the agreement too. A committee of the corridor that met since the agreement began,
    and of which nobody says which agreement it watches over, may be the body: Insufficient.
    """
    if place_kind(view.id) == "corridor":
        for each in agreements(standings, view.id):
            yield _judge(view, standings, policy, as_of, each)


def _may_watch(meeting: Fact, view: SumsView) -> bool:
    """Whether it was of a committee of this corridor that does not say which agreement it watches over."""
    return counts(meeting) and meeting.text("corridor") == view.name and meeting.text("agreement") is None


def _judge(view: SumsView, standings: Standings, policy: Policy, as_of: Instant, each: Agreement) -> Outcome:
    met = [fact for fact in watching(standings, view.id, each.reference, "") if counts(fact)]
    boundary, shown = next_boundary((each,), as_of), evidence((*each.facts, *met[:1]))
    row = policy.require("T-TRI-01", local_day(each.begins, view.home), origin=view.name[:2], destination=view.name[3:])
    due = due_after(each.begins, row.whole("days"), view.home)
    if each.body or met or not each.in_force(as_of) or as_of <= due:
        turns = [at for at in (boundary, due + 1) if at is not None and at > as_of]
        return Clear(issue=each.reference, evidence=shown, next_at=min(turns, default=None))
    if doubtful := [fact for fact in standings.of(view.id, MET) if _may_watch(fact, view) and fact.time >= each.begins]:
        missing = "which agreement a committee of the corridor watches over"
        return Insufficient(issue=each.reference, missing=missing, evidence=evidence((*each.facts, *doubtful[:1])), next_at=boundary)
    return Finding(
        issue=each.reference, reason="no_monitoring_body", evidence=shown, policy_rows=(row.id,), since=due, next_at=boundary,
        summary=f"Nobody monitors the agreement {each.reference} for the corridor {view.name}.",
        due_at=answer_by(due, "P3", view.name[3:]),
    )  # fmt: skip
