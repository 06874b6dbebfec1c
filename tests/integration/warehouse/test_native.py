"""What the sink writes in Native is what its tables declare, and comes back as it went."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from consumers.warehouse.native import block
from consumers.warehouse.rows import instant
from consumers.warehouse.store import Warehouse
from consumers.warehouse.tables import COLUMNS
from tests.support.clickhouse import PASSWORD, FrontProcess
from tests.support.sinking import warehouse

pytestmark = [pytest.mark.integration, pytest.mark.together]

NOT_FILLED = {"stored_at", "version"}
LONG = "ब" * 5_000
SAMPLES: dict[str, list[Any]] = {
    "String": ["", "a", LONG, "\x00\n\t'\\", "é"],
    "Array(String)": [(), ("a",), (LONG, "", "b"), ("x",) * 300, ("a", "a")],
    "UInt8": [0, 1, 255, 7, 0],
    "UInt32": [0, 1, (1 << 32) - 1, 7, 0],
    "UInt64": [0, 1, (1 << 64) - 1, 7, 0],
    "UInt128": [0, 1, (1 << 128) - 1, 3 << 64, 0],
    "Bool": [False, True, True, False, False],
    "DateTime64(3, 'UTC')": [0, instant(-(1 << 60)), instant(1 << 60), 1_700_000_000_123, -1],
    "Array(DateTime64(3, 'UTC'))": [(), (0,), (1, -1), (1_700_000_000_123,) * 3, ()],
    "Nullable(DateTime64(3, 'UTC'))": [None, 0, 1_700_000_000_123, None, -1],
    "Nullable(UInt32)": [None, 0, 7, None, 1],
    "Nullable(UInt64)": [None, 0, 7, None, 1],
}


@pytest.fixture
def store(front: FrontProcess, database: str, migrated: Client) -> Warehouse:
    """The sink's way into a migrated database."""
    return warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_columns_are_those_of_the_migrations(table: str, database: str, migrated: Client) -> None:
    query = "SELECT name, type FROM system.columns WHERE database = {d:String} AND table = {t:String}"
    found = migrated.query(query, {"d": database, "t": table})
    declared = {name: kind.replace("LowCardinality(String)", "String") for name, kind in found.result_rows if name not in NOT_FILLED}
    assert {name: kind.name for name, kind in COLUMNS[table].items()} == declared


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_values_come_back_as_they_went(table: str, store: Warehouse, migrated: Client) -> None:
    columns = COLUMNS[table]
    keyed = {"id": [f"{n}" for n in range(5)], "topic": [f"{n}" for n in range(5)]}
    given = [keyed.get(name) or SAMPLES[kind.name] for name, kind in columns.items()]
    rows = [tuple(values) for values in zip(*given, strict=True)]
    store.insert(table, tuple(columns), block(columns, [tuple(_encodable(columns, each)) for each in rows]), uuid.uuid4().hex)
    read = ", ".join(_as_number(name, kind.name) for name, kind in columns.items())
    order = "topic" if table == "dead_letters" else "id"
    found = migrated.query(f"SELECT {read} FROM {table} ORDER BY {order}").result_rows
    assert [tuple(tuple(value) if isinstance(value, list) else value for value in each) for each in found] == rows


def _encodable(columns: Any, values: tuple[Any, ...]) -> list[Any]:
    """A column of bytes gets bytes."""
    return [value.encode() if isinstance(kind.default, bytes) else value for kind, value in zip(columns.values(), values, strict=True)]


def _as_number(name: str, kind: str) -> str:
    """Instants are compared as milliseconds."""
    if kind.startswith("Array(DateTime64"):
        return f"arrayMap(each -> toUnixTimestamp64Milli(each), {name})"
    return f"toUnixTimestamp64Milli({name})" if "DateTime64" in kind else name
