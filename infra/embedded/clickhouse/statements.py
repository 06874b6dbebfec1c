"""Just enough SQL lexing to tell statements apart: the first words, the FORMAT clause, where inserted data begin.

Works on bytes, since an INSERT's body is one statement followed by data in any encoding. What is opened and never closed goes
to the end, as the engine has it, so that a text costs what its length is, whatever stands in it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""(?P<blank>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<quoted>'(?:[^'\\]|\\.|'')*+(?:'|\\?\Z)|"(?:[^"\\]|\\.|"")*+(?:"|\\?\Z)|`(?:[^`\\]|\\.|``)*+(?:`|\\?\Z))
    |(?P<tag>\$\w*\$)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<end>;)
    |(?P<other>\d[\w.]*|.)""",
    re.VERBOSE | re.DOTALL,
)
_AFTER_FORMAT = re.compile(rb"[ \t]*;?[ \t]*(?:\r?\n)?")
READS = frozenset({"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK", "USE", "SET"})


@dataclass(frozen=True)
class Statement:
    """One statement. `fmt` is its FORMAT clause if it has one; `data` what follows that clause in an INSERT."""

    sql: str
    words: tuple[str, ...]
    fmt: str | None = None
    data: bytes | None = None
    several: bool = False

    @property
    def reads(self) -> bool:
        """Whether it leaves tables alone, as far as its first word tells."""
        return not self.words or self.words[0] in READS

    @property
    def keeps_state(self) -> bool:
        """Whether its effect is the session's: SET, USE, a temporary table."""
        temporary = "TEMPORARY" in itertools.takewhile(lambda word: word != "TABLE", self.words)
        return self.words[:1] in (("SET",), ("USE",)) or (self.words[:1] == ("CREATE",) and temporary)


def _tokens(text: bytes) -> Iterator[tuple[str, bytes, int, int]]:
    at, open_ended = 0, set[bytes]()
    while found := _TOKEN.match(text, at):
        kind, token, start, at = found.lastgroup or "other", found.group(), found.start(), found.end()
        if kind == "tag":  # a heredoc, where the same tag comes again; else a sign of its own
            end = -1 if token in open_ended else text.find(token, at)
            open_ended |= {token} if end < 0 else set()
            kind, at = "other", start + 1 if end < 0 else end + len(token)
        if kind != "blank":
            yield kind, text[start:at], start, at


def parse(text: bytes) -> Statement:
    """A statement from a request's text (URL query, newline, body). Raises UnicodeDecodeError outside inserted data."""
    words: list[str] = []
    fmt: str | None = None
    after_format = ended = settled = False
    for kind, token, _, end in _tokens(text):
        if ended:
            return Statement(text.decode(), tuple(words), fmt, several=True)
        upper = token.upper().decode("ascii") if kind == "word" else ""
        if after_format and upper:
            after_format, fmt = False, token.decode("ascii")
            if takes_data(words):
                return _insert(text, words, fmt, end)
            continue
        if upper == "VALUES" and words[:1] == ["INSERT"] and "SELECT" not in words:
            break  # the engine reads the rows itself
        after_format, ended = upper == "FORMAT", kind == "end"
        settled = settled or (fmt is not None and upper == "SETTINGS")
        if not ended and not settled:
            fmt = None  # `format` was a name: the clause stands at the end, before SETTINGS at most
        if upper and not after_format:
            words.append(upper)
    return Statement(text.decode(), tuple(words), fmt)


def takes_data(words: list[str]) -> bool:
    """Whether an INSERT with a FORMAT clause is followed by data: it has no SELECT, or one from input()."""
    return words[:1] == ["INSERT"] and (not {"SELECT", "WITH"} & set(words) or "INPUT" in words)


def _insert(text: bytes, words: list[str], fmt: str, end: int) -> Statement:
    head = text[:end]
    gap = _AFTER_FORMAT.match(text, end)
    start = gap.end() if gap else end
    return Statement(head[: head.upper().rindex(b"FORMAT")].decode(), tuple(words), fmt, text[start:])
