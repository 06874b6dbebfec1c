"""The demo on the real engines: what it says, that nothing raw got anywhere, and that nothing is left running."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from confluent_kafka import Producer

from infra.cli.demo import demo
from infra.demo.running import Demo, Live
from infra.embedded.processes import Identity
from streams.publishers.simulator.scan import Scan, raw_values
from streams.rules.registry import catalogue
from streams.store.rocks import RocksStore
from tests.support import leaks

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@dataclass
class Ran:
    """One run: what the command printed, what was found while all ran, and what ran."""

    home: Path
    report: dict[str, Any] = field(default_factory=dict)
    clean: list[str] = field(default_factory=list)
    seeded: dict[str, bool] = field(default_factory=dict)
    scan: Scan = field(default_factory=lambda: Scan(()))
    passport: str = ""
    children: dict[str, Identity] = field(default_factory=dict)

    def look(self, live: Live) -> None:
        """Called when all has settled and everything still runs: looks, then seeds a value and looks again."""
        self.scan, self.children = Scan(raw_values(live.written.files)), live.deployment.children.identities()
        self.passport = _passport(live.written.files)
        bootstrap = live.deployment.bootstrap
        broken = Producer({"bootstrap.servers": bootstrap})
        broken.produce("visa", b"no event", b"a key")
        assert broken.flush(30) == 0
        self.clean += [found.where for found in (*leaks.topics(self.scan, bootstrap), *leaks.tables(self.scan, live.client))]
        self.clean += [found.where for found in leaks.files(self.scan, live.deployment.home)]
        for place, (key, value, header) in {
            "key": (self.passport, "", ""), "value": ("", f"as sealed, {self.passport}", ""), "header": ("", "", self.passport),
        }.items():  # fmt: skip
            broken.produce("recruitment.dlq", value.encode(), key.encode(), headers=[("fp_detail", header.encode())])
            assert broken.flush(30) == 0
            self.seeded[place] = any(found.where == "topic recruitment.dlq" for found in leaks.topics(self.scan, bootstrap))
        live.client.command(f"INSERT INTO facts (home, id, body) VALUES ('NP', 'seeded', '{self.passport}')")  # made up
        self.seeded["table"] = any(found.where == "table facts" for found in leaks.tables(self.scan, live.client))
        (live.deployment.home / "logs/seeded.log").write_text(f"worker {self.passport} was registered")
        self.seeded["log"] = bool(list(leaks.files(self.scan, live.deployment.home)))


def _passport(files: tuple[Path, ...]) -> str:
    """One passport number as an office wrote it."""
    for path in files:
        for line in path.read_bytes().splitlines():
            for each in (msgspec.json.decode(line).get("worker") or {}).get("identifiers", ()):
                if each["kind"] == "passport":
                    return str(each["value"])
    raise AssertionError("no passport")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The command itself, with a look at the running chain."""
    home = tmp_path_factory.mktemp("demo")
    found = Ran(home / "demo")
    with pytest.MonkeyPatch.context() as patch:
        run = Demo.run
        patch.setattr(Demo, "run", lambda self: run(self, found.look))
        patch.setenv("FAIRPASSAGE_HOME", str(home))
        done = CliRunner().invoke(demo, ["--workers", "150", "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found.report = json.loads(done.output.splitlines()[-1])
    return found


def test_everything_published_is_stored_and_each_rule_finds_what_was_planted(ran: Ran) -> None:
    report = ran.report
    assert {"published", "stored", "lost", "dead_lettered", "journeys", "identities", "alerts", "rules", "seconds"} <= set(report)
    assert report["published"] == report["stored"] > 3_000
    assert (report["lost"], report["dead_lettered"]) == (0, 0)
    assert report["journeys"] > 150
    assert report["identities"] > report["journeys"]
    assert report["rules"].keys() == {rule.id for rule in catalogue()}
    for rule, each in report["rules"].items():
        assert each["planted"] >= (1 if rule.startswith("Y-") else 7), rule  # a typology follows from what chance brings together
        assert each["found"] == each["planted"], rule
        assert each["wrong"] <= each["planted"] // 100, rule


def test_no_raw_value_got_into_a_topic_a_table_a_log_or_a_store(ran: Ran) -> None:
    assert ran.scan.sought > 1_000
    assert ran.clean == []
    assert list(leaks.stores(ran.scan, ran.home)) == []


def test_the_same_look_finds_a_value_that_is_seeded(ran: Ran) -> None:
    assert ran.seeded == dict.fromkeys(("key", "value", "header", "table", "log"), True)
    store = RocksStore(next((ran.home / "workers").glob("*/p*")))
    store.put(b"f", ran.passport.encode())
    store.commit()
    store.close()
    assert list(leaks.stores(ran.scan, ran.home))


def test_nothing_is_left_running(ran: Ran) -> None:
    assert set(ran.children) == {"kafka", "clickhouse", "worker-1", "worker-2", "sink"}
    assert not [name for name, each in ran.children.items() if each.alive]
