"""The whole schema of this build: numbered migrations, then what is made anew: the reports' views and the catalogue's rows."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from consumers.warehouse.reports import reports
from consumers.warehouse.reports.views import statement
from infra.clickhouse import runner, sql
from infra.clickhouse.catalogue import rules
from infra.clickhouse.runner import Step
from infra.clickhouse.sql import Repeatable

AUDIENCE_ALERTS = """CREATE OR REPLACE VIEW audience_alerts AS
SELECT * EXCEPT (src_topic, src_log, src_partition, src_offset, stored_at) FROM alerts FINAL WHERE audience = {audience:String}
COMMENT 'The alerts of one audience as they stand: what a guest of that audience reads'"""


def repeatables() -> tuple[Repeatable, ...]:
    """Everything that is made anew, in order."""
    alerts = Repeatable("audience_alerts", (AUDIENCE_ALERTS,), ("DROP VIEW IF EXISTS audience_alerts",))
    return rules(), alerts, *(Repeatable(each.view, (statement(each),), (f"DROP VIEW IF EXISTS {each.view}",)) for each in reports())


def missing(client: Client, database: str, down_to: int | None = None) -> list[Step]:
    """The steps that bring a database up to this build, or with `down_to` back to that number: views go before what they read.

    Raises MigrationError as `runner.plan` does, ClickHouseError.
    """
    numbered = runner.plan(sql.read(), runner.applied(client, database), down_to)
    renewed = runner.renewal(repeatables(), runner.made(client, database), down_to is not None)
    return numbered + renewed if down_to is None else renewed + numbered
