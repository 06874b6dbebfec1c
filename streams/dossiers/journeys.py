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
from streams.dossiers.publishing import State, advance, digest, outline, read
from streams.linking import gather
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
        return split(facts, ignored, self.clusters.facts(home, cluster, k.ADMITTED))

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

    def own(self, home: str, facts: tuple[Fact, ...], admitted: bool, as_of: Instant) -> Entry | None:
        """The next entry of a weak-only group's own dossier; superseded while it is admitted to a journey."""
        subject = own_dossier(min(facts, key=lambda f: (f.corrects is not None, f.key)))
        view = JourneyView(id=subject, known=tuple(sorted(facts, key=lambda f: f.key)))
        before = read(self.store, subject)
        if admitted:
            if before is None:
                return None
            state = State(subject, digest(facts), NOTHING, view)
            return advance(self.context, before, state, as_of, self.revise(), replaced_by="a journey of its carrier")
        context = self.context
        judged = evaluate(view, context.standings, context.policy, as_of, context.rules)
        return advance(context, before, State(subject, digest(facts), judged, view, _run(facts)), as_of, self.revise())

    def _next(self, person: Person, linked: Journey, as_of: Instant) -> Entry | None:
        context = self.context
        view = JourneyView(id=linked.id, known=linked.facts, reviews=linked.reviews, person=person.id)
        judged = evaluate(view, context.standings, context.policy, as_of, context.rules)
        state = State(linked.id, digest(linked.facts), judged, view, _run(linked.facts))
        entry = advance(context, read(self.store, linked.id), state, as_of, self.revise())
        return _with(entry, encode(outline(linked, person, state, entry))) if entry is not None else None

    def _ended(self, old: str, produced: dict[str, tuple[Person, Journey]], as_of: Instant) -> Iterator[Entry]:
        before = read(self.store, old)
        if before is None or not before.digest:
            return  # ended already
        successor = self._successor(old, produced)
        view = JourneyView(id=old, known=())
        entry = advance(self.context, before, State(old, "", NOTHING, view), as_of, self.revise(), replaced_by=successor or old)
        if entry is not None:
            yield _with(entry, encode(_replaced(old, entry, successor)))

    def _successor(self, old: str, produced: dict[str, tuple[Person, Journey]]) -> str | None:
        """The journey that has the event which opened the old one."""
        for _, linked in produced.values():
            if any(gather.journey_id(view_home(old), f.source, f.event_id) == old for f in linked.facts):
                return linked.id
        return None


def view_home(subject: str) -> str:
    """'journey:NP:..' -> 'NP'."""
    return subject.split(":")[1]


def _run(facts: tuple[Fact, ...]) -> str | None:
    return next((f.run for f in facts if f.run), None)


def _with(entry: Entry, journey: bytes) -> Entry:
    announced = ("journeys", entry.subject.encode(), journey)
    return msgspec.structs.replace(entry, announces=(*entry.announces, announced))


def _replaced(old: str, entry: Entry, successor: str | None) -> object:
    from streams.domain.outputs import Journey as Outline

    return Outline(
        id=old, revision=entry.revision, home=entry.home, destination="", status="replaced", opened_at=entry.as_of, steps=(),
        missing=(), unknown=(), identities=0, offices=(), demand=None, person="", replaced_by=successor,
    )  # fmt: skip
