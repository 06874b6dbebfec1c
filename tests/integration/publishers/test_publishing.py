"""Publishing to a real broker: run again it adds nothing, a broker that is away is one clear line, dead letters go round."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Message, Producer

import schemas
from infra.cli.dlq import dlq
from infra.cli.importing import importing
from infra.cli.publish import publish
from infra.kafka.reading import consumer, headers, messages
from schemas.codec import decode
from tests.unit.oflc.test_importing import H2A, MASTER

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]
EXAMPLE: dict[str, Any] = json.loads((Path(schemas.__path__[0]) / "examples/recruitment.fee_declared.json").read_text())


@pytest.fixture
def office(tmp_path: Path, kafka: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key, and settings that lead to the broker."""
    (tmp_path / "key").write_bytes(b"k" * 32)
    (tmp_path / "key").chmod(0o600)
    monkeypatch.setenv("FAIRPASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", kafka)
    monkeypatch.setenv("FAIRPASSAGE_LINKING_KEY_FILE", str(tmp_path / "key"))
    return tmp_path


def published(kafka: str, run: str, topic: str = "recruitment") -> list[Message]:
    """The records of a test's own run, told by their ids."""
    client = consumer(kafka, {})
    found = [each for each in messages(client, [topic]) if run.encode() in (each.key() or b"")]
    client.close()
    return found


def counts(found: Result) -> tuple[int, int, int]:
    report = json.loads(found.output.splitlines()[-1])
    return report["accepted"], report["duplicates"], report["rejected"]


def lines(run: str, *numbers: int) -> str:
    return "".join(json.dumps({**EXAMPLE, "id": f"{run}-{n}"}) + "\n" for n in numbers)


def test_run_again_it_adds_nothing_and_goes_on_where_it_was_interrupted(office: Path, kafka: str) -> None:
    run = uuid.uuid4().hex
    (office / "a.jsonl").write_text(lines(run, 1, 2, 2))
    (office / "b.jsonl").write_text("{broken\n" + lines(run, 3, 2, 1))
    assert counts(CliRunner().invoke(publish, [str(office / "a.jsonl"), "--json"])) == (2, 1, 0)
    assert counts(CliRunner().invoke(publish, [str(office / "a.jsonl"), str(office / "b.jsonl"), "--json"])) == (1, 5, 1)
    found = published(kafka, run)
    assert len(found) == 3
    told = dict(headers(found[0]))
    assert (told["ce_type"], told["ce_specversion"]) == (b"recruitment.fee_declared", b"1.0")
    assert not [raw for raw in (b"PA1234567", b"PA 123 4567", b"Hari") if any(raw in (each.value() or b"") for each in found)]


def test_a_dry_run_publishes_nothing_and_remembers_nothing(office: Path, kafka: str) -> None:
    run = uuid.uuid4().hex
    (office / "a.jsonl").write_text(lines(run, 1))
    assert counts(CliRunner().invoke(publish, [str(office / "a.jsonl"), "--dry-run", "--json"])) == (1, 0, 0)
    assert published(kafka, run) == []
    assert counts(CliRunner().invoke(publish, [str(office / "a.jsonl"), "--json"])) == (1, 0, 0)


def test_an_import_of_a_renamed_copy_adds_nothing(office: Path, kafka: str) -> None:
    case = f"C-11300-{uuid.uuid4().int % 10**8:08}"
    for name in ("one.csv", "two.csv"):
        (office / name).write_text("\n".join((H2A, MASTER.replace("C-11300-00001", case))) + "\n")
    first = CliRunner().invoke(importing, ["oflc", str(office / "one.csv"), "--positions", "--json"])
    again = CliRunner().invoke(importing, ["oflc", str(office / "two.csv"), "--positions", "--json"])
    assert [json.loads(each.output.splitlines()[-1])["known"] for each in (first, again)] == [0, 11]
    assert len(published(kafka, case)) == 11


