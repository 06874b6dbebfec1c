"""What would be found in these events, with no broker: the same intake, linking, fold and rules, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.domain import frames
from streams.domain.frames import Frame
from streams.domain.instants import Instant
from streams.domain.outputs import OPEN, Alert, Entry, Journey, Published, decode_alert, decode_journey
from streams.domain.standings import Standings
from streams.dossiers.context import Context, Outbox
from streams.dossiers.partition import Partition
from streams.intake import accept
from streams.publishers.identity import rekey
from streams.rules.policy import Policy
from streams.rules.registry import Rule, catalogue
from streams.store.kv import MemoryStore

BATCH = 20_000  # events linked before their dossiers are judged: the more, the seldomer each is
_KEY = b"evaluate: what leaves this process is no digest"


@dataclass
class Evaluated:
    """What an evaluation found: entries by subject, journeys by id, alerts by (audience, id), all as last published."""

    entries: dict[str, Entry] = field(default_factory=dict)
    journeys: dict[str, Journey] = field(default_factory=dict)
    alerts: dict[tuple[str, str], Alert] = field(default_factory=dict)

    def findings(self) -> list[tuple[str, Published]]:
        """(subject, finding) of every open finding, sorted."""
        found = [(entry.subject, each) for entry in self.entries.values() for each in entry.published if each.status in OPEN]
        return sorted(found, key=lambda each: (each[1].rule, each[0], each[1].issue))

    def insufficient(self) -> list[tuple[str, str, str, str]]:
        """(subject, rule, issue, what is missing) of every outcome that the facts do not suffice for."""
        return sorted((entry.subject, *each) for entry in self.entries.values() for each in entry.unknown)


class Evaluator:
    """Takes decoded, sealed events in any order and as often as they come; `finish` evaluates what is due."""

    def __init__(
        self, policy: Policy, as_of: Instant, declared: Callable[[str], bool], rules: tuple[Rule, ...] = (),
        batch: int = BATCH,
    ) -> None:  # fmt: skip
        self._context = Context(rules or catalogue(), policy, Standings(), declared)
        self._as_of, self._batch, self._rekey = as_of, batch, lambda event: rekey(event, _KEY)
        self._partitions: dict[str, Partition] = {}
        self._late: set[str] = set()  # subjects of standings that came when something was judged already
        self.result = Evaluated()

    def add(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Facts are linked and evaluated in batches, each home in a partition of its own."""
        batch: dict[str, list[Any]] = defaultdict(list)
        for size, event in enumerate(events, start=1):
            accepted = accept(event, self._rekey)
            if accepted.standing is not None:
                touched = self._context.standings.add(accepted.standing)
                self._late |= touched if self._partitions else set()
            for home, fact in accepted.copies:
                batch[home].append(fact)
            if size % self._batch == 0:
                self._flush(batch)
        self._flush(batch)

    def finish(self) -> Evaluated:
        """Everything once more with all standings known, as a sweep does in service, and what came due meanwhile."""
        for home in sorted(self._partitions):
            partition = self._partitions[home]
            self._take(partition.sweep(sorted(self._late), self._as_of))
            self._take(partition.tick(self._as_of))
        return self.result

    def _flush(self, batch: dict[str, list[Any]]) -> None:
        for home, facts in sorted(batch.items()):
            self._take(self._partition(home).accept([Frame(home, tuple(facts))], self._as_of))
        batch.clear()

    def _partition(self, home: str) -> Partition:
        if home not in self._partitions:
            self._partitions[home] = Partition(MemoryStore(), self._context)
        return self._partitions[home]

    def _take(self, outbox: Outbox) -> None:
        """Keeps what is published; statements go to their homes at once."""
        for entry in outbox.entries:
            self.result.entries[entry.subject] = entry
        for home, fact in outbox.passed:
            self._take(self._partition(home).accept([Frame(home, (fact,))], self._as_of))
        for topic, key, value in outbox.announced():
            if topic == "feed":
                self._take(self._partition(key.decode()).accept([frames.decode(value)], self._as_of))
            elif topic == "journeys":
                journey = decode_journey(value)
                self.result.journeys[journey.id] = journey
            else:
                alert = decode_alert(value)
                self.result.alerts[alert.audience, alert.id] = alert


def evaluate_events(
    events: Iterable[Mapping[str, Any]], policy: Policy, as_of: Instant, declared: Callable[[str], bool] = lambda _: True,
    batch: int = BATCH,
) -> Evaluated:  # fmt: skip
    """Evaluates decoded, sealed events (see `schemas.codec.decode` and `identity.seal`) as of an instant."""
    evaluator = Evaluator(policy, as_of, declared, batch=batch)
    evaluator.add(events)
    return evaluator.finish()
