"""One front for all tests of this folder (opening the engine takes seconds), and a database of its own for each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse import runner, schema
from infra.embedded import kafka
from infra.settings import load
from tests.support.clickhouse import FrontProcess, running


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontProcess]:
    with running(tmp_path_factory.mktemp("front")) as found:
        yield found


@pytest.fixture
def database(front: FrontProcess) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex[:12]}"
    admin = front.client()
    admin.command(f"CREATE DATABASE {name}")
    yield name
    admin.command(f"DROP DATABASE {name}")
    admin.close()


@pytest.fixture
def client(front: FrontProcess, database: str) -> Iterator[Client]:
    found = front.client(database)
    yield found
    found.close()


@pytest.fixture(scope="session")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An Apache Kafka node for this folder's tests; topics have names of their own in each."""
    with kafka.running(tmp_path_factory.mktemp("kafka"), load().jars) as found:
        yield found


@pytest.fixture
def migrated(client: Client, database: str) -> Client:
    """A client of a database with the schema."""
    runner.run(client, database, schema.missing(client, database))
    return client
