"""Deliver, then store, then commit: the order of the steps, and a failure at each leaves the store as it was."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from aiokafka.structs import RecordMetadata
from msgspec import structs

from streams.agents.delivery import Record
from streams.agents.owned import SAID, SWEPT, Owned
from streams.domain.facts import Fact, Was
from streams.domain.frames import Frame
from streams.domain.frames import decode as decode_frame
from streams.domain.outputs import decode_alert
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.dossiers.partition import Partition
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue
from streams.sealing import Roots
from streams.store import keys as k
from streams.store.rocks import RocksStore
from tests.support.asking import ASKING
from tests.support.builders import at, fact
from tests.support.faust_events import Remembered

NOW = at("2025-06-01")
WORKER = ["passport:NP:a"]
DEPARTED = fact("deployment.departed", "2025-03-01", worker=WORKER, body={"country": "QA"}, id="left")
# Its journey tells the work site, which is at home elsewhere, who works there.
ASSIGNED = fact("deployment.worksite_assigned", "2025-03-02", worker=WORKER, body={"employer": "QA:cr:1", "site": "QA:cr:1-1"}, id="works")


def owned(path: Path, delivery: Remembered) -> Owned:
    context = Context(catalogue(), default(), Standings(), lambda audience: True)
    return Owned(0, Partition(RocksStore(path), context, 5), delivery, lambda: NOW, lambda home: 0, Roots(b"master"))


async def test_facts_then_findings_then_what_they_announce(tmp_path: Path) -> None:
    delivery = Remembered()
    assert await owned(tmp_path, delivery).process([Frame("NP", (DEPARTED, ASSIGNED))], 8)
    topics = [[record[0].partition(".")[0] for record in call] for call in delivery.calls if call]
    assert [set(call) for call in topics] == [{"keys"}, {"facts"}, {"findings"}, {"alerts", "journeys", "feed"}]


@pytest.mark.parametrize("failing", ["keys", "facts", "findings", "alerts"])
async def test_a_failure_before_the_last_step_leaves_the_store_as_it_was(tmp_path: Path, failing: str) -> None:
    broken = owned(tmp_path, Remembered(failing))
    with pytest.raises(ConnectionError):
        await broken.process([Frame("NP", (DEPARTED, ASSIGNED))], 8)
    await broken.close()  # as a process that ends, but for the lock of the directory
    again = Remembered()
    assert await owned(tmp_path, again).process([Frame("NP", (DEPARTED, ASSIGNED))], 8)
    assert {record[0].partition(".")[0] for record in again.records} == {"keys", "facts", "findings", "alerts", "journeys", "feed"}


async def test_the_same_batch_again_says_nothing_new(tmp_path: Path) -> None:
    delivery = Remembered()
    partition = owned(tmp_path, delivery)
    await partition.process([Frame("NP", (DEPARTED,))], 8)
    said = len(delivery.records)
    await partition.process([Frame("NP", (DEPARTED,))], 9)
    assert len(delivery.records) == said


async def test_what_another_home_must_hear_goes_first(tmp_path: Path) -> None:
    def told(id: str, recorded: str, homes: tuple[str, ...], corrects: str | None = None) -> Fact:
        made = fact("deployment.departed", "2025-03-01", worker=WORKER, id=id, recorded=recorded, corrects=corrects,
                    was=Was("NP", ()) if corrects else None)  # fmt: skip
        return structs.replace(made, homes=homes)

    delivery = Remembered()
    root, first, second = told("e-1", "2025-03-02", ()), told("e-2", "2025-03-03", ("BD", "NP"), "e-1"), told(
        "e-3", "2025-03-04", ("IN", "NP"), "e-1")  # fmt: skip
    await owned(tmp_path, delivery).process([Frame("NP", (root, first, second))], 8)
    passed = [(record[2].decode(), each.event_id) for record in delivery.calls[0] for each in decode_frame(record[3] or b"").facts]
    assert [record[0] for record in delivery.calls[0]] == ["feed"] * len(passed)
    assert set(passed) == {("BD", "e-3"), ("IN", "e-2")}


async def test_the_position_stays_before_what_another_owner_wrote(tmp_path: Path) -> None:
    """Where the next opening rolls forward from: each record of its own moves it, until another's is between."""

    class Log(Remembered):
        def __init__(self) -> None:
            super().__init__()
            self.ends = Counter[str]()

        async def send(self, records: Iterable[Record]) -> list[RecordMetadata]:
            sending = list(records)
            await super().send(sending)
            self.ends.update(record[0] for record in sending)
            before = Counter(self.ends) - Counter(record[0] for record in sending)
            return [cast(RecordMetadata, SimpleNamespace(offset=before[record[0]] + number)) for number, record in enumerate(sending)]

    log = Log()
    partition = owned(tmp_path, log)

    def position(topic: str) -> int:
        return int(partition.partition.store.get(k.key(k.META, topic)) or 0)

    await partition.process([Frame("NP", (DEPARTED,))], 8)
    await partition.sweep(lambda offset: [], 3, "v")
    assert (position("facts"), position("findings")) == (log.ends["facts"], log.ends["findings"])
    assert position("findings") > 1
    before = Counter(log.ends)
    log.ends.update(["facts"])  # another's
    await partition.process([Frame("NP", (ASSIGNED,))], 9)
    assert (position("facts"), position("findings")) == (before["facts"], log.ends["findings"])
    log.ends.update(["findings"])
    before = Counter(log.ends)
    await partition.sweep(lambda offset: [], 4, "v")
    assert position("findings") == before["findings"] - 1


