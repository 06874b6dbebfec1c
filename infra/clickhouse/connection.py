"""A clickhouse-connect client from an address and a password file: the same for the embedded front and a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click
import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.embedded import state
from infra.settings import Settings, secret


def of(settings: Settings, database: str = "default") -> Client:
    """A client of the ClickHouse in force: the settings', or the one that `up` runs in the home."""
    running = state.read(settings.root)
    kept = settings.root / "secrets" / "clickhouse.password"
    url = settings.clickhouse_url or (running.clickhouse if running else "")
    password = settings.clickhouse_password_file or (kept if kept.exists() else None)
    return connect(url, settings.clickhouse_user, password, database)


def connect(url: str, user: str, password_file: Path | None, database: str = "default", timeout: float = 60.0) -> Client:
    """A connected client without a session, so that it may be used for anything. Raises click.ClickException."""
    if not url:
        raise click.UsageError("no ClickHouse: start `fairpassage up` in another terminal, or set FAIRPASSAGE_CLICKHOUSE_URL.")
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise click.UsageError(f"FAIRPASSAGE_CLICKHOUSE_URL is {url!r}; write http://host:port")
    try:
        return clickhouse_connect.get_client(
            interface=address.scheme, host=address.hostname, port=address.port or 8123, username=user,
            password=secret(password_file).get_secret_value(), database=database, connect_timeout=5,
            send_receive_timeout=round(timeout), autogenerate_session_id=False, show_clickhouse_errors="scrub",
        )  # fmt: skip
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse at {url} does not answer as it should: {str(problem)[:300]}") from problem
