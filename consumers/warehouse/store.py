"""ClickHouse as the sink sees it: inserts with a token, and how far each partition is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from consumers.warehouse.rows import TABLES

# The rows are at fault: parse, type, range and constraint errors.
_REFUSED = frozenset({6, 25, 26, 27, 32, 33, 38, 41, 43, 53, 69, 70, 72, 117, 130, 131, 321, 349, 407, 469, 675, 691})
UNREADABLE_NUMBER = 72  # among them: what the server says of a number that does not fit its column
# The deployment is at fault: no retry and no dead letter would mend it.
_WRONG = frozenset({16, 36, 47, 60, 62, 81, 115, 164, 192, 193, 194, 497, 516})
# One insert is one block, waited for, with no server-side buffer between it and its acknowledgement.
_SETTINGS: dict[str, int | str] = {"async_insert": 0, "wait_for_async_insert": 1, "insert_deduplicate": 1}


T = TypeVar("T")


class Refused(Exception):
    """ClickHouse refuses these rows: the code of its error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ClickHouse error {code}")
        self.code = code


class Unavailable(Exception):
    """ClickHouse can't be reached or can't do it now: the same request may succeed later."""


class Misconfigured(Exception):
    """ClickHouse answers that the deployment is wrong: schema, rights or credentials."""


class Warehouse:
    """The database. `connect` makes a client; it is called again after a connection broke."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None

    def insert(self, table: str, columns: tuple[str, ...], data: bytes, token: str) -> None:
        """Insert a Native block; returns when they are stored.

        The same token again is acknowledged and adds nothing. Raises Refused, Unavailable or Misconfigured.
        """
        settings = _SETTINGS | {"insert_deduplication_token": token}
        self._do(lambda c: c.raw_insert(table, columns, data, settings=settings, fmt="Native"))

    def purge(self, table: str, where: str, values: Mapping[str, str | int]) -> None:
        """Deletes rows, whose files are written anew without them; returns when it is done, on every replica.

        Raises Refused, Unavailable or Misconfigured.
        """
        self._do(lambda c: c.command(f"ALTER TABLE {table} DELETE WHERE {where}", dict(values), settings={"mutations_sync": 2}))

    def stored(self, logs: dict[str, str]) -> dict[tuple[str, int], int]:
        """The greatest stored offset by (topic, partition), for topics as Kafka has them now (`logs`: topic to its id).

        A topic that was deleted and made again has another id, so what was stored from the old one doesn't count.
        """
        found: dict[tuple[str, int], int] = {}
        for table in TABLES:
            found |= self._stored(table, list(logs.values()))
        return found

    def _stored(self, table: str, logs: list[str]) -> dict[tuple[str, int], int]:
        sql = (
            f"SELECT src_topic, src_partition, max(src_offset) FROM {table} "  # noqa: S608  # one of TABLES
            "WHERE src_log IN {logs:Array(String)} GROUP BY src_topic, src_partition"
        )
        rows = self._do(lambda client: client.query(sql, {"logs": logs}).result_rows)
        return {(str(topic), int(partition)): int(offset) for topic, partition, offset in rows}

    def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            with suppress(ClickHouseError):
                self._client.close()
            self._client = None

    def _do(self, work: Callable[[Client], T]) -> T:
        try:
            if self._client is None:
                self._client = self._connect()
            return work(self._client)
        except DatabaseError as problem:
            raise self._kind(problem) from problem
        except (ClickHouseError, OSError) as problem:
            self.close()
            raise Unavailable(type(problem).__name__) from problem

    def _kind(self, problem: DatabaseError) -> Exception:
        code = problem.code
        if code in _REFUSED:
            return Refused(code)
        if code in _WRONG:
            hint = "run `fairpassage migrate`" if code in (16, 47, 60, 81) else "check the user, its rights and password"
            return Misconfigured(f"ClickHouse error {code} ({problem.name}): {hint}")
        self.close()
        return Unavailable(f"ClickHouse error {code} ({problem.name})")
