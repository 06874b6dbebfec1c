"""A filled-by-hand database for each test, and the command's settings that lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.reporting import Bench
from tests.support.sinking import warehouse


@pytest.fixture
def bench(front: FrontProcess, database: str, migrated: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    (tmp_path / "password").write_text(PASSWORD)
    given = {"HOME": str(tmp_path), "CLICKHOUSE_URL": f"http://127.0.0.1:{front.port}", "CLICKHOUSE_DATABASE": database,
             "CLICKHOUSE_PASSWORD_FILE": str(tmp_path / "password")}  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"FAIRPASSAGE_{name}", value)
    return Bench(warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database))
