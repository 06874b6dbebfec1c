"""What one dossier tells another: statements that differ from those told before, as frames for `feed` (design.md, "The flow")."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import msgspec

from streams.domain import frames
from streams.domain.frames import Frame
from streams.domain.outputs import Revision, Statement, encode
from streams.domain.places import home as home_of
from streams.domain.sums import Key
from streams.domain.views import JourneyView, SumsView
from streams.rules.registry import Catalogue, Rule, Told
from streams.store import keys as k
from streams.store.kv import Store

Keys: TypeAlias = tuple[tuple[str, Key, tuple[str, ...]], ...]  # (measure, key, evidence event ids)
Announcement = tuple[str, bytes, bytes]


class Telling:
    """What the dossiers of a partition told, and what they tell now; `revise` gives the next revision."""

    def __init__(self, store: Store, rules: Iterable[Rule], revise: Callable[[], Revision]) -> None:
        self._store, self._revise = store, revise
        self._telling = Catalogue(rule for rule in rules if rule.tells is not None)

    def changes(self, view: JourneyView | SumsView) -> list[Announcement]:
        """Statements that differ from those told before; empty ones to whom the dossier has nothing to tell any more."""
        saying: dict[str, list[tuple[str, Key, tuple[str, ...]]]] = {}
        for about, measure, key, events in self._told_by(view):
            saying.setdefault(about, []).append((measure, key, events))
        before = self.said(view.id)
        now = {about: sorted(keys) for about, keys in saying.items()}
        changed = [about for about in sorted(before.keys() | now.keys())
                   if encode(before.get(about, [])) != encode(now.get(about, []))]  # fmt: skip
        if not changed:
            return []
        self._store.put(k.key(k.TOLD, view.id), encode(now))
        return [self._statement(view.id, about, tuple(now.get(about, []))) for about in changed]

    def _told_by(self, view: JourneyView | SumsView) -> Iterable[Told]:
        """A journey that is no longer produced has no facts, and tells nothing."""
        if isinstance(view, SumsView):
            rules: Iterable[Rule] = self._telling.of(view.kind)
        else:
            rules = self._telling.of("journey") if view.person else self._telling.weak
            rules = [rule for rule in rules if not rule.reads.isdisjoint(view.types)]
        return (each for rule in rules if rule.tells is not None for each in rule.tells(view))

    def kept(self, subject: str) -> bytes:
        """All that a dossier told last, as its entry keeps it."""
        return self._store.get(k.key(k.TOLD, subject)) or b""

    def again(self, teller: str, about: str) -> Announcement:
        """What a dossier told another last, said again."""
        keys = tuple((measure, tuple(key), tuple(events)) for measure, key, events in self.said(teller).get(about, ()))
        return self._statement(teller, about, keys)

    def said(self, teller: str) -> dict[str, Any]:
        """What a dossier told others last, by whom it is about."""
        stored = self._store.get(k.key(k.TOLD, teller))
        return msgspec.msgpack.decode(stored) if stored is not None else {}

    def _statement(self, teller: str, about: str, keys: Keys) -> Announcement:
        home = home_of(about)
        said = Statement(teller=teller, about=about, revision=self._revise(), keys=keys)
        return "feed", home.encode(), frames.encode(Frame(home, (), (said,)))
