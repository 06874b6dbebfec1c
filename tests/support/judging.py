"""One rule on one view, through the evaluation that workers use, with the policy and catalogue that ship."""

from __future__ import annotations

from msgspec import structs

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.evaluation import Evaluation, evaluate
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue


def evaluation(
    rule: str, view: JourneyView | SumsView, as_of: Instant, policy: Policy | None = None, standings: Standings | None = None
) -> Evaluation:
    """What one rule says of a view."""
    rules = [each for each in catalogue() if each.id == rule]
    return evaluate(view, standings or Standings(), policy or default(), as_of, rules)


def judge(
    rule: str, view: JourneyView | SumsView, as_of: Instant, policy: Policy | None = None, standings: Standings | None = None
) -> list[Outcome]:
    """Its outcomes, by issue; each is due again when it says so, or when what was left out as yet to come has happened."""
    found = evaluation(rule, view, as_of, policy, standings)
    outcomes = [each.outcome for each in found.judged]
    if found.next_due is None or found.next_due in {each.next_at for each in outcomes}:
        return outcomes
    return [structs.replace(each, next_at=found.next_due) for each in outcomes]


def only(
    rule: str, view: JourneyView | SumsView, as_of: Instant, issue: str = "", policy: Policy | None = None,
    standings: Standings | None = None,
) -> Outcome:  # fmt: skip
    """Its one outcome of an issue."""
    (found,) = [each for each in judge(rule, view, as_of, policy, standings) if each.issue == issue]
    return found
