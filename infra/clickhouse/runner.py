"""Applies migrations up and takes them back down, and remembers which are applied. What is made anew follows them: see `sql.Repeatable`.

ClickHouse has no transactions over DDL: each statement may be run again (IF NOT EXISTS, OR REPLACE, IF EXISTS), and a
step counts as applied once all of it ran. A crash half-way repeats the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from infra.clickhouse.sql import Migration, MigrationError, Repeatable

_TABLE = """
CREATE TABLE IF NOT EXISTS {database}.schema_migrations
(version UInt32, name String, checksum String, applied Bool, step UInt64, at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(step) ORDER BY version
COMMENT 'Which migrations are applied; step counts every one that was applied or taken back'
"""

_MADE = """
CREATE TABLE IF NOT EXISTS {database}.schema_views
(name String, checksum String, applied Bool, step UInt64, at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(step) ORDER BY name
COMMENT 'Which of the views and fixed rows that are made anew are there, and from which text'
"""


@dataclass(frozen=True)
class Step:
    """One migration to apply (`up`) or take back; or one thing to make anew, or to drop."""

    migration: Migration | Repeatable
    up: bool

    @property
    def statements(self) -> tuple[str, ...]:
        """What it runs."""
        return self.migration.up if self.up else self.migration.down

    @property
    def label(self) -> str:
        """'up 0001_facts', 'make report_rci'."""
        if isinstance(self.migration, Repeatable):
            return f"{'make' if self.up else 'drop'} {self.migration.name}"
        return f"{'up' if self.up else 'down'} {self.migration.version:04}_{self.migration.name}"


def name_of(database: str) -> str:
    """The database's name as an identifier. Raises MigrationError for one that would need quoting."""
    if not database.isidentifier() or not database.isascii():
        raise MigrationError(f"database {database!r}: use letters, digits and underscores")
    return database


def applied(client: Client, database: str) -> dict[int, str]:
    """Versions in force and the checksum each was applied with; empty when there is no such database."""
    return {int(version): checksum for version, checksum in _recorded(client, database, "schema_migrations", "version")}


def made(client: Client, database: str) -> dict[str, str]:
    """What is made anew and there, by name, and the checksum of its text."""
    return dict(_recorded(client, database, "schema_views", "name"))


def _recorded(client: Client, database: str, table: str, key: str) -> list[tuple[str, str]]:
    known = client.query("SELECT count() FROM system.tables WHERE database = {d:String} AND name = {t:String}", {"d": database, "t": table})
    if not known.result_rows[0][0]:
        return []
    sql = f"SELECT {key}, checksum FROM {name_of(database)}.{table} FINAL WHERE applied"  # noqa: S608  # checked name
    return [(str(found), str(checksum)) for found, checksum in client.query(sql).result_rows]


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


def renewal(repeatables: Sequence[Repeatable], there: dict[str, str], down: bool = False) -> list[Step]:
    """What to make anew since its text differs, and what to drop since no file has it any more; with `down` all is dropped."""
    known = {each.name: each for each in repeatables}
    gone = [each for name in sorted(there) if down or name not in known for each in (known.get(name) or _view(name),)]
    made_anew = [each for each in repeatables if not down and there.get(each.name) != each.checksum]
    return [Step(each, up=False) for each in gone] + [Step(each, up=True) for each in made_anew]


def _view(name: str) -> Repeatable:
    """One whose file is gone: only views ever go."""
    return Repeatable(name, (), (f"DROP VIEW IF EXISTS {name_of(name)}",))


def run(client: Client, database: str, steps: Sequence[Step]) -> None:
    """Run the steps in order. Raises what ClickHouse answers; steps before it stay recorded."""
    name = name_of(database)
    client.command(f"CREATE DATABASE IF NOT EXISTS {name}")
    client.command(_TABLE.format(database=name))
    client.command(_MADE.format(database=name))
    for step in steps:
        for statement in step.statements:
            client.command(statement, settings={"database": name})
        _record(client, name, step)


def _record(client: Client, database: str, step: Step) -> None:
    this, at = step.migration, "schema_views" if isinstance(step.migration, Repeatable) else "schema_migrations"
    count = client.query(f"SELECT max(step) FROM {database}.{at}").result_rows[0][0]  # noqa: S608  # checked name
    row = [this.name, this.checksum, step.up, int(count) + 1]
    columns = ["name", "checksum", "applied", "step"]
    if isinstance(this, Migration):
        row, columns = [this.version, *row], ["version", *columns]
    client.insert(at, [row], column_names=columns, database=database)
