"""Lines of an office's file: what is valid is ready, what is not says field, reason and remedy, and its neighbours go on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import schemas
from streams.publishers import reading
from streams.publishers.publishing import Publisher, headers
from streams.publishers.reading import ROOM, Ready, Refused, lines_of, read

KEY, NOW, LIMIT = b"k" * 32, 1_800_000_000_000, 1 << 20
EXAMPLE: dict[str, Any] = json.loads((Path(schemas.__path__[0]) / "examples/recruitment.fee_declared.json").read_text())
CONTRACT: dict[str, Any] = json.loads((Path(schemas.__path__[0]) / "examples/deployment.contract_amended.json").read_text())
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def line(**changed: Any) -> bytes:
    return json.dumps({**EXAMPLE, **changed}).encode() + b"\n"


def worker(**identifier: Any) -> dict[str, Any]:
    return {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", **identifier}]}


def read_all(*lines: bytes, limit: int = LIMIT) -> list[Ready | Refused]:
    return list(read(lines, KEY, NOW, limit))


@pytest.mark.parametrize(("bad", "field", "reason"), [
    (b"{not json\n", "", "not_json"),
    (b'{"id": "\xff\xfe"}\n', "", "not_utf-8"),
    (b"[1]\n", "", "not_an_object"),
    (b"[" * 100_000 + b"\n", "", "not_json"),
    (line(type="recruitment.fee_declard"), "type", "unknown_type"),
    (line(time="2025-02-30T10:00:00Z"), "time", "wrong_type"),
    (line(time="2030-03-01T10:00:00Z", recordedat="2030-03-01T10:00:00Z"), "time", "too_far_ahead"),
    (line(body={**EXAMPLE["body"], "amount": {"minor": 1, "currency": "NPX"}}), "body.amount.currency", "bad_currency"),
    (line(worker=worker(value="L898902C3", mrz=MRZ.replace("C36", "C37"))), "worker.identifiers[0].mrz", "bad_check_digit"),
    (line(worker=worker(value="L898902C4", mrz=MRZ)), "worker.identifiers[0].mrz", "other_number"),
    (line(worker=worker(value="---")), "worker.identifiers[0].value", "no_identifier"),
    (json.dumps({**CONTRACT, "body": {**CONTRACT["body"], "hours_per_week": 10**400}}).encode(), "body.hours_per_week", "wrong_type"),
])  # fmt: skip
def test_a_row_at_fault_is_named_and_its_neighbours_go_on(bad: bytes, field: str, reason: str) -> None:
    first, refused, last = read_all(line(id="a"), bad, line(id="b"))
    assert isinstance(first, Ready)
    assert isinstance(last, Ready)
    assert isinstance(refused, Refused)
    assert refused.line == 2
    assert (refused.problems[0].field, refused.problems[0].reason) == (field, reason)
    assert all(each.remedy for each in refused.problems)


def test_a_right_zone_is_accepted_and_never_published() -> None:
    (row,) = read_all(line(worker=worker(value="l898902c 3", mrz=MRZ)))
    assert isinstance(row, Ready)
    assert b"L898902C3" not in row.data
    assert "mrz" not in json.dumps(row.event)


def test_a_record_over_its_limit_is_refused_and_one_below_is_not() -> None:
    (fits,) = read_all(line())
    assert isinstance(fits, Ready)
    size = len(fits.data) + ROOM
    (refused,) = read_all(line(), limit=size - 1)
    assert isinstance(read_all(line(), limit=size)[0], Ready)
    assert isinstance(refused, Refused)
    assert refused.problems[0].reason == "over_the_limit"


def test_a_line_too_long_is_never_in_memory_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LINE_BYTES", 1_000)
    lines = list(lines_of(io.BytesIO(b"x" * 10_000 + b"\n" + line(id="b"))))
    assert [len(each) for each in lines] == [1_001, len(line(id="b"))]
    first, second = read_all(*lines)
    assert isinstance(first, Refused)
    assert first.problems[0].reason == "line_too_long"
    assert isinstance(second, Ready)


def test_blank_lines_count_as_lines_and_are_no_rows() -> None:
    (refused,) = read_all(b"\n", b"  \n", b"{\n")
    assert refused.line == 3


def test_headers_are_cloudevents_and_tell_of_nobody() -> None:
    (row,) = read_all(line())
    assert isinstance(row, Ready)
    told = dict(headers(row.event))
    assert set(told) == {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"}
    assert told["ce_time"] == EXAMPLE["time"]
    assert row.event["worker"]["identifiers"][0]["digest"] not in str(told)


def test_a_dry_run_counts_duplicates_and_ids_with_other_content() -> None:
    with Publisher("", None) as publisher:
        body = {**EXAMPLE["body"], "receipt": True}
        rows = read((line(id="a"), line(id="a"), line(id="a", body=body), line(id="b"), b"{"), KEY, NOW, LIMIT)
        report = publisher.publish(rows, lambda row: None, lambda done: None)
    assert report.as_json() == {
        "rows": 5, "accepted": 3, "rejected": 1, "duplicates": 1, "same_id_other_content": 1,
        "events": {"recruitment.fee_declared": 3},
    }  # fmt: skip


def test_what_a_line_calls_its_fields_is_shown_as_a_terminal_can_bear_it() -> None:
    (row,) = read_all(line(body={**EXAMPLE["body"], "\x1b[2J\ud800": 1, "x" * 100_000: 2}))
    assert isinstance(row, Refused)
    assert [each.field for each in row.problems] == ["body.?[2J?", f"body.{'x' * 80}"]


def test_of_a_line_with_endless_problems_the_first_hundred_are_told() -> None:
    many = {f"field{number}": number for number in range(50_000)}
    listed = {"origin": "NP", "identifiers": [{"kind": "none", "country": "NP", "digest": "x"}] * 5_000}
    for each in (line(body=many), line(worker=listed)):
        (row,) = read_all(each)
        assert isinstance(row, Refused)
        assert len(row.problems) == 100
