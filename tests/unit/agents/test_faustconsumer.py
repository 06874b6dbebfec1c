"""Offsets that nobody processed are not committed when their partition comes back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from faust.transport.consumer import Consumer
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams.agents.faustconsumer import forget

FEED = TP("feed", 0)


class Acks(Consumer):
    """Faust's own bookkeeping of acks, without a broker."""

    def __init__(self) -> None:
        self.app = cast(Any, SimpleNamespace(topics=SimpleNamespace(acks_enabled_for=lambda topic: True)))
        self._committed_offset = {FEED: 150}
        self._acked_index, self._acked, self._gap = {FEED: set()}, {FEED: []}, {FEED: cast(Any, None)}
        self._unacked_messages, self._waiting_for_ack = cast(Any, set()), None


# The broker's side is abstract, and no ack needs it.
Acks.__abstractmethods__ = frozenset()


def message(offset: int, consumer: Acks) -> ConsumerMessage:
    made = ConsumerMessage("feed", 0, offset, 0.0, 0, {}, b"", b"", None, tp=FEED)
    consumer._unacked_messages.add(made)
    return made


def committed_after(skipped: bool) -> int | None:
    """The offset that Faust would commit after an agent was given 150 to 159."""
    consumer = Acks()  # type: ignore[abstract]  # see above
    events = [SimpleNamespace(message=message(offset, consumer)) for offset in range(150, 160)]
    if skipped:
        forget(consumer, cast(Any, events))
    for event in events:
        event.message.ack(consumer)  # as a stream does when its agent asks for the next
    return consumer._new_offset(FEED)


def test_a_batch_that_was_processed_is_committed() -> None:
    assert committed_after(skipped=False) == 160


def test_a_batch_that_was_not_is_forgotten() -> None:
    assert committed_after(skipped=True) is None


def test_no_shutdown_waits_for_what_was_forgotten() -> None:
    consumer = Acks()  # type: ignore[abstract]  # see above
    event = SimpleNamespace(message=message(150, consumer))
    forget(consumer, cast(Any, [event]))
    assert not consumer._unacked_messages
