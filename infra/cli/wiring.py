"""Where a command finds its broker, its warehouse and its policy: the settings, or what `up` runs in the home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from infra.embedded import state
from infra.registry.client import connect
from infra.registry.writers import Writers
from infra.settings import Settings
from schemas.offices import OfficesError, read
from streams.publishers.identity import KeyFileError
from streams.publishers.signing import Signatures, signatures
from streams.rules.policy import Policy, PolicyError, default, load

ANSWER = 2  # seconds that a worker waits for a schema registry


@dataclass(frozen=True)
class Service:
    """Addresses, and the files with their secrets."""

    bootstrap: str
    clickhouse_url: str
    clickhouse_password_file: Path | None
    linking_key_file: Path | None


def service(settings: Settings) -> Service:
    """The addresses in force. Raises click.UsageError when neither settings nor a running `up` name them."""
    running = state.read(settings.root)
    bootstrap = settings.bootstrap or (running.bootstrap if running else "")
    clickhouse = settings.clickhouse_url or (running.clickhouse if running else "")
    if not bootstrap:
        raise click.UsageError("no broker: start `fairpassage up` in another terminal, or set FAIRPASSAGE_BOOTSTRAP.")
    embedded = settings.root / "secrets"
    return Service(
        bootstrap, clickhouse,
        settings.clickhouse_password_file or _if_there(embedded / "clickhouse.password"),
        settings.linking_key_file or (_if_there(embedded / "linking.key") if running else None),
    )  # fmt: skip


def signatures_of(settings: Settings) -> Signatures | None:
    """The offices' keys, against which intake holds each event's source; None where no folder is set. Raises click.UsageError."""
    try:
        return signatures(read(settings.offices), settings.office_keys, "FAIRPASSAGE_OFFICE_KEYS")
    except (OfficesError, KeyFileError) as problem:
        raise click.UsageError(str(problem)) from problem


def writers_of(settings: Settings) -> Writers | None:
    """Schemas from the registry of the settings, of which nothing is asked yet; None where none is set. Raises click.UsageError."""
    return Writers(connect(settings, timeout=ANSWER, retries=0)) if settings.schema_registry_url else None


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None


def policy_of(settings: Settings) -> Policy:
    """The policy in force. Raises click.UsageError with file, row and key."""
    return policy_from(settings.policy)


def policy_from(path: Path | None, base: Policy | None = None) -> Policy:
    """A policy file or folder over a base, or the base: the policy that ships where none is given."""
    try:
        base = base or default()
        return load(path, base=base) if path is not None else base
    except PolicyError as problem:
        raise click.UsageError(str(problem)) from problem
