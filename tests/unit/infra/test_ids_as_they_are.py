"""Ids are shown letter by letter: `:office:` in one is no emoji, and brackets in a sentence are no markup."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from infra.cli import alerts, journey
from infra.cli.main import main
from streams.domain.outputs import Alert, Journey

OFFICE = "QA:office:mol"
ALERT = Alert(
    id="a1", revision=(1, 1), rule="T-CON-01@1", harm="contract_not_registered", subject="journey:NP:1", issue="", home="NP",
    status="raised", severity="P2", reason="r", summary="Left [S22h] early.", action="verify", next_step="Ask.", evidence=("e1",),
    basis="C189", indicators=(), policy_rows=(), audience="embassy.NP-QA", parties=(), offices=(OFFICE,), origin="NP",
    destination="QA", since=None, due_at=None, raised_at=0, changed_at=0,
)  # fmt: skip
JOURNEY = Journey(
    id="journey:NP:1", revision=(1, 1), home="NP", destination="QA", status="open", opened_at=0, steps=(), missing=(), unknown=(),
    identities=1, offices=(OFFICE,), demand=None, person="p",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (alerts, journey):
        monkeypatch.setattr(command, "service", lambda settings: SimpleNamespace(bootstrap=""))
        monkeypatch.setattr(command, "consumer", lambda *details: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(alerts, "latest", lambda client, audience: [ALERT])
    monkeypatch.setattr(journey, "find", lambda client, name: JOURNEY)


def shown(*arguments: str) -> str:
    done = CliRunner(env={"COLUMNS": "200"}).invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_alerts() -> None:
    text = shown("alerts", "--audience", "embassy.NP-QA")
    assert OFFICE in text
    assert "Left [S22h] early." in text


def test_journey() -> None:
    assert OFFICE in shown("journey", "journey:NP:1")
