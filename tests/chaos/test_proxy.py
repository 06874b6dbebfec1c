"""The proxy between sinks and front: what it passes on, and what it keeps back."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.embedded.ports import LOOPBACK, free
from tests.chaos.proxy import Mode, Proxy

pytestmark = pytest.mark.integration


class _Front(BaseHTTPRequestHandler):
    got: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(body)
        self.send_response(200)
        self.send_header("X-ClickHouse-Summary", "{}")
        self.end_headers()
        self.wfile.write(body.upper())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def front() -> Iterator[tuple[int, list[bytes]]]:
    """A front's port, and the bodies that it got."""
    got: list[bytes] = []
    server = ThreadingHTTPServer((LOOPBACK, 0), type("Front", (_Front,), {"got": got}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, got
    server.shutdown()
    server.server_close()


def _post(proxy: Proxy) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, int(proxy.url.rpartition(":")[2]), timeout=20)
    connection.request("POST", "/?query=INSERT+INTO+x", b"rows")
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("mode", "status", "arrives"), [("passes", 200, True), ("is slow", 200, True), ("fails", 500, False), ("loses the answer", 500, True)]
)
def test_each_way_to_answer(front: tuple[int, list[bytes]], mode: Mode, status: int, arrives: bool) -> None:
    port, got = front
    proxy = Proxy(port)
    proxy.mode = mode
    answer = _post(proxy)
    proxy.close()
    assert answer[0] == status
    assert got == ([b"rows"] if arrives else [])
    assert proxy.inserted == (status == 200)


def test_a_front_that_is_gone_answers_nothing() -> None:
    proxy = Proxy(free())
    with pytest.raises(http.client.RemoteDisconnected):
        _post(proxy)
    proxy.close()
