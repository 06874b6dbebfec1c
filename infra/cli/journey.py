"""`fairpassage journey`: one journey's timeline, with what is missing."""

from __future__ import annotations

import json

import click
import msgspec
from confluent_kafka import Consumer
from rich.console import Console
from rich.table import Table

from infra.cli.wiring import service
from infra.kafka.reading import consumer, messages
from infra.kafka.security import librdkafka
from infra.settings import load
from streams.domain.instants import text
from streams.domain.outputs import Journey, decode_journey
from streams.rules.registry import Rule, catalogue


@click.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def journey(id: str, as_json: bool) -> None:
    """Shows the journey with this ID (journey:NP:0123...; its beginning is enough when only one begins so)."""
    settings = load()
    client = consumer(service(settings).bootstrap, librdkafka(settings))
    try:
        found = find(client, id)
    finally:
        client.close()
    if as_json:
        click.echo(json.dumps(as_json_object(found)))
    else:
        show(Console(emoji=False, markup=False), found)  # QA:office:mol is an office, no emoji


def find(client: Consumer, id: str) -> Journey:
    """The journey at its greatest revision; one that was replaced leads to its successor. Raises click.ClickException."""
    known: dict[str, Journey] = {}
    for message in messages(client, ["journeys"]):
        if (value := message.value()) is not None:
            each = decode_journey(value)
            if each.id not in known or known[each.id].revision <= each.revision:
                known[each.id] = each
    wanted = id if id.startswith("journey:") else f"journey:{id}"
    matches = [name for name in known if name == wanted] or [name for name in known if name.startswith(wanted)]
    if len(matches) != 1:
        some = ", ".join(sorted(matches)[:3])
        raise click.ClickException(f"no journey is called {id}" if not matches else f"{len(matches)} journeys begin so: {some}, ...")
    found = known[matches[0]]
    while found.replaced_by in known:
        click.echo(f"{found.id} is now {found.replaced_by}", err=True)
        found = known[found.replaced_by]
    return found


def as_json_object(found: Journey) -> dict[str, object]:
    """A journey with its instants as RFC 3339."""
    steps = [{"type": kind, "time": text(at), "event": event} for kind, at, event in found.steps]
    return {**msgspec.structs.asdict(found), "opened_at": text(found.opened_at), "steps": steps}


def show(console: Console, found: Journey) -> None:
    """The timeline as a table, then what is missing and what cannot be judged."""
    rules: dict[str, Rule] = {rule.id: rule for rule in catalogue()}
    title = f"{found.id}: {found.home} → {found.destination or '?'}, {found.status}"
    table = Table("when", "what", "event", title=title, title_justify="left")
    for kind, at, event in found.steps:
        table.add_row(text(at), kind, event)
    console.print(table)
    for name in found.missing:
        console.print(f"open: {name} {rules[name].harm.replace('_', ' ') if name in rules else ''}")
    if found.unknown:
        console.print(f"facts are missing to judge: {', '.join(found.unknown)}")
    console.print(f"joined from {found.identities} identifiers; told by {', '.join(found.offices)}")
