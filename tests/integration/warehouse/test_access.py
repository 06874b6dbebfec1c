"""Rights on a ClickHouse server: each statement is what the engine parses, names what is there, and is refused where there are no users."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from pydantic import SecretStr

from infra.cli.migrate import migrate
from infra.clickhouse import access, connection, runner, schema
from infra.clickhouse.sql import MigrationError
from schemas.topicfiles import audiences
from tests.support.certificates import certified
from tests.support.clickhouse import PASSWORD, FrontProcess

pytestmark = [pytest.mark.integration, pytest.mark.together]
KINDS = {"CreateRoleQuery", "CreateUserQuery", "GrantQuery", "CREATE ROW POLICY or ALTER ROW POLICY query", "CreateSettingsProfileQuery",
         "CreateQuotaQuery", "AlterQuery", "DROP ROW POLICY query", "DROP USER query", "DROP ROLE query", "DROP QUOTA query",
         "DROP SETTINGS PROFILE query"}  # fmt: skip


@pytest.fixture
def made(client: Client, database: str) -> Client:
    """The client of a database that has the schema."""
    runner.run(client, database, schema.missing(client, database))
    return client


def statements(up: bool) -> list[str]:
    return [statement for step in access.steps("fairpassage", up=up) for statement in step.statements]


@pytest.mark.parametrize("up", [True, False])
def test_the_engine_parses_each_statement_as_what_it_is_meant_to_be(front: FrontProcess, up: bool) -> None:
    found = {each: front.http(f"EXPLAIN AST {each}".encode()) for each in statements(up)}
    assert {each: said for each, (status, said) in found.items() if status != 200} == {}
    kinds = {re.sub(r"( \w+){0,2} +\(children \d+\)$", "", said.decode().splitlines()[0]) for _, said in found.values()}
    assert kinds <= KINDS
    status, said = front.http(b"EXPLAIN AST CREATE ROW POLICY a ON alerts FOR SELCT USING 1 TO b")
    assert (status, b"SYNTAX_ERROR" in said) == (400, True)


def test_every_table_and_view_that_is_named_is_there(made: Client, database: str) -> None:
    there = {str(row[0]) for row in made.query("SELECT name FROM system.tables WHERE database = {d:String}", {"d": database}).result_rows}
    named = {name for each in statements(up=True) for name in re.findall(r"\bfairpassage\.(\w+)", re.sub(r"`[^`]*`", "", each))}
    assert {"alerts", "audience_alerts", "rules"} <= named <= there
    assert {each for each in there if each.startswith("report_")} <= named


def test_a_report_whose_view_runs_as_another_still_answers(made: Client, database: str) -> None:
    for statement in (each for each in statements(up=True) if each.startswith("ALTER TABLE")):
        made.command(statement.replace("fairpassage.", f"{database}.", 1).replace("`fairpassage.definer`", "default"))
    params = {"corridor": "", "since": "2025-01-01", "until": "2025-12-31"}
    made.query("SELECT * FROM report_rci(corridor = {corridor:String}, since = {since:Date32}, until = {until:Date32})", params)
    kept = str(made.query("SHOW CREATE VIEW report_rci").result_rows[0][0])
    assert "DEFINER = default SQL SECURITY DEFINER" in kept


def test_each_audience_has_a_role_that_reads_its_own_alerts_and_no_role_reads_the_record() -> None:
    policies = [each for each in statements(up=True) if each.startswith("CREATE ROW POLICY") and "audience =" in each]
    assert {re.findall(r"'([^']*)' TO `fairpassage\.([^`]*)`$", each)[0] for each in policies} == {(each, each) for each in audiences()}
    readers = [each for each in statements(up=True) if each.startswith("GRANT") and "fairpassage.*" not in each]
    assert len(readers) == len(audiences()) + 1
    assert not [each for each in readers if re.search(r"\bfairpassage\.(facts|journeys|alert_history|events|erasures)\b", each)]
    assert not [each for each in readers if "GRANT OPTION" in each or "INSERT" in each]
    assert all(f"`fairpassage.{each}`" in statements(up=True)[-1] for each in (*audiences(), "reports")), "a quota for each"


def test_all_of_it_is_taken_back() -> None:
    made_ones = set(re.findall(r"CREATE (ROLE|USER|ROW POLICY|QUOTA|SETTINGS PROFILE)", " ".join(statements(up=True))))
    assert made_ones == set(re.findall(r"DROP (ROLE|USER|ROW POLICY|QUOTA|SETTINGS PROFILE)", " ".join(statements(up=False))))
    with pytest.raises(MigrationError, match="letters, digits and underscores"):
        access.steps("a`b", up=True)


def run(front: FrontProcess, tmp_path: Path, *arguments: str, url: bool = True) -> Any:
    (tmp_path / "password").write_text(PASSWORD)
    where = {"FAIRPASSAGE_CLICKHOUSE_URL": f"http://127.0.0.1:{front.port}"} if url else {}
    environment = {"FAIRPASSAGE_HOME": str(tmp_path), "FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE": str(tmp_path / "password"), **where}
    return CliRunner().invoke(migrate, ["--access", *arguments], env=environment)


def test_an_operator_reads_that_none_of_it_was_run_here(front: FrontProcess, tmp_path: Path) -> None:
    found = run(front, tmp_path, "--dry-run")
    assert found.exit_code == 0, found.output
    assert found.output.index("not run by the tests") < found.output.index("CREATE ROLE IF NOT EXISTS `fairpassage.sink`")
    assert "CREATE ROW POLICY OR REPLACE `embassy.NP-QA`" in found.output


def test_an_engine_without_users_is_said(front: FrontProcess, tmp_path: Path) -> None:
    refused = run(front, tmp_path)
    assert (refused.exit_code, "ACCESS_DENIED" in refused.output) == (1, True)
    desk = run(front, tmp_path, url=False)
    assert (desk.exit_code, "FAIRPASSAGE_CLICKHOUSE_USERS_FILE" in desk.output) == (2, True)


class _Answers(BaseHTTPRequestHandler):
    """A server that knows nobody."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"Code: 516. DB::Exception: nobody is known here (AUTHENTICATION_FAILED)"
        self.send_response(403)
        self.send_header("X-ClickHouse-Exception-Code", "516")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815  # the name that http.server calls

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def https(tmp_path: Path) -> Iterator[str]:
    """An https server on loopback, whose certificate tmp_path/ca.pem signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_is_believed_by_who_signed_it_alone(https: str, tmp_path: Path) -> None:
    certified(tmp_path / "other")
    with pytest.raises(ClickHouseError, match="nobody is known here"):
        connection.client(https, "sink", SecretStr("p"), ca=tmp_path / "ca.pem")
    for ca, named in ((None, "FAIRPASSAGE_CLICKHOUSE_CA_FILE"), (tmp_path / "other" / "ca.pem", "other/ca.pem")):
        with pytest.raises(ClickHouseError, match=f"certificate.*signed by none of .*{re.escape(named)}"):
            connection.client(https, "sink", SecretStr("p"), ca=ca)
    with pytest.raises(ClickHouseError, match="certificate is not for localhost"):
        connection.client(https.replace("127.0.0.1", "localhost"), "sink", SecretStr("p"), ca=tmp_path / "ca.pem")


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("no certificate")
    for ca in (tmp_path / "ca", tmp_path / "absent"):
        with pytest.raises(click.UsageError, match="name a file with certificates"):
            connection.client("https://127.0.0.1:1", "sink", SecretStr("p"), ca=ca)
