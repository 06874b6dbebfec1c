"""`fairpassage topics`: creates the topics from their files, and says what differs from them."""

from __future__ import annotations

import json

import click
from confluent_kafka import KafkaException

from infra.cli.wiring import service
from infra.embedded import state
from infra.kafka import offsets
from infra.kafka.security import librdkafka
from infra.kafka.topics import Report, create
from infra.settings import Settings, load

WIDTH = 80


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be created, and create nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def topics(dry_run: bool, as_json: bool) -> None:
    """Create the topics that are missing, from schemas/topics. Run again it changes nothing; differences are listed."""
    settings = load()
    bootstrap = service(settings).bootstrap
    try:
        report = create(bootstrap, embedded=_embedded(settings, bootstrap), security=librdkafka(settings), dry_run=dry_run)
    except KafkaException as problem:
        raise click.ClickException(f"the broker at {bootstrap} did not do it: {offsets.reason(problem)}") from problem
    click.echo(json.dumps(_as_json(report, dry_run)) if as_json else _text(report, dry_run))


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
