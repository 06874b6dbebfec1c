"""One evaluation: every rule's outcome over a view, and the next instant at which the answer could change by time alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Outcome
from streams.domain.standings import Standings, StandingsAt
from streams.domain.travel import destination
from streams.domain.views import JourneyView, Review, SumsView
from streams.rules.policy import Policy
from streams.rules.registry import Catalogue, Rule, Told


class Judged(NamedTuple):
    """What one rule said of one issue."""

    rule: Rule
    outcome: Outcome


_by_rule, _by_issue = itemgetter(0), attrgetter("issue")


@dataclass(frozen=True)
class Evaluation:
    """All outcomes, sorted by rule and issue; `next_due` is None when time alone changes nothing.

    `asked` are the subjects whose standings were looked up and that the dossier does not name itself, sorted. The rest is for the
    next evaluation of the same dossier: when this one was, when the next word on a standing will be said, how much was known of
    each subject that was looked up, of what the dossier was judged, and what each rule said (`weighed`: those that weigh findings).
    """

    judged: tuple[Judged, ...]
    next_due: Instant | None
    asked: tuple[str, ...] = ()
    as_of: Instant = 0
    waiting: Instant | None = None
    consulted: Mapping[str, int] = field(default_factory=dict)
    read: _Facts | frozenset[str] | None = None
    kept: Mapping[str, _Said] = field(default_factory=dict)
    weighed: Mapping[str, _Said] = field(default_factory=dict)

    @property
    def told(self) -> Iterator[Told]:
        """What the rules have the dossier tell others, whatever they found."""
        return (each for said in self.kept.values() for each in said.told)


class _Said(NamedTuple):
    """What one rule said of a dossier, when time alone may change that, and what it has the dossier tell others."""

    rule: Rule
    judged: tuple[Judged, ...]  # by issue
    due: Instant | None
    told: tuple[Told, ...] = ()

    def stands(self, as_of: Instant) -> bool:
        """Whether time alone has not changed it yet."""
        return self.due is None or self.due > as_of


@dataclass(frozen=True)
class _Facts:
    """Of what a journey was judged: its facts, and what rules read of them besides those of the types that they name."""

    ids: frozenset[str]
    destination: str
    languages: frozenset[str]
    reviews: tuple[Review, ...]
    own: bool  # a weak-only event's dossier
    next_fact: Instant | None

    @classmethod
    def of(cls, view: JourneyView) -> _Facts:
        spoken = frozenset(language for fact in view.facts if fact.worker is not None for language in fact.worker.languages)
        return cls(frozenset(fact.id for fact in view.known), destination(view), spoken, view.reviews, not view.person, view.next_fact)

    def grew_from(self, was: _Facts, as_of: Instant) -> bool:
        """Whether only facts of their own types came since: nothing else that a rule may read is otherwise."""
        if not was.ids <= self.ids or (was.next_fact is not None and was.next_fact <= as_of):
            return False
        return (was.destination, was.languages, was.reviews, was.own) == (self.destination, self.languages, self.reviews, self.own)


@dataclass(frozen=True)
class _Before:
    """What an earlier evaluation said that may still hold. `came` are event types of a journey's facts, or measures of sums."""

    last: Evaluation
    came: Collection[str]
    as_of: Instant

    def again(self, rules: Catalogue, view: JourneyView | SumsView) -> dict[str, Rule]:
        """The rules to ask again, whether or not they still run: time or something that they read may have changed their answer."""
        those = {said.rule.id: said.rule for said in self.last.kept.values() if not said.stands(self.as_of)}
        return those | {rule.id: rule for rule in rules.concerned(_kind(view), frozenset(self.came))}

    def weighed(self, rule: Rule, said: Mapping[str, _Said]) -> _Said | None:
        """What a rule said that weighs findings, where they are the same, and what others told of them."""
        held = self.last.weighed.get(rule.id)
        if held is None or not held.stands(self.as_of) or any(measure.name in self.came for measure in rule.measures):
            return None
        return held if all(_judged(said, each) == _judged(self.last.kept, each) for each in rule.combines) else None


def _judged(said: Mapping[str, _Said], rule: str) -> tuple[Judged, ...]:
    return said[rule].judged if rule in said else ()


def _still(
    before: Evaluation | None, view: JourneyView | SumsView, read: _Facts | frozenset[str], changed: Collection[str], known: Standings,
    as_of: Instant,
) -> _Before | None:  # fmt: skip
    """What may be taken over from an earlier evaluation; None where more changed than facts or measures."""
    if before is None or before.as_of > as_of or (before.waiting is not None and before.waiting <= as_of):
        return None
    if any(known.version(subject) != many for subject, many in before.consulted.items()):
        return None
    if isinstance(view, SumsView):
        return _Before(before, changed, as_of) if before.read == read else None
    if not isinstance(before.read, _Facts) or not isinstance(read, _Facts) or not read.grew_from(before.read, as_of):
        return None
    # The types of the facts that are new, and of all that they correct or are corrected by.
    ids = before.read.ids
    came = {fact.type for group in view.groups.values() if any(each.id not in ids for each in group) for fact in group}
    return _Before(before, came, as_of)


def _kind(view: JourneyView | SumsView) -> str:
    return view.kind if isinstance(view, SumsView) else "journey"


def _those_that_run(rules: Catalogue, view: JourneyView | SumsView) -> Iterator[Rule]:
    """Without those that weigh what the others found."""
    return (rule for rule in rules.of(_kind(view)) if not rule.combines and _runs(rule, view))


