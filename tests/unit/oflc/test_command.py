"""`fairpassage import oflc` without a broker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli.importing import importing
from infra.cli.publish import publish
from tests.unit.oflc.test_importing import DENIED, H2A, MASTER, SUB, file

SHOWN = {"file", "layout", "rows", "events", "positions", "rejected"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path / "home"))


def test_a_dry_run_ends_with_one_object_a_file(tmp_path: Path) -> None:
    path = file(tmp_path, H2A, MASTER, SUB, DENIED)
    found = CliRunner().invoke(importing, ["oflc", str(path), "--dry-run", "--positions", "--json"])
    assert found.exit_code == 0
    report = json.loads(found.output.splitlines()[-1])
    assert not SHOWN - report.keys()
    assert (report["rows"], report["positions"], report["rejected"], report["imported"]) == (3, 10, 0, 3)
    assert report["events"] == {"recruitment.demand_submitted": 3, "recruitment.worker_registered": 10}


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_imported(tmp_path: Path) -> None:
    good, bad = file(tmp_path, H2A, MASTER), file(tmp_path, "A,B", "1,2", name="bad.csv")
    found = CliRunner().invoke(importing, ["oflc", str(bad), str(good), str(good), "--dry-run", "--json"])
    assert found.exit_code == 1
    first, second, third = (json.loads(line) for line in found.output.splitlines())
    assert "no known layout" in first["error"]
    assert (second["imported"], second["known"], third["known"]) == (1, 0, 1)


def test_what_is_written_out_can_be_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(b"k" * 32)
    monkeypatch.setenv("FAIRPASSAGE_LINKING_KEY_FILE", str(tmp_path / "key"))
    out = tmp_path / "out.jsonl"
    arguments = ["oflc", str(file(tmp_path, H2A, MASTER)), "--positions", "--out", str(out)]
    assert CliRunner().invoke(importing, arguments).exit_code == 0
    found = CliRunner().invoke(publish, [str(out), "--dry-run", "--json"])
    assert found.exit_code == 0
    assert json.loads(found.output.splitlines()[-1])["accepted"] == 11
