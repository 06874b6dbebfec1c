"""Starting the ClickHouse front as its own process, for tests: free port, own home, stopped by pid."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.client import Client

PASSWORD = "front-test-password"
START_SECONDS = 60


@dataclass
class FrontProcess:
    """A running front."""

    process: subprocess.Popen[str]
    home: Path
    port: int

    def client(self, database: str = "default", **settings: str) -> Client:
        """A clickhouse-connect client with a session of its own."""
        return clickhouse_connect.get_client(
            host="127.0.0.1",
            port=self.port,
            username="default",
            password=PASSWORD,
            database=database,
            settings=settings,
        )

    def http(
        self, body: bytes | None = None, url: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request as curl would send it: GET without a body, POST with one. Status and body of the answer."""
        given = url or {}
        credentials = {"user": "default", "password": PASSWORD} if "user" not in given else {}
        address = f"http://127.0.0.1:{self.port}/?{urllib.parse.urlencode(credentials | given)}"
        request = urllib.request.Request(address, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self) -> int:
        """SIGTERM and wait; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """SIGKILL and wait."""
        self.process.kill()
        self.process.wait(60)


def command(home: Path, port: int = 0) -> list[str]:
    """The command line of a front on this home; writes its password file."""
    home.mkdir(parents=True, exist_ok=True)
    secret = home / "password"
    secret.write_text(PASSWORD + "\n")
    arguments = ["--home", str(home), "--port", str(port), "--password-file", str(secret)]
    return [sys.executable, "-m", "infra.embedded.clickhouse", *arguments]


def start(home: Path, port: int = 0) -> FrontProcess:
    """Start a front and wait for the line that gives its address."""
    process = subprocess.Popen(command(home, port), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    line = process.stdout.readline()
    watchdog.cancel()
    assert line, "the front ended before it was ready"
    return FrontProcess(process, home, json.loads(line)["port"])


@contextmanager
def running(home: Path) -> Iterator[FrontProcess]:
    """A front for the length of a with-block."""
    front = start(home)
    try:
        yield front
    finally:
        if front.process.poll() is None:
            front.stop()
