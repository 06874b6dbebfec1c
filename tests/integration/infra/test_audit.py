"""`fairpassage audit` on the real engines with a worker at work: all is there, what is taken away is named, and put back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition  # noqa: TID251  # to set offsets, which is safe

from infra.clickhouse.connection import client as connect
from infra.embedded.supervisor import Deployment
from infra.kafka import offsets
from infra.settings import load, secret
from schemas.codec import encode, normalised
from schemas.examples import example
from streams.acceptance import record_key
from streams.domain.facts import encode as encode_fact
from streams.domain.facts import fact_id
from streams.publishers.identity import seal
from tests.support.builders import fact
from tests.support.sinking import produce

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
KEY = b"a linking key of tests, thirty-two bytes and more"
TYPE, TOPIC = "deployment.departed", "deployment"
PATIENCE = 90.0


def sealed(name: str, **changes: Any) -> dict[str, Any]:
    """An event as a broker has it, with an id of its own."""
    return seal({**example(TYPE), "id": name, **changes}, KEY)


def id_of(event: dict[str, Any]) -> str:
    """The fact id of an event as a reader has it."""
    return fact_id(normalised(event))


def record(event: dict[str, Any]) -> tuple[str, bytes]:
    return record_key(event).decode(), encode(event)


@dataclass
class Live:
    """A deployment, and what an audit of it says."""

    running: Deployment

    def audit(self, *options: str) -> tuple[int, dict[str, Any]]:
        """Exit status and answer."""
        command = [sys.executable, "-m", "infra.cli.main", "audit", "--json", *options]
        done = subprocess.run(command, capture_output=True, text=True, env=self.running.environment(), check=False, timeout=200)
        assert done.returncode != 2, done.stderr
        return done.returncode, json.loads(done.stdout)

    def client(self) -> Client:
        env = self.running.environment()
        return connect(self.running.clickhouse, "default", secret(Path(env["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"])), "fairpassage")

    def delete(self, table: str, where: str) -> int:
        """Deletes rows; how many."""
        client = self.client()
        (number,) = client.query(f"SELECT count() FROM {table} WHERE {where}").result_rows[0]
        client.command(f"ALTER TABLE {table} DELETE WHERE {where}", settings={"mutations_sync": 2})
        client.close()
        return int(number)

    def passed_over(self, *records: tuple[str, bytes]) -> None:
        """Publishes records that nobody takes: the worker's group is set behind them while it has no member."""
        admin = offsets.admin(self.running.bootstrap, {})
        self.running.kill("worker-1")
        produce(self.running.bootstrap, TOPIC, records)
        ends = [TopicPartition(*place, last) for place, (_, last) in offsets.bounds(admin, [TOPIC]).items()]
        until = time.monotonic() + PATIENCE
        while admin.describe_consumer_groups(["fairpassage"])["fairpassage"].result(30).members:  # its session has not ended yet
            assert time.monotonic() < until
            time.sleep(0.5)
        set_ = admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions("fairpassage", ends)])["fairpassage"].result(30)
        assert not any(each.error for each in set_.topic_partitions)
        self.running.watch()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One worker and a sink; two hundred good events and three bad ones have been published."""
    with Deployment(load(home=tmp_path_factory.mktemp("audited") / "home"), workers=1) as running:
        produce(running.bootstrap, TOPIC, [record(sealed(f"good-{number}")) for number in range(200)])
        produce(running.bootstrap, TOPIC, [("bad", b"no event"), ("bad", b"\xc3\x01 neither"), ("wrong", record(sealed("good-1"))[1])])
        yield Live(running)


def test_what_is_taken_away_is_named_and_put_back_while_the_worker_works(live: Live) -> None:
    status, found = live.audit()
    assert (status, found["clean"]) == (0, True), found
    assert found["topics"][TOPIC] == {"events": 203, "accepted": 200, "rejected": 3}

    gone = {name: id_of(sealed(name)) for name in ("good-7", "good-8")}
    assert live.delete("facts", f"id IN ('{gone['good-7']}', '{gone['good-8']}')") >= 2
    assert live.delete("dead_letters", "origin_offset IS NOT NULL AND reason = 'wrong_key'") == 1
    hole = sealed("nobody took me")
    live.passed_over(record(hole), ("bad", b"nor me"))
    produce(live.running.bootstrap, TOPIC, [record(sealed(f"later-{number}")) for number in range(20)])

    status, found = live.audit("--repair", "--examples", "20")
    assert (status, found["repaired"]) == (1, {})  # the audit before missed nothing
    hidden = id_of(hole)
    assert {name.partition("|")[2] for name in found["examples"]["clickhouse"]} == {*gone.values(), hidden}
    assert {name.partition("|")[2] for name in found["examples"]["facts"]} == {hidden}
    assert [name.partition(":")[0] for name in found["examples"]["dead letters"]] == [TOPIC]
    assert len(found["examples"]["clickhouse dead letters"]) == 2
    assert found["differences"]["unaccounted"] == 0

    status, found = live.audit("--repair")
    assert status == 1
    assert found["repaired"].keys() == {"facts", "clickhouse", "dead letters", "clickhouse dead letters"}
    status, found = live.audit()
    assert (status, found["differences"]) == (0, dict.fromkeys(found["differences"], 0)), found
    assert found["topics"][TOPIC] == {"events": 225, "accepted": 221, "rejected": 4}


def test_a_fact_that_nothing_accounts_for_is_told_and_left_alone(live: Live) -> None:
    forged = fact("deployment.departed", "2025-03-01", id=f"forged-{os.getpid()}")
    produce(live.running.bootstrap, "facts", [(f"NP|{forged.id}", encode_fact(forged))], partition=0)
    for _ in range(2):
        status, found = live.audit("--repair")
        assert (status, found["examples"]["unaccounted"]) == (1, [f"NP|{forged.id}"])
        assert found["repaired"] == {}
    assert "1 in facts, and no event accounts for it" in spoken(live)
    doctor = json.loads(subprocess.run([sys.executable, "-m", "infra.cli.main", "doctor", "--json"], capture_output=True, text=True,
                                       env=live.running.environment(), check=False).stdout)  # fmt: skip
    (said,) = [each for each in doctor["checks"] if each["check"] == "audit"]
    assert (said["verdict"], "1 unaccounted for in facts" in said["says"]) == ("wrong", True)


def spoken(live: Live) -> str:
    """What it says to a person, within 80 columns."""
    command = [sys.executable, "-m", "infra.cli.main", "audit"]
    env = {**live.running.environment(), "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=200)
    assert done.returncode == 1, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    return done.stdout


def test_what_nobody_takes_is_waited_for_and_then_said(live: Live) -> None:
    live.running.kill("worker-1")
    produce(live.running.bootstrap, TOPIC, [record(sealed("waits"))])
    command = [sys.executable, "-m", "infra.cli.main", "audit", "--wait", "1"]
    done = subprocess.run(command, capture_output=True, text=True, env=live.running.environment(), check=False, timeout=200)
    assert (done.returncode, done.stdout) == (2, "")
    assert "wait for intake" in done.stderr
