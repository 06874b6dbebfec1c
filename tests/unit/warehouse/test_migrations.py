"""Migration files and the plan made from them, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.clickhouse.runner import name_of, plan
from infra.clickhouse.sql import Migration, MigrationError, read, split


def migration(version: int, checksum: str = "c") -> Migration:
    return Migration(version, "x", ("SELECT 1",), ("SELECT 0",), checksum)


def test_the_shipped_files_are_read_and_each_has_a_way_back() -> None:
    found = read()
    assert [each.version for each in found] == list(range(1, len(found) + 1))
    assert all(each.up and each.down for each in found)


def test_statements_end_at_semicolons_that_are_not_quoted() -> None:
    assert split("SELECT ';' -- a; b\n; /* ; */ SELECT 'it''s';\n") == ("SELECT ';'", "/* ; */ SELECT 'it''s'")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["1_x.up.sql"], "name it"),
        (["0002_x.up.sql", "0002_x.down.sql"], "expected number 0001"),
        (["0001_x.up.sql"], "down.sql is missing"),
        (["0001_x.up.sql", "0001_x.down.sql", "0001_y.up.sql", "0001_y.down.sql"], "expected number 0002"),
    ],
)
def test_wrong_files_are_said(tmp_path: Path, names: list[str], said: str) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=said):
        read(tmp_path)


def test_the_plan_goes_up_and_back_down() -> None:
    files = [migration(1), migration(2), migration(3)]
    assert [step.label for step in plan(files, {1: "c"})] == ["up 0002_x", "up 0003_x"]
    assert [step.label for step in plan(files, {1: "c", 2: "c", 3: "c"}, down_to=1)] == ["down 0003_x", "down 0002_x"]
    assert plan(files, {1: "c", 2: "c", 3: "c"}) == []


def test_an_applied_file_may_not_change_or_go() -> None:
    with pytest.raises(MigrationError, match=r"0001_x.up.sql has changed"):
        plan([migration(1, "other")], {1: "c"})
    with pytest.raises(MigrationError, match="older than the database"):
        plan([migration(1)], {1: "c", 2: "c"})


def test_a_database_s_name_needs_no_quoting() -> None:
    assert name_of("fair_1") == "fair_1"
    with pytest.raises(MigrationError, match="letters, digits"):
        name_of("x; DROP")
