"""What guests try on the ClickHouse front: other tables, table functions, other audiences, injection, a body of 2 GB."""

from __future__ import annotations

import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from clickhouse_connect import get_client
from clickhouse_connect.driver.client import Client

from consumers.warehouse.reports import reports
from consumers.warehouse.reports.views import call
from tests.attack.attempts import Answer, Attempt

CANARY = "canary-7f3a"
OWN, OTHER = "embassy.NP-QA", "embassy.BD-SA"
ALERTS = "SELECT id FROM audience_alerts(audience = {audience:String})"
PASSWORDS = {"default": "the owner of tests", "oversight": "an overseer of tests", OWN: "an embassy of tests"}
_INJECTIONS = ("' UNION ALL SELECT secret FROM canary WHERE secret != '", "NP-QA'); DROP TABLE canary; --", "{x:String}", "\\' OR 1=1 --",
               "') UNION ALL SELECT * FROM canary --", "2025-01-01') FROM canary --")  # fmt: skip

_CARRIED = ("param_audience", "database", "default_format", "session_id", "session_timezone", "query_id", "quota_key", "role",
            "max_block_size")  # fmt: skip


@dataclass(frozen=True)
class Front:
    """A running front of one owner and two guests."""

    port: int

    def client(self, user: str) -> Client:
        """A clickhouse-connect client of a user."""
        return get_client(host="127.0.0.1", port=self.port, username=user, password=PASSWORDS[user], database="fairpassage",
                          autogenerate_session_id=False)  # fmt: skip

    def ask(self, user: str, sql: str, **url: str) -> Answer:
        """One request; allowed where the front answered it."""
        given = urllib.parse.urlencode({"user": user, "password": PASSWORDS.get(user, "guess"), **url})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/?{given}", data=sql.encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(True, answer.read().decode(errors="replace").strip()[:200] or "no rows")
        except urllib.error.HTTPError as problem:
            return Answer(False, _name(problem.read().decode(errors="replace")))


def _name(text: str) -> str:
    """ACCESS_DENIED of a server's error text."""
    return text.partition("(version")[0].strip().rpartition("(")[2].rstrip(") ") or text[:60]


def prepared(front: Front) -> None:
    """What there is to be taken: a table that no guest knows of, and an alert of each of two embassies."""
    owner = front.client("default")
    owner.command("CREATE TABLE canary (secret String) ENGINE = MergeTree ORDER BY secret")
    owner.insert("canary", [[CANARY]], column_names=["secret"])
    owner.insert("alerts", [[OWN, "own-alert"], [OTHER, CANARY]], column_names=["audience", "id"])
    owner.close()


STATEMENTS = {
    "merge()": "SELECT * FROM merge('fairpassage', '.*')",
    "remote()": "SELECT * FROM remote('127.0.0.1:9000', 'system.one')",
    "file()": "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "url()": "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "s3()": "SELECT * FROM s3('http://127.0.0.1:1/a', 'LineAsString')",
    "executable()": "SELECT * FROM executable('id', 'TSV', 'a String')",
    "numbers()": "SELECT * FROM numbers(10)",
    "a table": "SELECT * FROM alerts",
    "the record": "SELECT * FROM facts",
    "a system table": "SELECT * FROM system.tables",
    "another view": "SELECT * FROM open_alerts",
    "an insert": "INSERT INTO alerts (id) VALUES ('x')",
    "drop a table": "DROP TABLE canary",
    "a setting": "SET readonly = 0",
    "a user": "CREATE USER x",
    "a file function": "SELECT file('/etc/passwd')",
    "an outfile": "SELECT 1 INTO OUTFILE 'x'",
    "a dictionary": "SELECT dictGet('d', 'a', 1)",
    "kill": "KILL QUERY WHERE 1",
    "use": "USE system",
    "explain": "EXPLAIN SELECT * FROM canary",
    "shutdown": "SYSTEM SHUTDOWN",
}
SETTINGS = {"additional_table_filters": "{}", "format_template_row": "../../etc/passwd",
            "allow_ddl": "1"}  # fmt: skip


