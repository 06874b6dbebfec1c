"""A clickhouse-connect client from an address and a password file: the same for the embedded front and a server."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click
import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError
from pydantic import SecretStr

from infra.embedded import state
from infra.settings import Settings, secret


def address(settings: Settings) -> tuple[str, Path | None]:
    """URL and password file of the ClickHouse in force: the settings', or those of the one that `up` runs in the home."""
    running = state.read(settings.root)
    kept = settings.root / "secrets" / "clickhouse.password"
    url = settings.clickhouse_url or (running.clickhouse if running else "")
    return url, settings.clickhouse_password_file or (kept if kept.exists() else None)


def client(url: str, user: str, password: SecretStr, database: str = "default", timeout: float = 60.0, ca: Path | None = None) -> Client:
    """A connected client without a session; `ca` is who signed an https server's certificate.

    Raises click.UsageError for a wrong URL or a file without certificates, ClickHouseError for no answer, or one of a server that is
    not known to be the right one.
    """
    if not url:
        raise click.UsageError("no ClickHouse: start `fairpassage up` in another terminal, or set FAIRPASSAGE_CLICKHOUSE_URL.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.UsageError(f"FAIRPASSAGE_CLICKHOUSE_URL is {url!r}; write http://host:port")
    signer = trusted(ca)
    try:
        return clickhouse_connect.get_client(
            interface=parts.scheme, host=parts.hostname, port=parts.port or (8443 if parts.scheme == "https" else 8123),
            username=user, password=password.get_secret_value(), database=database, connect_timeout=5,
            send_receive_timeout=round(timeout), ca_cert=signer, autogenerate_session_id=False, show_clickhouse_errors="scrub",
        )  # fmt: skip
    except ClickHouseError as problem:
        if "CERTIFICATE_VERIFY_FAILED" not in f"{problem.__cause__}":
            raise
        who = signer or "the system's list: name who did in FAIRPASSAGE_CLICKHOUSE_CA_FILE"
        raise OperationalError(f"its certificate is not for {parts.hostname}, has run out, or is signed by none of {who}") from problem


def trusted(ca: Path | None) -> str | None:
    """The file of certificates to trust; None for the system's list. Raises click.UsageError for one that holds none."""
    if ca is None:
        return None
    try:
        ssl.create_default_context(cafile=ca)
    except OSError as problem:  # ssl's own error is one
        raise click.UsageError(f"{ca}: {problem.strerror or problem}; name a file with certificates (PEM)") from problem
    return str(ca)


def connecting(settings: Settings, timeout: float) -> Callable[[], Client]:
    """What makes a new client of the ClickHouse in force each time it is called: for who outlives a connection.

    Raises as `secret` does; what it returns, as `client` does.
    """
    url, password = address(settings)
    user, database = settings.clickhouse_user, settings.clickhouse_database
    return partial(client, url, user, secret(password), database, timeout, settings.clickhouse_ca_file)


def of(settings: Settings, database: str = "default") -> Client:
    """A client of the ClickHouse in force. Raises click.ClickException, also when it does not answer."""
    url, password = address(settings)
    try:
        return client(url, settings.clickhouse_user, secret(password), database, ca=settings.clickhouse_ca_file)
    except ClickHouseError as problem:
        raise click.ClickException(f"ClickHouse at {url} does not answer as it should: {str(problem)[:300]}") from problem
