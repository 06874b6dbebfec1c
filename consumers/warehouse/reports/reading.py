"""A report as ClickHouse answers it: rows as JSON has them, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from consumers.warehouse.reports import Report
from consumers.warehouse.reports.views import call

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is asked for: a corridor, 'NP-QA', or '' for all; the first and the last day."""

    corridor: str
    since: date
    until: date

    @property
    def parameters(self) -> dict[str, str]:
        """As the query takes them: values, never text of the query."""
        return {"corridor": self.corridor, "since": self.since.isoformat(), "until": self.until.isoformat()}


def rows(client: Client, report: Report, asked: Asked) -> list[Row]:
    """Every row, in order; numbers, texts, lists, booleans and None. Raises ClickHouseError."""
    found = client.query(call(report), asked.parameters)
    return [{name: _plain(name, value) for name, value in zip(found.column_names, row, strict=True)} for row in found.result_rows]


def raw(client: Client, report: Report, asked: Asked, form: str) -> bytes:
    """The rows in one of ClickHouse's own formats. Raises ClickHouseError."""
    return client.raw_query(call(report), asked.parameters, fmt=form)


def described(report: Report) -> Row:
    """What it is, as JSON has it: no figures."""
    rates = [{"name": each.name, "numerator": each.numerator, "denominator": each.denominator, "per": each.per, "interval": each.interval}
             for each in report.rates]  # fmt: skip
    return {
        "id": report.id, "view": report.view, "title": report.title, "says": report.says, "denominator": report.denominator,
        "recommendations": list(report.recommendations), "columns": report.columns, "rates": rates, "caveats": list(report.caveats),
        "suppressed_below": None if report.public else 10,
    }  # fmt: skip


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it."""
    if name == "suppressed":
        return bool(value)
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else list(value) if isinstance(value, tuple | list) else value
