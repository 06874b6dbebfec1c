"""The front against clickhouse-connect, sync and async, and against plain HTTP."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import clickhouse_connect
import lz4.frame
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.support.clickhouse import PASSWORD, FrontProcess

pytestmark = [pytest.mark.integration, pytest.mark.together]
WINDOW = "ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100"


def numbers(client: Client) -> list[int]:
    return [row[0] for row in client.query("SELECT a FROM t ORDER BY a").result_rows]


@pytest.fixture
def table(client: Client) -> str:
    client.command(f"CREATE TABLE t (a UInt64, b String) {WINDOW}")
    return "t"


def test_a_token_is_its_request_s_own(client: Client, table: str) -> None:
    """engines.md C2.6: left on the session, a token makes every later insert of the client a silent duplicate."""
    client.insert(table, [[1, "x"]], column_names=["a", "b"], settings={"insert_deduplication_token": "one"})
    client.insert(table, [[2, "x"]], column_names=["a", "b"])
    client.insert(table, [[3, "x"]], column_names=["a", "b"])
    assert numbers(client) == [1, 2, 3]
    client.insert(table, [[9, "resent"]], column_names=["a", "b"], settings={"insert_deduplication_token": "one"})
    assert numbers(client) == [1, 2, 3], "the same token again is the same batch again"


def test_a_token_is_its_request_s_own_in_a_session_that_keeps_state(client: Client, table: str) -> None:
    client.command("CREATE TEMPORARY TABLE kept (a UInt64)")
    client.insert(table, [[1, "x"]], column_names=["a", "b"], settings={"insert_deduplication_token": "two"})
    client.insert(table, [[2, "x"]], column_names=["a", "b"])
    client.insert("kept", [[7]], column_names=["a"])
    assert numbers(client) == [1, 2]
    assert client.command("SELECT sum(a) FROM kept") == 7


def test_settings_in_a_session_return_to_what_the_session_set(client: Client) -> None:
    client.command("SET max_threads = 3")
    assert client.query("SELECT getSetting('max_threads')", settings={"max_threads": 1}).first_row == (1,)
    assert client.command("SELECT getSetting('max_threads')") == 3
    with pytest.raises(DatabaseError, match="no_such_table"):
        client.query("SELECT * FROM no_such_table", settings={"max_threads": 2})
    assert client.command("SELECT getSetting('max_threads')") == 3


def test_an_unknown_setting_costs_a_session_nothing(front: FrontProcess) -> None:
    session = {"session_id": "with-a-table"}
    assert front.http(b"CREATE TEMPORARY TABLE kept (a UInt64)", session)[0] == 200
    assert front.http(b"SELECT 1", session | {"max_threads": "2", "no_such_setting": "1"})[0] == 404
    assert front.http(b"SELECT count() FROM kept", session) == (200, b"0\n")


def test_settings_of_one_client_are_not_another_s(front: FrontProcess) -> None:
    first, second = front.client(), front.client()
    first.command("SET max_threads = 7")
    assert first.command("SELECT getSetting('max_threads')") == 7
    assert second.command("SELECT getSetting('max_threads')") != 7


def test_readonly_ends_with_its_request(client: Client, table: str) -> None:
    with pytest.raises(DatabaseError, match="READONLY"):
        client.command(f"DROP TABLE {table}", settings={"readonly": 1})
    client.command(f"DROP TABLE {table}")


def test_every_type_comes_back_as_it_went(client: Client) -> None:
    client.command(
        "CREATE TABLE kinds (d DateTime64(3, 'Asia/Kathmandu'), l LowCardinality(String), r Array(String), m Map(String, UInt8), "
        "n Nullable(Decimal(18, 4)), u UUID, e Enum8('x' = 1), t Tuple(String, UInt8)) ENGINE = Memory"
    )
    row = (
        datetime(2025, 3, 1, 10, 0, 0, 123000, tzinfo=ZoneInfo("Asia/Kathmandu")),
        "a\tb'c\\d\né",
        ["it's"],
        {"k": 1},
        Decimal("1.2500"),
        UUID(int=7),
        "x",
        ("p", 2),
    )
    client.insert("kinds", [row])
    assert client.query("SELECT * FROM kinds").first_row == row


@pytest.mark.parametrize("text", ["plain", "a\tb'c\\d\né", "x'); DROP TABLE t; --", ""])
def test_bound_parameters_are_data(client: Client, text: str) -> None:
    assert client.query("SELECT {x:String}", parameters={"x": text}).first_row == (text,)
    assert client.query("SELECT %(x)s", parameters={"x": text}).first_row == (text,)


def test_frames_arrow_streams_and_metadata(client: Client, table: str) -> None:
    client.insert_df(table, client.query_df("SELECT number AS a, toString(number) AS b FROM numbers(1000)"))
    client.insert_arrow(table, pa.table({"a": pa.array([5000], pa.uint64()), "b": ["arrow"]}))
    assert client.query_arrow("SELECT * FROM t").num_rows == 1001
    with client.query_row_block_stream("SELECT number FROM numbers(300000)") as blocks:
        assert sum(len(block) for block in blocks) == 300_000
    assert client.query("SELECT * FROM t LIMIT 0").column_names == ("a", "b")


def test_raw_inserts_in_every_encoding(client: Client, table: str) -> None:
    line = b'{"a":%d,"b":"raw"}\n'
    for number, (name, pack) in enumerate(
        [("", bytes), ("lz4", lz4.frame.compress), ("gzip", gzip.compress), ("zstd", zstandard.compress)]
    ):
        client.raw_insert(table, ["a", "b"], pack(line % number), fmt="JSONEachRow", compression=name or None)
    assert numbers(client) == [0, 1, 2, 3]


def test_a_summary_says_what_was_written(client: Client, table: str) -> None:
    assert client.insert(table, [[1, "x"], [2, "y"]], column_names=["a", "b"]).written_rows == 2


def test_errors_carry_code_and_name(client: Client, table: str) -> None:
    with pytest.raises(DatabaseError) as unknown:
        client.query("SELECT * FROM no_such_table")
    assert (unknown.value.code, unknown.value.name) == (60, "UNKNOWN_TABLE")
    with pytest.raises(DatabaseError) as setting:
        client.query("SELECT 1 SETTINGS no_such_setting = 1")
    assert setting.value.code == 115


def test_the_async_client(front: FrontProcess, database: str, client: Client, table: str) -> None:
    async def scenario() -> int:
        found = await clickhouse_connect.get_async_client(
            host="127.0.0.1", port=front.port, username="default", password=PASSWORD, database=database
        )
        await found.insert(table, [[4, "z"]], column_names=["a", "b"], settings={"insert_deduplication_token": "q"})
        await found.insert(table, [[5, "z"]], column_names=["a", "b"])
        total = await found.command("SELECT sum(a) FROM t")
        await found.close()
        assert isinstance(total, int)
        return total

    assert asyncio.run(scenario()) == 9


def test_many_clients_at_once(front: FrontProcess, database: str, table: str, client: Client) -> None:
    def work(number: int) -> None:
        own = front.client(database)
        for part in range(5):
            own.insert(table, [[number * 100 + part, "x"]], column_names=["a", "b"])
        own.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert len(numbers(client)) == 30


def test_plain_http(front: FrontProcess, database: str, client: Client, table: str) -> None:
    at = {"database": database}
    tsv = at | {"query": "INSERT INTO t (a, b) FORMAT TSV"}
    assert front.http(url={"query": "SELECT 1 FORMAT JSONEachRow"}) == (200, b'{"1":1}\n')
    assert front.http(b"SELECT {x:UInt8} + 1", {"param_x": "41", "default_format": "CSV"}) == (200, b"42\n")
    assert front.http(b"(1,'v;FORMAT x')", at | {"query": "INSERT INTO t VALUES"})[0] == 200
    assert front.http(b"INSERT INTO t FORMAT CSV\n2,q\n", at)[0] == 200
    assert front.http(b"3\tq\n", tsv)[0] == 200
    assert front.http(gzip.compress(b"4\tq\n"), tsv, {"Content-Encoding": "gzip"})[0] == 200
    assert numbers(client) == [1, 2, 3, 4]
    assert front.http(url=at | {"query": "DROP TABLE t"})[0] == 403, "GET changes nothing"
    assert front.http(b"SELECT 1; SELECT 2")[0] == 400
    assert front.http(b"\xff\xff", tsv, {"Content-Encoding": "lz4"})[0] == 400


def test_the_password_is_needed(front: FrontProcess) -> None:
    for wrong in ({"user": "default", "password": "no"}, {"user": "root", "password": PASSWORD}, {"user": "default"}):
        status, body = front.http(b"SELECT 1", wrong)
        assert (status, body[:10]) == (403, b"Code: 516.")
    headers = {"X-ClickHouse-User": "default", "X-ClickHouse-Key": PASSWORD}
    assert front.http(b"SELECT 1", {"user": ""}, headers)[0] == 200


def test_a_session_is_one_client_s_at_a_time(front: FrontProcess) -> None:
    assert front.http(b"SELECT 1", {"session_id": "never-seen", "session_check": "1"})[1][:10] == b"Code: 372."
    shared = {"session_id": "shared"}
    front.http(b"SET max_threads = 3", shared)
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(front.http, b"SELECT sleep(1.5)", shared) for _ in range(2)]
        answers = sorted(answer.result()[0] for answer in sent)
    assert answers == [200, 400]
    assert front.http(b"SELECT getSetting('max_threads')", shared) == (200, b"3\n")
