"""HTTP as the ClickHouse front hears it: bytes from a socket, through aiohttp's parser and the front's own, to the engine's door.

The engine is one that answers everything: what a statement does is ClickHouse's. An input is what a client sends, as it is.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from functools import cache
from random import Random
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from infra.embedded.clickhouse import codecs
from infra.embedded.clickhouse.call import Call
from infra.embedded.clickhouse.engine import Answer
from infra.embedded.clickhouse.errors import EngineError
from infra.embedded.clickhouse.guests import Guest, Guests
from infra.embedded.clickhouse.server import Front
from tests.fuzz.mutating import TEXTS, mutated
from tests.fuzz.target import ACCEPTED, Target, Wrong

_OWNER = "owner-password"
_GUEST = "guest-password"
_STEPS = 200  # of the loop; an answer is there after ten
_OUR_STATUSES = frozenset({200, 400, 403, 404, 408, 413, 500, 501, 503})


class _Inline(Executor):
    """Runs at once, in the caller's thread."""

    def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(call(*given, **named))
        except Exception as problem:  # noqa: BLE001 - a pool keeps what its call raised
            done.set_exception(problem)
        return done


class _Engine:
    """Answers everything."""

    timezone, version = "UTC", "0"


class _Asked(Front):
    """The front without its engine: a call is looked at as the engine's door would, and answered."""

    def __init__(self) -> None:
        guest = Guest("embassy.NP-QA", _GUEST, ("audience_alerts",), {"audience": "embassy.NP-QA"})
        self._guests, self._engine, self._pool = Guests({guest.name: guest}), _Engine(), _Inline()  # type: ignore[assignment]
        self._user, self._password = "default", _OWNER
        self._quiet_until = 0.0

    def _execute(self, asked: Call) -> Answer:
        self._guests._asked.clear()  # no quota: every input is the first
        if not re.fullmatch(r"\w{1,60}", asked.fmt, re.ASCII):
            raise EngineError(73, "UNKNOWN_FORMAT", "Unknown format")
        for text in (asked.statement.sql, asked.fmt, asked.database, asked.session, *asked.settings, *asked.params):
            text.encode()
        asked.statement.keeps_state, asked.readonly, asked.statement.reads  # noqa: B018 - each is looked at before the engine is
        return Answer(b"1\n")


class _Wire(asyncio.Transport):
    """A connection's end: keeps what is answered."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.said, self.closed = bytearray(), False

    def write(self, data: Any) -> None:
        self.said += data

    def writelines(self, list_of_data: Any) -> None:
        self.said += b"".join(list_of_data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """Nothing more comes in any case."""

    def resume_reading(self) -> None:
        """The same."""


class _Listener(logging.Handler):
    """What aiohttp says of an error that no one caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.problem: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        problem = record.exc_info[1] if record.exc_info else None
        if problem is not None and not isinstance(problem, HttpProcessingError):  # what is no HTTP is aiohttp's to refuse
            self.problem = problem


