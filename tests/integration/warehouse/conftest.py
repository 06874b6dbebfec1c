"""One front for all tests of this folder (opening the engine takes seconds), and a database of its own for each."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse import runner, sql
from infra.embedded.kafka import KafkaNode, environment
from infra.embedded.ports import free
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
    home = tmp_path_factory.mktemp("kafka")
    node = KafkaNode(home, free(), free(), load().jars)
    node.prepare()
    log = home / "kafka.log"
    with log.open("wb") as out:
        process = subprocess.Popen(node.command(), stdout=out, stderr=out, env=environment())
    try:
        node.wait(process, log)
        yield node.bootstrap
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture
def migrated(client: Client, database: str) -> Client:
    """A client of a database with the schema."""
    runner.run(client, database, runner.plan(sql.read(), {}))
    return client
