"""Erasure on a real broker: whoever opens the partition next stands where it stood, and what a backup brings back is erased again."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from infra.kafka.reading import consumer, messages
from streams.agents.owned import Owned, fact_record, key_record
from streams.domain.erasures import Husk, Order
from streams.domain.facts import Fact
from streams.domain.frames import Frame
from streams.domain.outputs import Entry
from streams.linking.gather import journey_id
from streams.sealing import Roots
from tests.integration.agents.test_opening import NOW, PARTITION, Worker, departed, told, worker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
__all__ = ["worker"]  # the fixture


def order(left: Fact) -> Order:
    subject = journey_id("NP", left.source, left.event_id)
    return Order(id=uuid.uuid4().hex, home="NP", subject=subject, basis="Act 12", officer="NP:person:p_1", at=NOW)


def entry_of(owned: Owned, left: Fact) -> Entry:
    found = owned.partition.entry(order(left).subject)
    assert found is not None
    return found


def read(bootstrap: str, topic: str) -> dict[bytes, bytes]:
    """The last value of each key."""
    client = consumer(bootstrap, {})
    found = {each.key(): each.value() for each in messages(client, [topic])}
    client.close()
    return {key: value for key, value in found.items() if isinstance(key, bytes) and isinstance(value, bytes)}


def on_facts(bootstrap: str, left: Fact) -> Fact | Husk:
    roots = Roots(b"master")
    for key, value in read(bootstrap, "keys").items():
        roots.take(key, value)
    return roots.open("NP", left.id, read(bootstrap, "facts")[f"NP|{left.id}".encode()])


async def test_the_next_owner_knows_that_it_is_erased_and_an_old_directory_is_not_used(worker: Worker, tmp_path: Path) -> None:
    left, other = departed(), departed()
    old = await worker.open("old")
    await old.process([Frame("NP", (left, other))], 1)
    await old.close()  # its directory stays, and its partition goes on elsewhere
    owner = await worker.open("owner")
    assert isinstance(on_facts(worker.bootstrap, left), Fact)
    await owner.process([Frame("NP", orders=(order(left),))], 2)
    await owner.close()
    assert isinstance(on_facts(worker.bootstrap, left), Husk)
    assert isinstance(on_facts(worker.bootstrap, other), Fact)
    for name in ("old", "owner", "new"):
        again = await worker.open(name)
        assert entry_of(again, left).erased
        assert not entry_of(again, other).erased
        await again.process([Frame("NP", (left,))], 3)  # it comes again
        assert entry_of(again, left).erased
        await again.close()
        files = [path for path in (tmp_path / name / f"p{PARTITION}").rglob("*") if path.is_file()]
        assert not [path.name for path in files if left.event_id.encode() in path.read_bytes()]
    assert isinstance(on_facts(worker.bootstrap, left), Husk)
    assert [alert.status for alert in told(worker.bootstrap, other)][-1] == "raised"


@pytest.mark.parametrize("failing", ["facts", "findings", "alerts"])
async def test_a_crash_after_the_journal_is_carried_out_by_the_next_owner(worker: Worker, failing: str) -> None:
    left, given = departed(), None
    first = await worker.open("a")
    await first.process([Frame("NP", (left,))], 1)
    given = order(left)
    worker.delivery.failing = failing
    with pytest.raises(ConnectionError):
        await first.process([Frame("NP", orders=(given,))], 2)
    worker.delivery.failing = ""
    second = await worker.open("b")
    assert entry_of(second, left).erased
    assert isinstance(on_facts(worker.bootstrap, left), Husk)
    await second.process([Frame("NP", orders=(given,))], 2)  # it was not committed
    assert entry_of(second, left).erased
    await second.close()


async def test_what_a_backup_of_facts_and_keys_brings_back_is_erased_again(worker: Worker) -> None:
    left, first = departed(), await worker.open("a")
    await first.process([Frame("NP", (left,))], 1)
    backup = read(worker.bootstrap, "keys")
    await first.process([Frame("NP", orders=(order(left),))], 2)
    await first.close()
    roots = Roots(b"master")
    for key, value in backup.items():
        roots.take(key, value)
    restored = [key_record(PARTITION, each) for each in backup.items()]
    await worker.delivery.send([*restored, fact_record(PARTITION, "NP", left, roots)])
    assert isinstance(on_facts(worker.bootstrap, left), Fact)
    second = await worker.open("b")
    assert entry_of(second, left).erased
    assert isinstance(on_facts(worker.bootstrap, left), Husk)
    opened = Roots(b"master")
    for key, value in read(worker.bootstrap, "keys").items():
        opened.take(key, value)
    assert isinstance(opened.open("NP", left.id, roots.seal("NP", left)), Husk), "its key is destroyed again"
    await second.close()
