"""Users of the front beside its owner: each reads the parameterised views that its line names, and nothing else.

The engine here has one user and no grants, row policies or quotas (engines.md C). So the front itself reads a guest's statement, and
takes one form of it: SELECT of columns from one of the views, with its parameters, ordered and cut. What that form has no room for, no
guest can say: another table, a function, a subquery, a setting. `merge()` and `remote()` need not be known to be refused.

    [oversight]
    password_file = "/etc/fairpassage/oversight.password"
    views = ["report_*"]

    ["embassy.NP-QA"]
    password_file = "/etc/fairpassage/embassy.NP-QA.password"
    views = ["audience_alerts"]
    values = {audience = "embassy.NP-QA"}    # what the view is asked with, whatever the guest says
"""

from __future__ import annotations

import hmac
import re
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.embedded.clickhouse.call import Call
from infra.embedded.clickhouse.errors import EngineError
from schemas.tomlfile import document

ACCESS_DENIED, QUOTA_EXCEEDED = 497, 201
MOST_BODY = 1 << 16  # bytes of a guest's request; it has nothing to insert
MOST_QUERIES = 120  # a minute
_DATABASE = "fairpassage"
_HELLO = frozenset({
    "SELECT version(), timezone()", "SELECT name, value, readonly FROM system.settings LIMIT 10000", "SELECT 1 AS check"
})  # fmt: skip
_FORMATS = frozenset({
    "Native", "TabSeparated", "TSV", "TabSeparatedWithNames", "TSVWithNames", "TabSeparatedWithNamesAndTypes", "CSV", "CSVWithNames",
    "JSON", "JSONCompact", "JSONEachRow", "Arrow", "ArrowStream", "Parquet", "Vertical", "Pretty", "PrettyCompact", "TSVRaw",
})  # fmt: skip
_CARRIED = frozenset({"enable_http_compression", "session_timezone"})  # settings that change no answer's rows
# What a guest's query may cost. They are set before readonly, which forbids setting anything after it.
_LIMITS = {"max_execution_time": "60", "max_memory_usage": str(2 << 30), "max_result_rows": "1000000", "max_result_bytes": str(256 << 20),
           "readonly": "1"}  # fmt: skip
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_TYPE = r"(?:String|Date|Date32|DateTime|U?Int(?:8|16|32|64)|Float(?:32|64))"  # Identifier would name what is asked
_VALUE = rf"\{{\s*{_NAME}\s*:\s*{_TYPE}\s*\}}"
_ASKED = re.compile(
    rf"""\s*SELECT\s+(?:\*|{_NAME}(?:\s*,\s*{_NAME})*)
    \s+FROM\s+(?P<view>{_NAME})\s*\(\s*(?P<given>{_NAME}\s*=\s*{_VALUE}(?:\s*,\s*{_NAME}\s*=\s*{_VALUE})*)\s*\)
    (?:\s+ORDER\s+BY\s+{_NAME}(?:\s+(?:ASC|DESC))?(?:\s*,\s*{_NAME}(?:\s+(?:ASC|DESC))?)*)?
    (?:\s+LIMIT\s+\d{{1,9}})?
    (?:\s+FORMAT\s+{_NAME})?\s*;?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_GIVEN = re.compile(rf"({_NAME})\s*=\s*\{{\s*({_NAME})\s*:\s*{_TYPE}\s*\}}", re.ASCII)


class UsersFileError(ValueError):
    """A users' file that cannot be used: names the file, the user and the remedy."""


@dataclass(frozen=True)
class Guest:
    """One user. `views` are names, `*` at the end for all that begin so; `values` what a view's parameters are, whatever is asked."""

    name: str
    password: str = field(repr=False)
    views: tuple[str, ...]
    values: Mapping[str, str]

    def permitted(self, call: Call) -> Call:
        """The call as the engine may run it: reading, within limits, in no session. Raises EngineError 497."""
        said = " ".join(call.statement.sql.split())
        if call.fmt not in _FORMATS:
            raise self._denied(f"the format {call.fmt[:40]} is not offered")
        if call.database not in ("", "default", _DATABASE):
            raise self._denied("another database is not offered")
        if unknown := sorted(call.settings.keys() - _CARRIED - _LIMITS.keys() - _CLIENTS):
            raise self._denied(f"the setting {unknown[0][:60]} is not a guest's to change")
        params = call.params if _without_format(said) in _HELLO else self._asked(said, call.params)
        kept = {name: value for name, value in call.settings.items() if name in _CARRIED}
        return replace(call, settings=kept | _LIMITS, params=params, database=_DATABASE, session="")

    def _asked(self, said: str, params: Mapping[str, str]) -> dict[str, str]:
        """The values of a statement that reads one of the guest's views. Raises EngineError 497."""
        if (found := _ASKED.fullmatch(said)) is None:
            raise self._denied("a guest reads views: SELECT columns FROM view(parameter = {parameter:Type}, ...)")
        if not any(fnmatchcase(found["view"], each) for each in self.views):
            raise self._denied(f"{found['view'][:60]} is not one of its views")
        given = dict(_GIVEN.findall(found["given"]))
        if any(name != placeholder for name, placeholder in given.items()) or len(given) != len(_GIVEN.findall(found["given"])):
            raise self._denied("each parameter of a view is given once, as the query's own of the same name")
        return {name: self.values.get(name, value) for name, value in (dict.fromkeys(given, "") | dict(params)).items() if name in given}

    def _denied(self, why: str) -> EngineError:
        return EngineError(ACCESS_DENIED, "ACCESS_DENIED", f"{self.name}: Not enough privileges: {why}")


# What clickhouse-connect sends along; a guest's query has the front's own instead.
_CLIENTS = frozenset({"date_time_input_format", "send_progress_in_http_headers", "http_headers_progress_interval_ms", "wait_end_of_query",
                      "cancel_http_readonly_queries_on_client_close", "output_format_native_encode_types_in_binary_format",
                      "output_format_native_use_flattened_dynamic_and_json_serialization",
                      "use_hive_partitioning"})  # fmt: skip


def _without_format(said: str) -> str:
    return re.sub(r"\s+FORMAT\s+[A-Za-z]+\s*;?$", "", said, flags=re.IGNORECASE)


class Guests:
    """The guests of a front, and how much each asked within the last minute."""

    def __init__(self, guests: Mapping[str, Guest]) -> None:
        self._guests = guests
        self._asked: dict[str, deque[float]] = {}

    def named(self, user: str, password: str) -> Guest | None:
        """The guest who says so and knows the password; None where there is none."""
        guest = self._guests.get(user)
        known = guest.password if guest is not None else "\0"
        return guest if hmac.compare_digest(password.encode(), known.encode()) and guest is not None else None

    def count(self, guest: Guest) -> None:
        """One more query. Raises EngineError 201 beyond a guest's quota."""
        asked, now = self._asked.setdefault(guest.name, deque()), time.monotonic()
        while asked and asked[0] < now - 60:
            asked.popleft()
        if len(asked) >= MOST_QUERIES:
            raise EngineError(QUOTA_EXCEEDED, "QUOTA_EXCEEDED", f"Quota for user {guest.name} is {MOST_QUERIES} queries a minute")
        asked.append(now)


def read(path: Path | None, owner: str) -> Guests:
    """The guests of a users' file; none without one. Raises UsersFileError."""
    if path is None:
        return Guests({})
    found = document(path, UsersFileError)
    if owner in found:
        raise UsersFileError(f"{path}: {owner} is the front's owner; choose another name")
    return Guests({name: _guest(f"{path}: {name}", name, table) for name, table in found.items()})


def _guest(where: str, name: str, table: Any) -> Guest:
    if not isinstance(table, dict) or not {"password_file", "views"} <= table.keys() <= {"password_file", "views", "values"}:
        raise UsersFileError(f"{where}: write password_file, views and, where a parameter is fixed, values")
    views, values = table["views"], table.get("values", {})
    good = isinstance(views, list) and views and all(isinstance(each, str) and re.fullmatch(rf"{_NAME}\*?", each) for each in views)
    if not good or not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise UsersFileError(f"{where}: views is a list of names, * at the end for all that begin so; values are texts")
    try:
        password = Path(str(table["password_file"])).read_text("utf-8").strip()
    except OSError as problem:
        raise UsersFileError(f"{where}: {table['password_file']}: {problem.strerror}") from problem
    if not password:
        raise UsersFileError(f"{where}: {table['password_file']} is empty: write a password into it")
    return Guest(name, password, tuple(views), values)
