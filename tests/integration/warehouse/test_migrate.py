"""Migrations against a real ClickHouse engine, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from clickhouse_connect.driver.client import Client

from infra.cli.migrate import migrate
from infra.clickhouse import runner, sql
from tests.support.clickhouse import PASSWORD, FrontProcess

pytestmark = pytest.mark.integration


def names(client: Client, database: str) -> set[str]:
    found = client.query("SELECT name FROM system.tables WHERE database = {d:String}", {"d": database}).result_rows
    return {str(row[0]) for row in found} - {"schema_migrations"}


def test_up_again_and_all_the_way_down(client: Client, database: str) -> None:
    files = sql.read()
    runner.run(client, database, runner.plan(files, {}))
    there = runner.applied(client, database)
    assert sorted(there) == [each.version for each in files]
    assert {"facts", "journeys", "alerts", "dead_letters"} <= names(client, database)
    assert runner.plan(files, there) == []
    runner.run(client, database, runner.plan(files, {}))  # as after a crash before anything was recorded
    runner.run(client, database, runner.plan(files, runner.applied(client, database), down_to=1))
    assert names(client, database) == {"facts"}
    runner.run(client, database, runner.plan(files, runner.applied(client, database), down_to=0))
    assert names(client, database) == set()
    assert runner.applied(client, database) == {}
    runner.run(client, database, runner.plan(files, runner.applied(client, database)))
    assert sorted(runner.applied(client, database)) == [each.version for each in files]


def test_every_table_view_and_column_of_the_record_is_described(client: Client, database: str) -> None:
    runner.run(client, database, runner.plan(sql.read(), {}))
    bare = client.query("SELECT name FROM system.tables WHERE database = {d:String} AND comment = ''", {"d": database})
    assert bare.result_rows == []


def test_the_command(front: FrontProcess, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_URL", f"http://127.0.0.1:{front.port}")
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_DATABASE", database)

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(migrate, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    assert "CREATE TABLE IF NOT EXISTS facts" in call("--dry-run")
    assert json.loads(call("--json"))["steps"][0] == "up 0001_facts"
    assert json.loads(call("--json"))["steps"] == []
    assert call() == "nothing to do\n"
    assert "down 0001_facts" in call("--down-to", "0")
    (tmp_path / "password").write_text("wrong")
    refused = CliRunner().invoke(migrate, [])
    assert refused.exit_code == 1
    assert "does not answer as it should" in refused.output
