"""`fairpassage act`: what an audience did about an alert of its own, published as an event on `case.actions`."""

from __future__ import annotations

import hashlib
import io
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from infra.cli.alerts import latest
from infra.cli.publish import key_of, publisher_of
from infra.cli.wiring import service
from infra.kafka.reading import consumer
from infra.kafka.security import librdkafka
from infra.settings import Settings, load
from schemas.topicfiles import audiences, may, topic
from streams.domain.instants import text
from streams.domain.outputs import OPEN, Alert
from streams.publishers.identity import KeyFileError
from streams.publishers.publishing import Undelivered
from streams.publishers.reading import Ready, Refused, read

# What a person may do, the event that says so, and the measure that it is. None of them is done to a worker.
ACTIONS: dict[str, tuple[str, str | None]] = {
    "acknowledge": ("case.acknowledged", None), "assign": ("case.assigned", None), "verify": ("case.verified", None),
    "notify": ("case.measure_recorded", "notify"), "inspect": ("case.measure_recorded", "inspect"),
    "refer": ("case.measure_recorded", "refer"), "review-licence": ("case.measure_recorded", "license_review"),
    "close": ("case.closed", None), "confirm": ("case.closure_confirmed_by_worker", None),
}  # fmt: skip
_LEAST = 8  # characters of an id that tell it from others


@dataclass(frozen=True)
class Details:
    """What an action says besides itself; each only where the action has it."""

    officer: str | None
    to: str | None
    result: str | None
    reason: str | None
    impossible: str | None
    document: str | None


@click.command()
@click.argument("alert")
@click.argument("action", type=click.Choice(list(ACTIONS)))
@click.option("--audience", required=True, help="Whose alert it is: embassy.NP-QA.")
@click.option("--office", default=None, help="Who publishes: NP/embassy-doha; else FAIRPASSAGE_OFFICE.")
@click.option("--officer", default=None, help="Who acts; leaves this machine as a pseudonym only.")
@click.option("--to", default=None, help="assign, refer, notify: to which desk or authority.")
@click.option("--result", type=click.Choice(["confirmed", "unfounded", "unclear"]), default=None, help="verify: what was found.")
@click.option("--reason", type=click.Choice(["resolved", "unfounded", "duplicate"]), default=None, help="close: why the work ends.")
@click.option("--impossible", type=click.Choice(["worker_unreachable", "worker_died", "worker_declined"]), default=None,
              help="close: why the worker cannot confirm it; needs --document.")  # fmt: skip
@click.option("--document", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
              help="close: the paper that documents it; only its digest leaves this machine.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check the event and print it; publish nothing.")
def act(
    alert: str, action: str, audience: str, office: str | None, officer: str | None, to: str | None, result: str | None,
    reason: str | None, impossible: str | None, document: Path | None, dry_run: bool,
) -> None:  # fmt: skip
    """Publishes what was done about ALERT: its id, or the beginning of it, as `fairpassage alerts` shows it.

    An alert of another audience, a measure that is not this audience's, and an alert about a complaint closed without the
    worker are refused, each with what to do instead.
    """
    if audience not in audiences():
        raise click.BadParameter(f"{audience!r} is not declared; `fairpassage alerts` takes the same names", param_hint="--audience")
    kind, measure = ACTIONS[action]
    _theirs(audience, measure, action)
    settings = load()
    office = office or settings.office
    if not office:
        raise click.UsageError("say who publishes: --office NP/embassy-doha, or FAIRPASSAGE_OFFICE")
    paper = hashlib.sha256(document.read_bytes()).hexdigest() if document is not None else None
    found = _found(settings, alert, audience)
    body = _body(kind, Details(officer, to, result, reason, impossible, paper), measure)
    event = _event(kind, f"/office/{office.removeprefix('/office/')}", {"alert": f"{found.home}:{found.id}", "audience": audience, **body})
    ready = _checked(settings, event, dry_run)
    if dry_run:
        click.echo(json.dumps(event, ensure_ascii=False))
        return
    _publish(settings, ready)
    click.echo(f"{action}: {found.rule} {found.id}, as {audience}.")
    if kind == "case.closed" and not impossible and _about_a_complaint(found):
        click.echo("It stays open until the worker confirms it: fairpassage act ALERT confirm.")


