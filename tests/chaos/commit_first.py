"""A worker that commits before it delivers, which loses what it had in hand: the harness must find it out."""

from __future__ import annotations

import asyncio
from typing import Any

from streams.agents import worker as workers

WITHOUT_A_NET = 0.5  # seconds between the commit and the work


def _committing(work: Any) -> Any:
    async def body(self: workers.Worker, stream: Any) -> None:
        async def taken() -> Any:
            async for events in stream.take_events(workers.BATCH, within=workers.WITHIN):
                for event in events:
                    event.ack()
                await self.app.consumer.commit()
                await asyncio.sleep(WITHOUT_A_NET)
                yield events

        class Taken:
            def take_events(self, _most: int, within: float) -> Any:
                return taken()

        await work(self, Taken())

    return body


def install() -> None:
    """Makes this process's worker one."""
    workers.Worker._intake = _committing(workers.Worker._intake)  # type: ignore[method-assign]
    workers.Worker._dossiers = _committing(workers.Worker._dossiers)  # type: ignore[method-assign]
