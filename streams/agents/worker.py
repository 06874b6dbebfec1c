"""A worker: a Faust app with two agents and no tables. Faust gives partitions, agents, timers and lifecycle.

Intake reads the public topics and writes frames to `feed`; dossiers owns partitions of `feed`. Agent bodies never raise:
Faust commits what raises (engines.md A1), so a failure ends the process instead, uncommitted.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import faust
from faust.streams import Stream
from faust.types import TP, EventT, StreamT
from prometheus_client import start_http_server

from streams.agents import metrics
from streams.agents.config import WorkerConfig
from streams.agents.delivery import KafkaDelivery, or_die
from streams.agents.faststream import BatchStream, DirectTransport
from streams.agents.faustconsumer import credentials, forget, left, measure_lag
from streams.agents.intake import Intake
from streams.agents.opening import Opener
from streams.agents.owned import FEED, Owned
from streams.agents.standings import StandingsReader
from streams.agents.tailing import FindingsTail
from streams.domain import frames
from streams.domain.calendars import VERSION as CALENDARS
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.rules.registry import Rule, catalogue

log = logging.getLogger(__name__)
BATCH, WITHIN = 1_000, 0.02  # records and seconds of a micro-batch (engines.md F: 20 ms keeps p99 low)
SLICE = 10_000  # facts that are judged and delivered together: each journey, office and employer among them once
SMALL = 1 << 19  # bytes of frames, about as many facts


def version_of(config: WorkerConfig) -> str:
    """Names the rules, policy and calendars a worker runs: another version looks at everything again."""
    rows = "".join(f"{row.id}{row.rule}{row.valid_from}{row.valid_until}{row.selectors}{sorted(row.values.items())}"
                   for row in config.policy.all())  # fmt: skip
    return hashlib.sha256(("".join(rule.ref for rule in catalogue()) + rows + CALENDARS).encode()).hexdigest()[:16]


def layout_of(rules: Iterable[Rule]) -> str:
    """Names the measures that a store's sums are made of: a rule that brings or changes some begins them anew."""
    made = sorted({f"{rule.ref} {rule.kind} {each.name} {each.every} {sorted(each.reads)}" for rule in rules for each in rule.measures})
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:16]


