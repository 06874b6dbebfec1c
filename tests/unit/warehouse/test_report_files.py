"""The reports' files: what a header must say, and what it makes of the view, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from consumers.warehouse.reports import ReportError, of_recommendation, read, reports
from consumers.warehouse.reports.page import PATH, page
from consumers.warehouse.reports.views import statement

HEADER = """id = "R-X"
title = "X"
says = "What it says."
denominator = "things"
recommendations = ["A1"]
caveats = ["It's a \\\\ test."]
[by]
place = "where"
[figures]
some = "of n"
[rates.share]
of = ["some", "n"]
says = "some by n"
"""


def written(folder: Path, header: str = HEADER, name: str = "x.sql") -> Path:
    path = folder / name
    path.write_text(f"/*\n{header}*/\nSELECT 1;\n", "utf-8")
    return path


def test_a_report_is_its_header_and_its_select(tmp_path: Path) -> None:
    found = read(written(tmp_path))
    assert (found.name, found.view, found.select, found.public) == ("x", "report_x", "SELECT 1", False)
    assert list(found.columns) == ["place", "n", "some", "share", "share_low", "share_high", "suppressed", "silent_offices", "incomplete"]
    made = statement(found)
    assert made.startswith("CREATE OR REPLACE VIEW report_x AS")
    assert "if(hidden, NULL, guarded.some) AS some" in made
    assert "hidden" not in statement(read(written(tmp_path, f"public = true\n{HEADER}"))).replace("false AS hidden", "").replace(
        "hidden AS suppressed", "").replace("NOT hidden", "")  # fmt: skip


@pytest.mark.parametrize(
    ("header", "name", "said"),
    [
        (HEADER.replace('title = "X"\n', ""), "x.sql", "title"),
        (f"colour = 1\n{HEADER}", "x.sql", "colour"),
        (HEADER.replace('["A1"]', '["A13"]'), "x.sql", "A1 to A12"),
        (HEADER.replace('["some", "n"]', '["other", "n"]'), "x.sql", "rates.share"),
        (f'narrow = ["none"]\n{HEADER}', "x.sql", "narrow"),
        (f"{HEADER}[\n", "x.sql", "Decode"),
        (HEADER, "y.sql", "name the file x.sql"),
    ],
)
def test_a_wrong_header_is_said(tmp_path: Path, header: str, name: str, said: str) -> None:
    with pytest.raises(ReportError, match=said):
        read(written(tmp_path, header, name))


def test_a_file_without_a_header(tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("SELECT 1")
    with pytest.raises(ReportError, match="begin it with"):
        read(tmp_path / "x.sql")


def test_every_report_says_what_it_lacks_and_whom_it_is_for() -> None:
    assert len({each.view for each in reports()}) == len(reports())
    for each in reports():
        assert each.caveats, each.id
        assert all(each in of_recommendation(name) for name in each.recommendations)


def test_the_page_is_what_the_files_say() -> None:
    assert PATH.read_text("utf-8") == page(), "python -m consumers.warehouse.reports.page"
