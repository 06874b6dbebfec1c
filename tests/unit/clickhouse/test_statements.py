"""Telling statements apart: FORMAT clauses, inserted data, several statements in one text."""

from __future__ import annotations

import pytest

from infra.embedded.clickhouse.statements import parse


@pytest.mark.parametrize(
    ("text", "fmt", "data"),
    [
        (b"SELECT 1 FORMAT JSON", "JSON", None),
        (b"SELECT 1 FORMAT JSON;", "JSON", None),
        (b"SELECT 1 FORMAT TSV SETTINGS max_threads = 1", "TSV", None),
        (b"SELECT format FROM t", None, None),
        (b"SELECT 'x FORMAT JSON'", None, None),
        (b"SELECT 1 -- FORMAT JSON", None, None),
        (b"INSERT INTO t (a, format) FORMAT Native\n\x00\xff;\n", "Native", b"\x00\xff;\n"),
        (b"INSERT INTO t SETTINGS x = 1 FORMAT CSV 1,2", "CSV", b"1,2"),
        (b"INSERT INTO t FORMAT TSV\r\n\n", "TSV", b"\n"),
        (b"INSERT INTO t VALUES (1, 'FORMAT CSV')", None, None),
        (b"INSERT INTO t SELECT 1 FORMAT CSV", "CSV", None),
        (b"INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\n1", "CSV", b"1"),
    ],
)
def test_format_and_data(text: bytes, fmt: str | None, data: bytes | None) -> None:
    found = parse(text)
    assert (found.fmt, found.data) == (fmt, data)


def test_the_statement_of_an_insert_ends_before_format() -> None:
    assert parse(b"INSERT INTO t (a) FORMAT CSV\n1").sql == "INSERT INTO t (a) "


@pytest.mark.parametrize(
    ("text", "several"),
    [
        (b"SELECT 1; DROP TABLE t", True),
        (b"SELECT 1 FORMAT CSV; DROP TABLE t", True),
        (b"SELECT 1 FORMAT CSV SETTINGS max_threads = 1; DROP TABLE t", True),
        (b"SELECT 1; -- the end\n", False),
        (b"SELECT ';'", False),
        (b"SELECT $x$;$x$", False),
        (b"SELECT 'it''s; \\'quoted'", False),
    ],
)
def test_several_statements_are_seen(text: bytes, several: bool) -> None:
    assert parse(text).several is several


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        (b"SET max_threads = 1", True),
        (b"use other", True),
        (b"/* x */ CREATE TEMPORARY TABLE t (a Int8)", True),
        (b"CREATE OR REPLACE TEMPORARY TABLE t (a Int8)", True),
        (b"CREATE TABLE temporary (a Int8)", False),
        (b"SELECT 1", False),
    ],
)
def test_what_a_session_keeps(text: bytes, keeps: bool) -> None:
    assert parse(text).keeps_state is keeps


@pytest.mark.parametrize("text", [b"SELECT 'x; DROP TABLE t", b"SELECT 1 /* ; DROP TABLE t", b'SELECT "x\\', b"SELECT `; x"])
def test_what_is_never_closed_goes_to_the_end(text: bytes) -> None:
    assert parse(text).several is False


def test_a_heredoc_is_one_where_its_tag_comes_again() -> None:
    assert parse(b"SELECT $a$ ; $b$ ; $a$").several is False
    assert parse(b"SELECT $a$ ; SELECT 2").several is True


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", [b"/*", b"'\\'", b"$a", b'"\\"', b"`", b"$$a"])
def test_a_text_costs_what_its_length_is(piece: bytes) -> None:
    """The square of it would be hours."""
    parse(piece * 200_000)


def test_the_statement_of_an_insert_is_cut_where_it_is_whatever_its_letters() -> None:
    assert parse("INSERT INTO t (stra\u00dfe) FORMAT CSV\n1".encode()).sql == "INSERT INTO t (stra\u00dfe) "
