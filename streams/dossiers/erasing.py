"""Erasure in the store: an event with its corrections leaves everything that was made of it, and counts as known from then on.

What is left of a dossier that it was the whole of is an entry without content: each alert that it ever published is withdrawn
once more, empty, to everybody who was told of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from streams.domain.erasures import Erasure, Order, digests, event_digest, husk_of, named
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.names import subject_key
from streams.domain.outputs import OPEN, Alert, Entry, Journey, Published, Revision, encode
from streams.dossiers.alerting import Rules, of, render
from streams.dossiers.audiences import as_read_by
from streams.dossiers.clusters import Clusters
from streams.dossiers.publishing import Announcement, read
from streams.dossiers.records import PAGE
from streams.dossiers.touched import Touched
from streams.dossiers.weak import WeakLinks
from streams.linking import gather
from streams.store import keys as k
from streams.store.kv import Store, after

REASON = "erased"
DELETE = "Erased on lawful request: delete what you hold of it."
_ANY = k.key(k.META, "erased")
Root = tuple[str, str]  # source, event id


class Erasing:
    """The erased events of a partition's homes, and how an event is taken out of groups, clusters and what is known by weak tokens."""

    def __init__(self, store: Store, clusters: Clusters, weak: WeakLinks) -> None:
        self._store, self._clusters, self._weak = store, clusters, weak
        self._groups = clusters.groups
        self._any = store.get(_ANY) is not None
        self.mentioning: set[str] = set()  # dossiers of which a former finding may name an erased event

    def covers(self, home: str, fact: Fact) -> bool:
        """Whether any event by which a fact is `named` is erased: it then counts as known. Nothing is looked up before the first."""
        return self._any and any(self.has(home, event_digest(fact.source, name)) for name in named(fact))

    def has(self, home: str, digest: str) -> bool:
        """Whether an event, or an order, is among those erased."""
        return self._store.get(k.key(k.ERASED, home, digest)) is not None

    def done(self, order: Order) -> bool:
        """Whether an order was carried out, or tells this home of nothing new."""
        told = order.events and all(self.has(order.home, event_digest(*each)) for each in order.events)
        return bool(told) or self.has(order.home, order.id)

    def note(self, home: str, digest: str) -> None:
        """An event, by its digest, or an order that was carried out."""
        if not self._any:
            self._store.put(_ANY, b"")
            self._any = True
        self._store.put(k.key(k.ERASED, home, digest), b"")

    def take_out(self, home: str, source: str, event_id: str, touched: Touched) -> tuple[Fact, ...]:
        """The group of an event, out of all but the sums; its facts, none where it is unknown. Its names count as known."""
        root, group = self._groups.find(home, source, event_id)
        members = self._groups.members(home, source, root)
        names = sorted({root, event_id}.union(*((fact.event_id, fact.corrects or root) for fact in members)))
        for digest in (digest for name in names for digest in digests(source, name)):
            self.note(home, digest)
        if not members:
            return ()  # what came again was never stored: a deletion would put its name on disk
        for name in names:
            self._groups.forget(home, source, name)
        touched.husks += [husk_of(home, fact) for fact in members]
        for subject in {subject_key(subject) for fact in members for subject in fact.subjects}:
            for name in names:
                self._store.delete(k.key(k.PARTY, subject, home, source, name))
        touched.apart |= self._weak.forget(home, source, names, group.own, members)
        if group.cluster:
            cluster = self._clusters.release(home, group.cluster, members)
            touched.clusters.add((home, cluster))
            touched.beyond_clusters.add((home, cluster))
            self.mentioning.update(self._clusters.published(home, cluster))
        if any(gather.weak_only([fact]) for fact in members):
            self.mentioning.update(self._naming(names))
        touched.erased |= self._dossiers(home, source, names, members)
        return members

    def _naming(self, names: Iterable[str]) -> Iterator[str]:
        """Dossiers whose entries have one of these event ids: journeys may have admitted a weak-only event and parted from it since.
        All entries are read, some at a time: seconds for a million."""
        needles, first, end = [name.encode() for name in names], k.ENTRY.encode(), after(k.ENTRY.encode())
        while found := self._store.range(first, end, PAGE):
            for key in found:
                stored = self._store.get(key) or b""
                if any(needle in stored for needle in needles):
                    yield k.parts(key)[0]
            first = found[-1] + b"\0"

    def _dossiers(self, home: str, source: str, names: Sequence[str], members: Sequence[Fact]) -> set[str]:
        """The dossiers that these events ever opened, where nothing else is in them."""
        own = [*names, *{f"{gather.CASE}{fact.refs.case}" for fact in members if fact.refs.case}]
        found = {gather.own_dossier(home, source, each) for each in own if not any(self._clusters.apart(home, source, each))}
        contents = [f"{name}|{fact.id}" for name in names for fact in members]
        return found | {gather.journey_id(home, source, each) for each in (*names, *contents)}

    def ended(self, subjects: Iterable[str]) -> list[Entry]:
        """Entries of these dossiers that still say something of what is erased, sorted: one of a case may have new events by now."""
        found = (read(self._store, subject) for subject in sorted(set(subjects)))
        return [entry for entry in found if entry is not None and not entry.erased and not self._goes_on(entry.subject)]

    def _goes_on(self, subject: str) -> bool:
        own = self._store.get(k.key(k.OWN, subject))
        return own is not None and any(self._clusters.apart(*own.decode().split("\0")))

    def carry_out(self, erasure: Erasure) -> None:
        """What the journal tells, before the facts are recorded again."""
        for name in (erasure.id, *erasure.events, *erasure.subjects):
            self.note(erasure.home, name)

    def subjects(self) -> set[str]:
        """Every dossier that an erasure ended, as far as this store's own opening heard of it from the journal."""
        found = (k.parts(key)[1] for key, _ in self._store.scan(k.ERASED.encode()))
        return {name for name in found if name.startswith("journey:")}

    def mentions(self, entry: Entry) -> bool:
        """Whether a finding that is over names an erased event among its evidence; one that is open is judged anew."""
        return self._any and any(self._over(entry.home, each) for each in entry.published)

    def _over(self, home: str, each: Published) -> bool:
        return each.status not in OPEN and any(self.has(home, event_digest("", event)) for event in each.evidence)

    def without_mention(self, entry: Entry, rules: Rules) -> Entry:
        """An entry whose findings that are over name no erased event, and say so to all who heard of them."""
        if not self.mentions(entry):
            return entry
        published = tuple(emptied(each, entry.as_of) if self._over(entry.home, each) else each for each in entry.published)
        changed = [each for each, before in zip(published, entry.published, strict=True) if each != before]
        return msgspec.structs.replace(entry, published=published, announces=(*entry.announces, *_told(changed, entry, rules)))

    def forget(self, home: str, subject: str) -> None:
        """Where a dossier's events were."""
        self._clusters.unpublish(home, subject)
        self._store.delete(k.key(k.OWN, subject))