async def test_a_closed_partition_does_nothing(tmp_path: Path) -> None:
    delivery = Remembered()
    partition = owned(tmp_path, delivery)
    await partition.close()
    assert not await partition.process([Frame("NP", (DEPARTED,))], 8)
    await partition.tick()
    await partition.sweep(lambda offset: ["party:NP:x"], 3, "v")
    assert not delivery.records


async def test_time_never_goes_back(tmp_path: Path) -> None:
    partition = owned(tmp_path, Remembered())
    moments = iter((NOW, NOW - 5_000, NOW + 1))
    partition._clock = lambda: next(moments)
    assert [partition.as_of() for _ in range(3)] == [NOW, NOW, NOW + 1]


async def test_a_tick_takes_all_that_is_due_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.agents.owned.DUE_SLICE", 2)
    delivery, moment = Remembered(), at("2025-03-02")
    partition = owned(tmp_path, delivery)
    partition._clock = lambda: moment
    arrived = [fact("deployment.arrived", "2025-03-01", worker=[f"passport:NP:{name}"], body={"country": "QA"}) for name in "abcde"]
    await partition.process([Frame("NP", tuple(arrived))], 8)
    before = len(delivery.calls)
    moment = NOW
    assert len(partition.partition.due(NOW)) == 5
    await partition.tick()
    assert partition.partition.due(NOW) == []
    findings = [[record[2] for record in call if record[0] == "findings"] for call in delivery.calls[before:]]
    journeys = [sum(key.startswith(b"journey:") for key in call if key is not None) for call in findings if call]
    assert journeys == [2, 2, 1]  # beside them the cases of their alerts


async def test_what_stays_due_whatever_is_done_waits_for_the_next_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.agents.owned.DUE_SLICE", 1)
    partition = owned(tmp_path, Remembered())
    monkeypatch.setattr(partition.partition, "due", lambda as_of, most=1: ["party:NP:nobody"])
    await partition.tick()


async def test_a_large_batch_gives_others_their_turn_and_is_delivered_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.dossiers.partition.STEP", 2)
    delivery, turns, done = Remembered(), 0, False
    partition = owned(tmp_path, delivery)
    arrived = [fact("deployment.departed", "2025-03-01", worker=[f"passport:NP:{name}"], body={"country": "QA"}) for name in "abcdefgh"]

    async def other() -> None:
        nonlocal turns
        while not done:
            turns += not delivery.calls
            await asyncio.sleep(0)

    waiting = asyncio.create_task(other())
    await asyncio.sleep(0)
    await partition.process([Frame("NP", tuple(arrived))], 8)
    done = True
    await waiting
    assert turns >= 8  # four of recording, four of splitting, four of judging
    facts = [[record[2] for record in call if record[0] == "facts" and not (record[2] or b"").startswith(SAID)] for call in delivery.calls]
    assert [len(call) for call in facts if call] == [8]  # beside them what their journeys tell


BLA = fact("oversight.bla_signed", "2025-01-01", body={"agreement": "A-1", "corridor": "NP-QA"}, subjects=("place:NP-QA",))


def sweeping(path: Path, delivery: Remembered, standings: Standings) -> Owned:
    context = Context(ASKING, Policy(()), standings, lambda audience: True)
    return Owned(0, Partition(RocksStore(path), context, 5), delivery, lambda: NOW, lambda home: 0, Roots(b"master"))


@pytest.mark.parametrize("failing", ["findings", "alerts"])
async def test_a_sweep_that_breaks_off_is_done_again_by_who_comes_next(tmp_path: Path, failing: str) -> None:
    """The stamp is written last: whoever finds an older one looks again at all that a standing about the corridor touches."""
    standings, delivery = Standings(), Remembered()
    first = sweeping(tmp_path, delivery, standings)
    await first.process([Frame("NP", (DEPARTED,))], 8)
    changed, first._delivery = standings.add(BLA), Remembered(failing)
    with pytest.raises(ConnectionError):
        await first.sweep(lambda offset: changed, 1, "v")
    assert first.swept().standings == 0
    await first.close()
    again = Remembered()
    second = sweeping(tmp_path, again, standings)
    await second.sweep(lambda offset: changed if offset < 1 else (), 1, "v")
    assert "alerts.embassy.NP-QA" in [record[0] for record in again.records]
    assert again.records[-1][2] == SWEPT
    assert second.swept().standings == 1


async def test_two_workers_that_read_standings_at_different_speeds_come_to_the_same(tmp_path: Path) -> None:
    """One has read the agreement when the journey comes, the other hears of it afterwards."""
    ahead, behind = Remembered(), Remembered()
    await sweeping(tmp_path / "ahead", ahead, Standings([BLA])).process([Frame("NP", (DEPARTED,))], 8)
    standings = Standings()
    late = sweeping(tmp_path / "behind", behind, standings)
    await late.process([Frame("NP", (DEPARTED,))], 8)
    changed = standings.add(BLA)
    await late.sweep(lambda offset: changed, 1, "v")
    raised = [[structs.replace(decode_alert(record[3] or b""), revision=(0, 0)) for record in each.records
               if record[0].startswith("alerts.")] for each in (ahead, behind)]  # fmt: skip
    assert raised[0] == raised[1]
    assert len(raised[0]) == 1
