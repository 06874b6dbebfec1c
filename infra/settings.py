"""Settings: from the environment (FAIRPASSAGE_*), read once by a command, frozen, handed down. Secrets print masked."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

import click
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "FAIRPASSAGE_"


class Settings(BaseSettings):
    """Every setting with its default: one desk on the embedded engines. In service addresses and credentials change."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    home: Path = Field(Path(".fairpassage"), description="data of the embedded engines and of workers")
    cache: Path = Field(Path("~/.cache/fairpassage"), description="Kafka's jars, verified by their lock file")
    bootstrap: str = Field("", description="Kafka's address; empty: the embedded node's")
    kafka_port: int = Field(0, description="port of the embedded Kafka node; 0 picks one and keeps it")
    kafka_security_protocol: str = Field("PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL")
    kafka_sasl_mechanism: str = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password_file: Path | None = None
    kafka_ca_file: Path | None = Field(None, description="who signed the broker's certificate; else the system's list")
    clickhouse_url: str = Field("", description="http://host:port; empty: the embedded front's")
    clickhouse_port: int = Field(0, description="port of the embedded front; 0 picks one and keeps it")
    clickhouse_user: str = "default"
    clickhouse_password_file: Path | None = None
    clickhouse_ca_file: Path | None = Field(None, description="who signed ClickHouse's certificate (https); else the system's list")
    clickhouse_users_file: Path | None = Field(None, description="guests of the embedded front, and the views that each reads")
    clickhouse_database: str = "fairpassage"
    schema_registry_url: str = Field("", description="http://host:port/path of a registry's Confluent API; empty: none")
    schema_registry_user: str = ""
    schema_registry_password_file: Path | None = None
    schema_registry_ca_file: Path | None = Field(None, description="who signed the registry's certificate (https); else the usual list")
    linking_key_file: Path | None = Field(None, description="the offices' key for identifiers")
    linking_key_generation: int = Field(1, ge=1, lt=1 << 31, description="which one it is: raised by one with each new key")
    linking_old_key_file: Path | None = Field(None, description="the offices' key before it, while that is changed")
    party_key_file: Path | None = Field(None, description="the key of persons in bodies: the first linking key, once that was changed")
    intake_key_file: Path | None = Field(None, description="the workers' second key")
    intake_key_generation: int = Field(1, ge=1, lt=1 << 31, description="which one it is: raised by one with each new key")
    intake_old_key_file: Path | None = Field(None, description="the workers' second key before it, while that is changed")
    master_key_file: Path | None = Field(None, description="wraps the keys under which facts about workers are sealed: workers and sinks")
    policy: Path | None = Field(None, description="policy file or folder: all rows of the rules that it names, over what ships")
    as_of: str = Field("", description="a fixed instant for tests, the demo and imports into topics of their own")
    offices: Path | None = Field(None, description="the offices' file: who publishes under which sources, and on which topics")
    office_keys: Path | None = Field(None, description="folder of the offices' signing keys; without it workers verify no signature")
    signing_key_file: Path | None = Field(None, description="this office's signing key: NP.dofe.1.key")
    users_folder: Path | None = Field(None, description="one file a Kafka user, with its password; else HOME/secrets/users")
    office: str = Field("", description="who publishes what `act` says: NP/embassy-doha")
    group: str = "fairpassage"
    workers: int = Field(2, ge=1, le=64)
    metrics_port: int = Field(0, ge=0, le=65535, description="0 serves no metrics")
    hold_seconds: float = Field(10.0, ge=0, description="how long a dossier touched by an import run waits")
    session_timeout: float = Field(10.0, gt=0)
    log_level: str = "INFO"

    @cached_property
    def root(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().resolve()

    @cached_property
    def jars(self) -> Path:
        """Where Kafka's jars are kept."""
        return self.cache.expanduser().resolve()


def load(**overrides: object) -> Settings:
    """The settings of this process. A wrong or unknown one is a clear error that names it."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise click.UsageError(f"{unknown[0]} is no setting. Known: {', '.join(sorted(known))}")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as problem:
        first = problem.errors()[0]
        name = PREFIX + ".".join(str(part) for part in first["loc"]).upper()
        raise click.UsageError(f"{name}: {first['msg']}") from problem


def secret(path: Path | None) -> SecretStr:
    """A secret from its file; empty when none is named. Raises click.UsageError."""
    if path is None:
        return SecretStr("")
    try:
        return SecretStr(path.read_text("utf-8").strip())
    except OSError as problem:
        raise click.UsageError(f"{path}: {problem.strerror}; name a file that can be read") from problem
