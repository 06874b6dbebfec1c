"""A report as CSV, JSON and Parquet, to standard output and to a file; and what a database of another build is told."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

import infra.cli.report_formats
from consumers.warehouse.reports import reports
from streams.domain.money import _EXPONENTS
from streams.rules.registry import catalogue
from tests.support.reporting import Bench, called

pytestmark = [pytest.mark.integration, pytest.mark.together]


def visits(bench: Bench) -> None:
    """Twenty visits of an inspectorate."""
    bench.events("/office/QA/mol", "oversight.inspection_done", 20, {"employer": "QA:cr:1", "worker_interviewed": True})


def test_csv(bench: Bench) -> None:
    visits(bench)
    said = called("R-INS-1", "--format", "csv")
    assert said.exit_code == 0, said.output
    (found,) = csv.DictReader(io.StringIO(said.stdout))
    assert (found["jurisdiction"], found["n"], found["share"], found["suppressed"]) == ("QA", "20", "1.0", "false")


def test_parquet(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visits(bench)
    out = tmp_path / "found.parquet"
    assert called("R-INS-1", "--format", "parquet", "--out", str(out)).exit_code == 0
    said = called("R-INS-1", "--format", "parquet")
    for made in (out.read_bytes(), said.stdout_bytes):
        assert (made[:4], made[-4:]) == (b"PAR1", b"PAR1")
    monkeypatch.setattr(infra.cli.report_formats, "_terminal", lambda: True)
    refused = called("R-INS-1", "--format", "parquet")
    assert refused.exit_code == 2
    assert "--out FILE" in refused.output
    missing = called("R-INS-1", "--format", "csv", "--out", str(tmp_path / "no" / "such" / "folder"))
    assert missing.exit_code == 1
    assert "No such file" in missing.output


def test_every_report_has_the_columns_that_it_says(bench: Bench) -> None:
    for each in reports():
        described = bench.query(f"DESCRIBE (SELECT * FROM {each.view}(corridor = '', since = '1900-01-01', until = '2299-12-31'))")
        assert [name for name, *_ in described] == list(each.columns), each.id


def test_a_corridor_is_a_value_and_no_part_of_the_query(bench: Bench) -> None:
    visits(bench)
    asked = "SELECT count() FROM report_ins_1(corridor = {c:String}, since = '1900-01-01', until = '2299-12-31')"
    assert [bench.query(asked, {"c": corridor}) for corridor in ("NP-QA", "' OR 1 = 1 --", "')")] == [[(1,)], [(0,)], [(0,)]]


def test_the_rules_are_those_of_the_catalogue(bench: Bench) -> None:
    found = dict(bench.query("SELECT id, missing_step FROM rules"))
    assert found.keys() == {rule.id for rule in catalogue()}
    assert [found[name] for name in ("T-CON-01", "T-OFF-01", "T-CHN-01")] == [True, True, False]


def test_amounts_have_the_decimals_of_their_currency(bench: Bench) -> None:
    """The view's list of currencies is that of `money`, told in SQL a second time."""
    ((made,),) = bench.query("SELECT as_select FROM system.tables WHERE name = 'journey_costs' AND database = currentDatabase()")
    (listed,) = set(re.findall(r"transform\(\w+\.currency, (\[.*?\], \[.*?\]), 2\)", made))
    names, digits = (each.strip("[]").replace("'", "").split(", ") for each in listed.split("], "))
    assert dict(zip(names, map(int, digits), strict=True)) == _EXPONENTS


def test_a_database_without_the_view(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_CLICKHOUSE_DATABASE", "default")
    said = called("R-RCI")
    assert said.exit_code == 1
    assert "no view report_rci; `fairpassage migrate`" in said.output
