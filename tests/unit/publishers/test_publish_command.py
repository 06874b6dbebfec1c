"""`fairpassage publish` without a broker: the dry run, rows at fault beside the file, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import schemas
from infra.cli.publish import publish

EXAMPLE = json.dumps(json.loads((Path(schemas.__path__[0]) / "examples/recruitment.fee_declared.json").read_text()))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rows_at_fault_go_beside_the_file_with_line_field_reason_and_remedy(office: Path) -> None:
    (office / "a.jsonl").write_bytes(EXAMPLE.encode() + b"\n{broken\n\xff\n")
    found = CliRunner().invoke(publish, ["a.jsonl", "--dry-run", "--json"])
    assert found.exit_code == 1
    report = json.loads(found.output.splitlines()[-1])
    assert (report["rows"], report["accepted"], report["rejected"], report["dry_run"]) == (3, 1, 2, True)
    rejected = [json.loads(line) for line in (office / "a.jsonl.rejected.jsonl").read_text().splitlines()]
    assert [(each["line"], each["reason"]) for each in rejected] == [(2, "not_json"), (3, "not_utf-8")]
    assert all({"field", "remedy", "row"} <= each.keys() for each in rejected)


def test_raw_rows_are_for_their_owner_alone_and_follow_no_link(office: Path) -> None:
    (office / "a.jsonl").write_text("a raw number\n")
    (office / "other").write_text("untouched")
    (office / "a.jsonl.rejected.jsonl").symlink_to("other")
    assert CliRunner().invoke(publish, ["a.jsonl", "--dry-run"]).exit_code == 1
    made = office / "a.jsonl.rejected.jsonl"
    assert (made.is_symlink(), made.stat().st_mode & 0o077, (office / "other").read_text()) == (False, 0, "untouched")


def test_a_licence_that_ends_before_it_begins_names_file_row_field_and_remedy(office: Path) -> None:
    paper = json.loads((Path(schemas.__path__[0]) / "examples/licensing.agency_registered.json").read_text())
    wrong = paper | {"id": "wrong", "body": paper["body"] | {"valid_from": "2025-03-02", "valid_until": "2025-03-01"}}
    (office / "licences.jsonl").write_text(f"{json.dumps(paper)}\n{json.dumps(wrong)}\n")
    found = CliRunner().invoke(publish, ["licences.jsonl", "--dry-run"])
    assert found.exit_code == 1
    said = " ".join(found.output.split())
    for part in ("licences.jsonl", "2", "body.valid_until", "valid_until is before valid_from: correct one"):
        assert part in said
    (rejected,) = [json.loads(line) for line in (office / "licences.jsonl.rejected.jsonl").read_text().splitlines()]
    assert (rejected["line"], rejected["field"], rejected["reason"]) == (2, "body.valid_until", "ends_before_it_begins")


def test_a_clean_run_removes_what_an_earlier_one_refused(office: Path) -> None:
    (office / "a.jsonl.rejected.jsonl").write_text("{}\n")
    (office / "a.jsonl").write_text(EXAMPLE)
    assert CliRunner().invoke(publish, ["a.jsonl", "--dry-run"]).exit_code == 0
    assert not (office / "a.jsonl.rejected.jsonl").exists()


def test_standard_input_is_a_file(office: Path) -> None:
    found = CliRunner().invoke(publish, ["-", "--dry-run"], input=EXAMPLE + "\n" + EXAMPLE)
    assert found.exit_code == 0
    assert "2 rows: 1 would be published, 1 known already, 0 rejected." in found.output


def test_without_a_key_nothing_is_published(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", "127.0.0.1:1")
    (office / "a.jsonl").write_text(EXAMPLE)
    found = CliRunner().invoke(publish, ["a.jsonl"])
    assert found.exit_code == 1
    assert "FAIRPASSAGE_LINKING_KEY_FILE is not set: name a file" in found.output


def test_without_a_broker_it_says_what_to_start(office: Path) -> None:
    (office / "a.jsonl").write_text(EXAMPLE)
    found = CliRunner().invoke(publish, ["a.jsonl"])
    assert found.exit_code == 2
    assert "fairpassage up" in found.output


def test_restated_are_identifiers_alone(office: Path) -> None:
    worker = json.loads((Path(schemas.__path__[0]) / "examples/recruitment.worker_registered.json").read_text())
    (office / "a.jsonl").write_text(f"{json.dumps(worker)}\n{json.dumps(worker | {'id': 'again'})}\n")
    found = CliRunner().invoke(publish, ["a.jsonl", "--dry-run", "--restate", "2026-11", "--json"])
    assert found.exit_code == 0
    assert json.loads(found.output)["events"] == {"oversight.identifier_restated": 3}
    found = CliRunner().invoke(publish, ["a.jsonl", "--dry-run", "--restate", "2026-11"])
    assert "3 identifiers: 3 would be published, 0 known already, 0 rejected." in found.output


def test_a_change_is_called_something_plain(office: Path) -> None:
    (office / "a.jsonl").write_text(EXAMPLE)
    found = CliRunner().invoke(publish, ["a.jsonl", "--dry-run", "--restate", "Ram Thapa"])
    assert found.exit_code == 2
    assert "--restate" in found.output
    assert "the same at all offices" in " ".join(found.output.replace("│", " ").split())
