"""Applies migrations up and takes them back down, and remembers which are applied.

ClickHouse has no transactions over DDL: each statement may be run again (IF NOT EXISTS, OR REPLACE, IF EXISTS), and a
step counts as applied once all of it ran. A crash half-way repeats the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from infra.clickhouse.sql import Migration, MigrationError

_TABLE = """
CREATE TABLE IF NOT EXISTS {database}.schema_migrations
(version UInt32, name String, checksum String, applied Bool, step UInt64, at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(step) ORDER BY version
COMMENT 'Which migrations are applied; step counts every one that was applied or taken back'
"""


@dataclass(frozen=True)
class Step:
    """One migration to apply (`up`) or take back."""

    migration: Migration
    up: bool

    @property
    def statements(self) -> tuple[str, ...]:
        """What it runs."""
        return self.migration.up if self.up else self.migration.down

    @property
    def label(self) -> str:
        """'up 0001_facts'."""
        return f"{'up' if self.up else 'down'} {self.migration.version:04}_{self.migration.name}"


def name_of(database: str) -> str:
    """The database's name as an identifier. Raises MigrationError for one that would need quoting."""
    if not database.isidentifier() or not database.isascii():
        raise MigrationError(f"database {database!r}: use letters, digits and underscores")
    return database


def applied(client: Client, database: str) -> dict[int, str]:
    """Versions in force and the checksum each was applied with; empty when there is no such database."""
    known = client.query("SELECT count() FROM system.tables WHERE database = {d:String} AND name = 'schema_migrations'", {"d": database})
    if not known.result_rows[0][0]:
        return {}
    sql = f"SELECT version, checksum FROM {name_of(database)}.schema_migrations FINAL WHERE applied"  # noqa: S608  # checked name
    return {int(version): str(checksum) for version, checksum in client.query(sql).result_rows}


def plan(migrations: Sequence[Migration], there: dict[int, str], down_to: int | None = None) -> list[Step]:
    """What to run: the missing steps up, or with `down_to` those above it down, the latest first.

    Raises MigrationError when an applied file has changed or is gone.
    """
    known = {each.version: each for each in migrations}
    for version, checksum in sorted(there.items()):
        if version not in known:
            raise MigrationError(f"{version:04} is applied but its file is gone; this build is older than the database")
        if known[version].checksum != checksum:
            name = f"{version:04}_{known[version].name}.up.sql"
            raise MigrationError(f"{name} has changed since it was applied; put it back and add a new migration")
    if down_to is not None:
        return [Step(known[version], up=False) for version in sorted(there, reverse=True) if version > down_to]
    return [Step(each, up=True) for each in migrations if each.version not in there]


def run(client: Client, database: str, steps: Sequence[Step]) -> None:
    """Run the steps in order. Raises what ClickHouse answers; steps before it stay recorded."""
    name = name_of(database)
    client.command(f"CREATE DATABASE IF NOT EXISTS {name}")
    client.command(_TABLE.format(database=name))
    for step in steps:
        for statement in step.statements:
            client.command(statement, settings={"database": name})
        _record(client, name, step)


def _record(client: Client, database: str, step: Step) -> None:
    count = client.query(f"SELECT max(step) FROM {database}.schema_migrations").result_rows[0][0]  # noqa: S608
    row = [step.migration.version, step.migration.name, step.migration.checksum, step.up, int(count) + 1]
    columns = ["version", "name", "checksum", "applied", "step"]
    client.insert("schema_migrations", [row], column_names=columns, database=database)
