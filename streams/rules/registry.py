"""How a rule is declared, and the catalogue of all that are. A rule is one file in this folder, named for the harm."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal, TypeVar

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import JourneyView, SumsView
from streams.rules.policy import Policy

Kind = Literal["journey", "demand", "party", "place"]
Role = Literal["embassy", "satellite-office", "labour-inspectorate", "licensing-authority", "focal-office",
               "tripartite-committee", "regional-network", "oversight", "oversight-restricted"]  # fmt: skip
# The whole vocabulary: no action on a worker can be expressed (domain.md 5, must-not 2).
Action = Literal["notify", "inspect", "verify", "refer", "license_review"]
Severity = Literal["P1", "P2", "P3"]  # domain.md 5: acknowledged in 24 h, 72 h, 10 working days

Check = Callable[[Any, Standings, Policy, Instant], Iterable[Outcome]]


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue. `reads` are event types whose arrival can change its answer; `measures` the sums it needs.

    `standings` are standing types it looks up; `weak` says that it also runs on a weak-only event's dossier.
    """

    id: str
    version: int
    harm: str
    kind: Kind
    check: Check
    reads: frozenset[str]
    audience: tuple[Role, ...]
    action: Action
    next_step: str
    severity: Severity
    basis: str
    recommendations: tuple[str, ...]
    indicators: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    standings: frozenset[str] = frozenset()
    weak: bool = False
    doc: str = field(default="", compare=False)

    @property
    def ref(self) -> str:
        """'T-CON-01@1', as alerts name it."""
        return f"{self.id}@{self.version}"


J = TypeVar("J", bound=Callable[[JourneyView, Standings, Policy, Instant], Iterable[Outcome]])
S = TypeVar("S", bound=Callable[[SumsView, Standings, Policy, Instant], Iterable[Outcome]])

_declared: dict[str, Rule] = {}


def _declare(check: Check, kind: Kind, id: str, reads: Iterable[str], **details: Any) -> None:
    doc = inspect.getdoc(check)
    if not doc:
        raise ValueError(f"{id} has no docstring: it is the public catalogue")
    if id in _declared and _declared[id].check.__module__ != check.__module__:
        raise ValueError(f"{id} is declared in {_declared[id].check.__module__} and {check.__module__}")
    details["standings"] = frozenset(details.get("standings", ()))
    _declared[id] = Rule(id=id, kind=kind, harm=check.__name__, check=check, reads=frozenset(reads), doc=doc, **details)


def journey_rule(id: str, *, reads: Iterable[str], **details: Any) -> Callable[[J], J]:
    """Declares a rule over a journey; keyword arguments are Rule's own fields."""

    def declare(check: J) -> J:
        _declare(check, "journey", id, reads, **details)
        return check

    return declare


def sums_rule(id: str, kind: Kind, *, measures: tuple[Measure, ...], **details: Any) -> Callable[[S], S]:
    """Declares a rule over a demand, party or place; what it reads is what its measures read."""

    def declare(check: S) -> S:
        reads = frozenset[str]().union(*(measure.reads for measure in measures))
        _declare(check, kind, id, reads, measures=measures, **details)
        return check

    return declare


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, by id. Imports each module of this folder once: a new rule is its own file and nothing else."""
    package = import_module("streams.rules")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"streams.rules.{module.name}")
    return tuple(_declared[id] for id in sorted(_declared))
