"""An engine that is away: the watches wait for it and stay due; a process that ended would say nothing about anybody."""

from __future__ import annotations

from typing import Any

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import OperationalError
from confluent_kafka import KafkaError, KafkaException

from consumers.watches.catching_up import CatchingUp
from consumers.watches.headers import watches
from consumers.watches.running import Runner, Schedule
from infra.cli import watch
from streams.publishers.publishing import Undelivered
from streams.rules.policy import default
from tests.support.builders import at

NOW = at("2025-03-05")
ALL = list(watches())


def away(*_: Any) -> Any:
    raise KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))


def no_clickhouse() -> Client:
    raise OperationalError("row 7: Sita Tamang")


def test_a_clickhouse_that_is_away_is_waited_for_and_its_words_are_not_told() -> None:
    ran = Runner(no_clickhouse, default(), lambda: "", None).run(ALL, NOW)
    assert {each.lacking for each in ran} == {"an answer of ClickHouse (OperationalError)"}
    schedule = Schedule(ALL)
    schedule.done(ran)
    assert schedule.due(NOW) == ALL


def test_a_kafka_that_is_away_is_waited_for() -> None:
    class Logs:
        ends = committed = away

    lacking = watch._lacking(CatchingUp(Logs(), [("intake", "workers", ("feed",))], 0.0, lambda _seconds: True))
    assert lacking.startswith("an answer of Kafka: ")
    ran = Runner(no_clickhouse, default(), lambda: lacking, None).run(ALL, NOW)
    assert {each.lacking for each in ran} == {lacking}


def test_a_report_that_the_broker_does_not_take_leaves_its_watch_due() -> None:
    class Refusing:
        def run(self, *_: Any) -> Any:
            raise Undelivered("no broker answers")

    runner: Any = Refusing()
    assert watch._tried(runner, ALL, NOW) == []
