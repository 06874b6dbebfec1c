"""What watches find in a simulated run: its facts and journeys in ClickHouse, each watch once at the end, and what it reports judged
with all the rest.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from consumers.warehouse.store import Warehouse
from consumers.watches.headers import watches
from consumers.watches.running import Runner
from infra.clickhouse import runner, sql
from schemas.topicfiles import declared
from streams.domain.facts import Fact
from streams.domain.facts import encode as encode_fact
from streams.domain.instants import Instant
from streams.domain.outputs import encode
from streams.dossiers.context import Outbox
from streams.evaluate import Evaluated, Evaluator
from streams.publishers.reading import Ready
from streams.rules.policy import default
from tests.support.clickhouse import PASSWORD, running
from tests.support.filling import store
from tests.support.sinking import warehouse
from tests.support.watching import Taking

DATABASE = "found"


class Recorded(Evaluator):
    """An evaluation that keeps the facts of each home, as `facts` would."""

    def __init__(self, as_of: Instant) -> None:
        super().__init__(default(), as_of, declared)
        self.facts: list[tuple[str, Fact]] = []

    def _take(self, outbox: Outbox) -> None:
        self.facts += outbox.facts
        super()._take(outbox)


def judged(events: list[dict[str, Any]], as_of: Instant, place: Warehouse, connect: Callable[[], Client]) -> Evaluated:
    """What rules and watches find in sealed events. ClickHouse was empty, and gets what watches read.

    Raises AssertionError where a watch could not be run.
    """
    evaluator = Recorded(as_of)
    evaluator.add(events)
    journeys = evaluator.finish().journeys
    read = {name for each in watches() for name in each.reads}
    store(place, "facts", ((f"{home}|{fact.id}", encode_fact(fact)) for home, fact in evaluator.facts if fact.type in read))
    store(place, "journeys", ((name, encode(each)) for name, each in journeys.items()))
    reports: list[Ready] = []
    for ran in Runner(connect, default(), lambda: "", lambda: Taking(reports)).run(watches(), as_of):
        assert (ran.lacking, ran.refused) == ("", 0), ran.as_json()
    evaluator.add(each.event for each in reports)
    return evaluator.finish()


@contextmanager
def clickhouse() -> Iterator[tuple[Warehouse, Callable[[], Client]]]:
    """An embedded ClickHouse of its own, with the schema and nothing in it."""
    with tempfile.TemporaryDirectory(prefix="fairpassage-found-") as home, running(Path(home)) as front:
        admin = front.client()
        runner.run(admin, DATABASE, runner.plan(sql.read(), {}))
        admin.close()
        yield warehouse(f"http://127.0.0.1:{front.port}", PASSWORD, DATABASE), lambda: front.client(DATABASE)
