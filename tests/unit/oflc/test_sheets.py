"""Published .xlsx files: the same facts as their csv, a row at fault for each formula, and archives that are refused."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from infra.cli.importing import importing
from streams.publishers.oflc.importing import explained, whole
from streams.publishers.oflc.rows import FileError
from tests.unit.oflc.test_importing import EMPTY, H2A, MASTER, SUB, file, imported

HEADER = H2A.split(",")
ROW = ["C-11300-00001", datetime(2011, 12, 1), "H-2A", date(2011, 10, 28), "Certified - Full", "Green Farm", "Ann Agent", 12, 10.0, "J"]  # noqa: DTZ001


def sheet(folder: Path, *rows: list[Any], name: str = "file.xlsx", header: list[Any] | None = None) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    for row in (header or HEADER, *rows):
        page.append(row)
    book.save(folder / name)
    return folder / name


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The archive with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    assert part in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, change(data) if name == part else data)
    return path


def test_a_sheet_and_its_csv_are_the_same_facts(tmp_path: Path) -> None:
    for line in (MASTER, SUB, EMPTY):
        cells: list[Any] = line.split(",")
        cells[1] = datetime.fromisoformat(cells[1])
        cells[3] = datetime.fromisoformat(cells[3])
        cells[7:9] = [int(cells[7]), float(cells[8]) if cells[8] else None]
        (told,), _ = imported(file(tmp_path, H2A, line))
        (same,), _ = imported(sheet(tmp_path, cells))
        assert same == told


def test_empty_cells_after_the_last_column_and_empty_rows_are_nothing(tmp_path: Path) -> None:
    path = sheet(tmp_path, [*ROW, None, None], [None] * 12, ROW[:9], header=[*HEADER, None, None])
    made, report = imported(path)
    assert (report.rows, report.imported, report.rejected_rows) == (2, 2, 0)
    assert [each["body"]["sub_application"] for each in made] == [False, True]


@pytest.mark.parametrize("cell", ["=B2+1", "#N/A"])
def test_a_formula_and_an_error_value_are_rows_at_fault_and_their_neighbours_are_not(tmp_path: Path, cell: str) -> None:
    made, report = imported(sheet(tmp_path, ROW, [*ROW[:8], cell, "S"], ROW))
    assert len(made) == 2
    (problem,) = report.rejected
    assert (problem["row"], problem["field"]) == (3, "certified")
    assert "formula" in problem["remedy"]
    assert report.rows == report.imported + report.rejected_rows


def test_a_formula_in_a_column_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    _, report = imported(sheet(tmp_path, [*ROW, "=1+1"], header=[*HEADER, "REMARK"]))
    assert (report.imported, report.rejected_rows) == (1, 0)


def test_merged_headers_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path, ROW, header=["CASE_NO", None, "VISA_CLASS", None, *HEADER[6:]])
    with pytest.raises(FileError, match="unmerge them"):
        imported(path)


def test_a_column_that_is_there_twice_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="CASE_NO is there twice"):
        imported(sheet(tmp_path, ROW, header=["CASE_NO", *HEADER[:9]]))


def test_an_archive_cut_short_or_none_at_all(tmp_path: Path) -> None:
    path = sheet(tmp_path, ROW)
    path.write_bytes(path.read_bytes()[:-300])
    other = tmp_path / "text.xlsx"
    other.write_text(H2A)
    for each in (path, other):
        with pytest.raises(FileError, match="cut short"):
            whole(each)


def test_a_sheet_that_ends_in_the_middle_is_not_imported_by_half(tmp_path: Path) -> None:
    path = changed(sheet(tmp_path, *[ROW] * 50), "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    with pytest.raises(FileError, match="cut short"):
        whole(path)


def test_an_archive_that_would_unpack_beyond_bounds(tmp_path: Path) -> None:
    path = sheet(tmp_path, ROW)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/padding.bin", bytes(220 << 20))
    with pytest.raises(FileError, match="would unpack to"):
        whole(path)


def test_entities_of_a_sheet_are_not_expanded(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    path = changed(sheet(tmp_path, ROW), "xl/worksheets/sheet1.xml", lambda data: laughs + data[data.index(b"<worksheet"):])
    with pytest.raises(FileError, match="entities"):
        whole(path)


def test_explained_a_file_says_what_it_would_read_as_what(tmp_path: Path) -> None:
    path = sheet(tmp_path, ROW, header=[*HEADER[:9], "REMARK"])
    found = explained(path)
    assert found["layout"] == "applications"
    assert found["reads"]["certified"] == "NBR_WORKERS_CERTIFIED"
    assert "flag" in found["absent"]
    assert found["unread"] == ["REMARK"]
    shown = CliRunner().invoke(importing, ["oflc", "--explain", str(path)])
    assert shown.exit_code == 0
    assert "certified     NBR_WORKERS_CERTIFIED" in shown.output
    assert "not read: REMARK" in shown.output


def test_explained_a_file_of_no_known_layout_says_what_is_missing(tmp_path: Path) -> None:
    shown = CliRunner().invoke(importing, ["oflc", "--explain", str(file(tmp_path, "CROP_ID,WAGE_OFFER", "1,2"))])
    assert shown.exit_code == 1
    assert "no known layout" in shown.output


@pytest.mark.parametrize("cell", [b"A999999999", b"ZZZ2"])
def test_a_cell_that_names_a_row_or_column_no_sheet_has_is_refused(tmp_path: Path, cell: bytes) -> None:
    def moved(page: bytes) -> bytes:
        row = b'<row r="%s">' % (cell[1:] if cell.startswith(b"A") else b"2")
        return page.replace(b'<row r="2">', row).replace(b'r="J2"', b'r="%s"' % cell)

    with pytest.raises(FileError, match="as no published file has"):
        whole(changed(sheet(tmp_path, ROW), "xl/worksheets/sheet1.xml", moved))


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    def boasting(page: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', page)

    assert whole(changed(sheet(tmp_path, ROW), "xl/worksheets/sheet1.xml", boasting)) == 2


def test_whatever_a_damaged_part_makes_a_library_raise_is_a_refusal_of_ours(tmp_path: Path) -> None:
    whole_file = sheet(tmp_path, ROW).read_bytes()
    for at in range(60, len(whole_file), 97):
        (tmp_path / "damaged.xlsx").write_bytes(whole_file[:at] + bytes([whole_file[at] ^ 0xFF]) + whole_file[at + 1 :])
        with contextlib.suppress(FileError):
            whole(tmp_path / "damaged.xlsx")
