"""One HTTP request, read as what it asks of the engine: a statement, its data, settings, parameters, a session."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.embedded.clickhouse import statements
from infra.embedded.clickhouse.errors import (
    AUTHENTICATION_FAILED,
    INCORRECT_DATA,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    EngineError,
)

# URL parameters of the interface itself; every other one is a setting of this request alone.
_INTERFACE = frozenset(
    {"query", "database", "user", "password", "default_format", "session_id", "session_timeout", "session_check",
     "close_session", "query_id", "quota_key", "buffer_size", "wait_end_of_query", "client_protocol_version", "role",
     "compress", "decompress", "stacktrace"}
)  # fmt: skip
_MAX_SESSION_SECONDS = 3600


@dataclass(frozen=True)
class Call:
    """What a request asks for. `settings` hold for it alone; `params` are values of `{name:Type}` placeholders."""

    statement: statements.Statement
    default_fmt: str
    settings: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    database: str = ""
    session: str = ""
    session_seconds: int = 60
    session_check: bool = False
    query_id: str = ""

    @property
    def fmt(self) -> str:
        """The format of the answer."""
        return self.statement.fmt or self.default_fmt

    @property
    def readonly(self) -> bool:
        """Whether the request may not change anything (GET, or its own setting)."""
        return self.settings.get("readonly", "0") not in ("", "0")


def owns(user: str, password: str, given: tuple[str, str]) -> bool:
    """Whether these are the credentials of the front's owner."""
    right = hmac.compare_digest(given[0].encode(), user.encode())
    return hmac.compare_digest(given[1].encode(), password.encode()) and right


def unknown(user: str) -> EngineError:
    """What somebody hears whom the front does not know."""
    return EngineError(AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED",
                       f"{user}: Authentication failed: password is incorrect, or there is no user with such name.")  # fmt: skip


def credentials(url: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """User and password of Basic, of X-ClickHouse-User and -Key, or of the URL."""
    scheme, _, secret = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except ValueError:  # no base64, not even ASCII, or no UTF-8 within
            return "", ""
        return user, password
    if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    return url.get("user", "default"), url.get("password", "")


def legible(*given: Mapping[str, str]) -> None:
    """Refuses what is no UTF-8 in URL or headers, where aiohttp leaves lone surrogates in its place. Raises EngineError."""
    for each in given:
        for name, value in each.items():
            try:
                f"{name}{value}".encode()
            except UnicodeEncodeError:
                raise EngineError(INCORRECT_DATA, "INCORRECT_DATA", "The URL or a header is not UTF-8") from None


def read(method: str, url: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Call:
    """A request as a Call. Raises EngineError for what this front cannot do or cannot read."""
    for name in ("compress", "decompress"):
        if url.get(name, "0") not in ("", "0"):
            raise _refused(f"{name}=1 (ClickHouse's own block compression) is not offered here; use Content-Encoding")
    settings = {k: v for k, v in url.items() if k not in _INTERFACE and not k.startswith("param_")}
    if method == "GET":  # as a server has it: GET never changes anything
        settings["readonly"] = settings.get("readonly", "2") if settings.get("readonly") not in ("", "0") else "2"
    statement = _statement(url.get("query", ""), body)
    return Call(
        statement=statement,
        default_fmt=url.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated",
        settings=settings,
        params={k.removeprefix("param_"): v for k, v in url.items() if k.startswith("param_")},
        database=url.get("database") or headers.get("X-ClickHouse-Database") or "",
        session=url.get("session_id", ""),
        session_seconds=_seconds(url.get("session_timeout", "60")),
        session_check=url.get("session_check", "0") == "1",
        query_id=url.get("query_id", ""),
    )


def _statement(query: str, body: bytes) -> statements.Statement:
    text = query.encode()
    if text and body:
        text += b"\n"
    try:
        found = statements.parse(text + body)
    except UnicodeDecodeError:
        raise EngineError(INCORRECT_DATA, "INCORRECT_DATA", "The statement is not UTF-8") from None
    if not found.words and not found.sql.strip():
        raise EngineError(SYNTAX_ERROR, "SYNTAX_ERROR", "Empty query")
    if found.several:
        raise EngineError(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed")
    if "OUTFILE" in found.words or "INFILE" in found.words:
        raise _refused("INTO OUTFILE and FROM INFILE are for the command-line client")
    return found


def _refused(reason: str) -> EngineError:
    return EngineError(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", reason)


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) > _MAX_SESSION_SECONDS:
        raise EngineError(374, "INVALID_SESSION_TIMEOUT", f"Invalid session timeout: {text[:20]!r} (0 to 3600 s)")
    return int(text)
