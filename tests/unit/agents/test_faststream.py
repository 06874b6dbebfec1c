"""What the worker's own stream and consumer keep of Faust's: order, acks, generations, flow control, gaps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import IllegalStateError
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.agents.faststream import BatchStream, DirectConsumer
from streams.agents.worker import PassageApp, Worker
from streams.rules.policy import default
from tests.unit.agents.test_worker import config

FEED, VISA, PATIENCE = TP("feed", 0), TP("visa", 1), 10.0


def message(offset: int, tp: TP = FEED, generation: int = 0) -> ConsumerMessage:
    return ConsumerMessage(tp.topic, tp.partition, offset, 0.0, 0, {}, b"k", b"v", None, tp=tp, generation_id=generation)


@pytest.fixture
async def app(tmp_path: Path) -> PassageApp:
    made = Worker(config(tmp_path, default())).app
    made.finalize()
    made.flow_control.resume()
    cast(Any, made.topics)._acking_topics.update({"feed", "visa"})
    return made


@pytest.fixture
async def consumer(app: PassageApp) -> DirectConsumer:
    """The app's consumer, whose partitions are committed up to 0; nothing is started."""

    async def dealt(*_given: Any) -> None: ...

    made = app.transport.create_consumer(callback=cast(Any, dealt), on_partitions_revoked=dealt, on_partitions_assigned=dealt)
    assert isinstance(made, DirectConsumer)
    app.consumer = made
    for tp in (FEED, VISA):
        made._committed_offset[tp], made._acked[tp] = 0, []
    return made


# Taking batches.


@pytest.fixture
async def stream(app: PassageApp, consumer: DirectConsumer) -> BatchStream:
    made = app.stream(app.topic("feed", value_type=bytes, value_serializer="raw"))
    assert isinstance(made, BatchStream)
    return made


async def put(stream: BatchStream, *messages: ConsumerMessage) -> None:
    for each in messages:
        each.incref()
        await cast(Any, stream.channel).put(await cast(Any, stream.channel).decode(each))


async def offsets(batches: AsyncIterator[list[Any]]) -> list[int]:
    batch = await asyncio.wait_for(anext(batches), PATIENCE)
    return [event.message.offset for event in batch]


async def test_all_that_waits_is_one_batch_up_to_its_limit(stream: BatchStream) -> None:
    await put(stream, *(message(n) for n in range(1, 8)))
    batches = stream.take_events(5, within=0.001)
    assert [await offsets(batches), await offsets(batches)] == [[1, 2, 3, 4, 5], [6, 7]]


async def test_a_batch_is_acked_when_its_reader_comes_back(stream: BatchStream, consumer: DirectConsumer) -> None:
    await put(stream, *(message(n) for n in range(1, 5)))
    batches = stream.take_events(2, within=0.001)
    await offsets(batches)
    assert (consumer._acked[FEED], len(consumer.unacked)) == ([], 2)
    await offsets(batches)
    assert consumer._acked[FEED] == [1, 2]
    assert consumer._new_offset(FEED) == 3


@pytest.mark.parametrize("end", [asyncio.CancelledError, ValueError])
async def test_what_a_reader_had_in_hand_when_it_ended_is_not_acked(
    stream: BatchStream, consumer: DirectConsumer, end: type[BaseException]
) -> None:
    async def agent() -> None:
        async for _ in stream.take_events(10, within=0.001):
            raise end

    await put(stream, message(1), message(2))
    with pytest.raises(end):
        await asyncio.wait_for(agent(), PATIENCE)
    await stream.stop()
    assert consumer._acked[FEED] == []


async def test_what_an_earlier_assignment_fetched_is_left_out(app: PassageApp, stream: BatchStream, consumer: DirectConsumer) -> None:
    app.consumer_generation_id = 4
    await put(stream, message(1, generation=3), message(2, generation=4))
    batches = stream.take_events(10, within=0.001)
    assert await offsets(batches) == [2]
    await put(stream, message(3, generation=4))
    await offsets(batches)
    assert consumer._acked[FEED] == [2]


async def test_nothing_is_taken_while_flow_is_stopped(app: PassageApp, stream: BatchStream) -> None:
    await put(stream, message(1))
    app.flow_control.suspend()
    batches = stream.take_events(10, within=0.001)
    waiting = asyncio.create_task(offsets(batches))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    app.flow_control.resume()
    await put(stream, message(1))
    assert await waiting == [1]


async def test_an_agent_that_is_stopped_takes_no_more(stream: BatchStream) -> None:
    batches = stream.take_events(10, within=0.001)
    waiting = asyncio.create_task(offsets(batches))
    await asyncio.sleep(0.01)
    cast(Any, stream.channel)._throw(StopAsyncIteration())  # as an actor does
    with pytest.raises(StopAsyncIteration):
        await waiting


async def test_faust_is_told_when_a_partition_last_moved(app: PassageApp, stream: BatchStream) -> None:
    await put(stream, message(1), message(2))
    await offsets(stream.take_events(10, within=0.001))
    assert set(app.monitor.stream_inbound_time) == {FEED}


# Handing over.

Feed = Callable[..., Awaitable[None]]


