"""The HTTP side of the front: requests in, answers out, on loopback only."""

from __future__ import annotations

import asyncio
import json
import logging
import string
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDictProxy

from infra.embedded.clickhouse import call, codecs
from infra.embedded.clickhouse.call import Call
from infra.embedded.clickhouse.engine import Answer, Engine
from infra.embedded.clickhouse.errors import INCORRECT_DATA, NOT_IMPLEMENTED, QUERY_IS_TOO_LARGE, EngineError
from infra.embedded.clickhouse.guests import MOST_BODY, Guest, Guests
from infra.embedded.clickhouse.sessions import Sessions

log = logging.getLogger(__name__)

_THREADS = 8  # statements at once; the engine itself is threaded
_MAX_BODY = 1 << 30
_TOO_LARGE = EngineError(QUERY_IS_TOO_LARGE, "QUERY_IS_TOO_LARGE", "The body is too large: 1 GiB is the most, 64 KiB of a guest")
_NO_SPACE = frozenset({"NOT_ENOUGH_SPACE", "CANNOT_WRITE_TO_FILE_DESCRIPTOR", "CANNOT_RESERVE_SPACE"})


class Front:
    """The engine on one data directory, answering HTTP requests that carry the owner's password, or a guest's."""

    def __init__(self, data: Path, password: str, user: str = "default", guests: Guests | None = None) -> None:
        """Open the data directory. Raises EngineError."""
        self._guests = guests or Guests({})
        self._engine = Engine(data)
        self._data, self._quiet_until = data, 0.0
        self._sessions = Sessions(self._engine)
        self._user, self._password = user, password
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="clickhouse")

    def app(self) -> web.Application:
        """The web application; `AppRunner(app, auto_decompress=False)` runs it, since bodies are decoded here."""
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_get("/ping", _ok)
        app.router.add_route("*", "/", self._answer)
        return app

    def close(self) -> None:
        """Let running statements end, then close the engine."""
        self._pool.shutdown(wait=True)
        self._sessions.close()
        self._engine.close()

    async def _answer(self, request: web.Request) -> web.Response:
        if request.method in ("GET", "HEAD") and not request.query_string:
            return await _ok(request)
        query_id = request.query.get("query_id") or str(uuid.uuid4())
        try:
            asked, answer = await self._run(request)
        except web.HTTPRequestEntityTooLarge:
            return self._failed(_TOO_LARGE, query_id)
        except EngineError as error:
            return self._failed(error, query_id)
        zone = asked.settings.get("session_timezone") or self._engine.timezone
        headers = _headers(query_id) | {
            "X-ClickHouse-Format": _in_header(asked.fmt),
            "X-ClickHouse-Timezone": _in_header(zone),
            "X-ClickHouse-Summary": _summary(answer),
        }
        return _response(answer.data, asked, request.headers, headers)

    async def _run(self, request: web.Request) -> tuple[Call, Answer]:
        call.legible(request.query, request.headers)
        guest = self._known(request)
        _small(request, guest)
        url, body = await _contents(request, _MAX_BODY if guest is None else MOST_BODY)
        asked = call.read(request.method, url, request.headers, body)
        if guest is not None:
            self._guests.count(guest)
            asked = guest.permitted(asked)
        loop = asyncio.get_running_loop()
        return asked, await loop.run_in_executor(self._pool, self._execute, asked)

    def _known(self, request: web.Request) -> Guest | None:
        """The guest who asks, None for the owner: by what URL and headers say, before anything is read. Raises EngineError 516."""
        given = call.credentials(request.query, request.headers)
        if call.owns(self._user, self._password, given):
            return None
        if (guest := self._guests.named(*given)) is None:
            raise call.unknown(given[0])
        return guest

    def _execute(self, asked: Call) -> Answer:
        with self._sessions.handle(asked) as handle:
            statement = asked.statement
            if statement.data is None or statement.fmt is None:
                return handle.query(statement.sql, asked.default_fmt, asked.params)
            for name, value in asked.params.items():
                handle.set(f"param_{name}", value)
            return handle.insert(statement.sql, statement.fmt, statement.data)

    def _failed(self, error: EngineError, query_id: str) -> web.Response:
        if (error.name in _NO_SPACE or "No space left" in error.text) and time.monotonic() > self._quiet_until:
            self._quiet_until = time.monotonic() + 60  # once a minute: clients try again all the time
            log.error("the disk of %s is full: free some space there; nothing that was acknowledged is lost", self._data)
        headers = _headers(query_id) | {"X-ClickHouse-Exception-Code": str(error.code)}
        return web.Response(text=error.body(self._engine.version), status=error.status, headers=headers)


async def _ok(_: web.Request) -> web.Response:
    return web.Response(text="Ok.\n")


def _small(request: web.Request, guest: Guest | None) -> None:
    """Refuses a body by the size that it declares, before any of it is kept; a guest's has to declare one. Raises EngineError."""
    declared, most = request.content_length, _MAX_BODY if guest is None else MOST_BODY
    if (declared or 0) > most or (guest is not None and declared is None and request.body_exists):
        raise _TOO_LARGE


async def _contents(request: web.Request, most: int) -> tuple[dict[str, str], bytes]:
    """URL parameters (with a form's fields) and the body in clear, which may not be larger than it may be packed. Raises EngineError."""
    url = dict(request.query)
    if request.content_type == "multipart/form-data":
        return url | await _form(request), b""
    body = await request.read()
    if (clear := codecs.decode(body, request.headers.get("Content-Encoding", "").lower(), most)) is None:
        raise _TOO_LARGE
    return url, clear


async def _form(request: web.Request) -> dict[str, str]:
    fields: dict[str, str] = {}
    try:
        found = await request.post()
    except (ValueError, LookupError, AssertionError, HttpProcessingError) as problem:  # aiohttp's, of a form that is damaged
        raise EngineError(INCORRECT_DATA, "INCORRECT_DATA", f"The form cannot be read ({type(problem).__name__})") from None
    for name, value in found.items():
        if not isinstance(value, str):
            raise EngineError(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "External data tables are not offered here")
        fields[name] = value
    return fields


def _headers(query_id: str) -> dict[str, str]:
    return {"X-ClickHouse-Query-Id": _in_header(query_id), "X-ClickHouse-Server-Display-Name": "fairpassage"}


def _in_header(text: str) -> str:
    """What a client chose, without what would end a header and begin another."""
    return quote(text, safe=string.punctuation + " ")


def _summary(answer: Answer) -> str:
    numbers = {
        "read_rows": answer.read_rows,
        "read_bytes": answer.read_bytes,
        "written_rows": answer.written_rows,
        "written_bytes": answer.written_bytes,
        "total_rows_to_read": 0,
        "result_rows": 0,
        "result_bytes": len(answer.data),
        "elapsed_ns": answer.elapsed_ns,
    }
    return json.dumps({name: str(number) for name, number in numbers.items()})


def _response(data: bytes, asked: Call, given: CIMultiDictProxy[str] | Mapping[str, str], headers: dict[str, str]) -> web.Response:
    kind = "application/json" if asked.fmt.startswith("JSON") else "application/octet-stream"
    if asked.fmt in ("TabSeparated", "TSV"):
        kind = "text/tab-separated-values; charset=UTF-8"
    if asked.settings.get("enable_http_compression") == "1":
        encoding = codecs.chosen(given.get("Accept-Encoding", ""))
        if encoding and data:
            data, headers = codecs.encode(data, encoding), headers | {"Content-Encoding": encoding}
    return web.Response(body=data, headers=headers | {"Content-Type": kind})
