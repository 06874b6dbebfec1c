"""`fairpassage up` on the real engines: what it shows, a killed supervisor, the same data again, Ctrl-C."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer

from infra.embedded import state
from infra.kafka import offsets
from infra.kafka.reading import consumer, headers, messages
from tests.support.up import PATIENCE, Up, answer, fairpassage, gone, start

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
CHILDREN = {"kafka", "clickhouse", "worker-1", "worker-2", "sink", "watch"}
NOTED = {"kafka login", "kafka TLS", "rights", "signatures", "audit"}  # protections off on one desk, and no audit yet: doctor notes them


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home in which nothing runs afterwards, whatever the test did."""
    yield tmp_path / "home"
    found = state.read(tmp_path / "home")
    if found is not None:
        found.supervisor.end()
        for each in found.children.values():
            each.end()


def _well(home: Path) -> dict[str, str]:
    """doctor's verdicts by check, once the groups have dealt their partitions; but for what is noted of any desk that is new."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = answer(home, "doctor")
        checks = [each for each in found["checks"] if each["check"] not in NOTED]
        if (found["ok"] and all(each["verdict"] == "ok" for each in checks)) or time.monotonic() > deadline:
            return {each["check"]: f"{each['verdict']} {each['says']}" for each in checks}
        time.sleep(0.5)


def test_it_runs_survives_its_own_kill_goes_on_with_its_data_and_leaves_nothing(home: Path) -> None:
    up = start(home)
    said = (home / "up.out").read_text()
    found = answer(home, "status")
    assert found["running"]
    assert {name for name, each in found["children"].items() if each["running"]} == CHILDREN
    assert found["bootstrap"] in said
    assert found["clickhouse"] in said
    assert {verdict.partition(" ")[0] for verdict in _well(home).values()} == {"ok"}
    second = fairpassage(home, "up")
    assert second.returncode == 1
    assert "already running" in second.stderr
    _publish(found["bootstrap"])

    before = up.children()
    up.kill()
    assert gone(before)

    up = start(home, schema_registry_url="http://127.0.0.1:9/apis/ccompat/v7")  # nothing listens there, and nothing stops
    assert answer(home, "status")["bootstrap"] == found["bootstrap"]
    assert offsets.sizes(offsets.admin(found["bootstrap"], {}), ["journeys"]) == {"journeys": 1}
    _dead_lettered(found["bootstrap"])
    _watched(up)

    children = up.children()
    assert up.interrupt() == 0
    assert gone(children)
    assert state.read(home) is None
    assert fairpassage(home, "status").returncode == 1
    assert answer(home, "reset")["deleted"] == ["kafka", "clickhouse", "workers", "logs"]


def _publish(bootstrap: str) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce("journeys", b"{}", b"journey:NP:0")
    assert producer.flush(PATIENCE) == 0


def _dead_lettered(bootstrap: str) -> None:
    """A record that a schema registry alone could explain, while there is none, and the next one after it."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    for value in (b"\0\0\0\0\7 and more", b"no event"):
        producer.produce("deployment", value, b"key")
    assert producer.flush(PATIENCE) == 0
    deadline, reasons = time.monotonic() + PATIENCE, list[bytes]()
    while len(reasons) < 2:
        assert time.monotonic() < deadline
        client = consumer(bootstrap, {})
        reasons = [dict(headers(each))["fp_reason"] for each in messages(client, ["deployment.dlq"])]
        client.close()
    assert reasons == [b"registry_away", b"undecodable"]


def _watched(up: Up) -> None:
    """A child that is killed runs again."""
    was = up.children()["sink"]
    was.end(patience=0.0)
    deadline = time.monotonic() + PATIENCE
    while (now := up.children()["sink"]) == was or not now.alive:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_stop_ends_what_up_started(home: Path) -> None:
    up = start(home, workers="1")
    children = up.children()
    assert set(answer(home, "stop")["stopped"]) == CHILDREN - {"worker-2"}
    assert up.process.wait(PATIENCE) == 0
    assert gone(children)
    assert answer(home, "stop") == {"home": str(home), "stopped": [], "left": []}


@pytest.mark.parametrize(("setting", "what"), [("kafka_port", "Kafka"), ("clickhouse_port", "ClickHouse")])
def test_a_port_in_use_is_one_clear_line(home: Path, setting: str, what: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = fairpassage(home, "up", **{setting: port})
    assert done.returncode == 1
    assert re.fullmatch(rf"Error: port {port} for {what} is in use; .*FAIRPASSAGE_{setting.upper()}.*\n", done.stderr)
    assert state.read(home) is None


def test_a_missing_download_is_one_clear_line(home: Path, tmp_path: Path) -> None:
    """Nothing listens on port 9 of loopback, so that nothing can be fetched."""
    settings = {"cache": str(tmp_path / "cache")}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
        done = fairpassage(home, "up", **settings)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: Kafka's \S+ could not be downloaded .* then run again\.\n", done.stderr)
