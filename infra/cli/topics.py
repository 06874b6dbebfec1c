"""`fairpassage topics`: creates the topics from their files, with `--acls` users and rights too, and says what differs."""

from __future__ import annotations

import json

import click
from confluent_kafka import KafkaException

from infra.cli.acls import as_json as access_json
from infra.cli.acls import folder_of, granted
from infra.cli.acls import text as access_text
from infra.cli.wiring import service
from infra.embedded import state
from infra.kafka import offsets
from infra.kafka.security import librdkafka
from infra.kafka.topics import Report, create
from infra.settings import Settings, load

WIDTH = 80


@click.command()
@click.option("--acls", is_flag=True, help="Users and who may do what, too.")
@click.option("--passwords", is_flag=True, help="With --acls: set every user's password as its file says now.")
@click.option("--dry-run", is_flag=True, help="Say what would be created, and create nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def topics(acls: bool, passwords: bool, dry_run: bool, as_json: bool) -> None:
    """Create the topics that are missing, from schemas/topics. Run again it changes nothing; differences are listed.

    With --acls, on a broker that has an authorizer: a SCRAM-SHA-512 user for each process, audience and line of FAIRPASSAGE_OFFICES, with
    what the topic files give it and nothing else. Passwords are files of FAIRPASSAGE_USERS_FOLDER, made where missing, never shown.
    """
    if passwords and not acls:
        raise click.UsageError("--passwords goes with --acls")
    settings = load()
    bootstrap = service(settings).bootstrap
    try:
        report = create(bootstrap, embedded=_embedded(settings, bootstrap), security=librdkafka(settings), dry_run=dry_run)
        found = granted(settings, bootstrap, renew=passwords, dry_run=dry_run) if acls else None
    except KafkaException as problem:
        raise click.ClickException(f"the broker at {bootstrap} did not do it: {offsets.reason(problem)}") from problem
    if as_json:
        click.echo(json.dumps(_as_json(report, dry_run) | ({"access": access_json(found, dry_run)} if found else {})))
        return
    click.echo(_text(report, dry_run))
    for line in access_text(found, folder_of(settings), dry_run) if found else ():
        click.echo(line)


def _embedded(settings: Settings, bootstrap: str) -> bool:
    """Whether the broker is the one that `up` runs here: one node, fewer partitions, no replicas."""
    running = state.read(settings.root)
    return running is not None and running.bootstrap == bootstrap


def _as_json(report: Report, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run, "created": list(report.created), "present": list(report.present),
        "differences": [
            {"topic": topic, "setting": setting, "is": is_, "should_be": wanted} for topic, setting, is_, wanted in report.differences
        ],
    }  # fmt: skip


def _difference(is_: str, should: str) -> str:
    one_line = f"{is_} {should}"
    return one_line if len(one_line) <= WIDTH else f"{is_}\n    {should}"


def _text(report: Report, dry_run: bool) -> str:
    lines = [f"{'would create' if dry_run else 'created'} {name}" for name in report.created]
    lines += [_difference(f"{topic}: {setting} is {is_},", f"its file says {wanted}") for topic, setting, is_, wanted in report.differences]
    lines.append(f"{len(report.created)} {'missing' if dry_run else 'created'}, {len(report.present)} were there, "
                 f"{len(report.differences)} differences.")  # fmt: skip
    if report.differences:
        lines.append("Differences are left as they are: change the file, or the topic with your\nbroker's own tools.")
    return "\n".join(lines)
