"""`fairpassage topics` with a broker that is played: what it says, in text and JSON, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import KafkaError, KafkaException

from infra.cli import topics as command
from infra.cli.main import main
from infra.embedded import state
from infra.embedded.processes import Identity
from infra.kafka.topics import Report

CLEAN = Report((), ("facts", "visa"), ())
MIXED = Report(
    ("alerts.embassy.NP-BH",), ("facts", "visa"),
    (("alerts.labour-inspectorate.QA", "max.message.bytes", "1048588", "2097152"), ("visa", "partitions", "1", "6")),
)  # fmt: skip


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the broker was asked; it answers with MIXED."""
    calls: list[dict[str, Any]] = []

    def create(bootstrap: str, **asked: Any) -> Report:
        calls.append({"bootstrap": bootstrap, **asked})
        return MIXED

    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", "broker:9092")
    monkeypatch.setattr(command, "create", create)
    return calls


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["topics", *arguments])


def test_it_says_what_it_made_and_what_differs_within_80_columns(asked: list[dict[str, Any]]) -> None:
    found = run()
    assert found.exit_code == 0
    assert found.output.splitlines() == [
        "created alerts.embassy.NP-BH",
        "alerts.labour-inspectorate.QA: max.message.bytes is 1048588,",
        "    its file says 2097152",
        "visa: partitions is 1, its file says 6",
        "1 created, 2 were there, 2 differences.",
        "Differences are left as they are: change the file, or the topic with your",
        "broker's own tools.",
    ]
    assert asked == [{"bootstrap": "broker:9092", "embedded": False, "security": {}, "dry_run": False}]


def test_a_dry_run_says_what_it_would_do(asked: list[dict[str, Any]]) -> None:
    found = run("--dry-run")
    assert found.output.startswith("would create alerts.embassy.NP-BH\n")
    assert "1 missing, 2 were there, 2 differences." in found.output
    assert asked[0]["dry_run"] is True


def test_nothing_to_do_is_one_line(asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "create", lambda *_, **__: CLEAN)
    assert run().output == "0 created, 2 were there, 0 differences.\n"
    assert asked == []


def test_json_is_one_object(asked: list[dict[str, Any]]) -> None:
    assert json.loads(run("--json", "--dry-run").output) == {
        "dry_run": True, "created": ["alerts.embassy.NP-BH"], "present": ["facts", "visa"],
        "differences": [
            {"topic": "alerts.labour-inspectorate.QA", "setting": "max.message.bytes", "is": "1048588", "should_be": "2097152"},
            {"topic": "visa", "setting": "partitions", "is": "1", "should_be": "6"},
        ],
    }  # fmt: skip
    assert asked


def test_only_the_broker_that_up_runs_here_is_the_small_one(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    state.write(tmp_path, state.State(Identity(1, "start"), bootstrap="broker:9092"))
    run()
    state.write(tmp_path, state.State(Identity(1, "start"), bootstrap="127.0.0.1:1"))
    run()
    assert [each["embedded"] for each in asked] == [True, False]


def test_a_broker_that_refuses_is_told_in_its_own_words(asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Report:
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    monkeypatch.setattr(command, "create", refused)
    found = run()
    assert found.exit_code == 1
    assert found.output == "Error: the broker at broker:9092 did not do it: Broker: Topic authorization failed\n"
    assert asked == []


def test_without_a_broker_it_says_what_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path))
    found = run()
    assert found.exit_code == 2
    assert "fairpassage up" in found.output
