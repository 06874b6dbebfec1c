"""What a partition evaluates with, and what an evaluation hands over to be delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from streams.domain.erasures import Erasure, Husk, Order
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outputs import Entry, Statement
from streams.domain.standings import Standings
from streams.rules.policy import Policy
from streams.rules.registry import Rule


@dataclass
class Context:
    """Rules, policy, standings and the declared audiences: the same for every partition of a worker.

    `hold` is how long (ms) a dossier touched by an import run waits after its last fact before it is evaluated, so that
    no embassy hears what the next record withdraws; 0 evaluates at once. `pause` is how long (ms) a demand, party, place or case
    that was judged is not judged again, however much comes about it: what a large employer costs does not grow with its workers.
    """

    rules: tuple[Rule, ...]
    policy: Policy
    standings: Standings
    declared: Callable[[str], bool]
    hold: Instant = 0
    pause: Instant = 0

    def __post_init__(self) -> None:
        # One id may have a rule for several kinds of dossier.
        self.by_id: dict[tuple[str, str], Rule] = {(rule.id, rule.kind): rule for rule in self.rules}


@dataclass
class Outbox:
    """In the order of delivery: what other homes must hear, corrections and orders to erase; the journal of erasures; new facts
    by home, what is left of erased ones, and statements heard; the entries that announce, what they announce. What is passed on
    goes first: the facts that cause it are not known yet if that fails. After the journal an erasure can no longer be lost.
    """

    passed: list[tuple[str, Fact]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    journal: list[Erasure] = field(default_factory=list)
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    husks: list[Husk] = field(default_factory=list)
    heard: list[Statement] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def announced(self) -> list[tuple[str, bytes, bytes]]:
        """(topic, key, value) of every announcement."""
        return [each for entry in self.entries for each in entry.announces]
