"""The sink on real engines: what it stores, what it refuses, and that a kill at the worst moment costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from confluent_kafka.admin import AdminClient

from consumers.warehouse import metrics, pieces
from consumers.warehouse.sink import Sink, SinkConfig
from consumers.warehouse.store import Misconfigured
from infra.clickhouse import runner, sql
from infra.kafka import offsets
from streams.domain.erasures import emptied, event_digest, husk_of
from streams.domain.facts import encode as encode_fact
from streams.domain.outputs import Journey, encode
from streams.sealing import Roots
from tests.support.builders import fact
from tests.support.clickhouse import PASSWORD, FrontProcess, start
from tests.support.sinking import alert, count, make_topics, produce, produce_alerts, read_all, sinking, until, warehouse

pytestmark = pytest.mark.integration


@pytest.fixture
def topic(bootstrap: str) -> str:
    """An alert topic of this test's own."""
    name = f"alerts.test.{uuid.uuid4().hex[:8]}"
    make_topics(bootstrap, name)
    make_topics(bootstrap, "sink.dlq", partitions=1)
    return name


def config(bootstrap: str, *topics: str, linger: float = 0.2, most_waiting: int = 64 << 20) -> SinkConfig:
    group = f"sink-{uuid.uuid4().hex[:8]}"
    return SinkConfig(bootstrap, group, topics, linger=linger, session_timeout=6.0, most_waiting=most_waiting)


def with_master(settings: SinkConfig, master: bytes) -> SinkConfig:
    return replace(settings, master_key=master)


def distinct(client: Client) -> int:
    return int(client.query("SELECT uniqExact(id) FROM alerts").result_rows[0][0])


def test_every_kind_lands_in_its_table(front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str) -> None:
    make_topics(bootstrap, "facts", "journeys", "recruitment.dlq")
    one = fact("recruitment.fee_declared", "2025-03-01", body={"amount": {"minor": 5, "currency": "NPR"}}, worker=["passport:NP:ab"])
    two = fact("visa.clearance_issued", "2025-03-02", body={"n": 1})
    facts = [(f"NP|{one.id}", encode_fact(one)), (f"QA|{one.id}", encode_fact(one)), (f"NP|{two.id}", encode_fact(two))]
    produce(bootstrap, "facts", [*facts, ("!about|teller", b"a statement"), ("NP|bad", b"\xff\xff"), (f"NP|{two.id}", None)])
    journey = Journey(
        id="journey:NP:01", revision=(3, 4), home="NP", destination="QA", status="open", opened_at=1_700_000_000_000,
        steps=(("visa.clearance_issued", 1_700_000_000_000, "ev-1"),), missing=("T-CON-01",), unknown=("T-PDO-01",),
        identities=2, offices=(), demand=None, person="p",
    )  # fmt: skip
    produce(bootstrap, "journeys", [(journey.id, encode(journey))])
    produce_alerts(bootstrap, topic, range(3))
    produce(bootstrap, "recruitment.dlq", [("k", b"raw")])
    settings = config(bootstrap, "facts", "journeys", topic, "recruitment.dlq")
    with sinking(settings, warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)):
        until(lambda: count(migrated, "facts FINAL", "erased") == 1, "the erased fact")
        until(lambda: count(migrated, "facts FINAL") == 3, "three facts")
        for table, rows in (("journeys", 1), ("alerts", 3), ("dead_letters", 1)):
            until(lambda: count(migrated, table) == rows, f"{rows} of {table}")  # noqa: B023  # called at once
    facts_now = migrated.query(
        "SELECT home, type, time, identifier_kinds, body FROM facts FINAL WHERE NOT erased ORDER BY home"
    ).result_rows
    assert [row[0] for row in facts_now] == ["NP", "QA"]
    assert facts_now[0][1] == "recruitment.fee_declared"
    assert facts_now[0][3:] == (["passport"], '{"amount":{"minor":5,"currency":"NPR"}}')
    assert migrated.query("SELECT id, type, body FROM facts FINAL WHERE erased").result_rows == [(two.id, "", "")]
    assert migrated.query("SELECT revision, step_type, missing FROM journeys").result_rows == [
        ((3 << 64) + 4, ["visa.clearance_issued"], ["T-CON-01"])
    ]
    bad = [letter for letter in read_all(bootstrap, "sink.dlq") if letter.value == b"\xff\xff"]
    assert bad
    assert (dict(bad[0].headers)["fp_reason"], dict(bad[0].headers)["ce_id"]) == (b"undecodable", b"NP|bad")


