"""What one dossier tells another: statements that differ from those told before (design.md, "The flow").

A rule says what its dossier tells (`tells`). Besides, whatever was published is told: each alert to its own case, which waits
for an answer, and what typologies weigh to the parties that a finding names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

import msgspec

from streams.domain import answering, frames
from streams.domain.frames import Frame
from streams.domain.instants import local_day
from streams.domain.names import subject_key
from streams.domain.outputs import OPEN, Published, Revision, Statement, encode
from streams.domain.places import home as home_of
from streams.domain.places import kind
from streams.domain.sums import Key
from streams.domain.views import JourneyView, SumsView
from streams.dossiers.alerting import alert_id
from streams.rules.evaluation import Evaluation
from streams.rules.registry import Catalogue, Rule, Told
from streams.rules.rows import FIRST_DAY
from streams.rules.typology import FOUND
from streams.store import keys as k
from streams.store.kv import Store

Keys: TypeAlias = tuple[tuple[str, Key, tuple[str, ...]], ...]  # (measure, key, evidence event ids)
Announcement = tuple[str, bytes, bytes]


class Telling:
    """What the dossiers of a partition told, and what they tell now; `revise` gives the next revision."""

    def __init__(self, store: Store, rules: Iterable[Rule], revise: Callable[[], Revision]) -> None:
        self._store, self._revise = store, revise
        everything = Catalogue(rules)
        self._weighed = everything.combined
        self._confidential = frozenset(rule.id for rule in everything if rule.confidential)
        self._answered = bool(everything.of("case"))
        self._here: list[Statement] = []

    def changes(
        self, view: JourneyView | SumsView, judged: Evaluation, published: Iterable[Published] = ()
    ) -> tuple[list[Announcement], bytes]:
        """Statements that differ from those told before, as frames for `feed`, and all that is told from then on, as an entry keeps it.

        To whom nothing is told any more, empty ones go. What is told to a dossier of the same home, as an alert's own case is, waits
        for `here`: it needs no way over the broker.
        """
        saying: dict[str, list[tuple[str, Key, tuple[str, ...]]]] = defaultdict(list)
        for about, measure, key, events in (*judged.told, *self._told_of(view, published)):
            saying[about].append((measure, key, events))
        now, name = {about: sorted(saying[about]) for about in sorted(saying)}, k.key(k.TOLD, view.id)
        as_stored = encode(now) if now else b""
        if (self._store.get(name) or b"") == as_stored:
            return [], as_stored
        before = self.said(view.id)
        changed = [about for about in sorted(before.keys() | now.keys())
                   if encode(before.get(about, [])) != encode(now.get(about, []))]  # fmt: skip
        if as_stored:
            self._store.put(name, as_stored)
        else:
            self._store.delete(name)
        said = [self._statement(view.id, about, tuple(now.get(about, []))) for about in changed]
        self._here += [each for each in said if home_of(each.about) == view.home]
        return [_framed(each) for each in said if home_of(each.about) != view.home], as_stored

    def of(self, view: JourneyView | SumsView, judged: Evaluation) -> Callable[[Iterable[Published]], tuple[list[Announcement], bytes]]:
        """What a dossier tells once it is known what it publishes: its `changes`."""
        return partial(self.changes, view, judged)

    def here(self) -> list[Statement]:
        """What dossiers of the homes that tell were told since the last call."""
        said, self._here = self._here, []
        return said

    def _told_of(self, view: JourneyView | SumsView, published: Iterable[Published]) -> Iterator[Told]:
        """An alert on a case has no case of its own: it goes from one audience to the next by itself."""
        over = isinstance(view, JourneyView) and not view.known
        weighed: dict[tuple[str, str], tuple[str, str]] = {}  # of several findings of a rule on one dossier the latest
        for each in published:
            rule = each.rule.partition("@")[0]
            if self._answered and kind(view.id) != "case" and (each.status in OPEN or (over and _taken_over(each))):
                yield answering.case_of(view.home, each.alert), answering.PUBLICATIONS.name, _publication(rule, each), (each.alert,)
            if rule in self._weighed and each.status in OPEN:
                day = local_day(each.since, view.home).isoformat() if each.since is not None else FIRST_DAY
                for party in {subject_key(f"party:{party}") for party in each.parties} - {view.id}:
                    shown = each.alert if rule in self._confidential else min(each.evidence, default=each.alert)
                    weighed[party, rule] = max(weighed.get((party, rule), ("", "")), (day, shown))
        for (party, rule), (day, event) in sorted(weighed.items()):
            yield party, FOUND.name, (rule, day), (event,)

    def again(self, teller: str, about: str) -> Announcement:
        """What a dossier told another last, said again."""
        return _framed(self._statement(teller, about, _keys(self.said(teller).get(about, ()))))

    def again_here(self, teller: str, home: str, late: bytes) -> None:
        """The same within the home, of whatever it told there last or an earlier owner told late: its cases may have heard that."""
        told = self.said(teller)
        named = told.keys() | (msgspec.msgpack.decode(late, type=dict[str, Any]).keys() if late else set())
        self._here += [self._statement(teller, about, _keys(told.get(about, ()))) for about in sorted(named) if home_of(about) == home]

    def said(self, teller: str) -> dict[str, Any]:
        """What a dossier told others last, by whom it is about."""
        stored = self._store.get(k.key(k.TOLD, teller))
        return msgspec.msgpack.decode(stored) if stored is not None else {}

    def _statement(self, teller: str, about: str, keys: Keys) -> Statement:
        return Statement(teller=teller, about=about, revision=self._revise(), keys=keys)


def _keys(stored: Iterable[Any]) -> Keys:
    return tuple((measure, tuple(key), tuple(events)) for measure, key, events in stored)


def _framed(said: Statement) -> Announcement:
    home = home_of(said.about)
    return "feed", home.encode(), frames.encode(Frame(home, (), (said,)))


def _taken_over(each: Published) -> bool:
    """Whether another journey says now what this one said."""
    return each.status == "superseded" and (each.replaced_by or "").startswith("journey:")


def _publication(rule: str, each: Published) -> Key:
    successor = alert_id(rule, each.replaced_by or "", each.issue) if _taken_over(each) else ""
    return answering.Published(
        each.raised_at, answering.TOLD, each.severity, rule, each.origin, each.destination, " ".join(each.audiences),
        answering.same_as(rule, each.evidence), successor,
    )  # fmt: skip
