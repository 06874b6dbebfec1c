"""`fairpassage report oflc` as an oversight user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from clickhouse_connect.driver.client import Client

from infra.cli.report import report
from infra.clickhouse import runner, sql
from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.oflc_files import application, debarment, imported, written
from tests.support.sinking import warehouse

pytestmark = [pytest.mark.integration, pytest.mark.together]
NAMES = ("Green Farm", "Brown Inn", "C-11300-00001")


@pytest.fixture(autouse=True)
def _settings(front: FrontProcess, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    given = {"HOME": str(tmp_path), "CLICKHOUSE_URL": f"http://127.0.0.1:{front.port}", "CLICKHOUSE_DATABASE": database,
             "CLICKHOUSE_PASSWORD_FILE": str(tmp_path / "password")}  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"FAIRPASSAGE_{name}", value)


@pytest.fixture
def filled(front: FrontProcess, database: str, migrated: Client, tmp_path: Path) -> None:
    place = warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)
    imported(place, tmp_path, written([application(), application(case="C-11300-00002", employer="Brown Inn")]))
    imported(place, tmp_path, written([debarment()]))


def called(*arguments: str) -> Result:
    return CliRunner().invoke(report, ["oflc", *arguments])


@pytest.mark.usefixtures("filled")
def test_no_name_unless_asked_for() -> None:
    page, told = called(), called("--json", "--top", "1")
    for said in (page, told):
        assert said.exit_code == 0, said.output
        assert not [name for name in NAMES if name.lower() in said.output.lower()]
    found = json.loads(told.output)
    assert found["debarments"]["by_decision"]["certifications"] == 1
    assert len(found["employers"]["top"]) == 1


@pytest.mark.usefixtures("filled")
def test_names_when_asked_for() -> None:
    said = called("--names")
    assert said.exit_code == 0, said.output
    assert [name for name in NAMES if name in said.output] == list(NAMES)
    assert {each.get("name") for each in json.loads(called("--names", "--json").output)["employers"]["top"]} == {
        "Green Farm",
        "Brown Inn",
    }


@pytest.mark.usefixtures("migrated")
def test_nothing_imported_yet() -> None:
    said = called("--json")
    assert said.exit_code == 1
    assert "fairpassage import oflc" in said.output


def test_a_schema_from_before_these_views(client: Client, database: str) -> None:
    bare = called()
    runner.run(client, database, runner.plan(sql.read()[:7], {}))
    older = called()
    for said in (bare, older):
        assert said.exit_code == 1
        assert "fairpassage migrate" in said.output
    assert "no view oflc_agents and" in older.output


def test_clickhouse_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_URL", "http://127.0.0.1:9")
    said = called()
    assert said.exit_code == 1
    assert "http://127.0.0.1:9 does not answer" in said.output
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_URL", "")
    said = called()
    assert said.exit_code == 2
    assert "fairpassage up" in said.output


def test_a_wrong_password_is_said(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    said = called()
    assert said.exit_code == 1
    assert "does not answer as it should" in said.output
