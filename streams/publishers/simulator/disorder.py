"""How events come in: late, twice, corrected, and not at all while an office is down. Memory is a bounded heap."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from streams.domain.instants import DAY, HOUR, Instant
from streams.publishers.simulator import parameters as life

# Written events that wait for their turn, at most: 20,000 of some 700 bytes. Past it, order gives way to memory.
WAITING = 20_000
Written = tuple[str, bytes]  # (context, line)


class Outages:
    """When each office publishes nothing: 0.75 % of days begin an outage of 1 to 7 days; none in the last 12 days."""

    def __init__(self, seed: str, start: Instant, end: Instant) -> None:
        self._seed, self._start, self._end = seed, start, end
        self.of = lru_cache(maxsize=4_096)(self._drawn)

    def _drawn(self, office: str) -> tuple[tuple[Instant, Instant], ...]:
        draw, at, found = Random(f"{self._seed}:outage:{office}"), self._start, []
        while (at := at + DAY) < self._end - 12 * DAY:
            if draw.random() < life.OUTAGE:
                end = at + draw.randint(*life.OUTAGE_DAYS) * DAY
                found.append((at, min(end, self._end - 12 * DAY)))
                at = end
        return tuple(found)

    def over(self, office: str, moment: Instant) -> Instant:
        """`moment`, or the end of the outage that it falls in."""
        return next((end for begin, end in self.of(office) if begin <= moment < end), moment)

    def down(self, office: str, moment: Instant) -> bool:
        """Whether the office publishes nothing then."""
        return self.over(office, moment) != moment


class Arrivals:
    """Puts written lines in the order in which they come in; repeats some of them."""

    def __init__(self, seed: str, outages: Outages) -> None:
        self._draw, self._outages = Random(f"{seed}:arrivals"), outages
        self._heap: list[tuple[Instant, int, str, bytes]] = []
        self._pushed = 0
        self.duplicates = 0

    def push(self, office: str, recorded: Instant, context: str, line: bytes) -> None:
        """Takes a line that the office recorded at `recorded`: sent within minutes, or up to 30 days late."""
        draw = self._draw
        late = draw.randrange(life.MOST_LATE * 24) * HOUR if draw.random() < life.LATE_ARRIVAL else draw.randrange(600_000)
        arrival = self._outages.over(office, recorded + late)
        self._put(arrival, context, line)
        if draw.random() < life.DUPLICATES:
            self.duplicates += 1
            self._put(arrival + draw.randrange(1, 10 * 24) * HOUR, context, line)

    def _put(self, arrival: Instant, context: str, line: bytes) -> None:
        self._pushed += 1
        heapq.heappush(self._heap, (arrival, self._pushed, context, line))

    def until(self, moment: Instant) -> Iterator[Written]:
        """Lines that came in before `moment`, and those that no longer fit."""
        while self._heap and (self._heap[0][0] < moment or len(self._heap) > WAITING):
            _, _, context, line = heapq.heappop(self._heap)
            yield context, line

    def rest(self) -> Iterator[Written]:
        """Everything left."""
        while self._heap:
            _, _, context, line = heapq.heappop(self._heap)
            yield context, line