def elsewhere(order: Order, members: Iterable[Fact], events: Iterable[Root]) -> list[Order]:
    """The order as it goes to the other homes that hold copies, under an id of its own."""
    named, homes = tuple(sorted(set(events))), sorted({other for fact in members for other in fact.homes} - {order.home})
    digest = hashlib.sha256(f"{order.id}|{order.home}".encode()).hexdigest()[:32]
    return [msgspec.structs.replace(order, id=digest, home=other, subject="", events=named) for other in homes]


def journal(order: Order, subjects: Iterable[str], members: Iterable[Fact], events: Iterable[Root]) -> Erasure:
    """What is kept of an order that was carried out."""
    return Erasure(
        id=order.id, home=order.home, subject=order.subject, basis=order.basis, officer=order.officer, at=order.at,
        subjects=tuple(sorted(subjects)), facts=tuple(sorted(fact.id for fact in members)),
        events=tuple(sorted({digest for each in events for digest in digests(*each)})),
    )  # fmt: skip


def entry_erased(before: Entry, as_of: Instant, revision: Revision, rules: Rules) -> Entry:
    """A dossier's entry without content, and with the same said of each alert that it ever published."""
    published = tuple(emptied(each, as_of) for each in before.published)
    entry = Entry(subject=before.subject, revision=revision, home=before.home, digest="", as_of=as_of, next_due=None,
                  published=published, weak=before.weak, erased=True)  # fmt: skip
    outline = "journeys", before.subject.encode(), encode(outline_erased(before.subject, before.home, as_of, revision))
    return msgspec.structs.replace(entry, announces=(*_told(published, entry, rules), outline))


def _told(published: Iterable[Published], entry: Entry, rules: Rules) -> Iterator[Announcement]:
    """Findings without content, to all who were ever told of them."""
    for each in published:
        if (rule := rules.get(of(each.rule, entry.subject))) is not None:
            full = render(each, rule, entry.subject, entry.home, entry.revision, None)
            for audience in (*each.audiences, *each.former):
                said = alert_erased(as_read_by(audience, full, rule.confidential, each.unnamed), entry.revision, each.changed_at)
                yield f"alerts.{audience}", said.id.encode(), encode(said)


def emptied(each: Published, as_of: Instant) -> Published:
    """A finding without content: which rule's it was, and who heard of it."""
    return msgspec.structs.replace(
        each, issue="", reason=REASON, summary="", evidence=(), policy_rows=(), changed_at=as_of, status="withdrawn", since=None,
        due_at=None, parties=(), offices=(), replaced_by=None,
    )  # fmt: skip


def alert_erased(alert: Alert, revision: Revision, as_of: Instant) -> Alert:
    """An alert without content: what it was a sort of, to whom it went, and that it is erased."""
    return msgspec.structs.replace(
        alert, revision=revision, issue="", status="withdrawn", reason=REASON, summary="", next_step=DELETE, evidence=(), indicators=(),
        policy_rows=(), parties=(), offices=(), since=None, due_at=None, changed_at=as_of, replaced_by=None, run=None,
        subject=alert.subject if alert.subject.startswith(("journey:", "place:")) else f"place:{alert.home}",
    )  # fmt: skip


def outline_erased(subject: str, home: str, as_of: Instant, revision: Revision) -> Journey:
    """The outline of a journey that was erased."""
    return Journey(
        id=subject, revision=revision, home=home, destination="", status="erased", opened_at=as_of, steps=(), missing=(), unknown=(),
        identities=0, offices=(), demand=None, person="",
    )  # fmt: skip
