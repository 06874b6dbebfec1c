"""The real engines, once for a whole run: a Kafka node with every topic, and a ClickHouse front."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.embedded import kafka as embedded
from infra.kafka.topics import create
from infra.settings import load
from tests.support.clickhouse import FrontProcess, running


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of an embedded node with the topics of the topic files. Use groups of your own."""
    with embedded.running(tmp_path_factory.mktemp("kafka"), load().jars) as bootstrap:
        create(bootstrap, embedded=True)
        yield bootstrap


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontProcess]:
    """A ClickHouse front, for tests that need one together with Kafka."""
    with running(tmp_path_factory.mktemp("clickhouse")) as found:
        yield found
