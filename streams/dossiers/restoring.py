"""A partition from its log: entries as they were published, and which dossiers need no look because they are as published.

An entry is the receipt of an evaluation: its digest is of the facts that it was made from. What was rolled forward and adds
up to its receipts was evaluated before; the rest was not, or not with all that it has.
"""

from __future__ import annotations

from collections.abc import Iterable

from streams.domain.outputs import Entry
from streams.domain.places import kind
from streams.dossiers.clusters import Clusters
from streams.dossiers.erasing import Erasing
from streams.dossiers.journeys import Journeys
from streams.dossiers.ledger import Ledgers
from streams.dossiers.publishing import digest, read, write
from streams.dossiers.touched import Touched
from streams.dossiers.weak import Apart, WeakLinks
from streams.linking.split import Split, own_dossier
from streams.store import keys as k
from streams.store.kv import Store


class Restoring:
    """What opening a partition does with its state, after its facts are recorded again."""

    def __init__(
        self, store: Store, clusters: Clusters, weak: WeakLinks, journeys: Journeys, ledgers: Ledgers, erasing: Erasing
    ) -> None:  # fmt: skip
        self._store, self._clusters, self._weak, self._erasing = store, clusters, weak, erasing
        self._journeys, self._ledgers = journeys, ledgers

    def restore(self, entry: Entry) -> None:
        """Takes an entry as published before, unless the store has a later one."""
        before = read(self._store, entry.subject)
        if before is not None and before.revision >= entry.revision:
            return
        write(self._store, entry)
        if entry.told:
            self._store.put(k.key(k.TOLD, entry.subject), entry.told)
        elif before is not None and before.told:
            self._store.delete(k.key(k.TOLD, entry.subject))
        if self._erasing.mentions(entry):
            self._erasing.mentioning.add(entry.subject)
        if entry.erased:
            self._erasing.forget(entry.home, entry.subject)
        source, event_id = entry.opener
        if kind(entry.subject) != "journey" or not source:
            return
        if entry.weak:
            self._store.put(k.key(k.OWN, entry.subject), "\0".join((entry.home, source, event_id)).encode())
        elif cluster := self._clusters.of(entry.home, source, event_id):
            self._clusters.publish(entry.home, cluster, entry.subject)

    def touch_all(self, touched: Touched) -> None:
        """Everything there is: other rules or another policy look at all of it again."""
        touched.clusters |= set(self._clusters.all())
        touched.apart |= self._weak.all()
        for _, apart in self._store.scan(k.OWN.encode()):  # published before, of which nothing may be left
            home, source, own = apart.decode().split("\0")
            touched.apart.add((home, source, own))
        touched.subjects |= set(self._ledgers.subjects())
        touched.erased |= self._erasing.subjects()

    def carry(self, clusters: Iterable[tuple[str, str]], touched: Touched, receipts: bool) -> None:
        """Who carries which weak identifier in these clusters; with `receipts`, those as published are touched no more.

        To be done with all before anything is admitted or evaluated: who carries a telephone number may be in any of them.
        """
        anyway = {(home, self._clusters.resolve(home, name)) for home, name in touched.beyond_clusters} if receipts else set()
        for home, name in clusters:
            now, found = (home, self._clusters.resolve(home, name)), self._journeys.split(home, name)
            touched.apart |= self._weak.carry(*now, found.people)
            touched.clusters.discard((home, name))
            if not receipts or now in anyway or not self._as_published(*now, found):
                touched.clusters.add(now)

    def admit(self, touched: Touched, receipts: bool) -> None:
        """Weak-only events to their journeys, once all is carried; with `receipts`, what is as published is touched no more."""
        moved = self._weak.admit(touched.apart)
        self.carry(sorted(moved.clusters - touched.clusters), touched, receipts)
        if receipts:
            touched.apart = {apart for apart in moved.apart if not self._own_as_published(apart)}
            touched.subjects = {each for each in touched.subjects if each in touched.beyond_subjects or not self._sums_as_published(each)}

    def _as_published(self, home: str, name: str, found: Split) -> bool:
        """Whether its one journey has the facts of its receipt, and no other is open.

        Of several, one may have been told what another brought before a crash, and the other not, with the same facts as ever.
        """
        produced = {journey.id: journey for person in found.people for journey in person.journeys}
        for journey in produced.values():
            before = read(self._store, journey.id)
            if len(produced) > 1 or before is None or before.digest != digest(journey.facts):
                return False
        ended = (read(self._store, old) for old in self._clusters.published(home, name) if old not in produced)
        return not any(old is not None and old.digest for old in ended)

    def _own_as_published(self, apart: Apart) -> bool:
        home, source, key = apart
        before = read(self._store, own_dossier(home, source, key))
        facts = self._weak.members(*apart) if not self._weak.admitted(*apart) else []
        return (before.digest if before is not None else "") == (digest(facts) if facts else "")

    def _sums_as_published(self, subject: str) -> bool:
        before = read(self._store, subject)
        return before is not None and before.digest == self._ledgers.known(subject).digest
