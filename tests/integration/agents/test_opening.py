"""Opening a partition on a real broker: from nothing, with what was announced and not delivered, and after a zombie."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from aiokafka.structs import RecordMetadata

from infra.kafka.reading import consumer, messages
from streams.agents.delivery import KafkaDelivery, Record
from streams.agents.opening import Opener
from streams.agents.owned import Owned
from streams.agents.standings import StandingsReader
from streams.agents.tailing import FindingsTail
from streams.domain.answering import PUBLICATIONS, case_of
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.instants import DAY
from streams.domain.outputs import OPEN, Alert, Entry, decode_alert, decode_entry
from streams.domain.standings import Standings
from streams.dossiers.context import Context
from streams.rules.policy import Policy, default
from streams.rules.registry import catalogue
from streams.store import keys as k
from tests.support.builders import at, fact
from tests.support.policies import loaded

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
NOW, PARTITION, TOPIC = at("2025-06-01"), 7, "alerts.embassy.NP-QA"


class Breaking(KafkaDelivery):
    """A delivery that fails at a topic, once it is told to."""

    failing = ""

    async def send(self, records: Iterable[Record]) -> list[RecordMetadata]:
        sending = list(records)
        if self.failing and any(record[0].startswith(self.failing) for record in sending):
            raise ConnectionError(self.failing)
        return await super().send(sending)


class Worker:
    """As much of a worker as opens partitions."""

    def __init__(self, bootstrap: str, folder: Path, delivery: Breaking, standings: StandingsReader) -> None:
        self.bootstrap, self.folder, self.delivery, self.standings = bootstrap, folder, delivery, standings

    async def open(self, name: str, layout: str = "l1", policy: Policy | None = None) -> Owned:
        """Another policy is another version, as it is of a whole worker (tests/unit/agents/test_worker.py)."""
        context = Context(catalogue(), policy or default(), Standings(), lambda audience: True)
        opener = Opener(self.bootstrap, f"group-{uuid.uuid4().hex}", self.folder / name, context, self.delivery, self.standings,
                        lambda: NOW, lambda home: PARTITION, "v1" if policy is None else "v2", layout, {}, b"master")  # fmt: skip
        return await opener.open(PARTITION)


@pytest.fixture
async def worker(kafka: str, tmp_path: Path) -> AsyncIterator[Worker]:
    delivery, standings = Breaking(kafka, {}), StandingsReader(kafka, Standings(), {})
    await delivery.start()
    await standings.start()
    yield Worker(kafka, tmp_path, delivery, standings)
    await standings.stop()
    await delivery.stop()


def departed() -> Fact:
    """Somebody of one's own in each test: the broker is shared."""
    return fact("deployment.departed", "2025-03-01", worker=[f"passport:NP:{uuid.uuid4().hex}"], body={"country": "QA"},
                id=f"left-{uuid.uuid4().hex}")  # fmt: skip


def told(bootstrap: str, left: Fact, rule: str = "T-CON-01") -> list[Alert]:
    """A rule's alerts as the embassy heard of them, in order."""
    client = consumer(bootstrap, {})
    found = [decode_alert(value) for each in messages(client, [TOPIC]) if isinstance(value := each.value(), bytes)]
    client.close()
    return [alert for alert in found if left.event_id in alert.evidence and alert.rule.startswith(rule)]


def entries(bootstrap: str, left: Fact) -> list[Entry]:
    """The entries of the dossier with this fact, in order."""
    client = consumer(bootstrap, {})
    values = [value for each in messages(client, ["findings"]) if isinstance(value := each.value(), bytes)
              and not str(each.key()).startswith("b'~")]  # fmt: skip
    client.close()
    found = [decode_entry(value) for value in values]
    return [entry for entry in found if any(left.event_id in each.evidence for each in entry.published)]


