"""The journeys of one cluster: split it, evaluate each journey, and end those that are no longer produced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Revision, encode
from streams.domain.outputs import Journey as Outline
from streams.domain.views import JourneyView
from streams.dossiers.clusters import Clusters
from streams.dossiers.context import Context
from streams.dossiers.erasing import outline_erased
from streams.dossiers.publishing import State, advance, digest, held_until, outline, read, replaced
from streams.dossiers.telling import Telling
from streams.linking import gather
from streams.linking.reviews import own_reviews
from streams.linking.split import Journey, Person, Split, own_dossier, split
from streams.rules.evaluation import Evaluation, evaluate
from streams.store.kv import Store

NOTHING = Evaluation((), None)
_MOST_JUDGED = 4_000  # journeys whose outcomes are kept in memory: about 10 KB each


@dataclass(frozen=True)
class Journeys:
    """Evaluates clusters of a partition; `revise` gives the next revision."""

    store: Store
    clusters: Clusters
    context: Context
    revise: Callable[[], Revision]
    telling: Telling
    judged: dict[str, Evaluation] = field(default_factory=dict)  # of those judged last, the one judged longest ago first

    def split(self, home: str, cluster: str) -> Split:
        """Who is who in a cluster, with the weak-only events admitted to it."""
        facts = self.clusters.facts(home, cluster)
        named = {token for fact in facts for token in gather.tokens(fact)}
        ignored = frozenset(token for token in named if self.clusters.ignored(home, token))
        return split(home, facts, ignored, self.clusters.admitted(home, cluster))

    def evaluate(self, home: str, cluster: str, found: Split, as_of: Instant, runs: frozenset[str]) -> Iterator[Entry]:
        """The next entries of a split cluster's journeys, and of those that ended. `runs` are ids of facts that an import run brought."""
        produced = _by_id(found)
        for person, linked in produced.values():
            if (entry := self._next(person, linked, as_of, runs)) is not None:
                self.clusters.publish(home, cluster, linked.id)
                yield entry
        for old in self.clusters.published(home, cluster):
            if old not in produced:
                yield from self._ended(old, produced, as_of)

    def own(
        self, apart: tuple[str, str, str], facts: tuple[Fact, ...], alone: bool, as_of: Instant, runs: frozenset[str] = frozenset()
    ) -> Entry | None:
        """The next entry of an own dossier; ended while it is not `alone` (admitted, or corrected)."""
        home, source, key = apart
        subject = own_dossier(home, source, key)
        view = JourneyView(id=subject, known=tuple(sorted(facts, key=lambda f: f.key)), reviews=own_reviews(facts))
        before = read(self.store, subject)
        if not alone and before is None:
            return None
        judged = self._judge(view, as_of) if alone else NOTHING
        made = digest(facts) if alone else ""
        held = held_until(self.context, before, made, alone and _brought(facts, runs), as_of)
        state = State(subject, made, judged, view, _run(facts), (source, key), weak=True, held=held)
        ended = None if alone or not view.facts else "the journey of the one who carries its identifiers"
        tell = self.telling.of(view if alone else JourneyView(id=subject, known=()), judged)
        return advance(self.context, before, state, as_of, self.revise(), tell, replaced_by=ended)

    def outlined(self, entry: Entry) -> Outline:
        """The public outline of a journey as its entry stands; replaced where it is no longer produced, or erased."""
        if entry.erased:
            return outline_erased(entry.subject, entry.home, entry.as_of, entry.revision)
        cluster = self.clusters.of_journey(entry.home, entry.subject)
        produced = _by_id(self.split(entry.home, cluster))
        if entry.subject not in produced:
            return replaced(entry.subject, entry, self._successor(entry.opener, produced))
        person, linked = produced[entry.subject]
        view = JourneyView(id=linked.id, known=linked.facts, reviews=linked.reviews, person=person.id)
        return outline(linked, person, State(linked.id, entry.digest, NOTHING, view, _run(linked.facts)), entry)

    def _judge_again(self, view: JourneyView, as_of: Instant) -> Evaluation:
        """By what is known since it was judged last, if that is still in memory: most events of a journey are of few rules."""
        before = self.judged.pop(view.id, None)
        now = evaluate(view, self.context.standings, self.context.policy, as_of, self.context.rules, before)
        self.judged[view.id] = now
        if len(self.judged) > _MOST_JUDGED:
            del self.judged[next(iter(self.judged))]
        return now

    def _judge(self, view: JourneyView, as_of: Instant) -> Evaluation:
        return evaluate(view, self.context.standings, self.context.policy, as_of, self.context.rules)

    def _next(self, person: Person, linked: Journey, as_of: Instant, runs: frozenset[str]) -> Entry | None:
        view = JourneyView(id=linked.id, known=linked.facts, reviews=linked.reviews, person=person.id)
        before, made = read(self.store, linked.id), digest(linked.facts)
        held = held_until(self.context, before, made, _brought(linked.facts, runs), as_of)
        judged = self._judge_again(view, as_of) if not held else NOTHING
        state = State(linked.id, made, judged, view, _run(linked.facts), linked.opener, held=held)
        entry = advance(self.context, before, state, as_of, self.revise(), self.telling.of(view, judged))
        if entry is None or held:
            return entry
        return _with(entry, encode(outline(linked, person, state, entry)))

    def _ended(self, old: str, produced: dict[str, tuple[Person, Journey]], as_of: Instant) -> Iterator[Entry]:
        before = read(self.store, old)
        if before is None or not before.digest:
            return  # ended already
        successor = self._successor(before.opener, produced)
        gone = JourneyView(id=old, known=())
        state = State(old, "", NOTHING, gone, opener=before.opener)
        entry = advance(self.context, before, state, as_of, self.revise(), self.telling.of(gone, NOTHING), replaced_by=successor or "none")
        if entry is not None:
            yield _with(entry, encode(replaced(old, entry, successor)))

    def _successor(self, opener: tuple[str, str], produced: dict[str, tuple[Person, Journey]]) -> str | None:
        """The journey that has the event which opened the old one."""
        for _, linked in produced.values():
            if any((fact.source, fact.event_id) == opener for fact in linked.facts):
                return linked.id
        return None


def _by_id(found: Split) -> dict[str, tuple[Person, Journey]]:
    return {linked.id: (person, linked) for person in found.people for linked in person.journeys}


def _brought(facts: tuple[Fact, ...], runs: frozenset[str]) -> bool:
    return any(fact.id in runs for fact in facts)


def _run(facts: tuple[Fact, ...]) -> str | None:
    return next((f.run for f in facts if f.run), None)


def _with(entry: Entry, journey: bytes) -> Entry:
    announced = ("journeys", entry.subject.encode(), journey)
    return msgspec.structs.replace(entry, announces=(*entry.announces, announced))
