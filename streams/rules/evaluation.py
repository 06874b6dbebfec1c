"""One evaluation: every rule's outcome over a view, and the next instant at which the answer could change by time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, Review, SumsView
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

    `asked` are the subjects whose standings were looked up and that the dossier does not name itself, sorted. The rest is for the
    next evaluation of the same journey: when this one was, when the next word on a standing will be said, of what it was, and
    what each rule said.
    """

    judged: tuple[Judged, ...]
    next_due: Instant | None
    asked: tuple[str, ...] = ()
    as_of: Instant = 0
    waiting: Instant | None = None
    facts: _Facts | None = None
    kept: Mapping[str, _Said] = field(default_factory=dict)


@dataclass(frozen=True)
class _Said:
    """What one rule said of a journey."""

    rule: Rule
    outcomes: tuple[Outcome, ...]

    def is_due(self, as_of: Instant) -> bool:
        """Whether time alone may have changed it by now."""
        return any(each.next_at is not None and each.next_at <= as_of for each in self.outcomes)


@dataclass(frozen=True)
class _Facts:
    """Of what a journey was judged: its facts, and what rules read of them besides those of the types that they name."""

    ids: frozenset[str]
    destination: str
    languages: frozenset[str]
    reviews: tuple[Review, ...]
    own: bool  # a weak-only event's dossier
    next_fact: Instant | None
    standings: int

    @classmethod
    def of(cls, view: JourneyView, standings: Standings) -> _Facts:
        spoken = frozenset(language for fact in view.facts if fact.worker is not None for language in fact.worker.languages)
        return cls(frozenset(fact.id for fact in view.known), view.destination, spoken, view.reviews, not view.person, view.next_fact,
                   len(standings))  # fmt: skip

    def grew_from(self, before: Evaluation, as_of: Instant) -> bool:
        """Whether only facts of their own types came since: nothing else that a rule may read is otherwise."""
        was = before.facts
        if was is None or before.as_of > as_of or not was.ids <= self.ids or any(
            at is not None and at <= as_of for at in (was.next_fact, before.waiting)):  # fmt: skip
            return False
        return (was.destination, was.languages, was.reviews, was.own, was.standings) == (
            self.destination, self.languages, self.reviews, self.own, self.standings)  # fmt: skip


def _still(before: Evaluation, view: JourneyView, as_of: Instant) -> dict[str, _Said]:
    """What rules said of a journey that grew since, where nothing that they read came, nor time to look again.

    What came are the types of the facts that are new, and of all that they correct or are corrected by.
    """
    known = before.facts.ids if before.facts is not None else frozenset()
    came = {fact.type for group in view.groups.values() if any(each.id not in known for each in group) for fact in group}
    return {name: said for name, said in before.kept.items()
            if said.rule.reads and said.rule.reads.isdisjoint(came) and not said.is_due(as_of)}  # fmt: skip


def _those_that_run(rules: Catalogue, view: JourneyView | SumsView) -> Iterator[Rule]:
    if isinstance(view, SumsView):
        reading, hearing = rules.reading(view.kind, view.types)
        yield from reading
        yield from (rule for rule in hearing if _hears(rule, view))
    elif view.reviews or not view.person:
        for rule in rules.of("journey") if view.person else rules.weak:
            if not rule.combines and (view.reviews or not rule.reads or not rule.reads.isdisjoint(view.types)):
                yield rule
    else:
        yield from rules.reading("journey", view.types)[0]


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
    """Whether another dossier told what the rule hears."""
    return any(view.sums.first(name) is not None for name in rule.heard)


def evaluate(
    view: JourneyView | SumsView, standings: Standings, policy: Policy, as_of: Instant, rules: Iterable[Rule],
    before: Evaluation | None = None,
) -> Evaluation:  # fmt: skip
    """Runs the rules that read something the view has. Pure: the same arguments give the same bytes.

    What is dated after `as_of` has not happened yet, in the view or in standings; the evaluation is due again when it has.
    `rules` that are a `Catalogue` are found by kind; any others are looked through each time. `before` is an earlier
    evaluation of the same journey by the same rules, policy and standings: of those of which nothing changed since, what they
    said is taken over. The answer is the same without it.
    """
    listed = rules if isinstance(rules, Catalogue) else Catalogue(rules)
    view, known = view.at(as_of), standings.at(as_of)
    facts = _Facts.of(view, standings) if isinstance(view, JourneyView) else None
    if before is not None and (facts is None or not facts.grew_from(before, as_of)):
        before = None
    holds = _still(before, view, as_of) if before is not None and isinstance(view, JourneyView) else {}
    said = {rule.id: holds.get(rule.id) or _Said(rule, tuple(rule.check(view, known, policy, as_of)))
            for rule in _those_that_run(listed, view)}  # fmt: skip
    judged = [Judged(each.rule, outcome) for each in said.values() for outcome in each.outcomes]
    if combining := listed.combining(view.id.partition(":")[0]):
        judged += _combined(combining, judged, view, known, policy, as_of)
    judged.sort(key=lambda each: (each.rule.id, each.outcome.issue))
    words = (known.next_at, before.waiting if before is not None else None)
    waiting = min((at for at in words if at is not None), default=None)
    later = [waiting, *(each.outcome.next_at for each in judged)]
    if isinstance(view, SumsView):
        later.append(view.next_key)  # a rule that says nothing yet may have left out all there is to come
    elif judged:
        later.append(view.next_fact)
    due = [instant for instant in later if instant is not None and instant > as_of]
    asked = _others(known.asked, view)
    if before is not None:
        asked = tuple(sorted({*asked, *before.asked}))
    return Evaluation(tuple(judged), min(due, default=None), asked, as_of, waiting, facts, said)


def _others(asked: set[str], view: JourneyView | SumsView) -> tuple[str, ...]:
    """What a dossier names itself, the index of what facts name leads from already: only the rest is to be kept."""
    if not asked:
        return ()
    named = ((view.id,),) if isinstance(view, SumsView) else (fact.subjects for fact in view.known)
    return tuple(sorted(asked.difference(*named)))
