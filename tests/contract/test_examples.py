"""The examples: one for every type, each as an office would publish it, through the very path of `publish --dry-run`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra.cli.publish import publish
from schemas import examples, shape
from schemas.catalogue import event_type, event_types, topic_of
from schemas.codec import decode, encode
from schemas.examples import FOLDER, example
from schemas.topicfiles import topic
from streams.publishers.reading import Ready, read

KEY = b"k" * 32
NAMES = [kind.name for kind in event_types()]


def ready(name: str) -> Ready:
    (row,) = read([json.dumps(example(name)).encode()], KEY, round(time.time() * 1_000), topic("visa").max_record_bytes)
    assert isinstance(row, Ready), row
    return row


def test_every_type_has_one_and_every_file_is_a_types() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_one_line_an_office_would_write(name: str) -> None:
    text = examples.path(name).read_text("utf-8")
    event = example(name)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert event["type"] == name
    assert event["id"] == f"example-{name}"
    assert not shape.problems(event)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_encodes_and_decodes_back(name: str) -> None:
    row = ready(name)
    assert row.topic == topic_of(name)
    assert decode(row.topic, row.data) == row.event
    assert encode(row.event) == row.data
    assert row.event["body"].keys() == example(name)["body"].keys()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_raw_of_an_example_leaves_the_office(name: str) -> None:
    raw, row = example(name), ready(name)
    worker: dict[str, Any] = raw.get("worker") or {}
    secret = [str(each[key]) for each in worker.get("identifiers", ()) for key in ("value", "mrz") if key in each]
    for field in event_type(name).fields:
        value = raw["body"].get(field.name)
        listed = value if isinstance(value, list) else [value]
        if field.pii == "narrative":
            secret += [each for each in listed if each]
        if field.semantic in ("phone", "account"):
            secret += [each for each in listed if each]
        if field.semantic in ("party", "person"):
            secret += [each.rpartition(":")[2] for each in listed if each and (field.semantic == "person" or ":person:" in each)]
    for each in secret:
        assert each.encode() not in row.data
        assert each not in json.dumps(row.event, ensure_ascii=False)


def test_the_command_accepts_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path / "home"))
    file = tmp_path / "examples.jsonl"
    file.write_text("".join(examples.path(name).read_text("utf-8") for name in NAMES), "utf-8")
    found = CliRunner().invoke(publish, [str(file), "--dry-run", "--json"])
    assert found.exit_code == 0, found.output
    report = json.loads(found.output.splitlines()[-1])
    assert report["events"] == dict.fromkeys(NAMES, 1)
    assert (report["accepted"], report["rejected"], report["duplicates"]) == (len(NAMES), 0, 0)
