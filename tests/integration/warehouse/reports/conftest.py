"""One database with the schema for all tests of this folder, emptied before each, and the command's settings that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse import runner, schema
from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.reporting import Bench
from tests.support.sinking import warehouse

DATABASE = "reports"
_FILLED = ("facts", "journeys", "alerts", "alert_history", "dead_letters", "exchange_rates")


@pytest.fixture(scope="session")
def reported(front: FrontProcess) -> Iterator[Client]:
    """Making all views takes seconds: once."""
    admin = front.client()
    admin.command(f"CREATE DATABASE {DATABASE}")
    runner.run(admin, DATABASE, schema.missing(admin, DATABASE))
    yield admin
    admin.command(f"DROP DATABASE {DATABASE}")
    admin.close()


@pytest.fixture
def bench(front: FrontProcess, reported: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for table in _FILLED:
        reported.command(f"TRUNCATE TABLE {DATABASE}.{table}")
    (tmp_path / "password").write_text(PASSWORD)
    given = {"HOME": str(tmp_path), "CLICKHOUSE_URL": f"http://127.0.0.1:{front.port}", "CLICKHOUSE_DATABASE": DATABASE,
             "CLICKHOUSE_PASSWORD_FILE": str(tmp_path / "password")}  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"FAIRPASSAGE_{name}", value)
    return Bench(warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, DATABASE))