@pytest.mark.parametrize("failing", ["findings", "alerts"])
async def test_what_a_crash_left_half_way_is_evaluated_and_told(
    worker: Worker, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.agents.opening.SLICE", 1)
    left, other, first = departed(), departed(), await worker.open("a")
    worker.delivery.failing = failing
    with pytest.raises(ConnectionError):
        await first.process([Frame("NP", (left, other))], 1)
    worker.delivery.failing = ""
    assert not told(worker.bootstrap, left)
    await worker.open("b")  # another directory: nothing but the log to start from
    for each in (left, other):
        (alert,) = told(worker.bootstrap, each)
        assert alert.status in OPEN


async def test_from_nothing_it_knows_what_was_told_and_says_nothing_new(worker: Worker) -> None:
    left, first = departed(), await worker.open("a")
    await first.process([Frame("NP", (left,))], 1)
    before = told(worker.bootstrap, left)
    second = await worker.open("b")
    (entry,) = entries(worker.bootstrap, left)
    restored = second.partition.entry(entry.subject)
    assert restored is not None
    assert (restored.published, restored.digest, restored.revision) == (entry.published, entry.digest, entry.revision)
    assert {(alert.revision, alert.status) for alert in told(worker.bootstrap, left)} == {(before[0].revision, before[0].status)}
    assert second.partition.epoch > first.partition.epoch


async def test_sums_made_by_other_measures_are_made_anew(worker: Worker) -> None:
    left, first = departed(), await worker.open("a")
    await first.process([Frame("NP", (left,))], 1)
    stray, subject = k.key(k.COUNT, "party:NP:x", "gone"), entries(worker.bootstrap, left)[0].subject
    first.partition.store.put(stray, b"1")
    first.partition.store.commit()
    await first.close()
    same = await worker.open("a")
    assert same.partition.store.get(stray) == b"1"
    await same.close()
    other = await worker.open("a", "l2")
    assert other.partition.store.get(stray) is None
    assert other.partition.entry(subject) is not None
    await other.close()


async def test_another_policy_looks_at_everything_again(worker: Worker, tmp_path: Path) -> None:
    """Arrived 20 days ago: in time while 30 are given, late once 10 are, and that is withdrawn with the policy that found it."""
    trial = 'id = "trial"\nrule = "T-CON-02"\nsource = "a test"\ndays = 10'
    came = fact("deployment.arrived", NOW - 20 * DAY, worker=[f"passport:NP:{uuid.uuid4().hex}"], body={"country": "QA"},
                id=f"came-{uuid.uuid4().hex}")  # fmt: skip
    first = await worker.open("a")
    await first.process([Frame("NP", (came,))], 1)
    await first.close()
    assert not told(worker.bootstrap, came, "T-CON-02")
    second = await worker.open("a", policy=loaded(tmp_path, trial, base=default()))
    await second.close()
    (raised,) = told(worker.bootstrap, came, "T-CON-02")
    assert (raised.status, raised.policy_rows) == ("raised", ("trial",))
    third = await worker.open("a")
    await third.close()
    assert [alert.status for alert in told(worker.bootstrap, came, "T-CON-02")] == ["raised", "withdrawn"]


async def test_what_a_zombie_wrote_late_and_the_owner_never_saw_is_judged_by_the_next(worker: Worker, tmp_path: Path) -> None:
    """The zombie had another policy, as it may have old standings: the receipt of what it wrote is of the same facts as ever."""
    trial = 'id = "trial"\nrule = "T-CON-02"\nsource = "a test"\ndays = 10'
    came = fact("deployment.arrived", NOW - 20 * DAY, worker=[f"passport:NP:{uuid.uuid4().hex}"], body={"country": "QA"},
                id=f"came-{uuid.uuid4().hex}")  # fmt: skip
    zombie = await worker.open("a", policy=loaded(tmp_path, trial, base=default()))
    owner = await worker.open("b")
    await zombie.process([Frame("NP", (came,))], 1)
    for each in (zombie, owner):
        await each.close()
    (raised,) = told(worker.bootstrap, came, "T-CON-02")
    case = case_of("NP", raised.id)
    third = await worker.open("c")
    assert [alert.status for alert in told(worker.bootstrap, came, "T-CON-02")][-1] == "withdrawn"
    assert not list(third.partition._ledgers.of(case).keys(PUBLICATIONS.name)), "its case waits for no answer"
    assert third.partition.store.get(k.key(k.META, "late")) is None
    before = len(entries(worker.bootstrap, came))
    await third.close()
    await (await worker.open("d")).close()
    assert len(entries(worker.bootstrap, came)) == before, "once it is said again, it is no news"


async def test_a_directory_of_a_zombie_lacks_nothing_of_what_was_written_before_its_last_word(worker: Worker) -> None:
    """It wrote late, behind what the owner had written; its store has the one and not the other when it is opened again."""
    left, other, zombie = departed(), departed(), await worker.open("a")
    owner = await worker.open("b")
    await owner.process([Frame("NP", (left,))], 1)
    await zombie.process([Frame("NP", (other,))], 1)
    await owner.close()
    await zombie.close()
    (entry,) = entries(worker.bootstrap, left)
    again = await worker.open("a")
    restored = again.partition.entry(entry.subject)
    assert restored is not None
    assert (restored.published, restored.revision) == (entry.published, entry.revision)
    await again.process([Frame("NP", (left,))], 2)  # the feed's position was not committed
    assert len({alert.revision for alert in told(worker.bootstrap, left)}) == 1
    await again.close()


async def test_what_a_zombie_writes_late_is_said_again_by_the_owner(worker: Worker) -> None:
    left, zombie = departed(), await worker.open("a")
    owner = await worker.open("b")
    tail = FindingsTail(worker.bootstrap, {})
    await tail.start()
    tail.add(owner)
    following = asyncio.create_task(tail.follow())
    await zombie.process([Frame("NP", (left,))], 1)  # it slept through the loss of its partition
    registered = fact("oversight.contract_registered_origin", "2025-02-01", worker=[left.strong[0]], body={"country": "QA"})
    await owner.process([Frame("NP", (left, registered))], 2)
    for _ in range(100):
        found = told(worker.bootstrap, left)
        if found and found[-1].revision[0] == owner.partition.epoch:
            break
        await asyncio.sleep(0.1)
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    await tail.stop()
    last = max(told(worker.bootstrap, left), key=lambda alert: alert.revision)
    assert (last.revision[0], last.status) == (owner.partition.epoch, "withdrawn")
