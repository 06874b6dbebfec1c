"""The journeys of one cluster: split it, evaluate each journey, and end those that are no longer produced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Revision, encode
from streams.domain.views import JourneyView
from streams.dossiers.clusters import Clusters
from streams.dossiers.context import Context
from streams.dossiers.publishing import State, advance, digest, outline, read, replaced
from streams.linking import gather
from streams.linking.reviews import own_reviews
from streams.linking.split import Journey, Person, Split, own_dossier, split
from streams.rules.evaluation import Evaluation, evaluate
from streams.store import keys as k
from streams.store.kv import Store

NOTHING = Evaluation((), None)


@dataclass(frozen=True)
class Journeys:
    """Evaluates clusters of a partition; `revise` gives the next revision."""

    store: Store
    clusters: Clusters
    context: Context
    revise: Callable[[], Revision]

    def split(self, home: str, cluster: str) -> Split:
        """Who is who in a cluster, with the weak-only events admitted to it."""
        facts = self.clusters.facts(home, cluster)
        ignored = frozenset(t for f in facts for t in gather.tokens(f) if self.clusters.ignored(home, t))
        return split(home, facts, ignored, self.clusters.admitted(home, cluster))

    def evaluate(self, home: str, cluster: str, as_of: Instant, found: Split | None = None) -> Iterator[Entry]:
        """The next entries of a cluster's journeys, of those that ended, and of weak-only events parted from it."""
        produced: dict[str, tuple[Person, Journey]] = {}
        for person in (found or self.split(home, cluster)).people:
            for linked in person.journeys:
                produced[linked.id] = person, linked
        for person, linked in produced.values():
            if (entry := self._next(person, linked, as_of)) is not None:
                self.clusters.own(k.JOURNEYS, home, cluster, linked.id)
                yield entry
        for key, _ in self.store.scan(k.key(k.JOURNEYS, home, cluster)):
            if (old := k.parts(key)[-1]) not in produced:
                yield from self._ended(old, produced, as_of)

    def own(self, apart: tuple[str, str, str], facts: tuple[Fact, ...], alone: bool, as_of: Instant) -> Entry | None:
        """The next entry of an own dossier; ended while it is not `alone` (admitted, or corrected)."""
        home, source, key = apart
        subject = own_dossier(home, source, key)
        view = JourneyView(id=subject, known=tuple(sorted(facts, key=lambda f: f.key)), reviews=own_reviews(facts))
        before = read(self.store, subject)
        if not alone and before is None:
            return None
        judged = self._judge(view, as_of) if alone else NOTHING
        state = State(subject, digest(facts) if alone else "", judged, view, _run(facts), (source, key), weak=True)
        ended = None if alone or not view.facts else "the journey of the one who carries its identifiers"
        return advance(self.context, before, state, as_of, self.revise(), replaced_by=ended)

    def _judge(self, view: JourneyView, as_of: Instant) -> Evaluation:
        return evaluate(view, self.context.standings, self.context.policy, as_of, self.context.rules)

    def _next(self, person: Person, linked: Journey, as_of: Instant) -> Entry | None:
        view = JourneyView(id=linked.id, known=linked.facts, reviews=linked.reviews, person=person.id)
        state = State(linked.id, digest(linked.facts), self._judge(view, as_of), view, _run(linked.facts), linked.opener)
        entry = advance(self.context, read(self.store, linked.id), state, as_of, self.revise())
        return _with(entry, encode(outline(linked, person, state, entry))) if entry is not None else None

    def _ended(self, old: str, produced: dict[str, tuple[Person, Journey]], as_of: Instant) -> Iterator[Entry]:
        before = read(self.store, old)
        if before is None or not before.digest:
            return  # ended already
        successor = self._successor(before.opener, produced)
        state = State(old, "", NOTHING, JourneyView(id=old, known=()), opener=before.opener)
        entry = advance(self.context, before, state, as_of, self.revise(), replaced_by=successor or "none")
        if entry is not None:
            yield _with(entry, encode(replaced(old, entry, successor)))

    def _successor(self, opener: tuple[str, str], produced: dict[str, tuple[Person, Journey]]) -> str | None:
        """The journey that has the event which opened the old one."""
        for _, linked in produced.values():
            if any((fact.source, fact.event_id) == opener for fact in linked.facts):
                return linked.id
        return None


def _run(facts: tuple[Fact, ...]) -> str | None:
    return next((f.run for f in facts if f.run), None)


def _with(entry: Entry, journey: bytes) -> Entry:
    announced = ("journeys", entry.subject.encode(), journey)
    return msgspec.structs.replace(entry, announces=(*entry.announces, announced))