class _Site:
    """A front's protocol, in a loop of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.heard = _Listener()
        for name in ("aiohttp.server", "aiohttp.web", "asyncio"):
            logging.getLogger(name).addHandler(self.heard)
            logging.getLogger(name).propagate = False
        self._runner = web.AppRunner(_Asked().app(), auto_decompress=False, access_log=None)
        self.loop.run_until_complete(self._runner.setup())

    def answered(self, data: bytes) -> bytes:
        """What a client that sends this and nothing more hears. Raises what nobody caught."""
        self.heard.problem = None
        said = self.loop.run_until_complete(self._spoken(data))
        if self.heard.problem is not None:
            raise self.heard.problem
        return said

    async def _spoken(self, data: bytes) -> bytes:
        assert self._runner.server is not None
        protocol, wire = self._runner.server(), _Wire()
        protocol.connection_made(wire)
        await asyncio.sleep(0)
        protocol.data_received(data)
        quiet = 0
        for _ in range(_STEPS):
            before = len(wire.said)
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(wire.said) == before else 0
            if wire.closed or quiet > 15:
                break
        problem = self.heard.problem
        protocol.connection_lost(None)
        await asyncio.sleep(0)
        self.heard.problem = problem  # that a client went away is nothing
        return bytes(wire.said)


@cache
def _site() -> _Site:
    return _Site()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


_STATEMENTS = (
    "SELECT 1", "SELECT version(), timezone()", "SELECT 1 FORMAT JSON SETTINGS max_threads = 1",
    "INSERT INTO t (a) FORMAT Native\n\x00\x01",
    "INSERT INTO t VALUES (1, 'x')", "SELECT ';' -- x\n; SELECT 2", "SELECT $a$;$a$, `b`, \"c\" /* d */ # e\n", "SET max_threads = 1",
    "CREATE TEMPORARY TABLE t (a Int8)",
    "SELECT * FROM audience_alerts(audience = {audience:String}) ORDER BY raised_at LIMIT 10 FORMAT TSV",
    "INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\n1", "SELECT * INTO OUTFILE 'x' FROM t", "",
)  # fmt: skip
_NAMES = ("query", "database", "user", "password", "default_format", "session_id", "session_timeout", "session_check", "query_id",
          "compress",
          "param_audience", "readonly", "enable_http_compression", "session_timezone", "max_threads", "wait_end_of_query", "decompress",
          "role")  # fmt: skip
_PIECES = ("'", '"', "`", "$", "$a$", "$b$", "/*", "*/", "--", "\n", ";", "\\", "''", "FORMAT", "VALUES", "INSERT", "SETTINGS", "#!", " ",
           "1", "a",
           "\u00df", "\u0130", "(", "{x:String}", "\0")  # fmt: skip
_HEADERS = ("X-ClickHouse-User: default", "X-ClickHouse-Key: x", "X-ClickHouse-Format: JSON", "X-ClickHouse-Database: d",
            "Accept-Encoding: lz4",
            "Accept-Encoding: gzip;q=1, zstd", "Transfer-Encoding: chunked", "Expect: 100-continue", "Connection: close",
            "Upgrade: websocket",
            "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 5",
            "Content-Length: 99999999999", "Content-Encoding: br", "Authorization: Basic", "Authorization: Basic \u00e9", "Cookie: a=b",
            "Authorization: Bearer x", "Host: x", "Range: bytes=0-")  # fmt: skip


def _request(method: str, query: dict[str, str], headers: Sequence[str], body: bytes) -> bytes:
    pairs = "&".join(f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, value in query.items())
    lines = [f"{method} /?{pairs} HTTP/1.1", "Host: 127.0.0.1", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + body


@cache
def seeds() -> tuple[bytes, ...]:
    """Each kind of statement, in URL and body, of the owner and of a guest; each encoding; a form; a ping."""
    found = [b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"]
    for who in (_basic("default", _OWNER), _basic("embassy.NP-QA", _GUEST)):
        known = [f"Authorization: {who}"]
        found += [_request("POST", {"session_id": "s"}, known, each.encode()) for each in _STATEMENTS]
        found += [_request("GET", {"query": each, "param_audience": "x"}, known, b"") for each in _STATEMENTS]
        found += [_request("POST", {"query": "INSERT INTO t FORMAT CSV"}, [*known, f"Content-Encoding: {each}"],
        codecs.encode(b"1,2\n" * 20, each))
                  for each in ("lz4", "zstd", "gzip", "deflate")]  # fmt: skip
        form = b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT 1\r\n--x--\r\n'
        found.append(_request("POST", {}, [*known, "Content-Type: multipart/form-data; boundary=x"], form))
    return tuple(found)


def made(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """A request made of strange parts, or a good one with bytes changed, anywhere or in the body alone."""
    kind = rng.random()
    if kind < 0.3:
        return mutated(rng, rng.choice(seeds), seeds)
    if kind < 0.5:
        head, _, body = rng.choice(seeds).partition(b"\r\n\r\n")
        body = mutated(rng, body, [body])[:60_000]
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
        return b"\r\n".join((*lines, b"Content-Length: %d" % len(body), b"", body))
    headers = rng.sample(_HEADERS, rng.choice((0, 0, 1, 2)))
    who = _basic("default", _OWNER) if rng.random() < 0.6 else _basic("embassy.NP-QA", _GUEST)
    headers = [*headers, f"Authorization: {who}"] if rng.random() < 0.85 else headers
    query = {name: _value(rng) for name in rng.sample(_NAMES, rng.choice((0, 1, 2, 4)))}
    method = rng.choice(("POST", "POST", "GET", "HEAD", "PUT", "OPTIONS", "DELETE"))
    return _request(method, query, headers, b"" if method in ("GET", "HEAD") else _value(rng).encode("utf-8", "replace"))


def _value(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(_STATEMENTS)
    if kind < 0.6:
        return rng.choice((*TEXTS, "1", "0", "60", "9" * 5_000, "UTC", "JSONEachRow")).encode("utf-8", "replace").decode()
    pieces = "".join(rng.choice(_PIECES) for _ in range(rng.choice((3, 10, 30))))
    return pieces if rng.random() < 0.98 else (pieces * 3_000)[:30_000]


def verdict(data: bytes) -> str:
    """An answer of the front's, or aiohttp's 400 to what is no HTTP; no answer to what is not a whole request."""
    said = _site().answered(data)
    if not said:
        return "unanswered"
    if not said.startswith(b"HTTP/"):
        raise Wrong("no HTTP", f"{said[:60]!r}")
    status = int(said[9:12])
    head = said.partition(b"\r\n\r\n")[0]
    ours = b"X-ClickHouse-Exception-Code" in head
    if status == 100:
        return "continue"
    if status not in _OUR_STATUSES | {405} or (status == 500 and not ours):
        raise Wrong(f"status {status}", f"{said[:200]!r}")
    if status == 200:
        return ACCEPTED
    name = head.partition(b"X-ClickHouse-Exception-Code: ")[2].partition(b"\r\n")[0].decode() if ours else ""
    return f"EngineError {name}" if ours else f"HTTP {status}"


TARGET = Target(
    "requests",
    "HTTP to the ClickHouse front: aiohttp's parser and the front's own, of its owner and of guests",
    300, seeds, made, verdict,
)
