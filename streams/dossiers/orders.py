"""Orders to erase, carried out in a partition: what they take out, what they pass on, and the last word of the dossiers they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from streams.domain.erasures import Erasure, Order, digests
from streams.domain.facts import RESTATED, Fact
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Revision
from streams.domain.views import JourneyView
from streams.dossiers.clusters import Clusters
from streams.dossiers.context import Outbox
from streams.dossiers.erasing import Erasing, Root, elsewhere, entry_erased, journal
from streams.dossiers.journeys import NOTHING, Journeys
from streams.dossiers.publishing import read
from streams.dossiers.touched import Touched
from streams.dossiers.weak import WeakLinks
from streams.store import keys as k
from streams.store.kv import Store


@dataclass(frozen=True)
class Orders:
    """`uncount` takes facts of one group out of the sums of their home; `revise` gives the next revision."""

    store: Store
    erasing: Erasing
    clusters: Clusters
    weak: WeakLinks
    journeys: Journeys
    uncount: Callable[[str, Sequence[Fact], Touched], None]
    revise: Callable[[], Revision]

    def carried_out(self, orders: Iterable[Order], before: Touched, outbox: Outbox) -> Touched:
        """Each order once; what they touch, with what `before` has to pass on and left of facts."""
        touched = Touched(passed=before.passed, husks=before.husks, runs=before.runs)
        for order in orders:
            if not self.erasing.done(order):
                outbox.journal.append(self._erase(order, touched, outbox))
        return touched

    def _erase(self, order: Order, touched: Touched, outbox: Outbox) -> Erasure:
        """Takes out the events of a dossier, or those that the order names."""
        home, events, gone, before = order.home, set(order.events), list[Fact](), set(touched.erased)
        for source, event_id in sorted(order.events or self._roots(home, order.subject)):
            members = self.erasing.take_out(home, source, event_id, touched)
            events |= {(source, event_id), *((source, name) for fact in members for name in (fact.event_id, fact.corrects) if name)}
            self.uncount(home, members, touched)
            gone += members
        for name in (order.id, *(digest for event in events for digest in digests(*event))):
            self.erasing.note(home, name)
        outbox.orders += elsewhere(order, gone, events)
        return journal(order, [entry.subject for entry in self.erasing.ended(touched.erased - before)], gone, events)

    def _roots(self, home: str, subject: str) -> set[Root]:
        """The events of a journey, or of a dossier of its own; none where it has none any more."""
        if cluster := self.clusters.of_journey(home, subject):
            people = self.journeys.split(home, cluster).people
            facts = [fact for person in people for linked in person.journeys if linked.id == subject for fact in linked.facts]
            shown = {(fact.source, fact.event_id) for fact in facts}  # what says an identifier of these again may be told elsewhere
            facts += [fact for fact in self.clusters.facts(home, cluster)
                      if fact.type == RESTATED and (fact.source, fact.text("event")) in shown]  # fmt: skip
        elif (apart := self.store.get(k.key(k.OWN, subject))) is not None:
            _, source, own = apart.decode().split("\0")
            facts = self.weak.members(home, source, own)
        else:
            facts = []
        return {(fact.source, self.clusters.groups.find(home, fact.source, fact.event_id)[0]) for fact in facts}

    def ended(self, subjects: Iterable[str], as_of: Instant) -> Iterator[Entry]:
        """The dossiers that an erasure ended: nothing is left of what they said, and they tell nobody anything."""
        for before in self.erasing.ended(subjects):
            told, _ = self.journeys.telling.changes(JourneyView(id=before.subject, known=()), NOTHING)
            entry = entry_erased(before, as_of, self.revise(), self.journeys.context.by_id)
            self.erasing.forget(before.home, before.subject)
            self.journeys.judged.pop(before.subject, None)
            yield msgspec.structs.replace(entry, announces=(*told, *entry.announces))

    def mentioning(self) -> Iterator[Entry]:
        """Dossiers that go on, and of which a finding that is over names an erased event: to be said without it."""
        for subject in sorted(self.erasing.mentioning):
            before = read(self.store, subject)
            if before is not None and self.erasing.mentions(before):
                yield msgspec.structs.replace(before, revision=self.revise(), announces=())
        self.erasing.mentioning.clear()
