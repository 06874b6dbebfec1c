"""T-INT-02: intelligence was acknowledged, and no licensing decision followed."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant, local_day
from streams.domain.intelligence import (
    ANSWERS,
    GRADES,
    Sharing,
    nameable,
    next_lapse,
    sharings,
)
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days, listed, one_of
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule


@sums_rule(
    "T-INT-02", "party", version=1, measures=(), reads=ANSWERS, audience=("licensing-authority", "regional-network", "oversight"),
    severity="P3", action="license_review", recommendations=("A11", "B5"), indicators=(), standings=ANSWERS, aliases=("T-LIC-04",),
    next_step="Decide on the licence, whichever way, and name the intelligence in the decision.",
    basis="A/70/310 p. 20: intelligence is fed back into licensing; detection without consequence is the norm (S31)",
    parameters={"days": days(), "named_grades": listed(one_of(*GRADES), 1)}, selectors=("jurisdiction",),
)  # fmt: skip
def intelligence_not_acted_on(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An authority acknowledged intelligence about a party, and took no licensing decision within the days of the policy row.

    The clock begins with its first acknowledgement. Only its own renewal, suspension, cancellation, blacklisting or release that
    refers to the intelligence answers, one of an employer likewise, and its word that it acted; a decision that names no
    intelligence, or another, does not, and neither does another country's. One that comes late ends the finding. What has lapsed
    before the day needs none. Without an acknowledgement there is nothing to say here: T-INT-01 does; what was acknowledged is judged
    though nobody told that it was shared. One issue per intelligence and authority; at regional level the party is named as
    T-INT-01 says. Domain.md 4.4 has it a second time as T-LIC-04.
    """
    for each in sharings(standings, view.name):
        if each.acknowledged:
            yield _judge(policy, as_of, each, view)


def _judge(policy: Policy, as_of: Instant, each: Sharing, view: SumsView) -> Outcome:
    country, began = each.authority or view.home, each.acknowledged[0]
    issue = f"{each.reference} {each.authority}".strip()
    row = policy.require("T-INT-02", local_day(began.time, country), jurisdiction=country)
    due, lapses = due_after(began.time, row.whole("days"), country), each.lapses
    shown = evidence(fact for fact in (each.shared, began, *each.answered) if fact is not None)
    if each.answered or (lapses is not None and lapses <= due):
        return Clear(issue=issue, evidence=shown)
    if as_of <= due:
        return Clear(issue=issue, evidence=shown, next_at=due + 1)
    return Finding(
        issue=issue, reason="no_decision", summary="Intelligence was acknowledged, and no licensing decision refers to it.",
        evidence=shown, policy_rows=(row.id,), since=due, due_at=answer_by(due, "P3", country), next_at=next_lapse(each.all, as_of),
        authority=country, parties=(view.name,), unnamed=not nameable(each.all, row.texts("named_grades"), as_of),
    )  # fmt: skip
