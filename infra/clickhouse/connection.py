"""A clickhouse-connect client from an address and a password file: the same for the embedded front and a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click
import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from pydantic import SecretStr

from infra.embedded import state
from infra.settings import Settings, secret


def address(settings: Settings) -> tuple[str, Path | None]:
    """URL and password file of the ClickHouse in force: the settings', or those of the one that `up` runs in the home."""
    running = state.read(settings.root)
    kept = settings.root / "secrets" / "clickhouse.password"
    url = settings.clickhouse_url or (running.clickhouse if running else "")
    return url, settings.clickhouse_password_file or (kept if kept.exists() else None)


def client(url: str, user: str, password: SecretStr, database: str = "default", timeout: float = 60.0) -> Client:
    """A connected client without a session. Raises click.UsageError for a wrong URL, ClickHouseError for no answer."""
    if not url:
        raise click.UsageError("no ClickHouse: start `fairpassage up` in another terminal, or set FAIRPASSAGE_CLICKHOUSE_URL.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.UsageError(f"FAIRPASSAGE_CLICKHOUSE_URL is {url!r}; write http://host:port")
    return clickhouse_connect.get_client(
        interface=parts.scheme, host=parts.hostname, port=parts.port or (8443 if parts.scheme == "https" else 8123),
        username=user, password=password.get_secret_value(), database=database, connect_timeout=5,
        send_receive_timeout=round(timeout), autogenerate_session_id=False, show_clickhouse_errors="scrub",
    )  # fmt: skip


def of(settings: Settings, database: str = "default") -> Client:
    """A client of the ClickHouse in force. Raises click.ClickException, also when it does not answer."""
    url, password = address(settings)
    try:
        return client(url, settings.clickhouse_user, secret(password), database)
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse at {url} does not answer as it should: {str(problem)[:300]}") from problem
