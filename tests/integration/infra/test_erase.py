"""One journey erased on the real engines: then nothing of it is in a topic, a store or ClickHouse, and nothing brings it back."""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from infra.clickhouse.connection import client
from infra.embedded import state
from infra.settings import secret
from streams.publishers.identity import digest
from tests.support.up import Up, answer, fairpassage, start

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
KEPT = ("facts", "findings", "journeys", "alerts.", "erasures", "sink.dlq", "standings")  # the others are inboxes, and forget by age
MINE, OTHER = uuid.uuid4().hex, uuid.uuid4().hex  # what their event ids begin with: as it is a text of its own, a scan finds it
CASE, NOTE = uuid.uuid4().hex, f"{uuid.uuid4()} told us"  # of the first
PASSPORT = "QX7742190M"
PATIENCE = 120.0


def event(kind: str, name: str, day: str, passport: str, **body: Any) -> dict[str, Any]:
    moment = f"2025-03-{day}T09:00:00Z"
    return {
        "id": name, "source": "/office/NP/kathmandu", "type": kind, "time": moment, "recordedat": moment, "evidence": "documented",
        "worker": {"origin": "NP", "identifiers": [{"kind": "passport", "country": "NP", "value": passport}], "languages": []},
        "body": body,
    }  # fmt: skip


def story(name: str, passport: str) -> list[dict[str, Any]]:
    """A departure without a registered contract, a passport withheld, and a complaint."""
    employer = "QA:cr:4471"
    filed = event("complaint.complaint_filed", f"{name}-complained", "20", passport, complainant_role="worker", channel="embassy",
                  severity="P2", category="wages", against=employer, employer=employer, country="QA",
                  note=NOTE if name == MINE else "Told us.")  # fmt: skip
    return [
        event("recruitment.worker_registered", f"{name}-registered", "01", passport, country="QA"),
        event("deployment.departed", f"{name}-departed", "10", passport, country="QA"),
        event("deployment.document_custody", f"{name}-custody", "15", passport, document="passport", holder="employer"),
        {**filed, "refs": {"case": CASE if name == MINE else f"{name}-case"}},
    ]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Up]:
    up = start(tmp_path / "home", workers="1", as_of="2025-09-01T00:00:00Z")
    yield up
    up.interrupt()


def publish(home: Path, folder: Path, events: list[dict[str, Any]]) -> None:
    """Published anew, whatever was published before."""
    file = folder / f"{time.monotonic_ns()}.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in events))
    done = fairpassage(home, "publish", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def until(true: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < deadline, what
        time.sleep(0.3)
    return found


def warehouse(home: Path) -> Client:
    found = state.read(home)
    assert found is not None
    return client(found.clickhouse, "default", secret(home / "secrets" / "clickhouse.password"), "fairpassage", timeout=30)


def digests_of(home: Path) -> tuple[str, str]:
    """The passport as the workers know it, keyed by the offices and again by intake; and the note, keyed by the offices."""
    office, intake = ((home / "secrets" / name).read_bytes().strip() for name in ("linking.key", "intake.key"))
    return digest(intake, "passport", "NP", digest(office, "passport", "NP", PASSPORT)), digest(office, "narrative", NOTE)


def count(reader: Client, sql: str) -> int:
    return int(reader.query(sql).result_rows[0][0])


def clean_soon(home: Path) -> None:
    """What takes a day in service takes a moment here: segments are closed and compacted at once."""
    found = state.read(home)
    assert found is not None
    admin = AdminClient({"bootstrap.servers": found.bootstrap})
    wanted = {"segment.ms": "200", "max.compaction.lag.ms": "200", "min.cleanable.dirty.ratio": "0.01", "delete.retention.ms": "0"}
    entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in wanted.items()]
    names = [name for name in admin.list_topics(timeout=20).topics if name.startswith(KEPT) and not name.endswith(".dlq")]
    for waiting in admin.incremental_alter_configs(
        [ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries) for name in names]
    ).values():  # fmt: skip
        waiting.result(30)


def parts(reader: Client) -> list[Path]:
    """Where ClickHouse keeps the rows there are; what it replaced by them it deletes some minutes later."""
    sql = "SELECT path FROM system.parts WHERE active AND database = currentDatabase()"
    return [Path(path) for (path,) in reader.query(sql).result_rows]


def kept(home: Path) -> list[Path]:
    """The folders of topics that keep, and of stores."""
    topics = [path for path in (home / "kafka" / "data").iterdir() if path.is_dir() and path.name.startswith(KEPT)]
    return [*topics, *(home / "workers").rglob("p[0-9]*")]


