"""What `fairpassage audit` says to a person."""

from __future__ import annotations

from collections import Counter

import pytest

from consumers.audit.comparison import Copy, Difference, Report
from infra.auditing import Done
from infra.cli.audit import _show

PLACE = ("deployment", 0, 7)


def said(report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, **repaired: int) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    _show(Done(report, 0, 1.0, Counter(repaired)), repair=True)
    return capsys.readouterr().out


def test_nothing_published_is_not_said_to_be_all_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(Report(), capsys, monkeypatch)
    assert "no event is there" in text
    assert "all is there" not in text


def test_what_is_missing_is_told_within_80_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report()
    report.topics["deployment"].update({"events": 1_234_567, "accepted": 1_234_567, "rejected": 0})
    for home in ("NP", "QA"):
        report.add(Difference("clickhouse", Copy(home, "0123456789abcdef" * 2), PLACE, None), 5)
    text = said(report, capsys, monkeypatch)
    assert max(map(len, text.splitlines())) <= 80
    assert "2 accepted and not in ClickHouse" in text
    assert "puts back what two audits both miss" in " ".join(text.split())
    assert "2 put back" in said(report, capsys, monkeypatch, clickhouse=2)
