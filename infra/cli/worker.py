"""`fairpassage worker`: one Faust worker; start more to scale out by partition."""

from __future__ import annotations

import logging
import re

import click

from infra.cli.wiring import policy_of, service, signatures_of, writers_of
from infra.generations import held
from infra.kafka.security import aiokafka
from infra.logs import to_json
from infra.settings import load
from schemas.catalogue import CONTEXTS
from schemas.homes import partition
from schemas.topicfiles import declared
from streams.agents.config import WorkerConfig
from streams.agents.worker import run
from streams.domain.instants import parse
from streams.publishers.identity import KeyFileError, read_key, workers_keys

PAUSE = 1_000  # ms between two looks at one demand, party, place or case: its alerts are a second late at most, a worker's never


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # a folder is called so: it leads nowhere else


def named(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """A worker's name. Raises click.BadParameter."""
    if not _NAME.fullmatch(value):
        raise click.BadParameter(f"{value!r}: letters, digits, dots and hyphens, 64 at most: worker-1")
    return value


@click.command()
@click.option("--name", default="worker-1", show_default=True, callback=named, help="Its own name: stores are kept under it.")
def worker(name: str) -> None:
    """A worker: intake and dossiers. Settings come from FAIRPASSAGE_*; it ends with SIGTERM."""
    settings = load()
    to_json(settings.log_level)
    addresses = service(settings)
    try:
        key = held(settings, "intake", workers_keys(settings.intake_key_file, settings.intake_key_generation, settings.intake_old_key_file))
        master = read_key(settings.master_key_file, "FAIRPASSAGE_MASTER_KEY_FILE")
    except KeyFileError as problem:
        raise click.UsageError(str(problem)) from problem
    if writers := writers_of(settings):
        writers.begin(CONTEXTS)
    logging.getLogger(__name__).info("worker starts", extra={"worker": name})
    run(
        WorkerConfig(
            bootstrap=addresses.bootstrap, directory=settings.root / "workers" / name, intake_key=key, master_key=master,
            public_topics=CONTEXTS, policy=policy_of(settings), declared=declared, home_partition=partition,
            group=settings.group, as_of=parse(settings.as_of) if settings.as_of else None,
            hold=0 if settings.as_of else round(settings.hold_seconds * 1_000), pause=0 if settings.as_of else PAUSE,
            metrics_port=settings.metrics_port,
            session_timeout=settings.session_timeout, heartbeat=settings.session_timeout / 6, security=aiokafka(settings),
            signatures=signatures_of(settings), writers=writers,
        )
    )  # fmt: skip
