"""From an evaluation to a dossier's next entry: what changed since the last one, and what that announces."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from streams.domain.facts import RESTATED, Fact
from streams.domain.instants import Instant
from streams.domain.outcomes import Finding, Insufficient
from streams.domain.outputs import OPEN, Entry, Journey, Published, Revision, decode_entry, encode
from streams.domain.views import JourneyView, SumsView
from streams.dossiers.alerting import difference, to_send
from streams.dossiers.audiences import Vacancies
from streams.dossiers.context import Context
from streams.linking.split import Journey as Linked
from streams.linking.split import Person
from streams.rules.evaluation import Evaluation
from streams.store import keys as k
from streams.store.kv import Store

Announcement = tuple[str, bytes, bytes]
# What others hear over `feed` now that this is published, and all that a dossier tells from now on, as its entry keeps it.
Tell = Callable[[tuple[Published, ...]], tuple[list[Announcement], bytes]]
DOSSIERS = "dossiers"  # in the store's META: how many have an entry


@dataclass(frozen=True)
class State:
    """A dossier as evaluated: its subject, digest of the fact set, and the evaluation; `view` is what was read."""

    subject: str
    digest: str
    evaluation: Evaluation
    view: JourneyView | SumsView
    run: str | None = None
    opener: tuple[str, str] = ("", "")
    weak: bool = False
    held: Instant = 0  # until when an import run holds it; 0: it does not


def digest(facts: Iterable[Fact]) -> str:
    """Of a fact set, whatever its order: 32 hex characters."""
    return hashlib.sha256("".join(sorted(fact.id for fact in facts)).encode()).hexdigest()[:32]


def read(store: Store, subject: str) -> Entry | None:
    """A dossier's entry as last published."""
    found = store.get(k.key(k.ENTRY, subject))
    return decode_entry(found) if found is not None else None


def write(store: Store, entry: Entry) -> None:
    """Keeps an entry (without what it announced), its place in the due index, and whose standings it was judged by."""
    due, old = k.part(entry.subject), read(store, entry.subject)
    _index(store, entry, old.asked if old is not None else ())
    if old is None:
        store.put(k.key(k.META, DOSSIERS), b"%d" % (int(store.get(k.key(k.META, DOSSIERS)) or 0) + 1))
    elif old.next_due is not None:
        store.delete(k.DUE.encode() + k.instant(old.next_due) + due)
    if entry.next_due is not None:
        store.put(k.DUE.encode() + k.instant(entry.next_due) + due, b"")
    store.put(k.key(k.ENTRY, entry.subject), encode(msgspec.structs.replace(entry, announces=())))


def _index(store: Store, entry: Entry, before: tuple[str, ...]) -> None:
    if entry.asked != before:
        for subject in set(before).difference(entry.asked):
            store.delete(k.key(k.ASKED, subject, entry.subject))
        for subject in set(entry.asked).difference(before):
            store.put(k.key(k.ASKED, subject, entry.subject), b"")


def _place(view: JourneyView | SumsView) -> tuple[str, str]:
    """(origin, destination) as far as the subject itself tells."""
    if isinstance(view, JourneyView):
        return view.origin, view.destination
    if view.kind == "place":
        return (view.name[:2], view.name[3:5]) if view.name[2:3] == "-" else ("", view.name[:2])
    return view.home, view.home if view.kind == "party" else ""


