"""`fairpassage sink`: Kafka to ClickHouse; start more to share the partitions."""

from __future__ import annotations

import logging
import signal

import click
from confluent_kafka import KafkaException

from consumers.warehouse.sending import Undeliverable
from consumers.warehouse.sink import Sink, SinkConfig
from consumers.warehouse.store import Misconfigured, Warehouse
from infra import metrics
from infra.cli.wiring import service
from infra.clickhouse.connection import connecting
from infra.kafka.security import librdkafka
from infra.logs import to_json
from infra.settings import load
from streams.publishers.identity import KeyFileError, read_key

log = logging.getLogger(__name__)


@click.command()
@click.option("--linger", type=click.FloatRange(0.0), default=0.5, show_default=True, help="Seconds that new rows wait for more.")
def sink(linger: float) -> None:
    """Write facts, journeys, alerts and dead letters to ClickHouse, until SIGTERM."""
    settings = load()
    to_json(settings.log_level)
    bootstrap = service(settings).bootstrap
    connect = connecting(settings, timeout=30)
    try:
        master = read_key(settings.master_key_file, "FAIRPASSAGE_MASTER_KEY_FILE")
    except KeyFileError as problem:
        raise click.UsageError(str(problem)) from problem

    metrics.serve(settings.metrics_port)
    config = SinkConfig(
        bootstrap=bootstrap, group=f"{settings.group}-sink", linger=linger, session_timeout=settings.session_timeout,
        security=librdkafka(settings), master_key=master,
    )  # fmt: skip
    running = Sink(config, Warehouse(connect))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: running.stop())
    log.info("sink starts")
    try:
        running.run()
    except (Misconfigured, Undeliverable, KafkaException) as problem:
        raise click.ClickException(str(problem)) from problem
