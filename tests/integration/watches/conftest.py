"""A ClickHouse front with the schema for this folder, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.clickhouse import runner, sql
from tests.support.clickhouse import PASSWORD, FrontProcess, running
from tests.support.sinking import warehouse
from tests.support.watching import Population

DATABASE = "watched"


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontProcess]:
    with running(tmp_path_factory.mktemp("watched")) as front:
        admin = front.client()
        runner.run(admin, DATABASE, runner.plan(sql.read(), {}))
        admin.close()
        yield front


@pytest.fixture
def population(watched: FrontProcess) -> Population:
    admin = watched.client(DATABASE)
    for table in ("facts", "journeys"):
        admin.command(f"TRUNCATE TABLE {table}")
    admin.close()
    return Population(warehouse(f"http://127.0.0.1:{watched.port}", PASSWORD, DATABASE), lambda: watched.client(DATABASE))
