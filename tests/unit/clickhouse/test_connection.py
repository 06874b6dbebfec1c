"""A client that outlives its connection: who says what, and by whose word a server is trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import certifi
import clickhouse_connect
import pytest

from infra.clickhouse.connection import connecting
from infra.settings import load


def test_each_new_client_is_of_the_settings_and_trusts_who_they_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(clickhouse_connect, "get_client", lambda **given: asked.append(given))
    password = tmp_path / "password"
    password.write_text("from-the-file")
    password.chmod(0o600)
    settings = load(clickhouse_url="https://store.example:9443", clickhouse_user="sink", clickhouse_password_file=password,
                    clickhouse_ca_file=Path(certifi.where()), clickhouse_database="there")  # fmt: skip
    connect = connecting(settings, timeout=30)
    password.unlink()  # read once
    connect()
    connect()
    assert len(asked) == 2
    assert {name: asked[1][name] for name in ("interface", "host", "port", "username", "password", "database", "ca_cert")} == {
        "interface": "https", "host": "store.example", "port": 9443, "username": "sink", "password": "from-the-file",
        "database": "there", "ca_cert": certifi.where(),
    }  # fmt: skip
    assert asked[1]["send_receive_timeout"] == 30
