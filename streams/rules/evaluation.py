"""One evaluation: every rule's outcome over a view, and the next instant at which the answer could change by time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.policy import Policy
from streams.rules.registry import Catalogue, Rule


@dataclass(frozen=True)
class Judged:
    """What one rule said of one issue."""

    rule: Rule
    outcome: Outcome


@dataclass(frozen=True)
class Evaluation:
    """All outcomes, sorted by rule and issue; `next_due` is None when time alone changes nothing.

    `asked` are the subjects whose standings were looked up and that the dossier does not name itself, sorted.
    """

    judged: tuple[Judged, ...]
    next_due: Instant | None
    asked: tuple[str, ...] = ()


def _those_that_run(rules: Catalogue, view: JourneyView | SumsView) -> Iterator[Rule]:
    if isinstance(view, SumsView):
        yield from (rule for rule in rules.of(view.kind) if not rule.combines and _hears(rule, view))
        return
    for rule in rules.of("journey") if view.person else rules.weak:
        if not rule.combines and (view.reviews or not rule.reads or not rule.reads.isdisjoint(view.types)):
            yield rule


def _combined(
    rules: tuple[Rule, ...], judged: list[Judged], view: JourneyView | SumsView, known: Standings, policy: Policy, as_of: Instant
) -> list[Judged]:
    """What those say that weigh what the others found, here or where it was told from."""
    found = tuple((each.rule.id, each.outcome) for each in judged if isinstance(each.outcome, Finding))
    ids = frozenset(rule for rule, _ in found)
    heard = {rule.id for rule in rules if isinstance(view, SumsView) and any(view.sums.first(name) is not None for name in rule.heard)}
    those = [rule for rule in rules if rule.id in heard or not rule.combines.isdisjoint(ids)]
    if not those:
        return []
    weighed = view.having(tuple(sorted(found, key=lambda each: (each[0], each[1].issue))))
    return [Judged(rule, outcome) for rule in those for outcome in rule.check(weighed, known, policy, as_of)]


def _hears(rule: Rule, view: SumsView) -> bool:
    """Whether an event that the rule reads came, or another dossier told what it hears; of a rule that reads all, anything."""
    if not rule.reads.isdisjoint(view.types) or any(view.sums.first(name) is not None for name in rule.heard):
        return True
    return not rule.reads and not rule.heard


def evaluate(
    view: JourneyView | SumsView, standings: Standings, policy: Policy, as_of: Instant, rules: Iterable[Rule]
) -> Evaluation:
    """Runs the rules that read something the view has. Pure: the same arguments give the same bytes.

    What is dated after `as_of` has not happened yet, in the view or in standings; the evaluation is due again when it has.
    `rules` that are a `Catalogue` are found by kind; any others are looked through each time.
    """
    listed = rules if isinstance(rules, Catalogue) else Catalogue(rules)
    view, known = view.at(as_of), standings.at(as_of)
    judged = [
        Judged(rule, outcome)
        for rule in _those_that_run(listed, view)
        for outcome in rule.check(view, known, policy, as_of)
    ]
    if combining := listed.combining(view.id.partition(":")[0]):
        judged += _combined(combining, judged, view, known, policy, as_of)
    judged.sort(key=lambda each: (each.rule.id, each.outcome.issue))
    later = [known.next_at, *(each.outcome.next_at for each in judged)]
    if isinstance(view, SumsView):
        later.append(view.next_key)  # a rule that says nothing yet may have left out all there is to come
    elif judged:
        later.append(view.next_fact)
    due = [instant for instant in later if instant is not None and instant > as_of]
    return Evaluation(tuple(judged), min(due, default=None), _others(known.asked, view))


def _others(asked: set[str], view: JourneyView | SumsView) -> tuple[str, ...]:
    """What a dossier names itself, the index of what facts name leads from already: only the rest is to be kept."""
    if not asked:
        return ()
    named = ((view.id,),) if isinstance(view, SumsView) else (fact.subjects for fact in view.known)
    return tuple(sorted(asked.difference(*named)))
