"""What arrives in files and names: a path that leads elsewhere, a line of 2 GB, an archive that unpacks to 20 GB, a formula in a csv."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from consumers.warehouse.reports import reports
from consumers.warehouse.reports.reading import Asked
from infra.cli.main import main
from infra.cli.report_formats import as_csv
from schemas import offices
from schemas.examples import example
from tests.attack.attempts import Answer, Attempt

_OUTSIDE = "../../outside"
_DAY = date(2025, 1, 1)
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "A\r=1")


def attempts(folder: Path) -> Iterator[Attempt]:
    """All of them, with the controls; `folder` is where files are made."""
    yield Attempt("an office", "publish a good line", lambda: _published(folder, folder / "good.jsonl", _good), should=True)
    yield Attempt("an office", "publish a line of 2 GB", lambda: _published(folder, folder / "long.jsonl", _sparse))
    yield Attempt("an office", "import an .xlsx that is a zip bomb", lambda: _imported(folder))
    for name in (_OUTSIDE, "/outside", "..", "a/b", ".hidden"):
        yield Attempt("an operator", f"worker --name {name}", _command(folder, "worker", "--name", name))
        yield Attempt("an offices' file", f"a user called {name}", _offices(folder, name))
    yield Attempt("an offices' file", "a user called NP.dofe", _offices(folder, "NP.dofe"), should=True)
    for audience in (_OUTSIDE, "embassy.NP-QA/../embassy.BD-SA", "embassy.*"):
        yield Attempt("an embassy", f"alerts --audience {audience}", _command(folder, "alerts", "--audience", audience))
    for corridor in ("NP-QA' OR 1=1 --", "../..", "NP-QA; DROP TABLE facts"):
        yield Attempt("oversight", f"report --corridor {corridor}", _command(folder, "report", "funnel", "--corridor", corridor))
    yield Attempt("oversight", "report --since with SQL", _command(folder, "report", "funnel", "--since", "2025-01-01') --"))
    for formula in FORMULAS:
        yield Attempt("an employer's name", f"{formula!r} in report --format csv", partial(_exported, formula))
    yield Attempt("an employer's name", "a plain name in report --format csv", lambda: _exported("A Name"), should=True)


def _run(folder: Path, *command: str) -> Answer:
    environment = {"FAIRPASSAGE_HOME": str(folder / "home"), "FAIRPASSAGE_BOOTSTRAP": "127.0.0.1:1"}
    done = CliRunner().invoke(main, list(command), env=environment)
    said = [line for line in done.output.splitlines() if line.strip() and not line.startswith(("Usage:", "Try "))]
    return Answer(done.exit_code == 0 or (folder.parent / "outside").exists(), (said or ["no word"])[-1].removeprefix("Error: "))


def _command(folder: Path, *command: str) -> Callable[[], Answer]:
    return lambda: _run(folder, *command)


def _offices(folder: Path, name: str) -> Callable[[], Answer]:
    """Users' names are those of their password files."""

    def run() -> Answer:
        (folder / "offices.toml").write_text(f'["{name}"]\nsources = ["/office/NP/x"]\n', "utf-8")
        try:
            found = offices.read(folder / "offices.toml")
        except offices.OfficesError as problem:
            return Answer(False, str(problem).partition(": ")[2])
        return Answer(True, f"{', '.join(found)} is taken for a user")

    return run


def _published(folder: Path, path: Path, made: Callable[[Path], None]) -> Answer:
    made(path)
    try:
        return _run(folder, "publish", "--dry-run", str(path))
    finally:
        for each in (path, path.with_name(path.name + ".rejected.jsonl")):
            each.unlink(missing_ok=True)


def _good(path: Path) -> None:
    path.write_text(json.dumps(example("visa.visa_issued")) + "\n", "utf-8")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 << 30)


def _imported(folder: Path) -> Answer:
    """A sheet of zeros: an archive of 2 MB that unpacks to 300 MB."""
    path = folder / "bomb.xlsx"
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(300):
            sheet.write(b"0" * (1 << 20))
    try:
        return _run(folder, "import", "oflc", "--dry-run", str(path))
    finally:
        path.unlink()


def _exported(text: str) -> Answer:
    """Whether a spreadsheet would run it: the cell still begins as the formula does."""
    report = next(each for each in reports() if each.by)
    row = dict.fromkeys(report.columns) | dict.fromkeys(list(report.by)[:1], text)
    written = as_csv(report, Asked("", _DAY, _DAY), [row])
    every = [cell for line in csv.reader(io.StringIO(written, newline=None)) for cell in line]  # any end of line is one to a spreadsheet
    return Answer(text in every or any(cell.startswith(RUN) for cell in every), repr(max(every[len(report.columns) :], key=len)))
