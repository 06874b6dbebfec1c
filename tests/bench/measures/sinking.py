"""Rows a second of `fairpassage sink`, from `facts` into the embedded ClickHouse."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path

import msgspec
from clickhouse_connect.driver.client import Client

from infra.clickhouse.connection import client
from infra.settings import secret
from schemas.homes import partition as home_partition
from streams.agents.owned import fact_record
from streams.sealing import Roots
from tests.bench.bench import Bench
from tests.bench.calibration import PARTITIONS
from tests.bench.corpus import Corpus, Sent, produce
from tests.bench.measure import Figure, Found, Measure, at_least
from tests.bench.measures.throughput import limit
from tests.bench.workers import FAIRPASSAGE, Running, child
from tests.support import clickhouse

ROWS = 150_000
AIM = at_least(50_000)
DATABASE = "fairpassage"
LOOK = 0.05


@dataclass(frozen=True)
class Front:
    """A migrated database and the settings that lead to it."""

    client: Client
    settings: dict[str, str]

    def rows(self) -> int:
        """Facts stored so far."""
        return int(self.client.query("SELECT count() FROM facts").result_rows[0][0])


@contextmanager
def front(folder: Path, bootstrap: str) -> Iterator[Front]:
    """The embedded front as a child, with the schema."""
    with clickhouse.running(folder / "clickhouse") as process:
        url, password = f"http://127.0.0.1:{process.port}", process.home / "password"
        settings = {"HOME": str(folder), "BOOTSTRAP": bootstrap, "CLICKHOUSE_URL": url, "CLICKHOUSE_PASSWORD_FILE": str(password),
                    "SESSION_TIMEOUT": "6", "LOG_LEVEL": "WARNING"}  # fmt: skip
        with child(folder, "migrate", (*FAIRPASSAGE, "migrate"), settings) as migrating:
            if migrating.process.wait(60):
                raise RuntimeError(f"migrate failed: {migrating.log.read_text('utf-8').strip()[-300:]}")
        found = client(url, "default", secret(password), DATABASE)
        yield Front(found, settings)
        found.close()


def many_facts(corpus: Corpus, rows: int, master: bytes) -> Iterator[Sent]:
    """Facts of every kind and home as a worker records them, after the roots that seal them; once all are told, again under other ids."""
    roots = Roots(master)
    facts, number = [(home, fact) for home, fact, _ in corpus.copies()], count()
    for home, fact in islice(cycle(facts), rows):
        other = msgspec.structs.replace(fact, id=f"{next(number):08x}{fact.id[8:]}")
        for made in roots.made([(home, other)]):
            yield "keys", *made
        topic, _, key, value, _ = fact_record(home_partition(home, PARTITIONS), home, other, roots)
        yield topic, key, value or b""


def stored(database: Front, sink: Running, many: int, seconds: float) -> tuple[float, float]:
    """(rows a second, seconds) from the first block seen to the last."""
    deadline, before, first, last = time.monotonic() + seconds, 0, (0.0, 0), 0.0
    while before < many:
        sink.check()
        now, rows = time.monotonic(), database.rows()
        if rows > before:
            first = first if before else (now, rows)
            before, last = rows, now
        if now > deadline:
            raise TimeoutError(f"{before:,} of {many:,} rows were stored within {seconds:.0f} s")
        time.sleep(LOOK)
    if last <= first[0]:
        raise RuntimeError("all of it came in one block: too few rows to tell a rate")
    return (before - first[1]) / (last - first[0]), last - first[0]


def run(bench: Bench) -> Found:
    """A sink on facts that were put there ahead."""
    many, folder = ROWS * (10 if bench.full else 1), bench.folder("sink")
    with bench.kafka() as bootstrap, front(folder, bootstrap) as database:
        lots: dict[int, list[tuple[str, bytes, bytes]]] = defaultdict(list)
        for topic, key, value in many_facts(bench.corpus(bench.enough()), many, bench.key.read_bytes().strip()):
            lots[home_partition(key[:2].decode(), PARTITIONS)].append((topic, key, value))
        for number, records in sorted(lots.items()):
            produce(bootstrap, records, number)
        with child(folder, "sink", (*FAIRPASSAGE, "sink"), {**database.settings, "MASTER_KEY_FILE": str(bench.key)}) as sink:
            rate, seconds = stored(database, sink, many, limit(bench))
    yield Figure("sink", "facts stored in ClickHouse", rate, "rows/s", AIM, f"{many:,} rows, timed over {seconds:.1f} s")


MEASURES = (Measure("sink", "rows stored in ClickHouse", "rows/s", AIM, run),)