def test_a_broker_that_is_away_is_one_clear_line(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPASSAGE_BOOTSTRAP", "127.0.0.1:1")
    (office / "a.jsonl").write_text(lines("away", 1))
    found = CliRunner().invoke(publish, [str(office / "a.jsonl")])
    assert found.exit_code == 1
    assert [line for line in found.output.splitlines() if "no broker answers at 127.0.0.1:1" in line] == found.output.splitlines()


def test_a_key_is_changed_and_what_was_published_is_said_again(office: Path, kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = uuid.uuid4().hex
    (office / "old.jsonl").write_text(lines(run, 1))
    (office / "new.jsonl").write_text(lines(run, 2))
    assert counts(CliRunner().invoke(publish, [str(office / "old.jsonl"), "--json"])) == (1, 0, 0)
    (office / "key2").write_bytes(b"2" * 32)
    (office / "key2").chmod(0o600)
    monkeypatch.setenv("FAIRPASSAGE_LINKING_KEY_FILE", str(office / "key2"))
    forgotten = CliRunner().invoke(publish, [str(office / "new.jsonl")])
    assert forgotten.exit_code == 1
    assert "FAIRPASSAGE_LINKING_KEY_FILE is not the key that generation 1 was here" in forgotten.output
    monkeypatch.setenv("FAIRPASSAGE_LINKING_KEY_GENERATION", "2")
    for name in ("LINKING_OLD_KEY_FILE", "PARTY_KEY_FILE"):
        monkeypatch.setenv(f"FAIRPASSAGE_{name}", str(office / "key"))
    again = [str(office / "old.jsonl"), "--restate", "2026-11", "--json"]
    assert counts(CliRunner().invoke(publish, again)) == (1, 0, 0)
    assert counts(CliRunner().invoke(publish, again)) == (0, 1, 0)
    monkeypatch.delenv("FAIRPASSAGE_LINKING_OLD_KEY_FILE")
    assert counts(CliRunner().invoke(publish, [str(office / "new.jsonl"), "--json"])) == (1, 0, 0)

    old, new = sorted((decode("recruitment", each.value() or b"") for each in published(kafka, run)), key=lambda each: str(each["id"]))
    (pair,) = (decode("oversight", each.value() or b"") for each in published(kafka, run, "oversight"))
    (was,), (both,), (now,) = (each["worker"]["identifiers"] for each in (old, pair, new))
    assert (was["digest"], now["digest"]) == (both["before"], both["digest"])
    assert old["body"] == new["body"], "the person who was paid is the same one"


def test_dead_letters_are_listed_shown_and_published_again(office: Path, kafka: str) -> None:
    run = uuid.uuid4().hex
    coordinates = {"fp_reason": run, "fp_detail": "why", "fp_topic": "visa", "fp_partition": "0", "fp_offset": "7", "fp_time": "1"}
    producer = Producer({"bootstrap.servers": kafka})
    told: list[tuple[str, str | bytes | None]] = [("ce_id", "x"), ("twice", "1"), ("twice", "2"), *coordinates.items()]
    producer.produce("visa.dlq", b"\xff\x00", run.encode(), headers=told)
    producer.produce("visa.dlq", None, f"null {run}".encode(), headers=told)
    assert producer.flush(30) == 0

    listed = [json.loads(line) for line in CliRunner().invoke(dlq, ["list", "--topic", "visa", "--json"]).output.splitlines()]
    mine = [each for each in listed if each["reason"] == run]
    assert [(each["detail"], each["source_offset"], each["topic"]) for each in mine] == [("why", "7", "visa.dlq")] * 2
    assert run in CliRunner().invoke(dlq, ["list"], env={"COLUMNS": "200"}).output

    one = next(each for each in mine if each["bytes"] == 2)
    shown = CliRunner().invoke(dlq, ["show", "visa", str(one["offset"]), "--partition", str(one["partition"])])
    assert json.loads(shown.output)["value"] == "ff00"
    none = CliRunner().invoke(dlq, ["show", "visa", "999999"])
    assert none.exit_code == 1
    assert "no dead letter at 0:999999" in none.output

    again = CliRunner().invoke(dlq, ["replay", "visa.dlq", "--reason", run, "--json"])
    assert json.loads(again.output) == {"replayed": 2}
    found = {each.value(): headers(each) for each in published(kafka, run, "visa")}
    assert found == {
        b"\xff\x00": [("ce_id", b"x"), ("twice", b"1"), ("twice", b"2")],
        None: [("ce_id", b"x"), ("twice", b"1"), ("twice", b"2")],
    }
