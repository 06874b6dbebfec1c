"""The demo's steps, in order: simulate, start, publish, settle, run the watches, settle, read back. Each is timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from consumers.watches.headers import watches
from consumers.watches.running import Runner
from infra.clickhouse.connection import client as connect
from infra.demo import results, settling
from infra.demo.settling import Ends, Log, NotSettled, settle
from infra.embedded.supervisor import Deployment
from infra.settings import Settings, secret
from schemas.topicfiles import topic
from streams.domain.instants import parse, text
from streams.publishers.identity import read_key
from streams.publishers.publishing import Publisher, Report
from streams.publishers.reading import Refused, read
from streams.publishers.simulator import truth
from streams.publishers.simulator.files import Written, write
from streams.publishers.simulator.parameters import CORRIDORS
from streams.publishers.simulator.run import Options
from streams.publishers.simulator.score import Score
from streams.publishers.simulator.truth import Planted
from streams.rules.policy import default

START = "2023-11-01T00:00:00Z"
SETTLE_SECONDS = 480.0
WATCH_SECONDS = 600.0  # that ClickHouse may take for one watch
MOST_RESTARTS = 4
Say = Callable[[str], None]


@dataclass
class Outcome:
    """All that the demo has to tell."""

    written: Written
    as_of: str
    published: Report = field(default_factory=Report)
    by_topic: dict[str, int] = field(default_factory=dict)
    dead: int = 0
    stored: results.Stored | None = None
    scores: dict[str, Score] = field(default_factory=dict)
    answers: list[tuple[str, list[str], list[tuple[Any, ...]]]] = field(default_factory=list)
    timeline: tuple[str, list[tuple[str, str]], list[str]] = ("", [], [])
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """The running chain, for whoever wants a look before it ends: a test scans it for raw values."""

    deployment: Deployment
    client: Client
    ends: Ends
    written: Written


class Demo:
    """One run in a home of its own. `look` is called when all has settled and everything still runs."""

    def __init__(self, settings: Settings, workers: int, seed: str, say: Say, step: Callable[[str, int, int], None]) -> None:
        self._settings, self._say, self._step = settings, say, step
        self.options = Options(workers, seed, CORRIDORS, parse(START), workers // 20)
        self.outcome: Outcome

    def run(self, look: Callable[[Live], None] = lambda live: None) -> Outcome:
        """The whole demo. Raises click.ClickException, Undelivered or NotSettled; nothing is left running in any case."""
        started: dict[str, float] = {}
        with self._timed("simulate", started):
            written = write(self.options, self._settings.root / "simulated")
        self.outcome = Outcome(written, text(self.options.as_of), seconds=started)
        deployment = Deployment(self._settings, as_of=self.outcome.as_of, say=self._say)
        with self._timed("start", started):
            deployment.start()
        try:
            self._chain(deployment, written, started, look)
        finally:
            with self._timed("stop", started):
                deployment.stop()
        return self.outcome

    def _chain(self, deployment: Deployment, written: Written, started: dict[str, float], look: Callable[[Live], None]) -> None:
        env, out = deployment.environment(), self.outcome
        client = self._clickhouse(deployment)
        key = read_key(Path(env["FAIRPASSAGE_LINKING_KEY_FILE"]), "FAIRPASSAGE_LINKING_KEY_FILE")
        with Publisher(deployment.bootstrap, None) as publisher:
            out.published = publisher.report
            with self._timed("publish", started):
                self._publish(publisher, written, key)
            with self._timed("settle", started):
                self._settled(deployment, client, "working through it")
            with self._timed("watches", started):
                self._watches(deployment, publisher)
                ends = self._settled(deployment, client, "hearing of the watches")
        with self._timed("read back", started):
            out.dead, out.stored = settling.dead_lettered(ends), results.stored(client)
            planted = [each for each in _truth(written.truth) if isinstance(each, Planted)]
            out.scores = results.judged(out.stored, results.findings(deployment.bootstrap, ends), planted, key)
            out.answers, out.timeline = results.asked(client), results.timeline(client)
        look(Live(deployment, client, ends, written))
        client.close()

    def _clickhouse(self, deployment: Deployment) -> Client:
        """A new client of the deployment's ClickHouse."""
        password = Path(deployment.environment()["FAIRPASSAGE_CLICKHOUSE_PASSWORD_FILE"])
        return connect(deployment.clickhouse, "default", secret(password), self._settings.clickhouse_database, timeout=WATCH_SECONDS)

    def _publish(self, publisher: Publisher, written: Written, key: bytes) -> None:
        """Every file, as offices would publish them; a rejected row is a fault of the simulator and ends the demo."""
        limit, now, total = topic("recruitment").max_record_bytes, round(time.time() * 1_000), sum(written.events.values())
        for path in written.files:
            before = publisher.report.accepted
            with path.open("rb") as rows:
                publisher.publish(read(rows, key, now, limit), _refuse, lambda done: self._step("publishing", done, total))
            self.outcome.by_topic[path.stem] = publisher.report.accepted - before

    def _settled(self, deployment: Deployment, client: Client, doing: str) -> Ends:
        """Where the logs end once all that was published so far is worked off."""
        total = self.outcome.published.accepted
        return settle(Log(deployment.bootstrap), lambda: results.stored_facts(client), total, SETTLE_SECONDS,
                      lambda done: self._step(doing, done, total), lambda: _watch(deployment))  # fmt: skip

    def _watches(self, deployment: Deployment, publisher: Publisher) -> None:
        """Each watch once, at the end of the simulated time, as `fairpassage watch --once` does; all that it needs has settled."""
        before = publisher.report.accepted
        runner = Runner(lambda: self._clickhouse(deployment), default(), lambda: "", lambda: publisher)
        for ran in runner.run(watches(), self.options.as_of):
            if ran.lacking or ran.refused:
                raise NotSettled(f"the watch {ran.watch.id} could not be run; see the logs.")
        self.outcome.by_topic["oversight"] += publisher.report.accepted - before

    @contextmanager
    def _timed(self, name: str, into: dict[str, float]) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            into[name] = round(time.monotonic() - began, 1)


def _watch(deployment: Deployment) -> None:
    """Starts again what ended; a child that ends again and again ends the demo, not only its patience."""
    deployment.watch()
    for child in deployment.children.values():
        if child.restarts > MOST_RESTARTS:
            raise NotSettled(f"{child.name} ended {child.restarts} times.")


def _refuse(row: Refused) -> None:
    problem = row.problems[0]
    raise ValueError(f"the simulator wrote a row that cannot be published: {problem.field}: {problem.reason}")


def _truth(path: Path) -> Iterator[truth.Planted | truth.Migration]:
    with path.open("rb") as rows:
        for row in rows:
            yield truth.decode(row)