def holding(folders: list[Path], needles: list[bytes]) -> set[str]:
    """The folders in whose files one of these stands."""
    found: set[str] = set()
    for root in folders:
        for folder, _, files in os.walk(root):
            for name in files:
                with contextlib.suppress(FileNotFoundError):  # removed meanwhile, as it should be
                    data = Path(folder, name).read_bytes()
                    if any(needle in data for needle in needles):
                        found.add(root.name)
    return found


def gone(home: Path, needles: list[bytes]) -> None:
    """Waits until a scan finds none of these."""
    deadline = time.monotonic() + PATIENCE
    while found := holding(kept(home), needles):
        assert time.monotonic() < deadline, found
        time.sleep(1)


def all_there(home: Path) -> None:
    """An audit misses nothing of what was erased, though the inbox still has its events."""
    said = answer(home, "audit", "--repair")
    assert (said["clean"], said["repaired"]) == (True, {}), said


def test_nothing_of_it_is_left_and_nothing_brings_it_back(running: Up, tmp_path: Path) -> None:
    home = running.home
    publish(home, tmp_path, [*story(MINE, PASSPORT), *story(OTHER, "QX1188305T")])
    reader = warehouse(home)
    clean_soon(home)
    (row,) = until(lambda: reader.query(
        f"SELECT id FROM journeys FINAL WHERE has(step_event, '{MINE}-complained') AND length(step_event) = 4").result_rows, "the journey")
    journey = str(row[0])
    until(lambda: count(reader, f"SELECT count() FROM alerts FINAL WHERE subject = '{journey}'") >= 2, "its alerts")
    until(lambda: count(reader, f"SELECT count() FROM facts FINAL WHERE startsWith(event_id, '{MINE}')") >= 4, "its facts")
    content = [each.encode() for each in (CASE, *digests_of(home))]
    needles = [MINE.encode(), *content]
    assert holding(parts(reader), content)
    assert {name.rpartition("-")[0] for name in holding(kept(home), needles)} >= {"facts", "findings", "journeys", "alerts.embassy.NP-QA"}

    assert fairpassage(home, "erase", journey, "--basis", "Act 12, file 3/2025", "--officer", "A. Officer", "--dry-run").returncode == 0
    done = answer(home, "erase", journey, "--basis", "Act 12, file 3/2025", "--officer", "A. Officer", "--yes")
    assert (done["facts"], done["erased"]) == (4, True)
    assert answer(home, "journey", journey)["status"] == "erased"
    until(lambda: count(reader, "SELECT count() FROM facts FINAL WHERE erased") >= 4, "husks in ClickHouse")
    until(lambda: count(reader, "SELECT count() FROM erasures FINAL WHERE length(facts) = 4") >= 1, "the journal in ClickHouse")

    others = [each for n in range(16) for each in story(f"last-{n}", f"QX55500{n:02}A")]  # some in each partition of `journeys`
    publish(home, tmp_path, others)  # a segment is closed when a record comes after its time
    until(lambda: count(reader, "SELECT count() FROM facts FINAL WHERE startsWith(event_id, 'last-')") >= 64, "facts after it")
    gone(home, needles)
    for table, column in (("facts", "event_id"), ("journeys", "toString(step_event)")):
        assert count(reader, f"SELECT count() FROM {table} WHERE position({column}, '{MINE}') > 0") == 0
        assert count(reader, f"SELECT count() FROM {table} WHERE position({column}, '{OTHER}') > 0") > 0
    for table in ("alerts", "alert_history"):
        said = f"SELECT count() FROM {table} WHERE subject = '{journey}' AND (summary != '' OR notEmpty(evidence) OR issue != '')"
        assert count(reader, said) == 0
        assert count(reader, f"SELECT count() FROM {table} WHERE subject = '{journey}' AND reason = 'erased'") >= 2

    all_there(home)
    publish(home, tmp_path, story(MINE, PASSPORT))
    publish(home, tmp_path, story("after", "QX5550002B"))
    until(lambda: count(reader, "SELECT count() FROM facts FINAL WHERE startsWith(event_id, 'after-')") >= 4, "facts after it")
    assert count(reader, f"SELECT count() FROM facts WHERE startsWith(event_id, '{MINE}')") == 0
    assert fairpassage(home, "erase", journey, "--basis", "Act 12", "--officer", "A. Officer", "--yes").returncode != 0
    gone(home, needles)
    assert holding(parts(reader), content) == set()
    all_there(home)
    reader.close()