def attempts(front: Front) -> Iterator[Attempt]:
    """All of them, with the controls."""
    def asked(user: str, what: str, sql: str, should: bool = False, **url: str) -> Attempt:
        return Attempt(user, what, lambda: front.ask(user, sql, **url), should)

    report = reports()[0]
    params: dict[str, Any] = {"param_corridor": "NP-QA", "param_since": "2025-01-01", "param_until": "2025-12-31"}
    yield asked(OWN, "read its own alerts", ALERTS, True, param_audience=OWN)
    yield asked("oversight", f"read {report.id}", call(report), True, **params)
    yield Attempt("oversight", "use clickhouse-connect", lambda: _connected(front), True)
    for user in ("oversight", OWN):
        for what, sql in STATEMENTS.items():
            yield asked(user, what, sql)
    yield asked(OWN, "a report", call(report), **params)
    yield asked("oversight", "an audience's alerts", ALERTS, param_audience=OWN)
    yield Attempt(OWN, "ask for another's alerts", lambda: _leaks(front.ask(OWN, ALERTS, param_audience=OTHER)))
    yield asked(OWN, "name another in the text", f"SELECT id FROM audience_alerts(audience = '{OTHER}')")
    yield asked(OWN, "name a parameter of its own", "SELECT id FROM audience_alerts(audience = {mine:String})", param_mine=OTHER)
    yield asked(OWN, "give it twice", "SELECT id FROM audience_alerts(audience = {audience:String}, audience = {b:String})", param_b=OTHER)
    yield asked(OWN, "pass a name as a value", "SELECT id FROM audience_alerts(audience = {audience:Identifier})", param_audience="id")
    for what, tail in {"a union": " UNION ALL SELECT secret FROM canary", "a subquery": " WHERE id IN (SELECT secret FROM canary)",
                       "a join": ", canary", "two statements": "; SELECT * FROM canary", "a comment": " -- ' UNION",
                       "a set": " WHERE 'a' IN canary"}.items():  # fmt: skip
        yield asked(OWN, what, ALERTS + tail, param_audience=OWN)
    for name, value in SETTINGS.items():
        yield Attempt(OWN, f"set {name}", partial(front.ask, OWN, ALERTS, param_audience=OWN, **{name: value}))
    yield asked(OWN, "a format that reads files", f"{ALERTS} FORMAT Template", param_audience=OWN)
    yield asked(OWN, "another database", ALERTS, param_audience=OWN, database="system")
    yield asked("a stranger", "guess a password", "SELECT 1")
    for name in ("corridor", "since", "until"):
        yield Attempt("a report's reader", f"inject into {name} of each report", partial(_injected, front, name))
    for user in (OWN, "default"):
        for name in _CARRIED:
            yield Attempt(user, f"inject into {name}", partial(_carried, front, user, name))
    for user in ("oversight", "default", "a stranger"):
        yield Attempt(user, "declare a body of 2 GB", _declared(front, user))


def _leaks(answer: Answer) -> Answer:
    """Allowed only where something came that is not the guest's."""
    said = answer.said.replace("\n", " ")
    return Answer(answer.allowed and CANARY in said, f"nothing but {said}" if answer.allowed and CANARY not in said else said)


def _injected(front: Front, name: str) -> Answer:
    """Each text in a parameter of each report: refused, or a value like any other."""
    said = ""
    for text in _INJECTIONS:
        for report in reports():
            params = {"param_corridor": "NP-QA", "param_since": "2025-01-01", "param_until": "2025-12-31", f"param_{name}": text}
            answer = front.ask("default", call(report), database="fairpassage", **params)  # a guest's quota would answer first
            if CANARY in answer.said or not _there(front):
                return Answer(True, f"{report.id}: {answer.said}")
            said = said if answer.allowed else answer.said
    return Answer(False, said or "a corridor of that name: no rows of others")


def _carried(front: Front, user: str, name: str) -> Answer:
    """Each text in one parameter of the interface, beside a view that the user may read: does the canary come, or go?"""
    answer = Answer(False, "")
    for text in _INJECTIONS:
        answer = _leaks(front.ask(user, ALERTS, **{"database": "fairpassage", "param_audience": OWN, name: text}))
        if answer.allowed or not _there(front):
            return Answer(True, f"{text}: {answer.said}")
    return answer


def _there(front: Front) -> bool:
    return front.ask("default", "SELECT count() FROM fairpassage.canary").said == "1"


def _connected(front: Front) -> Answer:
    client = front.client("oversight")
    try:
        found = client.query(call(reports()[0]), {"corridor": "", "since": "2025-01-01", "until": "2025-12-31"})
    finally:
        client.close()
    return Answer(True, f"answered, {found.row_count} rows")


def _declared(front: Front, user: str) -> Callable[[], Answer]:
    """The length of 2 GB and none of them: the answer comes at once, or the front waits for the rest."""
    def run() -> Answer:
        head = (f"POST / HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: {user}\r\nX-ClickHouse-Key: {PASSWORDS.get(user, 'guess')}\r\n"
                f"Content-Length: {2 << 30}\r\n\r\n")  # fmt: skip
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
            connection.sendall(head.encode())
            try:
                answer = connection.recv(4096).decode(errors="replace")
            except TimeoutError:
                return Answer(True, "it waits for the rest")
        return Answer(" 200 " in answer.partition("\r\n")[0], answer.partition("\r\n")[0])

    return run
