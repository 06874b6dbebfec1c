"""The front as a process: how it starts, refuses to start, stops and is killed."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.clickhouse import command, running, start

pytestmark = pytest.mark.integration


def refusal(home: Path, port: int = 0) -> str:
    """The one line with which a front on this home and port refuses to start."""
    done = subprocess.run(command(home, port), check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is in use" in refusal(tmp_path, port)


def test_a_locked_home_is_one_clear_line_and_sigterm_frees_it(tmp_path: Path) -> None:
    with running(tmp_path) as front:
        assert f"in use by another process (pid {front.process.pid})" in refusal(tmp_path)
        assert json.loads((tmp_path / "front.json").read_text())["port"] == front.port
        client = front.client()
        client.command("CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a")
        client.insert("kept", [[5]], column_names=["a"])
        assert front.stop() == 0
    assert not (tmp_path / "front.json").exists()
    with running(tmp_path) as again:
        assert again.client().command("SELECT a FROM kept") == 5


def test_what_was_acknowledged_survives_sigkill(tmp_path: Path) -> None:
    front = start(tmp_path)
    client = front.client()
    client.command("CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a")
    client.insert("kept", [[n] for n in range(1000)], column_names=["a"])
    front.kill()
    with running(tmp_path) as again:
        assert again.client().command("SELECT count() FROM kept") == 1000


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with running(tmp_path) as front:
        listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        held = [line.split()[1] for line in listening.splitlines() if f":{front.port:04X} " in line.split()[1] + " "]
        assert held
        assert all(address.startswith("0100007F:") for address in held)