def _theirs(audience: str, measure: str | None, action: str) -> None:
    role = audience.partition(".")[0]
    if measure is not None and measure not in may(role):
        others = [name for name in sorted({each.partition(".")[0] for each in audiences()}) if measure in may(name)]
        raise click.BadParameter(f"{action} is no measure of {role}: refer it to one of {', '.join(others)}", param_hint="ACTION")


def _found(settings: Settings, alert: str, audience: str) -> Alert:
    """The alert among the audience's own. Raises click.BadParameter where it has none, or several, of that id."""
    wanted = alert.rpartition(":")[2].lower()
    if len(wanted) < _LEAST:
        raise click.BadParameter(f"give at least {_LEAST} characters of the id", param_hint="ALERT")
    client = consumer(service(settings).bootstrap, librdkafka(settings))
    try:
        found = [each for each in latest(client, audience) if each.id.startswith(wanted)]
    finally:
        client.close()
    if not found:
        raise click.BadParameter(f"{audience} has no alert {alert}; `fairpassage alerts --audience {audience} --all` lists its own",
                                 param_hint="ALERT")  # fmt: skip
    if len(found) > 1:
        raise click.BadParameter(f"{len(found)} alerts of {audience} begin with {alert}; give more of the id", param_hint="ALERT")
    if found[0].status not in OPEN:
        click.echo(f"Note: this alert is {found[0].status} since {text(found[0].changed_at)}.", err=True)
    return found[0]


def _about_a_complaint(alert: Alert) -> bool:
    from streams.rules.registry import catalogue

    return any(rule.confidential for rule in catalogue() if rule.id == alert.rule.partition("@")[0])


def _body(kind: str, details: Details, measure: str | None) -> dict[str, Any]:
    """The fields that the event has. Raises click.UsageError for one that it has not."""
    allowed = {"case.assigned": ("to",), "case.verified": ("result",), "case.measure_recorded": ("to",),
               "case.closed": ("reason", "impossible", "document")}.get(kind, ())  # fmt: skip
    given = {name: value for name, value in vars(details).items() if value is not None}
    if surplus := sorted(given.keys() - {"officer", *allowed}):
        takes = ", ".join(f"--{name}" for name in ("officer", *allowed))
        raise click.UsageError(f"--{surplus[0]} says nothing here; this action takes {takes}")
    return given | ({"measure": measure} if measure is not None else {})


def _event(kind: str, source: str, body: dict[str, Any]) -> dict[str, Any]:
    now = text(round(time.time()) * 1_000)
    identity = hashlib.sha256(json.dumps([kind, source, now, body], sort_keys=True).encode()).hexdigest()[:24]
    return {"id": f"act-{identity}", "source": source, "type": kind, "time": now, "recordedat": now, "evidence": "documented", "body": body}


def _checked(settings: Settings, event: dict[str, Any], dry_run: bool) -> Ready:
    """As `publish` reads a file of one line. Raises click.ClickException: an argument may hold anything that a field may not."""
    line = json.dumps(event).encode() + b"\n"
    try:
        key = key_of(settings, dry_run)
    except KeyFileError as problem:
        raise click.ClickException(str(problem)) from problem
    (row,) = read(io.BytesIO(line), key, round(time.time() * 1_000), topic("case.actions").max_record_bytes)
    if isinstance(row, Refused):
        raise click.ClickException("; ".join(f"{each.field}: {each.reason}: {each.remedy}" for each in row.problems))
    return row


def _publish(settings: Settings, row: Ready) -> None:
    """Raises click.ClickException."""
    try:
        with publisher_of(settings, dry_run=False) as publisher:
            publisher.publish(iter([row]), lambda _refused: None, lambda done: None)
    except (KeyFileError, Undelivered) as problem:
        raise click.ClickException(str(problem)) from problem
