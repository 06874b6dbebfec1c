"""Between the sinks and the ClickHouse front: passes requests on, or answers 500, late, or after the work is done."""

from __future__ import annotations

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from infra.embedded.ports import LOOPBACK

Mode = Literal["passes", "fails", "loses the answer", "is slow"]
SLOW = 4.0  # seconds that a slow front takes for each request
_OWN = ("transfer-encoding", "connection", "content-length", "server", "date")  # headers that each hop writes itself


class Proxy:
    """A proxy on a loopback port of its own. `inserted` counts the inserts that were passed on and answered as the front did."""

    def __init__(self, front: int) -> None:
        self.front, self.inserted = front, 0
        self.mode: Mode = "passes"
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer((LOOPBACK, 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def close(self) -> None:
        """Listens no more."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _handle(self, body: bytes) -> None:
        mode = self.proxy.mode
        if mode == "is slow":
            time.sleep(SLOW)
        if mode == "fails":
            self._answer(500, [], b"the front is not well")
            return
        try:
            status, headers, answer = self._ask(body)
        except (OSError, http.client.HTTPException):  # the front is gone: so is this connection
            self.close_connection = True
            return
        if mode == "loses the answer":
            self._answer(500, [], b"the work is done, and nobody hears of it")
            return
        self._answer(status, headers, answer)
        self.proxy.inserted += status == http.HTTPStatus.OK and self.command == "POST" and b"INSERT" in body[:200] + self.path.encode()

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        front = http.client.HTTPConnection(LOOPBACK, self.proxy.front, timeout=60)
        try:
            given = {name: value for name, value in self.headers.items() if name.lower() not in (*_OWN, "host")}
            front.request(self.command, self.path, body or None, given)
            answer = front.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OWN]
            return answer.status, kept, answer.read()
        finally:
            front.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):  # who asked was killed meanwhile
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what a sink meets is in its own log."""
