"""`fairpassage evaluate`: an officer reads it at 80 columns, and the order of lines in the file is no matter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.main import main

AS_OF = "2025-03-20T00:00:00Z"


def event(name: str, passport: str, type: str = "complaint.complaint_filed", case: str | None = None, **body: Any) -> str:
    each: dict[str, Any] = {
        "id": name, "source": "/office/NP/embassy-doha", "type": type, "time": "2025-03-02T08:00:00Z",
        "recordedat": "2025-03-02T08:00:00Z", "refs": {"case": case}, "body": body,
        "worker": {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "value": passport}]},
    }  # fmt: skip
    return json.dumps(each)


def complaint(name: str, passport: str = "PA1234567") -> str:
    return event(name, passport, complainant_role="worker", country="QA")


def run(file: Path | str, *arguments: str, given: str | None = None) -> str:
    done = CliRunner(env={"COLUMNS": "80"}).invoke(main, ["evaluate", str(file), "--as-of", AS_OF, *arguments], input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.output


def findings(file: Path) -> list[dict[str, Any]]:
    found = json.loads(run(file, "--json"))["findings"]
    return [{name: each[name] for name in ("rule", "subject", "issue", "evidence", "reason")} for each in found]


def cells(text: str) -> list[list[str]]:
    """The rows of its tables, line by line, cell by cell."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]


@pytest.mark.parametrize("name", ["2025[1]", "[red]7[/red]", "[/9]", "QA:office:8"])
def test_brackets_and_colons_of_an_office_are_shown_as_they_are(tmp_path: Path, name: str) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(complaint(name))
    assert name in "".join(row[-1] for row in cells(run(file)))


def test_nothing_is_cut_short_at_80_columns(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    name = "a-very-long-event-id-of-an-office-that-writes-its-own-name-into-it-2025-03-02-0001"
    file.write_text("\n".join([complaint(name), complaint("b", "PB7654321"), event("d", "PB7654321", "deployment.departed", country="QA")]))
    text = run(file)
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= 80
    rows = cells(text)
    assert name in "".join(row[-1] for row in rows)
    assert all(each["subject"] in "".join(row[1] for row in rows) for each in findings(file))
    assert any(row[-1].startswith("Not known:") for row in rows)


def test_order_and_duplicates_of_lines_are_no_matter_though_events_have_one_instant(tmp_path: Path) -> None:
    lines = [complaint("same", passport) for passport in ("PA1234567", "PB7654321", "PC1111111", "PD2222222")]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines))
    first = findings(file)
    assert len({each["subject"] for each in first if each["rule"] == "T-CMP-01"}) == 4
    for order in ([3, 2, 1, 0], [1, 3, 0, 2, 1, 1]):
        file.write_text("\n\n".join(lines[n] for n in order) + "\n")
        assert findings(file) == first


def test_standard_input_gives_the_same(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(complaint("a"))
    assert run("-", given=file.read_text()) == run(file)


def test_what_is_refused_is_told_and_the_rest_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("[bold]\n" + complaint("a"))
    text = run(file)
    told = f"{file}, line 1, line: not_json. not JSON: write one JSON object a line"
    assert told.replace(" ", "") in "".join(text.split())
    assert "T-CMP-01" in text
