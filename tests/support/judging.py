"""One rule on one view, through the evaluation that workers use, with the policy and catalogue that ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.evaluation import Evaluation, Judged, evaluate
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue

# Reasons that no parameter of the rule's rows decides.
NO_ROW = {
    "T-DQ-01": {"dated_ahead", "self_loop", "arrived_before_departure", "origin_unknown", "same_id_other_content", "two_national_ids",
                "identifier_of_too_many", "too_many_identifiers", "agreements_overlap", "consent_order", "employer_unknown"},
}  # fmt: skip


def evaluation(
    rule: str, view: JourneyView | SumsView, as_of: Instant, policy: Policy | None = None, standings: Standings | None = None
) -> Evaluation:
    """What one rule says of a view. Its findings name the policy rows that they were judged by, whichever test asks."""
    rules = [each for each in catalogue() if each.id == rule]
    found = evaluate(view, standings or Standings(), policy or default(), as_of, rules)
    unnamed = list(without_rows(found.judged, policy or default()))
    assert not unnamed, f"{rule} finds {unnamed[0]} and names no policy row, or one that is not there"
    return found


def without_rows(judged: Iterable[Judged], policy: Policy) -> Iterator[str]:
    """The reasons of findings by a rule with parameters that name no row of the policy, or another."""
    known = {row.id for row in policy.all()}
    looking = (each for each in judged if each.rule.shape.parameters and each.rule.by == "rule")  # a watch's report says itself
    for rule, found in ((each.rule, each.outcome) for each in looking):
        if not isinstance(found, Finding) or found.reason in NO_ROW.get(rule.id, ()):
            continue
        if not found.policy_rows or not known.issuperset(found.policy_rows):
            yield found.reason


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
