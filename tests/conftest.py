"""For every test: no connection but in integration tests, and a skipped test is a failed run."""

from __future__ import annotations

import os
import socket
from typing import Any, NoReturn

import pytest

_SKIPPED: list[str] = []


def _refused(self: socket.socket, address: Any) -> NoReturn:
    raise AssertionError(f"a test that is not marked integration opens a connection to {address}")


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is marked integration may connect, to loopback; the others fail when they try."""
    if request.node.get_closest_marker("integration") is None:
        monkeypatch.setattr(socket.socket, "connect", _refused)
        monkeypatch.setattr(socket.socket, "connect_ex", _refused)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests change nothing in them."""
    for name in [name for name in os.environ if name.startswith("FAIRPASSAGE_") and name != "FAIRPASSAGE_CACHE"]:
        monkeypatch.delenv(name)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remembers what did not run."""
    if report.skipped:
        _SKIPPED.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A test that did not run is no pass."""
    if _SKIPPED and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says which."""
    for name in _SKIPPED:
        terminalreporter.write_line(f"FAILED {name}: skipped; a test runs or is deleted", red=True)
