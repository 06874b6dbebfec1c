"""Schemas of writers that no release here has, from the registry: Confluent's ids, and later versions by their fingerprint.

A worker asks for none while it decodes. What the registry has of a topic is read when the worker starts, and again when a record
names a schema that is not known yet; away or slow, it costs a batch some seconds, and not again for a while. What was read is kept as
long as the process lives. A version that our guard would not release is no writer's.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from infra.registry.client import Away, Registry, Version
from infra.registry.contracts import alike, refusal, subject
from schemas.codec import DecodeError, Written, fingerprint
from schemas.composition import versions

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds before a topic is asked for again when the registry had answered
AWAY = 15.0  # and when it had not
PATIENCE = 5.0  # seconds of one reading; what was read by then is kept, and the rest read later


class Writers:
    """Looks schemas up: call it for one that was read, `asking` for one that may still have to be. `clock` is in seconds."""

    def __init__(self, registry: Registry, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry, self._clock = registry, clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, Written], Mapping[str, Any] | None] = {}
        self._next: dict[str, float] = {}
        self._away: set[str] = set()

    def __call__(self, topic: str, written: Written) -> Mapping[str, Any] | None:
        """The schema, as far as it was read; None where the registry has none. Raises DecodeError while the registry is away."""
        if (topic, written) not in self._known and topic in self._away:
            raise DecodeError("registry_away", "only the schema registry knows its schema, and does not answer: replay it when it does")
        return self._known.get((topic, written))

    def asking(self, topic: str, written: Written) -> Mapping[str, Any] | None:
        """The same for who can wait for the registry, and must not take its absence for an answer. Raises Away."""
        if (topic, written) not in self._known:
            self.load([topic])
        if topic in self._away:
            raise Away(f"the schema registry at {self._registry.url} does not answer")
        return self._known.get((topic, written))

    async def look_for(self, wanted: Iterable[tuple[str, Written]]) -> None:
        """Reads the topics of what is not known yet, beside the event loop. A registry that is away is logged, and no error."""
        topics = {topic for topic, written in wanted if (topic, written) not in self._known}
        if any(self._due(topic) for topic in topics):
            await asyncio.to_thread(self.begin, sorted(topics))

    def begin(self, topics: Iterable[str]) -> None:
        """Reads what the registry has of these topics, if it answers: without it nothing stops."""
        try:
            self.load(topics)
        except Away as problem:
            log.warning("the schema registry does not answer", extra={"why": problem.message})

    def load(self, topics: Iterable[str]) -> None:
        """Reads the versions of topics that were not just asked for. Raises Away."""
        with self._lock:
            due, until = [topic for topic in topics if self._due(topic)], self._clock() + PATIENCE
            for place, topic in enumerate(due):
                try:
                    found = self._versions(topic, until)
                except Away:
                    self._away.update(due[place:])
                    self._next.update(dict.fromkeys(due[place:], self._clock() + AWAY))
                    raise
                self._take(topic, found)
                self._away.discard(topic)
                self._next[topic] = self._clock() + PAUSE

    def _versions(self, topic: str, until: float) -> list[Version]:
        if self._clock() >= until:
            raise Away(f"the schema registry at {self._registry.url} answers too slowly")
        return self._registry.versions(subject(topic).name)

    def _due(self, topic: str) -> bool:
        return self._clock() >= self._next.get(topic, 0.0)

    def _take(self, topic: str, found: Iterable[Version]) -> None:
        for version in found:
            if (topic, version.id) in self._known:
                continue
            if why := _why_not(topic, version.schema):
                told = {"topic": topic, "version": version.number, "why": why[:300]}
                log.warning("a version in the schema registry is not used", extra=told)
            self._known[topic, version.id] = None if why else version.schema
            if not why:
                self._known[topic, fingerprint(version.schema)] = version.schema


def _why_not(topic: str, schema: Mapping[str, Any]) -> str:
    """Why a schema is neither a release nor one that may follow the last; '' when it is."""
    released = _released(topic)
    return "" if any(alike(each, schema) for each in released) else refusal(topic, schema, released[-1])


@cache
def _released(topic: str) -> list[dict[str, Any]]:
    return versions(topic)
