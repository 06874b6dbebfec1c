"""Sessions: who has a lasting handle, and how a request's settings stay that request's own.

clickhouse-connect names a session in every request. Only SET, USE and temporary tables need one; all else gets a fresh
handle that is thrown away, so that nothing of a request can reach the next (engines.md C2.6: a token left on a session's
handle made every later insert a silent duplicate). On a lasting handle each setting is put back to what it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock

from infra.embedded.clickhouse.call import Call
from infra.embedded.clickhouse.engine import Engine, Handle, named, quoted
from infra.embedded.clickhouse.errors import (
    READONLY,
    SESSION_IS_LOCKED,
    SESSION_NOT_FOUND,
    TOO_MANY_SESSIONS,
    EngineError,
)

_LIMIT = 1000  # named sessions at once; each that keeps state holds a connection


@dataclass
class _Session:
    handle: Handle | None = None
    busy: bool = False
    expires: float = 0.0


class Sessions:
    """The named sessions of a front. Thread-safe."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._known: dict[str, _Session] = {}
        self._lock = Lock()

    @contextmanager
    def handle(self, call: Call) -> Iterator[Handle]:
        """A handle that is set up for this call and nobody else's meanwhile.

        Raises EngineError: 372 for an unknown session with session_check, 373 for a busy one, 164 for a read-only
        request that would have to change a session that keeps state.
        """
        if not call.session:
            with self._fresh(call) as handle:
                yield handle
            return
        session = self._enter(call)
        try:
            with self._within(session, call) as handle:
                yield handle
        finally:
            with self._lock:
                session.busy, session.expires = False, self._clock() + call.session_seconds

    def close(self) -> None:
        """Close every session's handle."""
        with self._lock:
            for session in self._known.values():
                _drop(session)
            self._known.clear()

    def _enter(self, call: Call) -> _Session:
        with self._lock:
            self._expire()
            session = self._known.get(call.session)
            if session is None:
                session = self._new(call)
            if session.busy:
                raise EngineError(SESSION_IS_LOCKED, "SESSION_IS_LOCKED", "Session is locked by a concurrent client")
            session.busy = True
            return session

    def _new(self, call: Call) -> _Session:
        if call.session_check:
            raise EngineError(SESSION_NOT_FOUND, "SESSION_NOT_FOUND", "Session not found or it has expired")
        if len(self._known) >= _LIMIT:
            raise EngineError(TOO_MANY_SESSIONS, "TOO_MANY_SIMULTANEOUS_QUERIES", f"Over {_LIMIT} sessions are open")
        return self._known.setdefault(call.session, _Session())

    def _expire(self) -> None:
        now = self._clock()
        for name in [n for n, s in self._known.items() if not s.busy and s.expires < now]:
            _drop(self._known.pop(name))

    @contextmanager
    def _within(self, session: _Session, call: Call) -> Iterator[Handle]:
        if session.handle is None and not call.statement.keeps_state:
            with self._fresh(call) as handle:
                yield handle
            return
        if call.readonly and not call.statement.reads:
            raise EngineError(READONLY, "READONLY", "Cannot execute query in readonly mode")
        session.handle = session.handle or self._engine.handle()
        with _borrowed(session, session.handle, call):
            yield session.handle

    @contextmanager
    def _fresh(self, call: Call) -> Iterator[Handle]:
        handle = self._engine.handle()
        try:
            _dress(handle, call.database, call.settings)
            yield handle
        finally:
            handle.close()


def _dress(handle: Handle, database: str, settings: dict[str, str]) -> None:
    if database:
        handle.use(database)
    for name in sorted(settings, key=lambda name: name == "readonly"):  # last: nothing can be set after it
        handle.set(name, settings[name])


@contextmanager
def _borrowed(session: _Session, handle: Handle, call: Call) -> Iterator[None]:
    """Set a request's settings on a lasting handle and put them back; a handle that cannot be put back is dropped."""
    settings = {name: value for name, value in call.settings.items() if name != "readonly"}
    before = _settings(handle, settings)
    database = handle.query("SELECT currentDatabase() FORMAT TSVRaw").data.decode().rstrip("\n")
    done: list[str] = []
    try:
        if call.database:
            handle.use(call.database)
        for name, value in settings.items():
            handle.set(name, value)
            done.append(name)
        yield
    finally:
        try:
            _restore(handle, done, before, database if call.database else "")
        except EngineError:
            _drop(session)
            raise


def _settings(handle: Handle, names: dict[str, str]) -> dict[str, str]:
    """The current values of those of these settings that are not at their defaults."""
    if not names:
        return {}
    wanted = ", ".join(quoted(name) for name in names)
    sql = f"SELECT name, value FROM system.settings WHERE changed AND name IN ({wanted}) FORMAT TSVRaw"  # noqa: S608  # quoted
    lines = handle.query(sql).data.decode().splitlines()
    return {name: value for name, _, value in (line.partition("\t") for line in lines)}


def _restore(handle: Handle, settings: list[str], before: dict[str, str], database: str) -> None:
    if database:
        handle.use(database)
    for name in settings:
        if name in before:
            handle.set(name, before[name])
        else:
            handle.query(f"SET {named(name)} = DEFAULT")


def _drop(session: _Session) -> None:
    if session.handle is not None:
        with suppress(EngineError):
            session.handle.close()
        session.handle = None
