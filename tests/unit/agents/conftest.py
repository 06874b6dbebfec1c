"""What tests of agents share."""

from __future__ import annotations

import pytest


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which the process would have ended: each ends the test's own call by SystemExit instead."""
    found: list[int] = []

    def end(status: int) -> None:
        found.append(status)
        raise SystemExit(status)

    monkeypatch.setattr("streams.agents.delivery.os._exit", end)
    return found
