"""`fairpassage erase`: one journey, on a lawful request. It cannot be undone."""

from __future__ import annotations

import json
import secrets
import time

import click
from confluent_kafka import KafkaError, KafkaException, Producer
from rich.console import Console

from infra.cli.journey import find, show
from infra.cli.publish import key_of
from infra.cli.wiring import service
from infra.kafka import offsets
from infra.kafka.reading import consumer, messages
from infra.kafka.security import librdkafka
from infra.settings import Settings, load
from schemas.homes import partition
from streams.domain import frames
from streams.domain.erasures import Erasure, Order, decode_erasure
from streams.domain.frames import Frame
from streams.domain.outputs import Journey
from streams.publishers.identity import KeyFileError, person_id

PATIENCE = 120.0  # seconds until whoever owns the home has done it
MOST = 200  # characters of a basis


@click.command()
@click.argument("journey")
@click.option("--basis", required=True, help="The law or decision, and its file number: no name, nothing of what happened.")
@click.option("--officer", required=True, help="Who orders it; leaves this machine as a pseudonym only.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be erased, and erase nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def erase(journey: str, basis: str, officer: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Erases JOURNEY (its id, or the beginning of it): its facts, findings and alerts, everywhere but at the offices.

    Who ordered it, when, on what basis and how many facts stay in a journal. An office that publishes one of its events again
    changes nothing; an event that it never published before is a new one.
    """
    settings, basis = load(), basis.strip()
    if not basis or len(basis) > MOST or not basis.isprintable():
        raise click.BadParameter(f"1 to {MOST} characters on one line", param_hint="--basis")
    found = _found(settings, journey)
    if not as_json:
        show(Console(emoji=False, markup=False), found)
    if dry_run:
        click.echo(json.dumps({"journey": found.id, "events": len(found.steps), "erased": False}) if as_json else "Nothing was erased.")
        return
    if not yes:
        click.confirm(f"Erase {found.id}? Nothing brings it back", abort=True)
    try:
        by = person_id(found.home, officer, key_of(settings, dry_run=False).of_parties)
    except KeyFileError as problem:
        raise click.ClickException(str(problem)) from problem
    order = Order(id=secrets.token_hex(16), home=found.home, subject=found.id, basis=basis, officer=by, at=round(time.time() * 1_000))
    done = _carried_out(settings, order)
    said = {"journey": found.id, "order": order.id, "facts": len(done.facts), "erased": bool(done.facts)}
    click.echo(json.dumps(said) if as_json else f"{len(done.facts)} facts of {found.id} are erased (order {order.id}).")
    if not done.facts:
        raise click.ClickException("it had no facts any more: look at it again with `fairpassage journey`.")


def _found(settings: Settings, journey: str) -> Journey:
    client = consumer(service(settings).bootstrap, librdkafka(settings))
    try:
        found = find(client, journey)
    finally:
        client.close()
    if found.status == "erased":
        raise click.ClickException(f"{found.id} is erased already.")
    return found


def _carried_out(settings: Settings, order: Order) -> Erasure:
    """Gives the order to whoever owns the home, and waits for the journal. Raises click.ClickException."""
    bootstrap, security = service(settings).bootstrap, librdkafka(settings)
    try:
        _give(bootstrap, security, order)
        client = consumer(bootstrap, security)
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                for each in messages(client, ["erasures"]):
                    if each.key() == f"{order.home}|{order.id}".encode() and isinstance(value := each.value(), bytes):
                        return decode_erasure(value)
                time.sleep(0.2)
        finally:
            client.close()
    except KafkaException as problem:
        raise click.ClickException(f"the broker at {bootstrap} did not take it: {offsets.reason(problem)}") from problem
    raise click.ClickException(f"order {order.id} is given, and no worker has carried it out in {PATIENCE:.0f} s: it will when one runs.")


def _give(bootstrap: str, security: dict[str, str], order: Order) -> None:
    number = partition(order.home, offsets.topics(offsets.admin(bootstrap, security))["feed"])
    failed: list[KafkaError] = []
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "log_level": 0, **security})
    value = frames.encode(Frame(order.home, orders=(order,)))
    producer.produce("feed", value, order.home.encode(), number, on_delivery=lambda error, _: failed.append(error) if error else None)
    if producer.flush(60) or failed:
        raise click.ClickException(f"the order was not taken: {failed[0].str() if failed else 'no answer'}")
