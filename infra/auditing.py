"""An audit of the deployment in force: its clients, where it keeps what it missed, and what it measures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from consumers.audit import memory, metrics
from consumers.audit.comparison import WHERE, Difference, Report
from consumers.audit.expecting import Acceptance
from consumers.audit.reading import Reader, Stored
from consumers.audit.repairing import Repair, missed_twice
from consumers.audit.running import FACTS, Audit, Scope
from consumers.audit.scratch import Scratch
from consumers.warehouse import kafka
from consumers.warehouse.keys import Keys
from consumers.warehouse.letters import TOPIC as SINK_LETTERS
from consumers.warehouse.letters import Letters
from consumers.warehouse.sending import Sending
from consumers.warehouse.store import Unavailable, Warehouse
from consumers.warehouse.writing import Writer
from consumers.watches.catching_up import CatchingUp
from infra.cli.wiring import service, signatures_of, writers_of
from infra.clickhouse.connection import connecting
from infra.generations import held
from infra.kafka import offsets
from infra.kafka.security import librdkafka
from infra.settings import Settings
from schemas.catalogue import CONTEXTS
from schemas.homes import partition
from schemas.topicfiles import topic
from streams.domain.instants import DAY, Instant, parse
from streams.publishers.identity import Key, read_key, rekey, workers_keys

TRIES = 20  # of an insert while ClickHouse is away


@dataclass(frozen=True)
class Done:
    """What an audit found, when, and what it put back."""

    report: Report
    at: Instant
    seconds: float
    repaired: Counter[str]


class Auditor:
    """Audits. `say` hears of progress, `wait` sleeps so many seconds and says whether to give up, `patience` is in seconds a stage."""

    def __init__(self, settings: Settings, say: Callable[[str, int, int], None], wait: Callable[[float], bool], patience: float) -> None:
        self._settings, self._say, self._wait, self._patience = settings, say, wait, patience
        self._bootstrap = service(settings).bootstrap
        self._security = librdkafka(settings)
        self._logs = offsets.Logs(offsets.admin(self._bootstrap, self._security))
        writers = writers_of(settings)
        self._accept = Acceptance(parse(settings.as_of) if settings.as_of else None, signatures_of(settings), writers and writers.asking)
        self._connect = connecting(settings, timeout=600)

    def run(self, since: Instant | None, examples: int, repair: bool) -> Done:
        """One audit; with `repair` what it and the one before both missed is put back. Raises as `Audit.run` and `Repair.mend` do."""
        scope = Scope(CONTEXTS, min(topic(name).retention_days for name in CONTEXTS) * DAY, self._accept, since, examples)
        root = self._settings.root
        root.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory(prefix="audit-", dir=root))
            reader = stack.enter_context(closing(Reader(self._bootstrap, self._security)))
            stored = stack.enter_context(closing(Stored(self._connect)))
            scratch = stack.enter_context(Scratch(Path(folder), scope.topics))
            audit = Audit(scope, reader, stored, scratch, self._logs.ends, self._catching_up(scope).lacking, self._log, self._say)
            return self._finish(audit, reader, repair)

    def _finish(self, audit: Audit, reader: Reader, repair: bool) -> Done:
        """Compares, repairs, and leaves to the next audit what this one missed."""
        cluster, before = self._logs.cluster(), memory.read(self._settings.root)
        missed: dict[str, list[str]] = {}
        twice = before.missed_too(cluster) if before is not None else {}
        found: list[Difference] = []
        for each in audit.run():
            names = missed.setdefault(each.where, [])
            if len(names) < memory.MOST:
                names.append(each.name)
            if repair:
                found += missed_twice([each], twice)
        at = round(time.time() * 1_000)
        _measure(audit, at)
        differences: dict[str, int] = {where: audit.report.differences[where] for where in WHERE}
        memory.write(self._settings.root, memory.Memory(cluster=cluster, at=at, events=audit.report.events,
                                                        differences=differences, missed=missed))  # fmt: skip
        done = self._mended(reader, at, found) if found else Counter[str]()
        return Done(audit.report, at, audit.seconds, done)

    def _log(self, name: str) -> str:
        return kafka.logs(self._bootstrap, {name}, {**self._security, "log_level": 0})[name]

    def _catching_up(self, scope: Scope) -> CatchingUp:
        """The dossiers twice: what they pass on to other homes lies beyond what lay before them."""
        group, sink = self._settings.group, f"{self._settings.group}-sink"
        stages = (("intake", group, scope.public), ("the dossiers", group, ("feed",)), ("the dossiers", group, ("feed",)),
                  ("the sink", sink, (FACTS, *scope.letters, SINK_LETTERS)))  # fmt: skip
        return CatchingUp(self._logs, stages, self._patience, self._wait)

    # Repair.

    def _mended(self, reader: Reader, at: Instant, found: list[Difference]) -> Counter[str]:
        self._say("putting back", 0, len(found))
        mending = self._repair(reader, at)
        mending.mend(found)
        for where, number in mending.done.items():
            metrics.REPAIRED.labels(where).inc(number)
        return mending.done

    def _repair(self, reader: Reader, at: Instant) -> Repair:
        def again(attempt: int, why: str) -> None:
            if attempt > TRIES or self._wait(min(5.0, 0.1 * 2**attempt)):
                raise Unavailable(why)

        master = self._own_key(self._settings.master_key_file, "master")
        keys = Keys(self._bootstrap, self._security, master)
        writer = Writer(Warehouse(self._connect), Letters(self._bootstrap, self._security), again, keys.open, f":audit-{at}")
        send = Sending(self._bootstrap, {**self._security, "log_level": 0}, "Kafka did not take what an audit sends again")
        return Repair(reader, writer, send, self._partition, self._rekeyed, self._log, self._accept)

    def _partition(self, home: str) -> int:
        return partition(home, len(self._logs.ends(("feed",))))

    def _rekeyed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return rekey(event, key=self._key)

    @cached_property
    def _key(self) -> Key:
        """The workers' second key, as intake has it."""
        given = self._settings
        path, _ = self._kept(given.intake_key_file, "intake")
        return held(given, "intake", workers_keys(path, given.intake_key_generation, given.intake_old_key_file))

    def _own_key(self, path: Path | None, name: str) -> bytes:
        """A key of the workers. Raises KeyFileError."""
        return read_key(*self._kept(path, name))

    def _kept(self, path: Path | None, name: str) -> tuple[Path | None, str]:
        """A key's own file, or as `up` keeps it in the home, and the setting that names it."""
        kept = self._settings.root / "secrets" / f"{name}.key"
        return path or (kept if kept.exists() else None), f"FAIRPASSAGE_{name.upper()}_KEY_FILE"


def _measure(audit: Audit, at: Instant) -> None:
    for where in WHERE:
        metrics.DIFFERENCES.labels(where).set(audit.report.differences[where])
    for name, counts in audit.report.topics.items():
        for outcome in ("accepted", "rejected"):
            metrics.EVENTS.labels(name, outcome).set(counts[outcome])
    metrics.STATUS.set(0 if audit.report.clean else 1)
    metrics.FINISHED.set(at / 1_000)
    metrics.SECONDS.set(audit.seconds)
