"""How alerts are answered: what an alert's own dossier, its case, hears of it. A case's id is `case:`, the alert's home and its id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.sums import Key, Measure

PUBLISHED = "case.alert_published"
# What a worker tells is of its own alerts; an event says the same of an alert that other workers, or an earlier system, published.
TOLD, RECORDED = "told", "recorded"


class Published(NamedTuple):
    """When an alert was published, as a key of the measure PUBLICATIONS: parts are in this order.

    `said` is TOLD or RECORDED; `same` stands for rule and evidence (`same_as`); `successor` is the id of the alert on the
    journey that took over, '' while this one is open; `audiences` are separated by spaces. An alert that ended is told no more.
    """

    at: Instant
    said: str
    severity: str
    rule: str
    origin: str
    destination: str
    audiences: str
    same: str
    successor: str


def case_of(home: str, alert: str) -> str:
    """The dossier of an alert's case."""
    return f"case:{home}:{alert}"


def same_as(rule: str, evidence: Iterable[str]) -> str:
    """What two alerts have in common that say the same by the same evidence. 16 hex characters."""
    return hashlib.sha256("\0".join((rule, *sorted(evidence))).encode()).hexdigest()[:16]


def _recorded(fact: Fact, subject: str) -> Iterable[Key]:
    if not fact.implausible:
        yield Published(
            fact.time, RECORDED, fact.text("severity") or "", fact.text("rule") or "", fact.text("origin") or "",
            fact.text("destination") or "", " ".join(sorted(fact.texts("audiences"))), "", "",
        )  # fmt: skip


PUBLICATIONS = Measure("case.published", frozenset({PUBLISHED}), _recorded, told=True)
