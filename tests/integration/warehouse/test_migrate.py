"""Migrations against a real ClickHouse engine, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from clickhouse_connect.driver.client import Client

from infra.cli.migrate import migrate
from infra.clickhouse import runner, schema, sql
from infra.clickhouse.sql import Repeatable
from tests.support.clickhouse import PASSWORD, FrontProcess

pytestmark = [pytest.mark.integration, pytest.mark.together]


def names(client: Client, database: str) -> set[str]:
    found = client.query("SELECT name FROM system.tables WHERE database = {d:String}", {"d": database}).result_rows
    return {str(row[0]) for row in found} - {"schema_migrations", "schema_views"}


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


def test_what_is_made_anew_follows_its_text(client: Client, database: str) -> None:
    def view(name: str, text: str) -> Repeatable:
        return Repeatable(name, (f"CREATE OR REPLACE VIEW {name} AS SELECT {text} AS a",), (f"DROP VIEW IF EXISTS {name}",))

    def renewed(*given: Repeatable, down: bool = False) -> list[str]:
        steps = runner.renewal(given, runner.made(client, database), down)
        runner.run(client, database, steps)
        return [step.label for step in steps]

    one, two = view("v_one", "1"), view("v_two", "2")
    assert renewed(one, two) == ["make v_one", "make v_two"]
    assert renewed(one, two) == []
    assert renewed(one, view("v_two", "3")) == ["make v_two"]
    assert client.query("SELECT a FROM v_two").result_rows == [(3,)]
    assert renewed(one) == ["drop v_two"], "its file is gone"
    assert "v_two" not in names(client, database)
    assert renewed(one, down=True) == ["drop v_one"]
    assert renewed(one) == ["make v_one"]


def test_down_and_up_with_the_reports(client: Client, database: str) -> None:
    runner.run(client, database, schema.missing(client, database))
    there = names(client, database)
    assert {"report_rci", "report_funnel", "events"} <= there
    assert schema.missing(client, database) == []
    runner.run(client, database, schema.missing(client, database, down_to=8))
    assert not [name for name in names(client, database) if name.startswith("report_")]
    runner.run(client, database, schema.missing(client, database))
    assert names(client, database) == there


def test_every_table_view_and_column_of_the_record_is_described(client: Client, database: str) -> None:
    runner.run(client, database, schema.missing(client, database))
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
