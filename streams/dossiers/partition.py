"""A partition's state and the one way to change it: facts and statements in, due dates, standings; entries out.

Nothing here does I/O beyond the store, reads a clock or knows Kafka. The caller delivers the outbox, then commits the
store, then the offset (design.md, invariant 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import msgspec

from streams.domain import frames
from streams.domain.corrections import winners
from streams.domain.erasures import Erasure, husk_of
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.domain.names import subject_key
from streams.domain.outputs import Entry, Revision, Statement, decode_statement, encode
from streams.domain.places import home as home_of
from streams.domain.places import kind
from streams.domain.views import SumsView
from streams.dossiers.clusters import Clusters
from streams.dossiers.context import Context, Outbox
from streams.dossiers.erasing import Erasing
from streams.dossiers.groups import Change
from streams.dossiers.journeys import Journeys
from streams.dossiers.ledger import Ledgers, Measures
from streams.dossiers.orders import Orders
from streams.dossiers.passing import passed_on
from streams.dossiers.publishing import DOSSIERS, State, advance, held_until, read, write
from streams.dossiers.reasserting import alerts_again, entry_again
from streams.dossiers.restoring import Restoring
from streams.dossiers.telling import Telling
from streams.dossiers.touched import Touched
from streams.dossiers.weak import Apart, WeakLinks
from streams.linking.split import Split
from streams.rules.evaluation import evaluate
from streams.store import keys as k
from streams.store.kv import Store

STEP = 100  # facts recorded, or dossiers evaluated, without a pause


class Partition:
    """All dossiers of the homes dealt to one partition. `epoch` is the owner's."""

    def __init__(self, store: Store, context: Context, epoch: int = 0) -> None:
        self.store, self.context, self.epoch = store, context, epoch
        self._n = 0
        self._clusters = Clusters(store)
        self._groups = self._clusters.groups
        self._weak = WeakLinks(store, self._clusters)
        self.erasing = Erasing(store, self._clusters, self._weak)
        self._telling = Telling(store, context.rules, self.revise)
        self._journeys = Journeys(store, self._clusters, context, self.revise, self._telling)
        self._ledgers, self._measures = Ledgers(store), Measures.of(context.rules)
        self._orders = Orders(store, self.erasing, self._clusters, self._weak, self._journeys, self._uncount, self.revise)
        self.restoring = Restoring(store, self._clusters, self._weak, self._journeys, self._ledgers, self.erasing)

    def revise(self) -> Revision:
        """The next revision of this owner."""
        self._n += 1
        return self.epoch, self._n

    # What comes in.

    def accept(self, batch: Iterable[Frame], as_of: Instant) -> Outbox:
        """Facts and statements, evaluated; a fact that is known already changes nothing."""
        outbox = Outbox()
        for _ in self.accepting(batch, as_of, outbox):
            pass
        return outbox

    def accepting(self, batch: Iterable[Frame], as_of: Instant, outbox: Outbox) -> Iterator[None]:
        """The same in steps of some milliseconds, so that a large batch keeps nobody else waiting; nothing may change meanwhile."""
        touched, steps = Touched(), count(1)
        for frame in batch:
            for fact in frame.facts:
                if self.record(frame.home, fact, touched):
                    outbox.facts.append((frame.home, fact))
                if next(steps) % STEP == 0:
                    yield
            for statement in frame.statements:
                if self.hear(statement, touched):
                    outbox.heard.append(statement)
            if frame.orders:
                yield from self._settling(touched, as_of, outbox)  # who is who must be known
                yield from self._settling(self._orders.carried_out(frame.orders, touched, outbox), as_of, outbox)
                touched = Touched(passed=touched.passed, husks=touched.husks, runs=touched.runs)
        outbox.passed, outbox.husks = touched.passed, touched.husks
        yield from self._settling(touched, as_of, outbox, self.context.pause)

    def erased(self, erasure: Erasure, touched: Touched) -> None:
        """An erasure that the journal tells of, before its facts are recorded: the dossiers that it ended are looked at once more."""
        self.erasing.carry_out(erasure)
        touched.erased |= set(erasure.subjects)

    def _uncount(self, home: str, members: Sequence[Fact], touched: Touched) -> None:
        """Takes back what the facts of a group contributed to sums, and them out of what those are made of."""
        for fact in winners(members):
            self._sum(home, fact, add=False)
        for fact in members:
            for subject in self._sum(home, fact, add=False, every=True):
                self._ledgers.drop(subject, fact)
                self.erasing.mentioning.add(subject)
                touched.subjects.add(subject)
                touched.beyond_subjects.add(subject)

    def record(self, home: str, fact: Fact, touched: Touched) -> bool:
        """Puts one fact where it belongs, without evaluating; False when it is known already, or erased."""
        if self.erasing.covers(home, fact):
            touched.husks.append(husk_of(home, fact))
            self._uncount(home, self.erasing.take_out(home, fact.source, fact.event_id, touched), touched)
            return False
        change = self._groups.add(home, fact)
        if change is None:
            return False
        ignoring = {(home, cluster) for cluster in self._clusters.add(home, fact, change)}
        touched.clusters |= ignoring
        touched.beyond_clusters |= ignoring
        if change.group.cluster:
            touched.clusters.add((home, change.group.cluster))
        touched.apart |= self._weak.note(home, fact, change)
        self._groups.keep(home, fact.source, change)
        self._contribute(home, fact, change, touched)
        if fact.run is not None:
            touched.runs |= {fact.id, *self._subjects(home, fact)}
        if fact.corrects is not None or change.after != (fact,):
            touched.passed += passed_on(home, change.root, self._groups.members(home, fact.source, change.root))
        for subject in fact.subjects:
            self.store.put(k.key(k.PARTY, subject_key(subject), home, fact.source, change.root), b"")
        return True

    def _contribute(self, home: str, fact: Fact, change: Change, touched: Touched) -> None:
        if change.former:
            self._correct(home, change, touched)
        for subject in self._subjects(home, fact):
            sums = self._ledgers.of(subject)
            for measure in self._measures.reading(fact, subject):
                if measure.every or not change.former:
                    for key in dict.fromkeys(measure.keys(fact, subject)):
                        sums.add(measure.name, key, fact.event_id, fact.id)
            self._ledgers.count(subject, fact)
            touched.subjects.add(subject)

    def _correct(self, home: str, change: Change, touched: Touched) -> None:
        """What the group of a known event no longer contributes is taken back, and what it does now is added."""
        after, before, changed = {each.id for each in change.after}, {each.id for each in change.before}, set[str]()
        for old in change.before:
            if old.id not in after:
                changed.update(self._sum(home, old, add=False))
        for new in change.after:
            changed.update(self._sum(home, new, add=True) if new.id not in before else self._subjects(home, new))
        touched.subjects |= changed
        touched.beyond_subjects |= changed  # the fact that corrects need not have named them all

    def _sum(self, home: str, fact: Fact, add: bool, every: bool = False) -> tuple[str, ...]:
        """Adds what a fact contributes, or takes it back: to measures of what is in force, or of `every` fact there ever was.

        Returns the dossiers that it is about.
        """
        subjects = self._subjects(home, fact)
        for subject in subjects:
            sums = self._ledgers.of(subject)
            for measure in self._measures.reading(fact, subject):
                for key in dict.fromkeys(measure.keys(fact, subject)) if measure.every == every else ():
                    (sums.add if add else sums.take_back)(measure.name, key, fact.event_id, fact.id)
        return subjects

    def _subjects(self, home: str, fact: Fact) -> tuple[str, ...]:
        """The subjects of a fact, and of what it corrects, that live in this home."""
        named = dict.fromkeys((*fact.subjects, *fact.was.subjects)) if fact.was else fact.subjects
        return tuple([subject for subject in named if home_of(subject) == home and kind(subject) != "journey"])

    def hear(self, statement: Statement, touched: Touched) -> bool:
        """Replaces what a teller said before; an older revision is ignored, and False."""
        name = k.key(k.STATEMENT, statement.about, statement.teller)
        stored = self.store.get(name)
        old = decode_statement(stored) if stored is not None else None
        if old is not None and old.revision >= statement.revision:
            return False
        sums = self._ledgers.of(statement.about)
        for measure, key, events in old.keys if old is not None else ():
            for event in events:
                sums.take_back(measure, key, event, statement.teller)
        for measure, key, event in dict.fromkeys((measure, key, event) for measure, key, events in statement.keys for event in events):
            sums.add(measure, key, event, statement.teller)
        self.store.put(name, encode(statement))
        touched.subjects.add(statement.about)
        touched.beyond_subjects.add(statement.about)
        return True

    # What is evaluated.

    def tick(self, as_of: Instant, most: int = 10_000) -> Outbox:
        """Evaluates what is due: a range scan, at the cost of what is due and not of what is open."""
        due = self.due(as_of, most)
        return self.look_again(due, as_of)

    def due(self, as_of: Instant, most: int = 10_000) -> list[str]:
        """Subjects whose answer time alone may have changed by `as_of`, the longest due first."""
        table, now = k.DUE.encode(), k.instant(as_of)
        found = [key[9:-1].decode() for key in self.store.range(table, table + k.instant(as_of + 1), most)]
        found += [k.parts(key)[0] for key, later in self.store.scan(k.LATER.encode()) if later <= now]
        return found[:most]

    def look_again(self, subjects: Iterable[str], as_of: Instant) -> Outbox:
        """Evaluates these dossiers."""
        touched, outbox = Touched(), Outbox()
        for subject in subjects:
            self._touch(subject, touched)
            if self.store.get(later := k.key(k.LATER, subject)) is not None:
                self.store.delete(later)
        self.settle(touched, as_of, outbox)
        return outbox

    def sweep(self, changed: Iterable[str], as_of: Instant) -> Outbox:
        """Evaluates the dossiers that name, or asked of, what a standing changed about: the index makes it cost what it touches."""
        outbox = Outbox()
        self.settle(self.naming(changed), as_of, outbox)
        return outbox

    def naming(self, changed: Iterable[str]) -> Touched:
        """The dossiers that name these subjects or were judged by their standings, to be evaluated; some at a time where they are many."""
        touched = Touched()
        for subject in changed:
            touched.subjects |= {subject} if read(self.store, subject) is not None else set()
            for key, _ in self.store.scan(k.key(k.PARTY, subject_key(subject))):
                self._touch_group(k.parts(key), touched)
            for key, _ in self.store.scan(k.key(k.ASKED, subject_key(subject))):
                self._touch(k.parts(key)[1], touched)
        return touched

    def _touch_group(self, found: list[str], touched: Touched) -> None:
        _, home, source, event_id = found
        if cluster := self._clusters.of(home, source, event_id):
            touched.clusters.add((home, cluster))
        touched.apart |= self._weak.of(home, source, event_id)
        for fact in self._groups.in_force(home, source, event_id):
            touched.subjects |= set(self._subjects(home, fact))

    def _touch(self, subject: str, touched: Touched) -> None:
        if kind(subject) != "journey":
            touched.subjects.add(subject)
        elif cluster := self._clusters.of_journey(home_of(subject), subject):
            touched.clusters.add((home_of(subject), cluster))
        elif (apart := self.store.get(k.key(k.OWN, subject))) is not None:
            home, source, own = apart.decode().split("\0")
            touched.apart.add((home, source, own))

    def settle(self, touched: Touched, as_of: Instant, outbox: Outbox) -> None:
        """Splits, admits, evaluates; writes each entry and its due date to the batch."""
        for _ in self._settling(touched, as_of, outbox):
            pass

    def _settling(self, touched: Touched, as_of: Instant, outbox: Outbox, pause: Instant = 0) -> Iterator[None]:
        """In steps. Who carries what is known of all of them before the first is evaluated."""
        self._keep_all(self._orders.ended(touched.erased, as_of), outbox)
        clusters = {(home, self._clusters.resolve(home, name)) for home, name in touched.clusters}
        splits, steps = dict[tuple[str, str], Split](), count(1)
        for home, cluster in sorted(clusters):
            found = splits[home, cluster] = self._journeys.split(home, cluster)
            touched.apart |= self._weak.carry(home, cluster, found.people)
            if next(steps) % STEP == 0:
                yield
        moved, runs = self._weak.admit(touched.apart), frozenset(touched.runs)
        for home, cluster in sorted(clusters | moved.clusters):
            as_split = splits.get((home, cluster)) if (home, cluster) not in moved.clusters else None
            self._keep_all(self._journeys.evaluate(home, cluster, as_split or self._journeys.split(home, cluster), as_of, runs), outbox)
            if next(steps) % STEP == 0:
                yield
        for apart in sorted(moved.apart):
            self._own(apart, as_of, outbox, runs)
        for subject in self._sums_to_judge(touched.subjects, outbox):
            if subject in runs or not self._waits(subject, as_of, pause):
                self._evaluate_sums(subject, as_of, outbox, subject in runs)
            if next(steps) % STEP == 0:
                yield
        self._keep_all(self._orders.mentioning(), outbox)
        self.flush()

    def _sums_to_judge(self, touched: set[str], outbox: Outbox) -> Iterator[str]:
        """Those that were touched, and those that hear of what the journeys and they themselves tell, until nothing new is told."""
        subjects = touched | self._heard_here(outbox)
        while subjects:
            yield from sorted(subjects)
            subjects = self._heard_here(outbox)

    def _waits(self, subject: str, as_of: Instant, pause: Instant) -> bool:
        """Whether it was judged within `pause`: it is due when that is over, with all that has come by then. So is a new case.

        Of facts and statements that came, its receipt or theirs tells whoever opens the partition without this store.
        """
        if not pause:
            return False
        sums = self._ledgers.of(subject)
        if sums.later > as_of:
            return True
        judged = sums.judged.as_of if sums.judged is not None else as_of if kind(subject) == "case" else as_of - pause
        if as_of >= judged + pause:
            return False
        sums.later = judged + pause
        self.store.put(k.key(k.LATER, subject), k.instant(sums.later))
        return True

    def _heard_here(self, outbox: Outbox) -> set[str]:
        """The dossiers that this batch told something and that live here, as the case of each alert does."""
        touched = Touched()
        outbox.heard += [each for each in self._telling.here() if self.hear(each, touched)]
        return touched.subjects

    def flush(self) -> None:
        """Writes what was recorded or restored, and is not settled yet, to the store's batch: before a commit."""
        self._clusters.flush()
        self._ledgers.flush()

    def _own(self, apart: Apart, as_of: Instant, outbox: Outbox, runs: frozenset[str]) -> None:
        facts = tuple(self._weak.members(*apart))  # none when all are corrected to something else
        entry = self._journeys.own(apart, facts, bool(facts) and not self._weak.admitted(*apart), as_of, runs)
        if entry is not None:
            self.store.put(k.key(k.OWN, entry.subject), "\0".join(apart).encode())
            self._keep(entry, outbox)

    def _evaluate_sums(self, subject: str, as_of: Instant, outbox: Outbox, by_run: bool) -> None:
        known, sums, context = self._ledgers.known(subject), self._ledgers.of(subject), self.context
        view = SumsView(id=subject, sums=sums, types=frozenset(known.types))
        judged = evaluate(view, context.standings, context.policy, as_of, context.rules, sums.judged, sums.changed)
        if sums.later:
            self.store.delete(k.key(k.LATER, subject))
        sums.judged, sums.changed, sums.later = judged, set(), 0
        before, made = read(self.store, subject), known.digest
        held = held_until(context, before, made, by_run, as_of)
        state = State(subject, made, judged, view, held=held)
        entry = advance(context, before, state, as_of, self.revise(), self._telling.of(view, judged))
        if entry is not None:
            self._keep(entry, outbox)

    def reassert(self, stale: Entry, as_of: Instant) -> Outbox:
        """Says again, as it stands now, what an entry of an earlier owner announced after this one had opened."""
        outbox = self.look_again([stale.subject], as_of)
        now = entry_again(read(self.store, stale.subject), stale, as_of, self.revise())
        announces = list(alerts_again(stale, now, self.context.by_id, as_of))
        for topic, key, value in stale.announces:
            if topic == "journeys":
                announces.append((topic, key, encode(self._journeys.outlined(now))))
            elif topic == "feed":
                announces += [self._telling.again(stale.subject, said.about) for said in frames.decode(value).statements]
        self._telling.again_here(stale.subject, stale.home, stale.told)
        self.settle(Touched(), as_of, outbox)
        self._keep(msgspec.structs.replace(now, announces=tuple(announces)), outbox)
        return outbox

    def _keep_all(self, entries: Iterable[Entry], outbox: Outbox) -> None:
        for entry in entries:
            self._keep(entry, outbox)

    def _keep(self, entry: Entry, outbox: Outbox) -> None:
        entry = self.erasing.without_mention(entry, self.context.by_id)
        write(self.store, entry)
        outbox.entries.append(entry)

    # What others ask.

    def entry(self, subject: str) -> Entry | None:
        """A dossier's entry as last published."""
        return read(self.store, subject)

    def dossiers(self) -> int:
        """How many dossiers have an entry, without counting them."""
        return int(self.store.get(k.key(k.META, DOSSIERS)) or 0)

    def subjects(self) -> Iterator[str]:
        """Every dossier that has an entry."""
        return (k.parts(key)[0] for key, _ in self.store.scan(k.ENTRY.encode()))