@pytest.fixture
def feed(consumer: DirectConsumer, monkeypatch: pytest.MonkeyPatch) -> Feed:
    """Lets the consumer drain these records, handing each to `callback`."""

    async def drained(callback: Any, *messages: ConsumerMessage) -> None:
        async def getmany(**_timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
            for each in messages:
                yield each.tp, each
            consumer._stopped.set()

        monkeypatch.setattr(consumer, "callback", callback)
        monkeypatch.setattr(consumer, "getmany", getmany)
        await asyncio.wait_for(consumer._drain_messages(consumer), PATIENCE)

    return drained


async def test_what_does_not_wait_takes_no_task_of_its_own(feed: Feed) -> None:
    found: list[tuple[int, Any]] = []

    async def agent(each: ConsumerMessage) -> None:
        found.append((each.offset, asyncio.current_task()))

    await feed(agent, *(message(n) for n in range(250)))
    assert [offset for offset, _ in found] == list(range(250))
    assert len({task for _, task in found}) == 1


async def test_what_waits_goes_on_where_it_stopped_and_keeps_its_turn(feed: Feed) -> None:
    found: list[str] = []

    async def agent(each: ConsumerMessage) -> None:
        for step in ("a", "b", "c"):
            found.append(f"{each.offset}{step}")
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)

    await feed(agent, message(1), message(2))
    assert found == ["1a", "1b", "1c", "2a", "2b", "2c"]


async def test_an_error_after_a_wait_ends_the_drain(feed: Feed) -> None:
    async def agent(each: ConsumerMessage) -> None:
        await asyncio.sleep(0.001)
        raise KeyError(each.offset)

    with pytest.raises(KeyError):
        await feed(agent, message(1))


async def test_what_waits_is_given_up_when_fetching_is_suspended(feed: Feed, consumer: DirectConsumer) -> None:
    ended: list[str] = []

    async def agent(each: ConsumerMessage) -> None:
        asyncio.get_running_loop().call_soon(consumer.stop_flow)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(f"{each.offset} cancelled")
            raise

    await feed(agent, message(1))
    await asyncio.sleep(0)
    assert ended == ["1 cancelled"]


async def test_what_was_read_already_is_not_read_again(feed: Feed) -> None:
    found: list[int] = []

    async def agent(each: ConsumerMessage) -> None:
        found.append(each.offset)

    await feed(agent, message(5), message(6), message(3), message(6), message(7))
    assert found == [5, 6, 6, 7]


async def test_a_log_of_gaps_is_committed_to_its_end_and_no_further_than_what_was_acked(feed: Feed, consumer: DirectConsumer) -> None:
    async def agent(each: ConsumerMessage) -> None: ...

    given = [message(offset) for offset in range(1, 40, 2)]  # as with a transaction's marker behind each record
    await feed(agent, *given)
    for each in given:
        each.incref()
    for each in given[:10]:
        each.ack(consumer)
    assert consumer._new_offset(FEED) == given[9].offset + 1
    consumer._committed_offset[FEED] = given[9].offset + 1
    for each in given[10:]:
        each.ack(consumer)
    assert consumer._new_offset(FEED) == given[-1].offset + 1


class _Thread:
    """Faust's thread with aiokafka's consumer in it: what it has committed, and what it was told to begin again."""

    def __init__(self, committed: dict[TP, int | None], left: bool = False) -> None:
        self.committed, self.left, self.begun = committed, left, list[TP]()

    async def seek_to_committed(self) -> dict[TP, int | None]:
        return self.committed

    async def seek_to_beginning(self, *partitions: TP) -> None:
        if self.left:
            raise IllegalStateError("not assigned")
        self.begun += partitions


@pytest.mark.parametrize("committed", [None, 0, -1])
async def test_what_was_thrown_away_of_a_partition_that_never_was_committed_is_read_again(
    consumer: DirectConsumer, monkeypatch: pytest.MonkeyPatch, committed: int | None
) -> None:
    """Flow is stopped while a group is dealt, and what was fetched meanwhile is dropped."""
    thread = _Thread({FEED: committed, VISA: 7})
    monkeypatch.setattr(consumer, "_thread", thread)
    consumer._read_offset[FEED] = 39
    await consumer.perform_seek()
    assert thread.begun == [FEED]
    assert (consumer._read_offset[FEED] or 0, consumer._read_offset[VISA]) == (0, 7)


async def test_a_partition_without_a_position_yet_does_not_end_the_worker(
    consumer: DirectConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faust asks aiokafka, every few seconds, of whatever is dealt; here, of one that is just being sought."""
    subscriptions, thread = SubscriptionState(), cast(Any, consumer)._thread
    subscriptions.subscribe({FEED.topic})
    subscriptions.assign_from_subscribed({TopicPartition(*FEED)})
    subscriptions.subscription.assignment.state_value(TopicPartition(*FEED)).timestamp = 1_790_000_000_000  # ms: it was read
    thread.time_started = 0.0
    monkeypatch.setattr(thread, "_ensure_consumer", lambda: SimpleNamespace(_fetcher=SimpleNamespace(_subscriptions=subscriptions)))
    monkeypatch.setattr(thread, "assignment", lambda: {FEED})
    monkeypatch.setattr(consumer, "assignment", lambda: {FEED})
    monkeypatch.setattr(consumer, "sleep", lambda _seconds: asyncio.sleep(0))
    with pytest.raises(AssertionError):
        thread.verify_event_path(monotonic(), FEED)
    await consumer.verify_all_partitions_active()


async def test_a_partition_that_left_meanwhile_is_no_error(consumer: DirectConsumer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "_thread", _Thread({FEED: None}, left=True))
    await consumer.perform_seek()
