"""Faust's stream and consumer with what they do for each record taken out, as far as nothing here needs it.

Faust spends 70 to 130 us on a record (engines.md A2): two tasks to hand it over, a turn of the loop and some sensors to
take it, again some to ack it. What remains is what keeps at-least-once: order, flow control, generations, acks, gaps.
The app is told to use these classes; nothing of Faust is patched. An empty monitor, the Cython paths and uvloop gained
nothing more: what they make cheaper is no longer done for each record.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Generator, Mapping
from time import monotonic
from types import coroutine
from typing import Any, cast

import faust
from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from faust.transport.consumer import CONSUMER_FETCHING
from faust.transport.drivers import aiokafka
from faust.types import TP, EventT, Message
from mode.utils.times import Seconds, want_seconds

YIELD_EVERY = 100  # records handed over before the loop has a turn


class BatchStream(faust.Stream[Any]):
    """A stream whose `take_events` empties the queue at once, and acks a batch only when its reader came back for the next."""

    async def take_events(self, max_: int, within: Seconds) -> AsyncGenerator[list[EventT[Any]], None]:
        """Batches of at most `max_` events, one in `within` at most unless `max_` wait: what is busy is not made to wait.

        Faust's own acks in a `finally`, that is also what a cancelled or failed reader had in hand.
        """
        await self.maybe_start()
        queue, pace, began = self.channel.queue, want_seconds(within), -float("inf")  # type: ignore[attr-defined]  # a topic's has one
        try:
            while not self.should_stop:
                early = began + pace - monotonic()
                await asyncio.sleep(early if early > 0 and queue.qsize() < max_ else 0)
                taken = [await queue.get()]
                began = monotonic()
                while len(taken) < max_ and not queue.empty():
                    taken.append(queue.get_nowait())
                if batch := self._current(taken):
                    yield batch
                    for event in batch:
                        event.ack()
        except StopAsyncIteration:  # thrown into the queue when the agent stops
            return

    def _current(self, taken: list[EventT[Any]]) -> list[EventT[Any]]:
        """The events that were fetched for the present assignment; the others come again, to whoever has them now."""
        app = self.app
        if not app.flow_control.is_active():
            return []
        batch = [event for event in taken if event.message.generation_id == app.consumer_generation_id]
        app.consumer.unacked.update(event.message for event in batch)
        for event in {event.message.tp: event for event in batch}.values():
            app.monitor.stream_inbound_time[event.message.tp] = monotonic()  # Faust reports a partition that stands still
        return batch


class DirectConsumer(aiokafka.Consumer):
    """A consumer that hands a record over itself, and makes tasks only of what has to wait."""

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Every partition in hand to where its group has committed; one that never was, to its beginning.

        aiokafka leaves those where they are, while Faust asks because it threw away what it had just read of them.
        """
        found = await super().seek_to_committed()
        if fresh := [tp for tp, offset in found.items() if not offset or offset < 0]:
            try:
                await self._thread.seek_to_beginning(*fresh)
            except IllegalStateError:  # taken away meanwhile: whoever has it now asks again
                self.log.info("partitions left while they were sought back")
        return found

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's look at whether a partition stands still, every few seconds: of one that is just being sought aiokafka
        asserts a position that it does not have, and the worker would end."""
        try:
            super().verify_event_path(now, tp)
        except AssertionError:
            self.log.info("a partition has no position yet")

    async def _drain_messages(self, fetcher: Any) -> None:
        """Reads until it or `fetcher` is stopped. The same as Faust's, but for `_hand_over` and the end of a gap."""
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):  # noqa: SLF001  # as Faust does
                self.diag.set_flag(CONSUMER_FETCHING)
                records = self.getmany(timeout=1.0)
                await self.sleep(0)
                if not self.should_stop:
                    await self._drain(records)
                self.diag.unset_flag(CONSUMER_FETCHING)
        except (ConsumerStoppedError, asyncio.CancelledError):
            if not self.app.should_stop:
                raise
            self.log.info("consumer stopped, shutting down")
        finally:
            self.diag.unset_flag(CONSUMER_FETCHING)

    async def _drain(self, records: AsyncIterator[tuple[TP, Message]]) -> None:
        since = 0
        async for tp, message in records:
            since += 1
            if since % YIELD_EVERY == 0:
                await asyncio.sleep(0)
            read = self._read_offset[tp]
            if read is not None and message.offset < read:
                continue
            if read and message.offset > read + 1 and self.app.topics.acks_enabled_for(message.topic):
                # Faust's gap takes in the record behind it, which then counts as acked before it ran (engines.md A1, 2).
                await self._add_gap(tp, read + 1, message.offset - 1)
            if self._commit_every is not None and self._n_acked >= self._commit_every:
                self._n_acked = 0
                await self.commit()
            await self._hand_over(message)
            self._read_offset[tp] = message.offset

    async def _hand_over(self, message: Message) -> None:
        """Into the agents' queues. Where one is full or flow stopped, waits for that in a task, unless fetching is suspended."""
        work = cast(Coroutine[Any, Any, None], self.callback(message))
        try:
            waiting = work.send(None)
        except StopIteration:
            return
        await self.wait_first(_rest(work, waiting), self.suspend_flow.wait())


async def _rest(work: Coroutine[Any, Any, None], waiting: Any) -> None:
    """Goes on with a coroutine that stopped at `waiting`, in another task."""
    await _steps(work, waiting)


@coroutine
def _steps(work: Coroutine[Any, Any, None], waiting: Any) -> Generator[Any, Any, None]:
    while True:
        try:
            try:
                answer = yield waiting
            except BaseException as raised:  # noqa: BLE001  # a cancellation above all: it is the coroutine's to take
                waiting = work.throw(raised)
            else:
                waiting = work.send(answer)
        except StopIteration:
            return


class DirectTransport(aiokafka.Transport):
    """Faust's transport with this consumer."""

    Consumer = DirectConsumer