def _runs(rule: Rule, view: JourneyView | SumsView) -> bool:
    """Whether a rule over this kind of dossier reads or hears something of it; every one does of identities that are in doubt."""
    if isinstance(view, SumsView):
        return not rule.reads.isdisjoint(view.types) or (_hears(rule, view) if rule.heard else not rule.reads)
    if not rule.weak and not view.person:
        return False
    return bool(view.reviews) or not rule.reads or not rule.reads.isdisjoint(view.types)


def _hears(rule: Rule, view: SumsView) -> bool:
    """Whether another dossier told what the rule hears."""
    return any(view.sums.first(name) is not None for name in rule.heard)


@dataclass(frozen=True)
class _Asking:
    """What every rule of one evaluation is asked with; `whole` is the view of what it tells, which is no matter of the instant."""

    whole: JourneyView | SumsView
    known: StandingsAt
    policy: Policy
    as_of: Instant
    before: _Before | None

    def ask(self, rule: Rule, view: JourneyView | SumsView) -> _Said:
        """What a rule says, and until when it will."""
        outcomes = sorted(rule.check(view, self.known, self.policy, self.as_of), key=_by_issue)
        later = [each.next_at for each in outcomes]
        if isinstance(view, SumsView):
            later.append(view.next_key())  # a rule that says nothing yet may have left out all there is to come
        due = min((at for at in later if at is not None and at > self.as_of), default=None)
        judged = tuple([Judged(rule, outcome) for outcome in outcomes])
        return _Said(rule, judged, due, self._told(rule))

    def _told(self, rule: Rule) -> tuple[Told, ...]:
        """What a rule has told, if anything: of a journey only where it reads something of it, be its worker's identity in doubt."""
        if rule.tells is None or (isinstance(self.whole, JourneyView) and rule.reads.isdisjoint(self.whole.types)):
            return ()
        return tuple(rule.tells(self.whole))

    def all_that_run(self, rules: Catalogue, view: JourneyView | SumsView) -> dict[str, _Said]:
        """What each rule says by its id, or said and still does; those that weigh what others found are not among them."""
        if self.before is None:
            return {rule.id: self.ask(rule, view) for rule in _those_that_run(rules, view)}
        said = dict(self.before.last.kept)
        for rule in self.before.again(rules, view).values():
            if _runs(rule, view):
                said[rule.id] = self.ask(rule, view)
            else:
                said.pop(rule.id, None)
        return said

    def combined(self, rules: tuple[Rule, ...], view: JourneyView | SumsView, said: Mapping[str, _Said]) -> dict[str, _Said]:
        """What those say that weigh what the others found, here or where it was told from."""
        found = [(each.rule.id, one.outcome) for each in said.values() for one in each.judged if isinstance(one.outcome, Finding)]
        ids = {rule for rule, _ in found}
        those = [rule for rule in rules if not rule.combines.isdisjoint(ids) or (isinstance(view, SumsView) and _hears(rule, view))]
        held = {rule.id: self.before.weighed(rule, said) for rule in those} if self.before is not None else {}
        asked = [rule for rule in those if held.get(rule.id) is None]
        weighed = view.having(tuple(sorted(found, key=lambda each: (each[0], each[1].issue)))) if asked else view
        return {each.rule.id: each for each in held.values() if each is not None} | {rule.id: self.ask(rule, weighed) for rule in asked}


def evaluate(
    view: JourneyView | SumsView, standings: Standings, policy: Policy, as_of: Instant, rules: Iterable[Rule],
    before: Evaluation | None = None, changed: Collection[str] = (),
) -> Evaluation:  # fmt: skip
    """Runs the rules that read something the view has. Pure: the same arguments give the same bytes.

    What is dated after `as_of` has not happened yet, in the view or in standings; the evaluation is due again when it has.
    `rules` that are a `Catalogue` are found by kind; any others are looked through each time. `before` is an earlier
    evaluation of the same dossier by the same rules and policy, and `changed` the measures of sums that changed since: of those
    rules of which nothing changed, what they said is taken over. The answer is the same without it.
    """
    listed = rules if isinstance(rules, Catalogue) else Catalogue(rules)
    whole, view, known = view, view.at(as_of), standings.at(as_of)
    if isinstance(view, JourneyView) and view.next_fact is None:
        whole = view  # what was worked out for one is there for the other
    read = _Facts.of(view) if isinstance(view, JourneyView) else view.types
    still = _still(before, view, read, changed, known, as_of)
    asking = _Asking(whole, known, policy, as_of, still)
    said = asking.all_that_run(listed, view)
    weighed = asking.combined(combining, view, said) if (combining := listed.combining(_kind(view))) else {}
    judged = tuple(chain.from_iterable(each.judged for _, each in sorted((said | weighed).items(), key=_by_rule)))
    last = still.last if still is not None else None
    consulted = {subject: known.version(subject) for subject in known.asked} | (dict(last.consulted) if last is not None else {})
    words = (known.next_at, last.waiting if last is not None else None)
    waiting = min((at for at in words if at is not None), default=None)
    turns = (waiting, *(each.due for each in said.values()), *(each.due for each in weighed.values()), _next_fact(view, judged))
    due = min((at for at in turns if at is not None and at > as_of), default=None)
    return Evaluation(judged, due, _others(consulted, view), as_of, waiting, consulted, read, said, weighed)


def _next_fact(view: JourneyView | SumsView, judged: tuple[Judged, ...]) -> Instant | None:
    return view.next_fact if isinstance(view, JourneyView) and judged else None


def _others(asked: Collection[str], view: JourneyView | SumsView) -> tuple[str, ...]:
    """What a dossier names itself, the index of what facts name leads from already: only the rest is to be kept."""
    if not asked:
        return ()
    named = ((view.id,),) if isinstance(view, SumsView) else (fact.subjects for fact in view.known)
    return tuple(sorted(set(asked).difference(*named)))
