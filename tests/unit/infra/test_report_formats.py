"""What a report looks like: 80 columns, a CSV that no spreadsheet runs, the list of reports."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from consumers.warehouse.reports import reports
from consumers.warehouse.reports.reading import Asked
from infra.cli.report import report
from infra.cli.report_formats import as_csv, as_json, cell
from infra.cli.report_table import table

ASKED = Asked("NP-QA", date(2025, 1, 1), date(2025, 12, 31))


def row(columns: dict[str, str], **given: Any) -> dict[str, Any]:
    """The widest row that there may be, but for what is given."""
    numbers = dict.fromkeys(columns, 1_234_567.891)
    notes = {"suppressed": False, "silent_offices": ["QA:office:mol"], "incomplete": "an office is silent; 12 do not say"}
    return {**numbers, **notes, **given}


@pytest.mark.parametrize("each", reports(), ids=lambda each: each.id)
def test_no_line_is_wider_than_a_terminal(each: Any) -> None:
    named = dict.fromkeys(each.by, "a name of a place that is long")
    hidden = {name: None for name in each.columns if name not in each.by} | {"suppressed": True, "silent_offices": [], "incomplete": ""}
    said = table(each, ASKED, [row(each.columns, **named), {**named, **hidden}])
    assert max(map(len, said.splitlines())) <= 80
    parts = ("NP-QA, from 2025-01-01 until 2025-12-31", "s: of fewer than ten", "i: some do not say", "Silent now: QA:office:mol.")
    assert [part for part in (each.id, *parts) if part not in said] == []
    assert "Nothing is known" in table(each, ASKED, [])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@SUM(A1)", "\tx", "\nx"])
def test_no_text_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["A\r=1", "\r=1", "A\r\n=1", "A\n=1"])
def test_no_end_of_line_in_a_text_begins_a_row(text: str) -> None:
    found = next(each for each in reports() if each.by)
    written = as_csv(found, ASKED, [row(found.columns, **dict.fromkeys(found.by, text))])
    read = list(csv.reader(io.StringIO(written, newline=None)))
    assert len(read) == 2
    assert [each for each in read[1] if each.startswith("=")] == []


def test_numbers_stay_numbers() -> None:
    assert [cell(value) for value in (-1.5, -3, None, True, "NP-QA", ["=a", "b"])] == [-1.5, -3, None, "true", "NP-QA", "'=a b"]


def test_csv_and_json_have_every_column() -> None:
    found = reports()[0]
    made = [row(found.columns)]
    lines = as_csv(found, ASKED, made).splitlines()
    assert lines[0].split(",") == list(found.columns)
    assert len(lines) == 2
    told = json.loads(as_json(found, ASKED, made))
    assert (told["report"]["id"], told["asked"]["corridor"], told["rows"]) == (found.id, "NP-QA", made)


def test_the_reports_are_listed() -> None:
    said = CliRunner().invoke(report, [])
    assert said.exit_code == 0
    assert all(each.id in said.output for each in reports())
    assert "oflc" in said.output
    assert max(map(len, said.output.splitlines())) <= 80
    listed = json.loads(CliRunner().invoke(report, ["--json"]).output)["reports"]
    assert [each["id"] for each in listed] == [each.id for each in reports()]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["R-RCJ"], "did you mean R-RCI"), (["zzz"], "lists them"), (["rci", "--corridor", "NP"], "NP-QA"),
        (["rci", "--corridor", "NP-ZZ"], "NP-QA"), (["rci", "--corridor", "QA-QA"], "NP-QA"),
        (["rci", "--since", "yesterday"], "2025-01-01"), (["rci", "--since", "2025-02-01", "--until", "2025-01-01"], "is after"),
        (["rci", "--format", "xml"], "xml"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(arguments: list[str], said: str) -> None:
    found = CliRunner().invoke(report, arguments)
    assert found.exit_code == 2
    assert said in found.output


@pytest.mark.parametrize("name", ["R-RCI", "r-rci", "rci", "R_RCI"])
def test_a_report_s_own_page(name: str) -> None:
    said = CliRunner().invoke(report, [name, "--help"])
    assert said.exit_code == 0, said.output
    assert "10.7.1" in said.output
