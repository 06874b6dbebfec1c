"""Runs watches: each window once it has ended, when ClickHouse has all that Kafka had; publishes differences, confirmed, then is done.

While ClickHouse lags behind, or the streams do, a run is Insufficient: nothing is published, least of all that something is clear,
and the window is judged as soon as they have caught up.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from consumers.watches import metrics
from consumers.watches.headers import Watch
from consumers.watches.judging import Said, judge, window_from
from consumers.watches.reports import difference, event, last
from streams.domain.facts import fact_id
from streams.domain.instants import Instant, text
from streams.publishers import reading
from streams.publishers.reading import Ready, Refused
from streams.rules.policy import Policy

log = logging.getLogger(__name__)
_KEY = b"no identifier, person or narrative is in a report: nothing is sealed"
LIMIT = 1 << 20  # bytes of a record


class Publishes(Protocol):
    """Delivers events and returns when the broker has them."""

    def publish(self, rows: Iterable[Ready | Refused], refused: Callable[[Refused], None], step: Callable[[int], None]) -> Any: ...


@dataclass
class Ran:
    """What came of one watch's run. `lacking` says what lags behind: then nothing was judged. Counts, and figures of places; no name."""

    watch: Watch
    until: Instant
    lacking: str = ""
    found: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    places: list[Said] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        head = {"watch": self.watch.id, "version": self.watch.version, "harm": self.watch.harm, "publishes": self.watch.publishes}
        if self.lacking:
            return {**head, "until": text(self.until), "outcome": "insufficient", "missing": self.lacking}
        return {
            **head, "until": text(self.until), "outcome": "judged", "found": dict(sorted(self.found.items())),
            "new": dict(sorted(self.new.items())), "refused": self.refused,
            "figures": [{"subject": each.subject, "issue": each.issue, "outcome": each.outcome, **_named(each.figures)}
                        for each in self.places], "seconds": self.seconds,
        }  # fmt: skip


def _unanswered(problem: ClickHouseError) -> str:
    """Its kind alone: its text may hold rows."""
    return f"an answer of ClickHouse ({type(problem).__name__})"


def _named(figures: Iterable[str]) -> dict[str, str]:
    return dict(each.partition("=")[::2] for each in figures)


class Runner:
    """Runs watches as of instants. `lacking` says what ClickHouse does not have yet, '' when it has all; no `publisher` is a dry run."""

    def __init__(
        self, connect: Callable[[], Client], policy: Policy, lacking: Callable[[], str], publisher: Callable[[], Publishes] | None,
        overrides: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._connect, self._policy, self._lacking = connect, policy, lacking
        self._publisher, self._overrides = publisher, overrides or {}

    def run(self, watches: Sequence[Watch], now: Instant) -> list[Ran]:
        """Each watch on its last whole window; one that ClickHouse cannot answer is Insufficient, and the others go on.

        Raises Undelivered when the broker does not take a report: what it took stays, and the next run makes the rest again.
        """
        lacking = self._lacking()
        if lacking:
            log.warning("watches wait", extra={"why": lacking})
        client, lacking = (None, lacking) if lacking else self._connected()
        try:
            return [self._one(client, Ran(watch, watch.until(now), lacking)) for watch in watches]
        finally:
            if client is not None:
                client.close()

    def _connected(self) -> tuple[Client | None, str]:
        """A client, or what is lacking while ClickHouse is away."""
        try:
            return self._connect(), ""
        except ClickHouseError as problem:
            log.warning("watches wait for ClickHouse", extra={"why": type(problem).__name__})
            return None, _unanswered(problem)

    def _one(self, client: Client | None, ran: Ran) -> Ran:
        watch = ran.watch
        if client is not None:
            try:
                self._judge(client, ran)
            except ClickHouseError as problem:
                ran.lacking = _unanswered(problem)
                log.exception("ClickHouse cannot answer a watch", extra={"watch": watch.id})
        metrics.RUNS.labels(watch.id, "insufficient" if ran.lacking else "judged").inc()
        if not ran.lacking:
            metrics.UNTIL.labels(watch.id).set(ran.until / 1_000)
            log.info("watch has run", extra={"watch": watch.id, "count": sum(ran.new.values()), "seconds": ran.seconds})
        return ran

    def _judge(self, client: Client, ran: Ran) -> None:
        began = time.monotonic()
        said = judge(client, ran.watch, self._policy, ran.until, self._overrides)
        ran.seconds = round(time.monotonic() - began, 3)
        metrics.SECONDS.labels(ran.watch.id).observe(ran.seconds)
        ran.found = Counter(each.outcome for each in said if each.subject)
        ran.places = [each for each in said if not each.subject or each.subject.startswith("place:")]
        if ran.watch.publishes == "alerts":
            self._publish(client, ran, said)

    def _publish(self, client: Client, ran: Ran, said: list[Said]) -> None:
        before = last(client, ran.watch, ran.until)
        new = list(difference(ran.watch, said, before, ran.until))
        ran.new = Counter(each.outcome for each in new)
        rows = []
        for number, each in enumerate(new, 1):
            made = event(ran.watch, each, before, window_from(ran.watch, self._policy, each, ran.until), ran.until)
            rows.append(_row(number, made))
        ran.refused = sum(isinstance(row, Refused) for row in rows)
        if self._publisher is None or not rows:
            return
        self._publisher().publish(rows, _refused, lambda done: None)
        for outcome, count in ran.new.items():
            metrics.REPORTS.labels(ran.watch.id, outcome).inc(count)


def _row(number: int, made: dict[str, Any]) -> Ready | Refused:
    """A report on the path of every published event: shape, schema, meaning."""
    found = reading.event(made, _KEY, round(time.time() * 1_000), LIMIT)
    if isinstance(found, list):
        return Refused(number, tuple(found), "")
    return Ready(number, found[0], found[1], fact_id(found[0]))


def _refused(row: Refused) -> None:
    """A party whose id no event may hold (an office that wrote none of a register): told without it, and the rest goes on."""
    why = "; ".join(f"{each.field}: {each.reason}" for each in row.problems)
    log.error("a report cannot be published", extra={"why": why})


class Schedule:
    """Which watches are due: each once for a window, again while it was not judged."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches
        self._judged: dict[Watch, Instant] = {}

    def due(self, now: Instant) -> list[Watch]:
        """Those whose last whole window was not judged yet."""
        return [watch for watch in self._watches if self._judged.get(watch) != watch.until(now)]

    def done(self, ran: Iterable[Ran]) -> None:
        """What was judged is not due again before its next window."""
        for each in ran:
            if not each.lacking:
                self._judged[each.watch] = each.until