def test_a_refused_row_is_a_dead_letter_and_its_neighbours_are_stored(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str
) -> None:
    poison = encode(alert(-1, revision=(-1, 0)))  # a revision below zero fits no unsigned column
    produce_alerts(bootstrap, topic, range(150))
    produce(bootstrap, topic, [("poison", poison)], partition=0)
    produce_alerts(bootstrap, topic, range(150, 300))
    with sinking(config(bootstrap, topic), warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)):
        until(lambda: count(migrated, "alerts") == 300, "300 neighbours")
    letter = [each for each in read_all(bootstrap, "sink.dlq") if each.value == poison]
    assert len(letter) == 1
    headers = dict(letter[0].headers)
    assert (headers["fp_reason"], headers["fp_topic"], headers["fp_partition"]) == (b"refused", topic.encode(), b"0")
    assert letter[0].key == f"{topic}-0-{headers['fp_offset'].decode()}".encode()


def dying(mode: str, after: int, bootstrap: str, group: str, topic: str, front: FrontProcess, database: str) -> None:
    """A sink process that kills itself; asserts that it did."""
    place = [bootstrap, group, topic, f"http://127.0.0.1:{front.port}", PASSWORD, database]
    command = [sys.executable, "-m", "tests.support.sinking", mode, str(after), *place]
    assert subprocess.run(command, check=False, timeout=90).returncode == -9


def test_killed_between_insert_and_commit_nothing_is_lost_and_nothing_is_twice(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str
) -> None:
    settings, numbers = config(bootstrap, topic), iter(range(100_000))
    written = 0
    for after in (2, 1, 3):
        batch = [next(numbers) for _ in range(33_000)]
        produce_alerts(bootstrap, topic, batch)
        written += len(batch)
        dying("insert_first", after, bootstrap, settings.group, topic, front, database)
    with sinking(settings, warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)):
        until(lambda: distinct(migrated) == written, "every alert is stored")
    assert count(migrated, "alerts") == written, "and none twice, without FINAL"


def test_the_same_check_fails_when_the_commit_comes_first(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str
) -> None:
    settings = config(bootstrap, topic)
    produce_alerts(bootstrap, topic, range(33_000))
    dying("commit_first", 2, bootstrap, settings.group, topic, front, database)
    last = ("alert-last", encode(alert(99_999)))
    produce(bootstrap, topic, [last], partition=0)
    produce(bootstrap, topic, [last], partition=1)
    with sinking(settings, warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)):
        until(lambda: count(migrated, "alerts", "id = 'alert-99999'") == 2, "both partitions are at their end")
    assert distinct(migrated) < 33_001, "a commit before the insert loses rows, and the check sees it"


def test_clickhouse_away_costs_neither_rows_nor_memory(bootstrap: str, topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BLOCK", 1_000)
    front = start(tmp_path)
    runner.run(front.client(), "away", runner.plan(sql.read(), {}))
    store = warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, "away")
    limit = 200_000
    with sinking(config(bootstrap, topic, most_waiting=limit), store) as sink:
        produce_alerts(bootstrap, topic, range(10))
        until(lambda: count(front.client("away"), "alerts") == 10, "the first rows")
        front.kill()
        before = metrics.RETRIES._value.get()
        produce_alerts(bootstrap, topic, range(10, 8_000))
        until(lambda: metrics.RETRIES._value.get() > before + 3, "it tries again")
        held = sum(buffer.bytes for buffer in sink._buffers.values())
        assert held < limit + 3_000 * 1_000, "the rest of one block and of one read beyond the limit at most"
        front = start(tmp_path, front.port)
        until(lambda: distinct(front.client("away")) == 8_000, "all rows after its return")
    assert count(front.client("away"), "alerts") == 8_000
    front.stop()


