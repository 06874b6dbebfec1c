"""Topics on a real broker: made from their files once, and what somebody changed since is said and left alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType

from infra.cli.main import main
from infra.kafka import offsets
from infra.kafka.topics import Report, create, settings
from schemas.topicfiles import topic, topics

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
# A topic that no other test uses.
GONE = "alerts.embassy.MX-US"


@pytest.fixture
def admin(kafka: str) -> Iterator[AdminClient]:
    """A client, after which the topic is as its file says again."""
    client = offsets.admin(kafka, {})
    yield client
    _delete(client)
    create(kafka, embedded=True)


def _delete(client: AdminClient) -> None:
    if GONE in offsets.topics(client):
        client.delete_topics([GONE])[GONE].result(30)
    deadline = time.monotonic() + 60
    while GONE in offsets.topics(client):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_every_topic_is_as_its_file_says(kafka: str) -> None:
    assert create(kafka, embedded=True) == Report((), tuple(each.name for each in topics()), ())


def test_what_is_missing_is_made_once_and_not_by_a_dry_run(kafka: str, admin: AdminClient) -> None:
    _delete(admin)
    assert create(kafka, embedded=True, dry_run=True).created == (GONE,)
    assert GONE not in offsets.topics(admin)
    assert create(kafka, embedded=True).created == (GONE,)
    _wait_for(admin)
    assert create(kafka, embedded=True) == Report((), tuple(each.name for each in topics()), ())


def _wait_for(client: AdminClient) -> None:
    deadline = time.monotonic() + 60
    while GONE not in offsets.topics(client):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_differs_is_said_and_left_as_it_is(kafka: str, admin: AdminClient) -> None:
    _delete(admin)
    config = settings(topic("alerts"), copies=1) | {"cleanup.policy": "delete"}
    admin.create_topics([NewTopic(GONE, 3, 1, config=config)])[GONE].result(30)
    _wait_for(admin)
    for _ in range(2):
        report = create(kafka, embedded=True)
        assert report.differences == ((GONE, "cleanup.policy", "delete", "compact"), (GONE, "partitions", "3", "1"))
        assert report.created == ()
    entry = ConfigEntry("cleanup.policy", "compact", incremental_operation=AlterConfigOpType.SET)
    changed = ConfigResource(ResourceType.TOPIC, GONE, incremental_configs=[entry])
    admin.incremental_alter_configs([changed])[changed].result(30)
    assert create(kafka, embedded=True).differences == ((GONE, "partitions", "3", "1"),)


def test_the_command_does_it(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", kafka)
    found = CliRunner().invoke(main, ["topics", "--json", "--dry-run"])
    assert found.exit_code == 0
    report: dict[str, Any] = json.loads(found.output)
    assert report["created"] == []
    assert report["present"] == [each.name for each in topics()]
    # To a service the one node is too small, which it says and leaves alone.
    assert {"topic": "feed", "setting": "partitions", "is": "8", "should_be": "64"} in report["differences"]
    assert max(map(len, CliRunner().invoke(main, ["topics", "--dry-run"]).output.splitlines())) <= 80


def test_a_broker_that_is_away_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setattr(offsets, "TIMEOUT", 1.0)
    found = CliRunner().invoke(main, ["topics"])
    assert found.exit_code == 1
    assert found.output.startswith("Error: the broker at 127.0.0.1:1 did not do it: ")
    assert found.output.count("\n") == 1
