"""A deployment that is hurt on purpose: which worker has what in hand, what is stored, what was told, and what should be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.client import Client
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import OffsetSpec

from infra.clickhouse.connection import client as connect
from infra.demo.settling import Log, settle
from infra.embedded.supervisor import Deployment
from infra.kafka import offsets
from infra.kafka.reading import consumer, messages, topic_names
from infra.settings import load, secret
from schemas.catalogue import CONTEXTS
from schemas.topicfiles import declared, topic
from streams.domain.frames import decode as decode_frame
from streams.domain.instants import text
from streams.domain.outputs import OPEN, Entry, decode_alert, decode_entry
from streams.evaluate import evaluate_events
from streams.publishers.identity import read_key
from streams.publishers.publishing import Publisher
from streams.publishers.reading import Ready, Refused, read
from streams.rules.policy import default
from tests.support.simulated import Simulated

PATIENCE = 240.0
Told = tuple[str, str, str, str, tuple[str, ...]]  # subject, alert id, rule, reason, evidence
Parts = set[tuple[str, int]]


@dataclass(eq=False)
class Hurt:
    """A running deployment and what was published to it."""

    deployment: Deployment
    run: Simulated
    published: int = 0

    def __post_init__(self) -> None:
        self.env = self.deployment.environment()
        self.key = read_key(Path(self.env["FAIRPASSAGE_LINKING_KEY_FILE"]), "FAIRPASSAGE_LINKING_KEY_FILE")
        self.admin = offsets.admin(self.deployment.bootstrap, {})
        self.lines: list[bytes] = []

    def publish(self, lines: Iterable[bytes]) -> None:
        """As an office does, which remembers what it published before."""
        rows = list(lines)
        self.lines += rows
        with Publisher(self.deployment.bootstrap, self.deployment.home / "published") as publisher:
            publisher.publish(self.rows(rows), _refuse, lambda done: None)
            self.published += publisher.report.accepted

    def rows(self, lines: Iterable[bytes]) -> Iterator[Ready | Refused]:
        """Lines as publishing reads them."""
        return read(lines, self.key, round(time.time() * 1_000), topic("recruitment").max_record_bytes)

    # What a worker has in hand.

    def assigned(self, worker: str) -> Parts:
        """The partitions of public topics and of the feed that a worker has now; none while the group is dealing them."""
        found = self.admin.describe_consumer_groups(["fairpassage"])["fairpassage"].result(30)
        if found.state.name != "STABLE":
            return set()
        mine = [each for each in found.members if each.client_id == f"fairpassage-{worker}"]
        return {(tp.topic, tp.partition) for each in mine for tp in each.assignment.topic_partitions}

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Waits, and starts again what was killed."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, what
            self.deployment.watch()
            time.sleep(0.2)

    def positions(self, parts: Parts) -> dict[tuple[str, int], int]:
        """What the group has committed."""
        asked = ConsumerGroupTopicPartitions("fairpassage", [TopicPartition(*each) for each in sorted(parts)])
        found = self.admin.list_consumer_group_offsets([asked])["fairpassage"].result(30).topic_partitions
        return {(tp.topic, tp.partition): max(0, tp.offset) for tp in found}

    def unfinished(self, parts: Parts) -> int:
        """Events published to these partitions and not committed, and facts of the feed that are not."""
        latest, public = OffsetSpec.latest(), {each for each in parts if each[0] in CONTEXTS}
        futures = self.admin.list_offsets({TopicPartition(*each): latest for each in sorted(public)})
        ends: dict[tuple[str, int], int] = {(tp.topic, tp.partition): future.result(30).offset for tp, future in futures.items()}
        return sum(ends.values()) - sum(self.positions(public).values()) + self._unread_facts(self.positions(parts - public))

    def _unread_facts(self, positions: dict[tuple[str, int], int]) -> int:
        client, left = consumer(self.deployment.bootstrap, {}), 0
        for each in messages(client, ["feed"]):
            read = positions.get(("feed", each.partition() or 0))
            if read is not None and (each.offset() or 0) >= read:
                left += len(decode_frame(each.value() or b"").facts)
        client.close()
        return left

    def kill_busy(self, worker: str, least: int) -> int:
        """SIGKILL to a worker in the midst of a backlog; how many events were unfinished in its partitions."""
        parts, before, deadline = Parts(), 0, time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = self.assigned(worker)
            if now != parts:
                parts, before = now, sum(self.positions(now).values()) if now else 0
            elif parts and sum(self.positions(parts).values()) > before:
                self.deployment.kill(worker)
                left = self.unfinished(parts)
                assert left >= least, f"{worker} had {left} events left"
                return left
            self.deployment.watch()
            time.sleep(0.1)
        raise AssertionError(f"{worker} was dealt nothing, or did nothing with it")

    # What came of it.

    def settle(self, seconds: float = PATIENCE) -> None:
        """Waits until all that was published is stored and told."""
        client = self.client()
        settle(Log(self.deployment.bootstrap), lambda: _stored(client), self.published, seconds, lambda done: None, self.deployment.watch)
        client.close()

    def drain(self, quiet: float = 8.0) -> None:
        """Waits until nothing lags and nothing more is stored, whatever was lost."""
        log, client, before, since = Log(self.deployment.bootstrap), self.client(), -1, time.monotonic()
        while time.monotonic() - since < quiet:
            self.deployment.watch()
            now = _stored(client) - log.lag(log.ends())
            if now != before:
                before, since = now, time.monotonic()
            time.sleep(1.0)
        client.close()

    def client(self) -> Client:
        """ClickHouse."""
        password = Path(self.env["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"])
        return connect(self.deployment.clickhouse, "default", secret(password), "fairpassage")

    def stored(self) -> set[str]:
        """The id of every fact in ClickHouse."""
        client = self.client()
        rows = client.query("SELECT DISTINCT id FROM facts WHERE erased = 0").result_rows
        client.close()
        return {str(fact) for (fact,) in rows}

    def stored_alerts(self) -> set[tuple[str, str]]:
        """(audience, alert id) of every open alert in ClickHouse."""
        client = self.client()
        rows = client.query("SELECT audience, id FROM alerts FINAL WHERE status IN ('raised', 'updated')").result_rows
        client.close()
        return {(str(audience), str(alert)) for audience, alert in rows}

    def told(self) -> set[Told]:
        """Every open finding, as the outbox has it."""
        entries: dict[str, Entry] = {}
        for record in self._records(["findings"]):
            if (value := record[1]) is not None and not record[0].startswith(b"~"):
                entry = decode_entry(value)
                known = entries.get(entry.subject)
                entries[entry.subject] = entry if known is None or entry.revision >= known.revision else known
        return {(entry.subject, each.alert, each.rule, each.reason, tuple(sorted(each.evidence)))
                for entry in entries.values() for each in entry.published if each.status in OPEN}  # fmt: skip

    def announced(self) -> set[tuple[str, str, tuple[int, int], str]]:
        """(audience, alert id, revision, status) of every alert record."""
        client = consumer(self.deployment.bootstrap, {})
        names = [name for name in topic_names(client, self.deployment.bootstrap) if name.startswith("alerts.")]
        client.close()
        alerts = [decode_alert(value) for _, value in self._records(names) if value is not None]
        return {(each.audience, each.id, each.revision, each.status) for each in alerts}

    def _records(self, names: list[str]) -> list[tuple[bytes, bytes | None]]:
        client = consumer(self.deployment.bootstrap, {})
        found = [(each.key() or b"", each.value()) for each in messages(client, names)]
        client.close()
        return [(key, value) for key, value in found if isinstance(key, bytes)]


@dataclass(frozen=True)
class Expected:
    """What the same events give with no broker: fact ids, open findings, (audience, alert id) of open alerts."""

    facts: set[str]
    told: set[Told]
    alerts: set[tuple[str, str]]


def expected(hurt: Hurt) -> Expected:
    """`evaluate` on all that was published."""
    ready = [row for row in hurt.rows(hurt.lines) if isinstance(row, Ready)]
    result = evaluate_events((row.event for row in ready), default(), hurt.run.as_of, declared)
    told = {(subject, each.alert, each.rule, each.reason, tuple(sorted(each.evidence))) for subject, each in result.findings()}
    alerts = {(audience, alert) for (audience, alert), each in result.alerts.items() if each.status in OPEN}
    return Expected({row.fact for row in ready}, told, alerts)


def deployment(home: Path, run: Simulated, kind: Callable[..., Deployment] = Deployment) -> Deployment:
    """A deployment in a home of its own, as of the simulation's end."""
    return kind(load(home=home, kafka_port=0, clickhouse_port=0), workers=2, as_of=text(run.as_of))


def _stored(client: Client) -> int:
    return int(client.query("SELECT uniqExact(id) FROM facts").result_rows[0][0])


def _refuse(row: Refused) -> None:
    raise AssertionError(row.problems)
