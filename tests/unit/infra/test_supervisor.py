"""The supervisor without its engines: who is alone in a home, what was left behind, room, ports, restarts."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from infra.embedded import state, supervisor
from infra.embedded.children import Children
from infra.embedded.ports import free, require
from infra.embedded.processes import Identity, started
from infra.embedded.supervisor import Deployment
from infra.settings import load

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(load(home=tmp_path / "home"))


def _begin(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts it as far as the engines."""
    for name in ("_engines", "_processes"):
        monkeypatch.setattr(deployment, name, lambda: None)
    deployment.start()


def test_what_a_killed_supervisor_left_behind_is_ended(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    orphan = subprocess.Popen(SLEEP, start_new_session=True)
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        children = {"kafka": Identity(orphan.pid, started(orphan.pid)), "sink": Identity(stranger.pid, "1")}
        state.write(deployment.home, state.State(Identity(1, "0"), children))
        _begin(deployment, monkeypatch)
        assert orphan.wait(20) != 0
        assert stranger.poll() is None, "a pid that is another process by now was ended"
        deployment.stop()
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def test_one_supervisor_a_home(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(deployment, monkeypatch)
    with pytest.raises(click.ClickException, match="already running in"):
        Deployment(load(home=deployment.home)).start()
    deployment.stop()
    again = Deployment(load(home=deployment.home))
    _begin(again, monkeypatch)
    again.stop()


def test_a_full_disk_is_one_clear_line(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=7 << 20))
    with pytest.raises(click.ClickException, match=r"^the disk of \S+ is full: 7 MB left, 500 MB needed\.$"):
        deployment.start()


def test_a_disk_that_fills_up_is_one_clear_line(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "kafka/server.properties")

    monkeypatch.setattr(deployment, "_engines", full)
    with pytest.raises(click.ClickException, match=r"^kafka/server\.properties: No space left on device\.$"):
        deployment.start()


def test_a_home_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(click.ClickException, match="home: File exists"):
        Deployment(load(home=tmp_path / "home")).start()


def test_a_start_that_fails_leaves_nothing_running(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Identity] = {}

    def fails() -> None:
        deployment.children.start("kafka", SLEEP, os.environ)
        found.update(deployment.children.identities())
        raise click.ClickException("no")

    monkeypatch.setattr(deployment, "_engines", fails)
    with pytest.raises(click.ClickException, match="no"):
        deployment.start()
    assert found
    assert not found["kafka"].alive
    assert state.read(deployment.home) is None


def test_a_child_that_ends_is_started_again_and_later_each_time(tmp_path: Path) -> None:
    children = Children(tmp_path, lambda: None)
    children.start("sink", (sys.executable, "-c", "raise SystemExit(3)"), os.environ)
    seen: list[tuple[str, int]] = []
    deadline = time.monotonic() + 20
    while len(seen) < 2 and time.monotonic() < deadline:
        seen += children.watch()
        time.sleep(0.01)
    assert seen == [("sink", 3), ("sink", 3)]
    children.stop()


def test_children_end_in_order_the_engines_last(tmp_path: Path) -> None:
    noted = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n    open(sys.argv[1], 'a').write(sys.argv[2] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('ready', flush=True)\nwhile True: time.sleep(1)"
    )
    children = Children(tmp_path, lambda: None)
    for name in ("kafka", "clickhouse", "sink"):
        children.start(name, (sys.executable, "-c", program, str(noted), name), os.environ)
        while "ready" not in children.log(name).read_text():
            time.sleep(0.01)
    children.stop(last=supervisor.ENGINES)
    assert noted.read_text().split() == ["sink", "clickhouse", "kafka"]


def test_ports_are_kept(tmp_path: Path) -> None:
    first = state.ports(tmp_path, ("kafka", "sink"))
    assert state.ports(tmp_path, ("sink", "kafka", "up")) == {**first, "up": state.ports(tmp_path, ("up",))["up"]}
    assert len(set(json.loads(state.ports_file(tmp_path).read_text()).values())) == 3


def test_a_taken_port_that_nobody_depends_on_is_another_one(tmp_path: Path) -> None:
    before = state.free_ports(tmp_path, ("sink", "up"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", before["sink"]))
        after = state.free_ports(tmp_path, ("sink", "up"))
    assert after["sink"] != before["sink"]
    assert after["up"] == before["up"]


def test_a_port_that_is_let_go_in_time_is_no_fault() -> None:
    taken = socket.socket()
    port = free()
    taken.bind(("127.0.0.1", port))
    with pytest.raises(click.ClickException, match=f"port {port} for Kafka is in use; end what uses it, or wait"):
        require(port, "Kafka", "wait", patience=0.1)
    taken.close()
    assert require(port, "Kafka", "wait") == port


def test_a_state_file_of_another_version_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"supervisor": 7}')
    assert state.read(tmp_path) is None


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = state.secret_file(tmp_path, "linking.key")
    was = path.read_text()
    assert len(was) == 64
    assert path.stat().st_mode & 0o077 == 0
    assert state.secret_file(tmp_path, "linking.key").read_text() == was
