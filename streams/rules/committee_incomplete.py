"""T-TRI-02: a committee meets without one of its three parties, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from streams.domain.agreements import AGREEMENTS, Agreement, agreements, next_boundary
from streams.domain.committees import MET, absent, meetings, watching
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

# Meetings and agreements are looked up as standings: this says only that a place which has one is judged.
MEETINGS = Measure("place.meetings", AGREEMENTS | {MET}, lambda fact, subject: ())


@sums_rule(
    "T-TRI-02", "place", version=1, measures=(MEETINGS,), standings=AGREEMENTS | {MET}, audience=("tripartite-committee", "oversight"),
    severity="P3", action="notify", recommendations=("B2", "B8"), indicators=(),
    next_step="Call a meeting with government, workers and employers.",
    basis="C144 Art. 5: tripartite consultation at least once a year; B2: monitored by government, workers and employers",
    parameters={"days": days(1)}, selectors=("jurisdiction",),
)  # fmt: skip
def committee_incomplete(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A committee's latest meeting lacked government, workers or employers, or its last is more than 365 days ago.

    One issue per committee of a country. Only the latest meeting decides; civil society may be there and need not be. A body
    that an agreement names and that has never met is an issue of the corridor: the 365 days begin with the agreement.
    """
    if place_kind(view.id) == "jurisdiction":
        for reference, met in meetings(standings, view.id).items():
            yield _of_committee(view, policy, as_of, reference, met)
    elif place_kind(view.id) == "corridor":
        for each in agreements(standings, view.id):
            if each.body:
                yield _never_met(view, standings, policy, as_of, each)


def _of_committee(view: SumsView, policy: Policy, as_of: Instant, reference: str, met: Sequence[Fact]) -> Outcome:
    last = met[-1]
    row = policy.require("T-TRI-02", local_day(last.time, view.home), jurisdiction=view.home)
    due = due_after(last.time, row.whole("days"), view.home)
    missing = absent(last)
    if not missing and as_of <= due:
        return Clear(issue=reference, evidence=evidence((last,)), next_at=due + 1)
    since = last.time if missing else due
    said = f"met without {' and '.join(missing)}" if missing else f"has not met since {local_day(last.time, view.home)}"
    return Finding(
        issue=reference, reason="party_missing" if missing else "no_meeting", evidence=evidence((last,)), policy_rows=(row.id,),
        summary=f"The committee {reference} {said}.", since=since, due_at=answer_by(since, "P3", view.home),
    )  # fmt: skip


def _never_met(view: SumsView, standings: Standings, policy: Policy, as_of: Instant, each: Agreement) -> Outcome:
    met = watching(standings, view.id, each.reference, each.body)
    row = policy.require("T-TRI-02", local_day(each.begins, view.home), jurisdiction=view.name[3:])
    due, boundary = due_after(each.begins, row.whole("days"), view.home), next_boundary((each,), as_of)
    shown = evidence((*each.facts, *met[:1]))
    if met or not each.in_force(as_of) or as_of <= due:
        turns = [at for at in (boundary, due + 1) if at is not None and at > as_of]
        return Clear(issue=each.reference, evidence=shown, next_at=min(turns, default=None))
    return Finding(
        issue=each.reference, reason="never_met", evidence=shown, policy_rows=(row.id,), since=due, next_at=boundary,
        summary=f"The body that monitors the agreement {each.reference} for the corridor {view.name} has never met.",
        due_at=answer_by(due, "P3", view.name[3:]),
    )  # fmt: skip
