"""`fairpassage dlq`: what could not be processed, why, and publishing it again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
from confluent_kafka import Consumer, KafkaError, Message, Producer
from rich.console import Console
from rich.table import Table

from infra.cli.wiring import service
from infra.kafka.reading import consumer, headers, messages, topic_names
from infra.kafka.security import librdkafka
from infra.settings import Settings, load

REASON, OFFSET = "fp_reason", "fp_offset"


@click.group()
def dlq() -> None:
    """Dead letters: list them, show one, publish some again."""


def _client(settings: Settings) -> Consumer:
    return consumer(service(settings).bootstrap, librdkafka(settings))


def letters(client: Consumer, bootstrap: str, topic: str | None) -> Iterator[Message]:
    """The dead letters of a public topic, or of all."""
    names = [name for name in topic_names(client, bootstrap) if name.endswith(".dlq") and topic in (None, name.removesuffix(".dlq"))]
    return messages(client, names)


def described(letter: Message) -> dict[str, Any]:
    """A dead letter's own coordinates, its reason, and where it came from; never its content."""
    told = {name: value.decode(errors="replace") for name, value in headers(letter)}
    return {"topic": letter.topic(), "partition": letter.partition(), "offset": letter.offset(), "bytes": len(letter.value() or b""),
            **{name.removeprefix("fp_") if name in ("fp_reason", "fp_detail") else name.replace("fp_", "source_"): value
               for name, value in told.items() if name.startswith("fp_")}}  # fmt: skip


@dlq.command("list")
@click.option("--topic", default=None, help="One public topic's; default: all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(topic: str | None, as_json: bool) -> None:
    """Counts by topic and reason; with --json every letter's coordinates."""
    settings = load()
    client = _client(settings)
    found = [described(letter) for letter in letters(client, service(settings).bootstrap, topic)]
    client.close()
    if as_json:
        for each in found:
            click.echo(json.dumps(each))
        return
    table = Table("topic", "reason", "letters", "first at")
    counts = Counter((each["topic"], each.get("reason", "")) for each in found)
    for (name, reason), count in sorted(counts.items()):
        first = next(each for each in found if (each["topic"], each.get("reason", "")) == (name, reason))
        table.add_row(name, reason, str(count), f"{first['partition']}:{first['offset']}")
    Console().print(table if found else "no dead letters")


@dlq.command()
@click.argument("topic")
@click.argument("offset", type=int)
@click.option("--partition", default=0, show_default=True)
def show(topic: str, offset: int, partition: int) -> None:
    """One letter of TOPIC at OFFSET: its reason, headers, and its bytes in hex (they may be anything)."""
    letter = _one(topic, offset, partition)
    click.echo(json.dumps({**described(letter), "key": (letter.key() or b"").hex(), "value": (letter.value() or b"").hex()}, indent=1))


def _one(topic: str, offset: int, partition: int) -> Message:
    settings = load()
    client = _client(settings)
    try:
        for letter in letters(client, service(settings).bootstrap, topic.removesuffix(".dlq")):
            if (letter.offset(), letter.partition()) == (offset, partition):
                return letter
    finally:
        client.close()
    raise click.ClickException(f"{topic} has no dead letter at {partition}:{offset}; `fairpassage dlq list --json` shows which there are.")


@dlq.command()
@click.argument("topic")
@click.option("--reason", default=None, help="Only letters with this reason.")
@click.option("--json", "as_json", is_flag=True)
def replay(topic: str, reason: str | None, as_json: bool) -> None:
    """Publishes the dead letters of TOPIC again, as they were: after a schema or a rule of acceptance was mended."""
    settings = load()
    client = _client(settings)
    name = topic.removesuffix(".dlq")
    producer, failed, chosen = _producer(settings), list[KafkaError](), 0
    for letter in letters(client, service(settings).bootstrap, name):
        if reason in (None, described(letter).get("reason")):
            _again(producer, name, letter, failed)
            chosen += 1
    client.close()
    left = producer.flush(60)
    done = chosen - left - len(failed)
    click.echo(json.dumps({"replayed": done}) if as_json else f"{done} published to {name} again.")
    if failed:
        click.echo(f"{len(failed)} not taken by the broker: {failed[0].str()}", err=True)
    sys.exit(1 if left or failed else 0)


def _producer(settings: Settings) -> Producer:
    config = {"bootstrap.servers": service(settings).bootstrap, "acks": "all", "enable.idempotence": True, "message.max.bytes": 4 << 20}
    return Producer({**config, "log_level": 0, **librdkafka(settings)})


def _again(producer: Producer, topic: str, letter: Message, failed: list[KafkaError]) -> None:
    """The letter as it was: its bytes, key and headers, without what was said of its end."""
    kept: list[tuple[str, str | bytes | None]] = [(key, value) for key, value in headers(letter) if not key.startswith("fp_")]

    def told(problem: KafkaError | None, _message: Message) -> None:
        if problem is not None:
            failed.append(problem)

    while True:
        try:
            producer.produce(topic, letter.value(), letter.key(), headers=kept, on_delivery=told)
            producer.poll(0)
            return
        except BufferError:
            producer.poll(0.5)
