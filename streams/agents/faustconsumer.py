"""What Faust's consumer keeps to itself and a worker must know or undo: acks of what was not processed, lag; and how it logs in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import faust
from faust.types import TP, EventT

from streams.agents import metrics


def forget(consumer: Any, batch: Sequence[EventT[bytes]]) -> None:
    """Takes a batch that was not processed, because its partition had left, out of what Faust will commit.

    Faust acks whatever an agent was given, and keeps the acks of a partition that has left: should it come back, offsets
    that nobody processed would be committed. A message that says it is acked already leaves no such trace.
    """
    for event in batch:
        event.message.acked = True
        consumer._unacked_messages.discard(event.message)  # noqa: SLF001  # a shutdown would wait for it


def measure_lag(consumer: Any) -> None:
    """Of each partition in hand, from its end and its committed offset; nothing until both are known."""
    for tp in consumer.assignment():
        end, committed = consumer.highwater(tp), consumer._committed_offset.get(tp)  # noqa: SLF001  # there is no other way
        if end is not None and committed is not None:
            metrics.LAG.labels(tp.topic, str(tp.partition)).set(max(0, end - committed))


def left(tp: TP) -> None:
    """A partition that was taken away has no lag here."""
    metrics.gone(metrics.LAG, tp.topic, str(tp.partition))


def credentials(security: Mapping[str, Any]) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """aiokafka's settings as Faust takes them; None where the broker asks nobody. Faust's clients take nothing else of them."""
    context = security.get("ssl_context")
    if "sasl_mechanism" in security:
        return faust.SASLCredentials(username=security["sasl_plain_username"], password=security["sasl_plain_password"],
                                     mechanism=security["sasl_mechanism"], ssl_context=context)  # fmt: skip
    return faust.SSLCredentials(context) if context is not None else None
