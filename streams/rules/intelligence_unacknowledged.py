"""T-INT-01: intelligence was shared with an authority, and it never said that it had it."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.intelligence import (
    ANSWERS,
    GRADES,
    SHARED,
    Sharing,
    nameable,
    next_lapse,
    sharings,
)
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days, listed, one_of
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule


@sums_rule(
    "T-INT-01", "party", version=1, measures=(), reads=ANSWERS, audience=("licensing-authority", "regional-network", "oversight"),
    severity="P3", action="notify", recommendations=("A11",), indicators=(), standings=ANSWERS,
    next_step="Acknowledge the intelligence, and say who deals with it; ask the sender where it is unclear.",
    basis="A/70/310 p. 20: intelligence is shared between authorities and fed back into licensing",
    parameters={"days": days(), "named_grades": listed(one_of(*GRADES), 1)}, selectors=("jurisdiction",),
)  # fmt: skip
def intelligence_unacknowledged(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An authority with which intelligence about a party was shared did not acknowledge it within the days of the policy row.

    The clock begins with the first time that it was shared with that authority; one issue per intelligence and authority. A
    decision or renewal that refers to it, or word that it was acted on, stands for the acknowledgement; so does a late one, from
    then on. What has lapsed before the day needs none. Intelligence that names no party is Insufficient, on the office that shared
    it. At regional level the party is named only for intelligence graded as the row says, on which it was heard, and which holds.
    """
    for each in sharings(standings, view.name):
        if each.shared is not None:
            yield _judge(policy, as_of, each, each.shared, view)
    for fact in standings.of(view.id, SHARED):
        if fact.text("about") is None:
            yield Insufficient(issue=fact.text("intelligence") or "", missing="whom the intelligence is about", evidence=(fact.event_id,))


def _judge(policy: Policy, as_of: Instant, each: Sharing, shared: Fact, view: SumsView) -> Outcome:
    country = each.authority or view.home
    issue, answers = f"{each.reference} {each.authority}".strip(), (*each.acknowledged, *each.answered)
    row = policy.require("T-INT-01", local_day(shared.time, country), jurisdiction=country)
    due, lapses = due_after(shared.time, row.whole("days"), country), each.lapses
    if answers or (lapses is not None and lapses <= due):
        return Clear(issue=issue, evidence=evidence((shared, *answers)))
    if as_of <= due:
        return Clear(issue=issue, evidence=(shared.event_id,), next_at=due + 1)
    return Finding(
        issue=issue, reason="not_acknowledged", summary="Intelligence that was shared with this authority was never acknowledged.",
        evidence=(shared.event_id,), policy_rows=(row.id,), since=due, due_at=answer_by(due, "P3", country),
        next_at=next_lapse(each.all, as_of), authority=country, parties=(view.name,),
        unnamed=not nameable(each.all, row.texts("named_grades"), as_of),
    )  # fmt: skip