def _offices(view: JourneyView | SumsView, event_ids: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(view, SumsView):
        return ()
    wanted = set(event_ids)
    return tuple(sorted({fact.office for fact in view.known if fact.event_id in wanted}))


def held_until(context: Context, before: Entry | None, digest: str, by_run: bool, as_of: Instant) -> Instant:
    """Until when a dossier is held: some seconds after an import run's last fact, so that no embassy hears what the next withdraws.

    `by_run` says that such a fact may have come; a fact set as published before is no news. A hold goes on whoever owns it.
    """
    if by_run and context.hold and (before is None or before.digest != digest):
        return as_of + context.hold
    return before.held if before is not None and before.held > as_of else 0


def _held(before: Entry | None, state: State, as_of: Instant, revision: Revision) -> Entry | None:
    """The entry of a held dossier: findings as they were, due when the hold ends."""
    if before is not None and (before.held, before.digest) == (state.held, state.digest):
        return None
    return Entry(
        subject=state.subject, revision=revision, home=state.view.home, digest=state.digest, as_of=as_of, next_due=state.held,
        published=before.published if before is not None else (), unknown=before.unknown if before is not None else (),
        opener=_opener(before, state), weak=state.weak, held=state.held,
        asked=before.asked if before is not None else (), told=before.told if before is not None else b"",
    )  # fmt: skip


def _opener(before: Entry | None, state: State) -> tuple[str, str]:
    return state.opener if state.opener[0] or before is None else before.opener


def advance(
    context: Context, before: Entry | None, state: State, as_of: Instant, revision: Revision,
    tell: Tell, replaced_by: str | None = None,
) -> Entry | None:  # fmt: skip
    """The next entry of a dossier; None when nothing that is published or told would change and the fact set is the same.

    A dossier that is held tells nothing yet.
    """
    if state.held > as_of:
        return _held(before, state, as_of, revision)
    found = [(each.rule, each.outcome) for each in state.evaluation.judged if isinstance(each.outcome, Finding)]
    unknown = tuple(sorted((each.rule.id, each.outcome.issue, each.outcome.missing)
                           for each in state.evaluation.judged if isinstance(each.outcome, Insufficient)))  # fmt: skip
    old = before.published if before is not None else ()
    vacancies = Vacancies(context.standings, as_of)
    now = difference(old, found, state.subject, as_of, _place(state.view), lambda ids: _offices(state.view, ids),
                     context.declared, replaced_by, vacancies)  # fmt: skip
    turns = [at for at in (state.evaluation.next_due, vacancies.next_at) if at is not None]
    due, (heard, told) = min(turns, default=None), tell(now)
    asked = tuple(sorted({*state.evaluation.asked, *vacancies.asked} - {state.subject}))
    if before is not None and not before.held and (now, unknown, due, state.digest, asked, told) == (
        old, before.unknown, before.next_due, before.digest, before.asked, before.told):  # fmt: skip
        return None
    alerts = to_send(old, now, context.by_id, state.subject, state.view.home, revision, state.run)
    announces = (*heard, *((f"alerts.{alert.audience}", alert.id.encode(), encode(alert)) for alert in alerts))
    return Entry(
        subject=state.subject, revision=revision, home=state.view.home, digest=state.digest, as_of=as_of,
        next_due=due, published=now, announces=announces, unknown=unknown,
        opener=_opener(before, state), weak=state.weak, asked=asked, told=told,
    )  # fmt: skip


def outline(linked: Linked, person: Person, state: State, entry: Entry) -> Journey:
    """A journey's public outline, as `journeys` carries it."""
    view = state.view
    assert isinstance(view, JourneyView)
    return Journey(
        id=view.id, revision=entry.revision, home=view.home, destination=view.destination,
        status="closed" if linked.closed else "open",
        opened_at=view.known[0].time, steps=tuple((f.type, f.time, f.event_id) for f in view.facts if f.type != RESTATED),
        missing=tuple(sorted({p.rule.partition("@")[0] for p in entry.published if p.status in OPEN})),
        unknown=tuple(sorted({rule for rule, _, _ in entry.unknown})), identities=len(person.tokens),
        offices=tuple(sorted({f.office for f in view.known})),
        demand=next((f.refs.demand for f in view.facts if f.refs.demand), None), person=person.id,
        run=state.run,
    )  # fmt: skip


def replaced(old: str, entry: Entry, successor: str | None) -> Journey:
    """The outline of a journey that is no longer produced."""
    return Journey(
        id=old, revision=entry.revision, home=entry.home, destination="", status="replaced", opened_at=entry.as_of,
        steps=(), missing=(), unknown=(), identities=0, offices=(), demand=None, person="", replaced_by=successor,
    )  # fmt: skip
