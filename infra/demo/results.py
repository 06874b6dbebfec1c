"""What the demo reads back: ClickHouse for what was found, `findings` for what each alert is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from clickhouse_connect.driver.client import Client
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

from infra.demo.settling import Ends
from streams.domain.outputs import OPEN, Entry, decode_entry
from streams.linking.gather import journey_id
from streams.publishers.simulator.score import Open, Score, published, score
from streams.publishers.simulator.truth import Opening, Planted

_OPEN_ALERTS = "FROM alerts FINAL WHERE status IN ('raised', 'updated')"
_MISSING = f"""
SELECT concat(origin, '-', destination) AS corridor, splitByChar('@', rule)[1] AS rule, uniqExact(id) AS missing
{_OPEN_ALERTS} AND origin != '' AND destination != '' AND rule LIKE 'T-CON%'
GROUP BY ALL ORDER BY missing DESC, corridor, rule LIMIT 6"""
_LEAD = """
WITH registered AS (
    SELECT home, destination,
           step_time[indexOf(step_type, 'oversight.contract_registered_origin')] AS contract,
           step_time[indexOf(step_type, 'deployment.departed')] AS departure
    FROM journeys FINAL
    WHERE status != 'replaced' AND has(step_type, 'deployment.departed')
      AND has(step_type, 'oversight.contract_registered_origin'))
SELECT concat(home, '-', destination) AS corridor, count() AS journeys,
       round(quantileExact(0.5)(dateDiff('hour', contract, departure)) / 24, 1) AS days
FROM registered GROUP BY ALL HAVING journeys >= 20 ORDER BY days, corridor LIMIT 6"""
_PAID = """
SELECT home AS origin, count() AS payments,
       countIf(JSONExtractString(body, 'payee') LIKE '%:person:%') AS to_a_person
FROM facts FINAL WHERE type = 'recruitment.fee_declared' AND origin = home
GROUP BY home ORDER BY payments DESC LIMIT 6"""
# Three questions of an oversight team.
QUERIES = (
    ("Which corridors miss most contract steps?", _MISSING),
    ("How many days before departure are contracts registered (median)?", _LEAD),
    ("How often do workers pay a natural person?", _PAID),
)


@dataclass(frozen=True)
class Stored:
    """What ClickHouse holds. `alerts` are open ones by rule, each once however many audiences it has."""

    facts: int
    journeys: int
    identities: int
    alerts: dict[str, int]
    audiences: dict[str, int]
    open_ids: frozenset[tuple[str, str]]


def stored_facts(client: Client) -> int:
    """How many events are in ClickHouse, each once however many homes hear of it."""
    return int(client.query("SELECT uniqExact(id) FROM facts").result_rows[0][0])


def stored(client: Client) -> Stored:
    """Everything that the report counts."""
    journeys = client.query(
        "SELECT count(), sum(numbers) FROM (SELECT id, identities / count() OVER (PARTITION BY home, person) AS numbers "
        "FROM journeys FINAL WHERE status != 'replaced')"
    ).result_rows[0]
    ids = client.query(f"SELECT DISTINCT splitByChar('@', rule)[1], id {_OPEN_ALERTS}").result_rows
    audiences = client.query(f"SELECT audience, count() {_OPEN_ALERTS} GROUP BY audience").result_rows
    open_ids = frozenset((str(rule), str(alert)) for rule, alert in ids)
    return Stored(
        facts=stored_facts(client), journeys=int(journeys[0]), identities=round(journeys[1] or 0),
        alerts=dict(sorted(Counter(rule for rule, _ in open_ids).items())),
        audiences={str(name): int(many) for name, many in sorted(audiences, key=lambda row: str(row[0]))}, open_ids=open_ids,
    )  # fmt: skip


def findings(bootstrap: str, ends: Ends) -> dict[str, Open]:
    """What each alert is about: alert id -> (rule, subject, issue), from the outbox as it stands."""
    entries: dict[str, Entry] = {}
    for message in _messages(bootstrap, "findings", ends):
        value = message.value()
        if value is not None and not (message.key() or b"").startswith(b"~"):
            entry = decode_entry(value)
            known = entries.get(entry.subject)
            if known is None or known.revision <= entry.revision:
                entries[entry.subject] = entry
    return {each.alert: (each.rule.partition("@")[0], entry.subject, each.issue)
            for entry in entries.values() for each in entry.published if each.status in OPEN}  # fmt: skip


def _messages(bootstrap: str, topic: str, ends: Ends) -> Iterator[Message]:
    """Every record of a topic as it stands, partition by partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "fairpassage-demo", "enable.auto.commit": False,
                         "enable.partition.eof": True, "fetch.message.max.bytes": 16 << 20, "log_level": 0})  # fmt: skip
    left = {number for (name, number), end in ends.items() if name == topic and end}
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in sorted(left)])
    try:
        while left:
            message = consumer.poll(20.0)
            if message is None:
                raise TimeoutError(f"the broker stopped answering while {topic} was read")
            problem = message.error()
            if problem is None:
                yield message
            elif problem.name() == "_PARTITION_EOF":
                left.discard(message.partition())
            else:
                raise KafkaException(problem)
    finally:
        consumer.close()


def judged(found: Stored, about: dict[str, Open], truth: Iterable[Planted], key: bytes) -> dict[str, Score]:
    """Open alerts in ClickHouse against the truth; one that nothing explains counts as wrong."""
    open_alerts = [about.get(alert, (rule, f"alert:{alert}", "")) for rule, alert in found.open_ids]
    return score(open_alerts, truth, _named, lambda raw: published(raw, key))


def _named(origin: str, opening: Opening) -> str:
    return journey_id(origin, opening.source, opening.id)


def asked(client: Client) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """The three questions with their answers: (question, columns, rows)."""
    answers = []
    for question, sql in QUERIES:
        result = client.query(sql)
        answers.append((question, list(result.column_names), [tuple(row) for row in result.result_rows]))
    return answers


def timeline(client: Client) -> tuple[str, list[tuple[str, str]], list[str]]:
    """The journey with most open findings of them that arrived: id, (day, event type) steps, rules missing."""
    row = client.query(
        "SELECT id, arrayMap(t -> formatDateTime(t, '%Y-%m-%d'), step_time), step_type, missing FROM journeys FINAL "
        "WHERE status != 'replaced' ORDER BY length(missing) DESC, identities DESC, id LIMIT 1"
    ).result_rows
    if not row:
        return "", [], []
    journey, days, types, missing = row[0]
    return str(journey), [(str(day), str(kind)) for day, kind in zip(days, types, strict=True)], [str(each) for each in missing]