class Worker:
    """Everything one worker process runs, around the Faust app."""

    def __init__(self, config: WorkerConfig) -> None:
        self.config = config
        self.app = _app(config)
        self.context = Context(catalogue(), config.policy, Standings(), config.declared, config.hold, config.pause)
        self.version = version_of(config)
        self._owned: dict[int, Owned] = {}
        self._opening: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._partitions = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._services: list[KafkaDelivery | StandingsReader | FindingsTail] = []
        self._declare()

    # Time.

    def clock(self) -> Instant:
        """as_of of a batch or tick: wall time, or the instant that the configuration fixes."""
        return self.config.as_of if self.config.as_of is not None else round(time.time() * 1_000)

    def partition_of(self, home: str) -> int:
        """The feed partition that a home is dealt to."""
        return self.config.home_partition(home, self._partitions)

    # Agents.

    def _declare(self) -> None:
        app = self.app
        raw: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
        public = app.topic(*self.config.public_topics, **raw)
        feed = app.topic(FEED, **raw)
        app.agent(public, name="intake", concurrency=1)(self._intake)
        app.agent(feed, name="dossiers", concurrency=1)(self._dossiers)
        app.timer(interval=self.config.tick_seconds, name="ticks")(self._tick)
        app.on_partitions_revoked.connect(self._revoked)  # type: ignore[arg-type]  # called with (app, revoked)
        app.on_partitions_assigned.connect(self._assigned)  # type: ignore[arg-type]  # called with (app, assigned)

    async def ready(self) -> None:
        """Starts the producer and reads standings to their end, before anything is owned."""
        config = self.config
        self.delivery = KafkaDelivery(config.bootstrap, config.security)
        self._services.append(self.delivery)
        await self.delivery.start()
        self._partitions = len(await self.delivery.partitions(FEED))
        self.standings = StandingsReader(config.bootstrap, self.context.standings, config.security)
        self._services.insert(0, self.standings)
        await self.standings.start()
        self.intake = Intake(self.delivery, self.partition_of, config.intake_key, config.as_of, config.signatures,
                             config.writers)  # fmt: skip
        self.opener = Opener(config.bootstrap, config.group, config.directory, self.context, self.delivery, self.standings,
                             self.clock, self.partition_of, self.version, layout_of(self.context.rules), config.security,
                             config.master_key)  # fmt: skip
        self.tail = FindingsTail(config.bootstrap, config.security)
        self._services.insert(0, self.tail)
        await self.tail.start()
        self._tasks.append(asyncio.create_task(or_die(self.standings.follow(self._sweep), "following standings")))
        self._tasks.append(asyncio.create_task(or_die(self.tail.follow(), "following findings")))

    async def _intake(self, stream: StreamT[Any]) -> None:
        async for events in cast(Stream[Any], stream).take_events(BATCH, within=WITHIN):
            await or_die(self.intake.process(events), "intake")

    async def _dossiers(self, stream: StreamT[Any]) -> None:
        async for events in cast(Stream[Any], stream).take_events(BATCH, within=WITHIN):
            await or_die(self._process(events), "dossiers")

    async def _process(self, events: Sequence[EventT[bytes]]) -> None:
        """Each partition's events in their order. A small batch's partitions are worked on at once, so that what they deliver
        travels in one request; a large one's one by one, since a revocation waits for whatever is in hand."""
        batches: dict[int, list[EventT[bytes]]] = defaultdict(list)
        for event in events:
            batches[event.message.partition].append(event)
        if sum(len(event.value) for event in events) <= SMALL:
            await asyncio.gather(*(self._process_one(number, batch) for number, batch in sorted(batches.items())))
            return
        for number, batch in sorted(batches.items()):
            await self._process_one(number, batch)

    async def _process_one(self, number: int, batch: Sequence[EventT[bytes]]) -> None:
        for some, found in _slices(batch):
            owned = await self._open(number)
            if owned is None or not await owned.process(found, some[-1].message.offset + 1):
                forget(self.app.consumer, some)  # the next owner reads it again
            elif any(frame.facts for frame in found):
                metrics.LATENCY.observe(max(0.0, time.time() - some[0].message.timestamp))

    # Ownership.

    def _mine(self) -> set[int]:
        return {tp.partition for tp in self.app.consumer.assignment() if tp.topic == FEED}

    async def _open(self, number: int) -> Owned | None:
        """A partition in service; None when it is another's. While the group deals its partitions nobody knows whose it is."""
        while True:
            while self.app.rebalancing:  # noqa: ASYNC110  # Faust has no event for its end
                await asyncio.sleep(0.02)
            async with self._opening[number]:
                if self.app.rebalancing:
                    continue  # it began while another held the lock, which a revocation waits for
                if number not in self._mine():
                    return None
                if number not in self._owned:
                    self._owned[number] = await self.opener.open(number)
                    self.tail.add(self._owned[number])
                return self._owned[number]

    async def _revoked(self, _app: Any, revoked: set[TP], **_kwargs: Any) -> None:
        """Closes what was taken away, after the batch or tick in hand."""
        for tp in revoked:
            if tp.topic == FEED:
                await self._close(tp.partition)
            left(tp)

    async def _assigned(self, _app: Any, assigned: set[TP], **_kwargs: Any) -> None:
        """Closes what is open and not among what was dealt: another may write there now, and its store would be stale."""
        for number in sorted(set(self._owned) - {tp.partition for tp in assigned if tp.topic == FEED}):
            await self._close(number)

    async def _close(self, number: int) -> None:
        async with self._opening[number]:
            self.tail.remove(number)
            if (owned := self._owned.pop(number, None)) is not None:
                await owned.close()
                metrics.PARTITIONS.dec()

    async def _tick(self) -> None:
        if self.app.consumer is None:
            return
        measure_lag(self.app.consumer)
        for number in sorted(self._mine()):
            if (owned := await or_die(self._open(number), "opening")) is not None:
                await or_die(owned.tick(), "tick")

    async def _sweep(self) -> None:
        """A standing changed: each partition looks again at what names it, then says how far it has swept."""
        position = self.standings.position
        for number in sorted(self._owned):
            if (owned := self._owned.get(number)) is not None:
                await or_die(owned.sweep(self.standings.since, position, self.version), "sweep")

    async def stop(self) -> None:
        """Closes what `ready` started, as far as it came."""
        for task in self._tasks:
            task.cancel()
        for owned in self._owned.values():
            await owned.close()
        for service in self._services:
            await service.stop()


