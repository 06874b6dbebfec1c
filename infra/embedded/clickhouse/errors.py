"""Errors as a ClickHouse server reports them: a code, a name, an HTTP status and one text that clients parse."""

from __future__ import annotations

import re

VERSION_SUFFIX = re.compile(r"\s*\(version [^)]*\)\s*$")
CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")
NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)\s*$")

SYNTAX_ERROR, UNKNOWN_TABLE, NOT_IMPLEMENTED, READONLY = 62, 60, 48, 164
SESSION_NOT_FOUND, SESSION_IS_LOCKED, AUTHENTICATION_FAILED, INCORRECT_DATA = 372, 373, 516, 117
NOT_ENOUGH_SPACE, UNKNOWN_COMPRESSION_METHOD, TOO_MANY_SESSIONS, QUERY_IS_TOO_LARGE = 243, 89, 202, 55

# As a server answers (it is what clients retry on): 503 is retried by clickhouse-connect, 4xx is not.
_STATUS: dict[int, int] = {
    **dict.fromkeys((6, 26, 27, 38, 41, 53, 62, 69, 70, 72, 117, 372, 373, 403, 441, 457, 376, 43, 42, 36, 89), 400),
    **dict.fromkeys((16, 46, 47, 50, 56, 60, 81, 115, 107, 218), 404),
    **dict.fromkeys((192, 193, 497, 516, 164), 403),
    **dict.fromkeys((55,), 413),
    **dict.fromkeys((48,), 501),
    **dict.fromkeys((159,), 408),
    **dict.fromkeys((202, 209, 439), 503),
}


class EngineError(Exception):
    """A failed statement. `code` and `name` are ClickHouse's; `text` is its message, without code, name or version."""

    def __init__(self, code: int, name: str, text: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {text} ({name})")
        self.code, self.name, self.text = code, name, text

    @property
    def status(self) -> int:
        """The HTTP status a server answers with."""
        return _STATUS.get(self.code, 500)

    def body(self, version: str) -> str:
        """The body of the answer, 'Code: 60. DB::Exception: ... (UNKNOWN_TABLE) (version 26.9.2.1)'."""
        return f"Code: {self.code}. DB::Exception: {self.text} ({self.name}) (version {version})\n"


def parse(message: str) -> EngineError:
    """An EngineError from the engine's own text; code 1001 (STD_EXCEPTION) when it names none."""
    text = VERSION_SUFFIX.sub("", message.strip())
    code, name = CODE.search(text), NAME.search(text)
    inner = text[code.end() if code else 0 : name.start() if name else len(text)].strip()
    return EngineError(int(code[1]) if code else 1001, name[1] if name else "STD_EXCEPTION", inner)
