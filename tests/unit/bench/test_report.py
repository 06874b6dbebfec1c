"""The table, its ratios, what is kept, and where it is written."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tests.bench import __main__ as program
from tests.bench import plots, report
from tests.bench.bench import Bench
from tests.bench.measure import Curve, Figure, Found, Measure, at_least, under
from tests.bench.measures import MEASURES
from tests.bench.report import FIRST, LAST, Results

FIGURES = [
    Figure("plain", "plain loop", 8_000.0, "events/s"),
    Figure("one", "one worker", 4_000.0, "events/s", at_least(5_000), "9 events | 1 s", "plain"),
    Figure("tick", "a tick", 12.345, "ms", under(50)),
    Figure("quix", "on Quix", None, "events/s", None, "not there", "plain"),
    Figure("open", "an opening", None, "s", under(30), "not measured"),
]


def results(*figures: Figure) -> Results:
    return Results({"processor": "P", "commit": "abc"}, list(figures), [Curve("p", "t", "x", "y", "l", ((1.0, 2.0),))], seconds=7.0)


def rows(table: str) -> dict[str, list[str]]:
    """First cell -> the others."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")]
    return {cells[0]: cells[1:] for cells in found}


def test_a_row_has_figure_aim_and_both_ratios() -> None:
    kept = results(Figure("one", "one worker", 2_000.0, "events/s"), Figure("tick", "a tick", 0.0, "ms"))
    found = rows(report.table(results(*FIGURES), kept))
    assert found["one worker"] == ["4,000", "events/s", "at least 5,000: **not met**", "0.50", "2.00", "9 events / 1 s"]
    assert found["a tick"] == ["12.3", "ms", "under 50: met", "", "", ""]  # nothing to divide by
    assert found["on Quix"] == ["-", "events/s", "", "", "", "not there"]
    assert found["an opening"][2] == "under 30: not measured"


def test_it_says_what_failed_and_what_it_is_compared_with() -> None:
    mine = results(*FIGURES)
    mine.failed["sink"] = "RuntimeError: a | b"
    table = report.table(mine, None)
    assert rows(table)["sink"] == ["**failed**", "", "", "", "", "RuntimeError: a / b"]
    assert "Commit abc; processor P; 7 s in all. No run was kept before." in table
    assert "The last kept run is of abc." in report.table(mine, mine)


def test_the_readme_shows_what_has_an_aim_or_a_match() -> None:
    mine = results(*FIGURES, Figure("stage.fold", "fold", 1.0, "µs"), Figure("lag.0", "behind nothing", 1.0, "ms"))
    assert [each.name for each in report.brief(mine).figures] == ["plain", "one", "tick", "quix", "open", "stage.fold"]


def test_results_are_read_as_they_were_written() -> None:
    mine = results(*FIGURES)
    assert report.read(mine.as_json()) == mine


def test_a_page_gets_the_table_between_its_marks_again_and_again() -> None:
    page = f"before\n{FIRST}\nold\n{LAST}\nafter\n"
    once = report.placed(page, "new")
    assert once == f"before\n{FIRST}\n\nnew\n\n{LAST}\nafter\n"
    assert report.placed(once, "new") == once
    with pytest.raises(ValueError, match="no marks"):
        report.placed("no page of ours", "new")


def test_the_readme_has_the_marks() -> None:
    assert report.placed(program.README.read_text("utf-8"), "x")


def test_a_failure_loses_nothing_else(tmp_path: Path) -> None:
    def breaks(_bench: Bench) -> Found:
        yield FIGURES[0]
        raise RuntimeError("no more")

    def works(_bench: Bench) -> Found:
        yield FIGURES[2]

    mine = results()
    chosen = (Measure("breaks", "", "ms", None, breaks), Measure("works", "", "ms", None, works))
    program.measure(chosen, Bench(tmp_path), mine)
    assert [each.name for each in mine.figures] == ["plain", "tick"]
    assert mine.failed == {"breaks": "RuntimeError: no more"}
    with pytest.raises(click.ClickException, match="not kept"):
        program.keep(mine, None)


def test_what_is_not_begun_in_time_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LATEST", -1.0)
    late, whole, chosen = results(), results(), (Measure("tick", "", "ms", None, lambda _bench: iter(FIGURES[2:3])),)
    program.measure(chosen, Bench(tmp_path), late)
    program.measure(chosen, Bench(tmp_path, full=True), whole)
    assert (list(late.failed), late.figures) == (["tick"], [])
    assert (whole.failed, len(whole.figures)) == ({}, 1)


def test_a_kept_run_is_what_the_next_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme, docs = tmp_path / "README.md", tmp_path / "docs"
    readme.write_text(f"# Page\n{FIRST}\n{LAST}\n## Next\n", "utf-8")
    for name, value in (("README", readme), ("DOCS", docs), ("ROOT", tmp_path)):
        monkeypatch.setattr(program, name, value)
    monkeypatch.setattr(plots, "draw", lambda curves, folder: [folder / f"{curve.plot}.svg" for curve in curves])
    mine = results(*FIGURES, Figure("lag.0", "behind nothing", 1.0, "ms"))
    program.keep(mine, None)
    assert report.load(docs / "results.json") == mine
    assert "behind nothing" in (docs / "table.md").read_text("utf-8")
    assert "![p](p.svg)" in (docs / "table.md").read_text("utf-8")
    shown = readme.read_text("utf-8")
    assert "one worker" in shown
    assert "behind nothing" not in shown
    assert shown.endswith(f"{LAST}\n## Next\n")


def test_measurements_are_chosen_by_name() -> None:
    assert program.chosen("") == MEASURES
    assert [each.name for each in program.chosen("tick,one")] == ["tick", "one"]
    with pytest.raises(click.UsageError, match="plain, one"):
        program.chosen("tock")


def test_the_page_names_every_measurement_and_no_other() -> None:
    page = (Path(program.__file__).parent / "README.md").read_text("utf-8").partition("## What is measured")[2]
    assert sorted(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)) == sorted(each.name for each in MEASURES)