def _slices(batch: Sequence[EventT[bytes]]) -> Iterator[tuple[list[EventT[bytes]], list[Frame]]]:
    """A batch of frames cut where it has about `SLICE` facts: what is due, and a revocation, have their turn between two."""
    some, found, facts = list[EventT[bytes]](), list[Frame](), 0
    for event in batch:
        some.append(event)
        found.append(frames.decode(event.value))
        facts += len(found[-1].facts)
        if facts >= SLICE:
            yield some, found
            some, found, facts = [], [], 0
    if some:
        yield some, found


class PassageApp(faust.App):
    """The app, with what a worker needs started before the consumer and stopped after it."""

    worker: Worker

    async def on_first_start(self) -> None:
        await super().on_first_start()
        await or_die(self.worker.ready(), "start-up")

    async def on_shutdown(self) -> None:
        await self.worker.stop()
        await super().on_shutdown()


def _quiet() -> None:
    """Faust sets the root logger to DEBUG in places; nobody reads a LogRecord per message (engines.md A2 note 1)."""
    for name in ("aiokafka", "faust", "mode", "asyncio", "kafka"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _app(config: WorkerConfig) -> PassageApp:
    app = PassageApp(
        config.group, broker_client_id=f"fairpassage-{config.directory.name}", broker=f"kafka://{config.bootstrap}",
        version=1, processing_guarantee="at_least_once",
        datadir=str(config.directory / "faust"), topic_disable_leader=True, topic_allow_declare=False, web_enabled=False,
        broker_session_timeout=config.session_timeout, broker_heartbeat_interval=config.heartbeat,
        broker_commit_interval=1.0, broker_commit_every=10_000, stream_wait_empty=False, producer_acks=-1,
        consumer_max_fetch_size=4 << 20, consumer_auto_offset_reset="earliest", worker_redirect_stdouts=False,
        Stream=BatchStream, broker_credentials=credentials(config.security),
    )  # fmt: skip
    app.transport = DirectTransport(app.conf.broker_consumer, app)
    return app


def collect_seldom() -> None:
    """Cycles are few here and reference counts free the rest: a collector that starts every 700 objects and goes through all
    modules and caches took 12 % of a worker's time, 125 ms at once."""
    gc.collect()
    gc.freeze()  # what was imported stays
    gc.set_threshold(50_000, 10, 10)


def run(config: WorkerConfig) -> None:
    """Runs a worker until SIGTERM or SIGINT."""
    if config.metrics_port:
        start_http_server(config.metrics_port, addr="127.0.0.1")
    (config.directory / "faust").mkdir(parents=True, exist_ok=True)
    worker = Worker(config)
    worker.app.worker = worker
    _quiet()
    collect_seldom()
    runner = faust.Worker(worker.app, loglevel="INFO", redirect_stdouts=False, override_logging=False)  # the caller set logging up
    runner.spinner = None  # the log is JSON, a line each
    runner.execute_from_commandline()
