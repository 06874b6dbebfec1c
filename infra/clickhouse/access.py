"""Who reads what on a ClickHouse server that has users: roles, row policies, limits and a quota, for `fairpassage migrate --access`.

**Not run by this project's own tests**, which have no such server: the embedded engine parses each statement and has no users. Its
guests are the front's (infra/embedded/clickhouse/guests.py).

- `DATABASE.embassy.NP-QA`, a role an audience: of `alerts` the rows of that audience, and `audience_alerts`. Two roles are both.
- `DATABASE.reports`: the reports' views, and neither the record nor outlines. The views run as `DATABASE.definer`, a user
  whom nobody can be, so that figures of fewer than ten stay withheld from whoever reads them.
- `DATABASE.sink` stores, and deletes what was erased. `DATABASE.watch` reads everything: watches, and audits.

Roles are granted to users by whoever runs the server. A view that `migrate` made anew is its reader's again, who may not read what is
under it: it fails until this is run after it, which `migrate --access` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clickhouse_connect.driver.client import Client

from consumers.warehouse.reports import reports
from infra.clickhouse.runner import Step, name_of
from infra.clickhouse.sql import Repeatable
from schemas.topicfiles import audiences

NOT_RUN = "-- Parsed by the engine here, and not run by the tests: they have no ClickHouse server with users. Read it before it is run."
_MOST = "FOR INTERVAL 1 minute MAX queries = 120, FOR INTERVAL 1 day MAX result_rows = 10000000"  # a reader's
# Whoever reads may change no setting, so that no limit is a reader's own.
_LIMITS = "readonly = 1, max_execution_time = 60, max_memory_usage = 2147483648, max_result_rows = 1000000, max_result_bytes = 268435456"


def repeatables(database: str) -> tuple[Repeatable, ...]:
    """Everything, in order; each statement may be run again. Raises MigrationError for a database's name that would need quoting."""
    name = name_of(database)
    return (_services(name), *(_audience(name, each) for each in sorted(audiences())), _reports(name), _readers(name))


def steps(database: str, *, up: bool) -> list[Step]:
    """To make all of it, or to take it back, the last first. Raises MigrationError."""
    found = [Step(each, up) for each in repeatables(database)]
    return found if up else found[::-1]


def run(client: Client, steps: Iterable[Step]) -> None:
    """Runs them. Raises ClickHouseError: on an engine without users the first."""
    for step in steps:
        for statement in step.statements:
            client.command(statement)


def _role(database: str, name: str) -> str:
    return f"`{database}.{name}`"


def _services(database: str) -> Repeatable:
    """Who stores and who computes, and the user as whom the reports' views run: they see every row."""
    sink, watch, definer = (_role(database, each) for each in ("sink", "watch", "definer"))
    return Repeatable("services", (
        f"CREATE ROLE IF NOT EXISTS {sink}, {watch}",
        f"CREATE USER IF NOT EXISTS {definer} HOST NONE",
        f"GRANT SELECT, INSERT, ALTER DELETE ON {database}.* TO {sink} WITH REPLACE OPTION",
        f"GRANT SELECT ON {database}.* TO {watch}, {definer} WITH REPLACE OPTION",
        f"CREATE ROW POLICY OR REPLACE `every row` ON {database}.alerts FOR SELECT USING 1 TO {sink}, {watch}, {definer}",
    ), (
        f"DROP ROW POLICY IF EXISTS `every row` ON {database}.alerts", f"DROP USER IF EXISTS {definer}",
        f"DROP ROLE IF EXISTS {sink}, {watch}",
    ))  # fmt: skip


def _audience(database: str, audience: str) -> Repeatable:
    role = _role(database, audience)
    return Repeatable(audience, (
        f"CREATE ROLE IF NOT EXISTS {role}",
        f"GRANT SELECT ON {database}.alerts, SELECT ON {database}.audience_alerts TO {role} WITH REPLACE OPTION",
        f"CREATE ROW POLICY OR REPLACE `{audience}` ON {database}.alerts FOR SELECT USING audience = '{audience}' TO {role}",
    ), (f"DROP ROW POLICY IF EXISTS `{audience}` ON {database}.alerts", f"DROP ROLE IF EXISTS {role}"))  # fmt: skip


def _reports(database: str) -> Repeatable:
    role, views = _role(database, "reports"), [each.view for each in reports()]
    definer = f"SQL SECURITY DEFINER DEFINER = {_role(database, 'definer')}"
    return Repeatable("reports", (
        f"CREATE ROLE IF NOT EXISTS {role}",
        f"GRANT {_selects(database, [*views, 'rules'])} TO {role} WITH REPLACE OPTION",
        *(f"ALTER TABLE {database}.{view} MODIFY {definer}" for view in views),
    ), (*(f"ALTER TABLE {database}.{view} MODIFY SQL SECURITY INVOKER" for view in views), f"DROP ROLE IF EXISTS {role}"))  # fmt: skip


def _selects(database: str, names: Sequence[str]) -> str:
    return ", ".join(f"SELECT ON {database}.{name}" for name in names)


def _readers(database: str) -> Repeatable:
    """What a reader's query may cost, and how many there may be."""
    name, roles = _role(database, "readers"), ", ".join(_role(database, each) for each in (*sorted(audiences()), "reports"))
    return Repeatable("readers", (
        f"CREATE SETTINGS PROFILE OR REPLACE {name} SETTINGS {_LIMITS} TO {roles}",
        f"CREATE QUOTA OR REPLACE {name} KEYED BY user_name {_MOST} TO {roles}",
    ), (f"DROP QUOTA IF EXISTS {name}", f"DROP SETTINGS PROFILE IF EXISTS {name}"))  # fmt: skip
