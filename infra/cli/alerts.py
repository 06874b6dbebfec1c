"""`fairpassage alerts`: an audience's own alerts, as they stand, or as they come."""

from __future__ import annotations

import json
import sys

import click
import msgspec
from confluent_kafka import Consumer
from rich.console import Console
from rich.table import Table

from infra.cli.wiring import service
from infra.kafka.reading import consumer, messages
from infra.kafka.security import librdkafka
from infra.settings import load
from schemas.topicfiles import audiences
from streams.domain.instants import text
from streams.domain.outputs import OPEN, Alert, decode_alert

_INSTANTS = ("since", "due_at", "raised_at", "changed_at")


@click.command()
@click.option("--audience", required=True, help="For example embassy.NP-QA; `oversight` also hears what nobody else was declared to.")
@click.option("--follow", is_flag=True, help="Show each change as it comes, until Ctrl-C.")
@click.option("--all", "everything", is_flag=True, help="Ended ones as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def alerts(audience: str, follow: bool, everything: bool, as_json: bool) -> None:
    """Shows the open alerts of an AUDIENCE, the gravest first."""
    if audience not in audiences():
        near = [name for name in sorted(audiences()) if name.startswith(audience.partition(".")[0])][:5]
        raise click.BadParameter(f"{audience!r} is not declared; for example {', '.join(near) or 'embassy.NP-QA'}", param_hint="--audience")
    settings = load()
    client = consumer(service(settings).bootstrap, librdkafka(settings))
    try:
        if follow:
            _follow(client, audience, as_json)
        else:
            _show(latest(client, audience), everything, as_json)
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        client.close()


def latest(client: Consumer, audience: str) -> list[Alert]:
    """An audience's alerts, each at its greatest revision; sorted by severity, then when raised."""
    found: dict[str, Alert] = {}
    for message in messages(client, [f"alerts.{audience}"]):
        if (value := message.value()) is not None:
            alert = decode_alert(value)
            if alert.id not in found or found[alert.id].revision <= alert.revision:
                found[alert.id] = alert
    return sorted(found.values(), key=lambda each: (each.severity, each.raised_at, each.id))


def as_json_object(alert: Alert) -> dict[str, object]:
    """An alert with its instants as RFC 3339."""
    fields = msgspec.structs.asdict(alert)
    return fields | {name: text(fields[name]) for name in _INSTANTS if fields[name] is not None}


def _follow(client: Consumer, audience: str, as_json: bool) -> None:
    for message in messages(client, [f"alerts.{audience}"], follow=True):
        if (value := message.value()) is not None:
            alert = decode_alert(value)
            shown = f"{text(alert.changed_at)} {alert.status:<10} {alert.severity} {alert.rule:<11} {alert.subject}  {alert.summary}"
            click.echo(json.dumps(as_json_object(alert)) if as_json else shown)


def _show(found: list[Alert], everything: bool, as_json: bool) -> None:
    shown = [alert for alert in found if everything or alert.status in OPEN]
    if as_json:
        for alert in shown:
            click.echo(json.dumps(as_json_object(alert)))
        return
    table = Table("", "rule", "about", "what, and the next step", title=f"{len(shown)} alerts", title_justify="left")
    for alert in shown:
        due = f" Due {text(alert.due_at)}." if alert.due_at is not None else ""
        offices = f" Ask {', '.join(alert.offices)}." if alert.offices else ""
        table.add_row(alert.severity, f"{alert.rule}\n{alert.status}", f"{alert.subject}\n{alert.id}",
                      f"{alert.summary}\n→ {alert.next_step}{due}{offices}")  # fmt: skip
    Console(emoji=False, markup=False).print(table)  # QA:office:mol is an office, no emoji