def test_two_sinks_share_and_one_takes_over(front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str) -> None:
    settings, url = config(bootstrap, topic), f"http://127.0.0.1:{front.port}"
    with sinking(settings, warehouse(url, PASSWORD, database)) as first:
        produce_alerts(bootstrap, topic, range(2_500))
        with sinking(settings, warehouse(url, PASSWORD, database)) as second:
            until(lambda: len(first._buffers) == 1 and len(second._buffers) == 1, "each has a partition")
            produce_alerts(bootstrap, topic, range(2_500, 5_000))
            until(lambda: distinct(migrated) == 5_000, "all of it")
        produce_alerts(bootstrap, topic, range(5_000, 5_500))
        until(lambda: distinct(migrated) == 5_500, "the first takes over")
    assert count(migrated, "alerts") == 5_500


def test_a_lost_commit_is_healed_from_what_is_stored(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str
) -> None:
    url = f"http://127.0.0.1:{front.port}"
    produce_alerts(bootstrap, topic, range(500))
    with sinking(config(bootstrap, topic), warehouse(url, PASSWORD, database)):
        until(lambda: distinct(migrated) == 500, "the first sink")
    before = metrics.ROWS.labels("alerts")._value.get()
    produce_alerts(bootstrap, topic, [500])
    with sinking(config(bootstrap, topic), warehouse(url, PASSWORD, database)):  # a group without any commit
        until(lambda: distinct(migrated) == 501, "the new one")
    assert metrics.ROWS.labels("alerts")._value.get() - before == 1


def test_what_is_stored_and_not_committed_is_committed_although_nothing_follows(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str
) -> None:
    """The coordinator was away when the last piece was stored: whoever opens the partition next finds nothing to read there."""
    url, settings, admin = f"http://127.0.0.1:{front.port}", config(bootstrap, topic), offsets.admin(bootstrap, {})
    produce_alerts(bootstrap, topic, range(50))
    dying("insert_first", 1, bootstrap, settings.group, topic, front, database)
    stored = distinct(migrated)  # of one partition or both, as they were read
    assert 0 < stored > sum(max(0, each) for each in offsets.committed(admin, settings.group).values())
    with sinking(settings, warehouse(url, PASSWORD, database)):
        until(lambda: sum(offsets.committed(admin, settings.group).values()) == 50, "all that is stored is committed")
    assert count(migrated, "alerts") == 50


def test_a_topic_made_again_starts_again(front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str) -> None:
    """Its offsets begin at 0 again: neither the stored offsets nor the tokens of the old one may count."""
    url = f"http://127.0.0.1:{front.port}"
    produce_alerts(bootstrap, topic, range(100))
    with sinking(config(bootstrap, topic), warehouse(url, PASSWORD, database)):
        until(lambda: distinct(migrated) == 100, "the old topic")
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.delete_topics([topic])[topic].result(30)
    until(lambda: topic not in admin.list_topics(timeout=30).topics, "it is gone")
    make_topics(bootstrap, topic)
    produce_alerts(bootstrap, topic, range(100, 180))
    with sinking(config(bootstrap, topic), warehouse(url, PASSWORD, database)):
        until(lambda: distinct(migrated) == 180, "the new topic")


def test_a_missing_schema_stops_it_with_the_remedy(front: FrontProcess, database: str, bootstrap: str, topic: str) -> None:
    produce_alerts(bootstrap, topic, range(3))
    sink = Sink(config(bootstrap, topic), warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database))
    with pytest.raises(Misconfigured, match="fairpassage migrate"):
        sink.run()


