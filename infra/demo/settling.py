"""When everything published has been worked off: nothing lags, nothing grows, and ClickHouse has every fact."""

from __future__ import annotations

import time
from collections.abc import Callable

from infra.kafka import offsets

Ends = dict[tuple[str, int], int]
QUIET = 3  # looks in a row, a second apart, that must agree


class NotSettled(Exception):
    """The time was up: says what was still to be done."""


class Log:
    """Where a broker's topics end, and how far its groups have come."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = offsets.admin(bootstrap, {})

    def ends(self) -> Ends:
        """The next offset of every partition of every topic but Kafka's own."""
        return {place: last for place, (_, last) in offsets.bounds(self._admin, offsets.topics(self._admin)).items()}

    def lag(self, ends: Ends) -> int:
        """Records that some group has still to commit."""
        found = offsets.answer(self._admin.list_consumer_groups(request_timeout=offsets.TIMEOUT)).valid
        done = [offsets.committed(self._admin, each.group_id) for each in found]
        return sum(max(0, ends.get(place, 0) - offset) for each in done for place, offset in each.items())


def dead_lettered(ends: Ends) -> int:
    """Records on dead-letter topics."""
    return sum(end for (topic, _), end in ends.items() if topic.endswith(".dlq"))


def settle(
    log: Log, stored: Callable[[], int], published: int, seconds: float, step: Callable[[int], None], watch: Callable[[], None]
) -> Ends:
    """Waits until `stored` facts and dead letters make up what was published, and three looks agree. Raises NotSettled."""
    deadline, before, same, have, lag = time.monotonic() + seconds, Ends(), 0, 0, 0
    while time.monotonic() < deadline:
        watch()
        ends, have = log.ends(), stored()
        lag = log.lag(ends)
        step(have)
        whole = have + dead_lettered(ends) >= published
        same = same + 1 if whole and lag == 0 and ends == before else 0
        if same >= QUIET:
            return ends
        before = ends
        time.sleep(1.0)
    raise NotSettled(f"after {seconds:.0f} s {have:,} of {published:,} events are stored and {lag:,} records wait; see the logs")