def test_the_command_stores_and_ends_well(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str, topic: str, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "master.key").write_bytes(bytes(range(32)))
    (tmp_path / "master.key").chmod(0o600)
    given = {"HOME": str(tmp_path), "BOOTSTRAP": bootstrap, "CLICKHOUSE_URL": f"http://127.0.0.1:{front.port}", "GROUP": topic,
             "MASTER_KEY_FILE": str(tmp_path / "master.key"),
             "CLICKHOUSE_PASSWORD_FILE": str(tmp_path / "password"), "CLICKHOUSE_DATABASE": database}  # fmt: skip
    environment = {**os.environ, **{f"FAIRPASSAGE_{name}": value for name, value in given.items()}}
    produce_alerts(bootstrap, topic, range(20))
    code = "from infra.cli.main import main; main(['sink'])"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: count(migrated, "alerts", f"src_topic = '{topic}'") == 20, "the command's rows")
    finally:
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert all(line.startswith("{") for line in said.splitlines() if not line.startswith("%")), "logs are JSON"


def test_sealed_facts_are_opened_and_those_whose_keys_are_destroyed_are_erased(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str
) -> None:
    """A root that is made while the sink runs is read when a fact names it; the rows of an erased fact go, whatever was stored before."""
    make_topics(bootstrap, "facts", "sink.dlq")
    make_topics(bootstrap, "keys", partitions=2)
    roots, name = Roots(b"master"), uuid.uuid4().hex
    one, two = (fact("deployment.departed", "2025-03-01", worker=[f"passport:NP:{n}"], id=f"{name}-{n}") for n in range(2))
    produce(bootstrap, "keys", [(key.decode(), value) for key, value in roots.made([("ZZ", one)])], partition=1)
    produce(bootstrap, "facts", [(f"ZZ|{each.id}", roots.seal("ZZ", each)) for each in (one, two)], partition=0)
    settings = with_master(config(bootstrap, "facts"), b"master")
    with sinking(settings, warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)):
        until(lambda: count(migrated, "facts FINAL", f"startsWith(event_id, '{name}')") == 2, "both facts")
        list(roots.destroyed("ZZ", [event_digest(one.source, one.event_id)]))
        (root,) = roots.made([("ZX", two)])
        produce(bootstrap, "keys", [(root[0].decode(), root[1])], partition=0)
        produce(bootstrap, "facts", [(f"ZZ|{one.id}", emptied(husk_of("ZZ", one))), (f"ZX|{two.id}", roots.seal("ZX", two))], partition=0)
        until(lambda: count(migrated, "facts", f"home = 'ZX' AND id = '{two.id}'") == 1, "a fact under a root of later")
    assert migrated.query(f"SELECT erased, event_id FROM facts WHERE home = 'ZZ' AND id = '{one.id}'").result_rows == [(1, "")]


def test_another_master_key_stops_the_sink_and_stores_nothing(
    front: FrontProcess, database: str, migrated: Client, bootstrap: str
) -> None:
    make_topics(bootstrap, "facts", "sink.dlq")
    make_topics(bootstrap, "keys", partitions=2)
    roots, one = Roots(b"theirs"), fact("deployment.departed", "2025-03-01", worker=["passport:NP:x"], id=uuid.uuid4().hex)
    produce(bootstrap, "keys", [(key.decode(), value) for key, value in roots.made([("ZY", one)])], partition=1)
    produce(bootstrap, "facts", [(f"ZY|{one.id}", roots.seal("ZY", one))], partition=0)
    with pytest.raises(Misconfigured, match="FAIRPASSAGE_MASTER_KEY_FILE"):
        Sink(with_master(config(bootstrap, "facts"), b"ours"), warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, database)).run()
    assert count(migrated, "facts", f"id = '{one.id}'") == 0
