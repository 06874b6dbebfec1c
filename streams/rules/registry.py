"""How a rule is declared, and the catalogue of all that are. A rule is one file in this folder, named for the harm."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import import_module
from typing import Any, Literal, TypeVar, get_args

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.outputs import Action
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import JourneyView
from streams.rules.parameters import Shape, undeclared
from streams.rules.rows import FRAME, SELECTORS, Policy

Kind = Literal["journey", "demand", "party", "place", "case"]  # a case is one alert, and what was done about it
By = Literal["rule", "watch"]
Role = Literal["embassy", "satellite-office", "labour-inspectorate", "licensing-authority", "focal-office",
               "tripartite-committee", "regional-network", "oversight", "oversight-restricted",
               "ngo-channel", "union-channel"]  # fmt: skip
Severity = Literal["P1", "P2", "P3"]  # domain.md 5: acknowledged in 24 h, 72 h, 10 working days

Check = Callable[[Any, Standings, Policy, Instant], Iterable[Outcome]]
# What a dossier tells others: (about which subject, measure there, key, evidence event ids).
Told = tuple[str, str, Key, tuple[str, ...]]
Tells = Callable[[Any], Iterable[Told]]  # from a JourneyView or a SumsView, as the rule's kind is


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue over one kind of dossier. `reads` are event types whose arrival can change its answer.

    `measures` are the sums it needs; `standings` the standing types it looks up; `weak` says that it also runs on a
    weak-only event's dossier; `confidential` that only the audience it names may hear of a finding (domain.md 5, must-not 4):
    no fallback to unrestricted oversight, and no case or policy row for readers without a right to the journey; `tells` what
    its dossier tells others, as keys of a measure there (a measure that is only told is `sums.told`): what a journey tells has
    no identifier of the worker, and depends on its facts alone, not on the instant. `combines` are ids of rules whose findings on
    the same dossier, or told by others, it weighs: it runs after them, and reads `view.found`.
    `aliases` are other ids under which the field knows the same rule; `shape` is what its policy rows are like; `by` says whether
    the rule looks itself, at one subject, or hears of a watch over the population (watch_reports.py). One id may have a rule for
    several kinds (`also`).
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
    confidential: bool = False
    tells: Tells | None = None
    aliases: tuple[str, ...] = ()
    combines: frozenset[str] = frozenset()
    shape: Shape = field(default=Shape(), compare=False)
    by: By = "rule"
    doc: str = field(default="", compare=False)

    @cached_property
    def heard(self) -> tuple[str, ...]:
        """The measures that other dossiers tell it: it runs where one of them has anything, whatever events came."""
        return tuple(measure.name for measure in self.measures if measure.told)

    @property
    def ref(self) -> str:
        """'T-CON-01@1', as alerts name it."""
        return f"{self.id}@{self.version}"


class Catalogue(tuple[Rule, ...]):
    """Rules in order, also by the kind of dossier that they are over, so that none is looked at in vain."""

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Rule, ...]]:
        return {kind: tuple(rule for rule in self if rule.kind == kind) for kind in get_args(Kind)}

    def of(self, kind: str) -> tuple[Rule, ...]:
        """The rules over one kind of dossier."""
        return self._by_kind.get(kind, ())

    @cached_property
    def by_id(self) -> dict[str, tuple[Rule, ...]]:
        """The rules of each id, one for each kind of dossier."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self:
            found[rule.id] = (*found.get(rule.id, ()), rule)
        return found

    @cached_property
    def _concerned(self) -> dict[tuple[str, frozenset[str]], tuple[Rule, ...]]:
        return {}

    def concerned(self, kind: str, came: frozenset[str]) -> tuple[Rule, ...]:
        """The rules over a kind of dossier that read one of what came: event types of a journey, measures of any other.

        Without those that weigh findings. A rule over journeys that names no type reads them all.
        """
        found = self._concerned.get((kind, came))
        if found is None:
            found = self._concerned[kind, came] = tuple(rule for rule in self.of(kind) if not rule.combines and _reads_any(rule, came))
        return found

    @cached_property
    def _combining(self) -> dict[str, tuple[Rule, ...]]:
        return {kind: tuple(rule for rule in rules if rule.combines) for kind, rules in self._by_kind.items()}

    def combining(self, kind: str) -> tuple[Rule, ...]:
        """Those over one kind of dossier that weigh what other rules found."""
        return self._combining.get(kind, ())

    @cached_property
    def combined(self) -> frozenset[str]:
        """The ids of rules whose findings parties hear of, because a rule over a party weighs them."""
        return frozenset().union(*(rule.combines for rule in self.combining("party")))

    @cached_property
    def weak(self) -> tuple[Rule, ...]:
        """Those that also run on the dossier of an event that names no strong identifier."""
        return tuple(rule for rule in self.of("journey") if rule.weak)


def _reads_any(rule: Rule, came: frozenset[str]) -> bool:
    if rule.kind != "journey":
        return any(measure.name in came for measure in rule.measures)
    return not rule.reads or not rule.reads.isdisjoint(came)


J = TypeVar("J", bound=Callable[[JourneyView, Standings, Policy, Instant], Iterable[Outcome]])
S = TypeVar("S", bound=Callable[..., Iterable[Outcome]])

_declared: dict[tuple[str, Kind], Rule] = {}
# Domain.md 5, must-not 13: what protects women may not restrict them. Attestation asks papers of an employer, and a worker of none.
BY_SEX = frozenset({"T-ATT-01"})


def _add(rule: Rule) -> None:
    if not rule.doc:
        raise ValueError(f"{rule.id} has no docstring: it is the public catalogue")
    if rule.action not in get_args(Action):
        raise ValueError(f"{rule.id} asks for {rule.action!r}: an action is one of {', '.join(get_args(Action))}, none on a worker")
    for other in (known for known in _declared.values() if known.id != rule.id):
        if clash := {rule.id, *rule.aliases} & {other.id, *other.aliases}:
            raise ValueError(f"{min(clash)} is both {rule.id} and {other.id}: an alias is the name of one rule")
    for other in (known for known in _declared.values() if known.id == rule.id):
        if other.check.__module__ != rule.check.__module__ or other.kind == rule.kind:
            raise ValueError(f"{rule.id} is declared in {other.check.__module__} and {rule.check.__module__}")
    _declared[rule.id, rule.kind] = rule


def _shape(id: str, details: dict[str, Any]) -> Shape:
    """Takes what a decorator says of policy rows out of its details."""
    shape = Shape(**{name: details.pop(name) for name in ("parameters", "selectors", "roles", "default_row") if name in details})
    if unknown := set(shape.selectors) - set(SELECTORS):
        raise ValueError(f"{id} looks rows up by {min(unknown)!r}: a selector is one of {', '.join(SELECTORS)}")
    if wrong := next(undeclared(shape.parameters, FRAME), ""):
        raise ValueError(f"{id} declares a policy parameter that cannot be: {wrong}")
    if "sex" in shape.selectors and id not in BY_SEX:
        raise ValueError(f"{id} looks rows up by sex: only {', '.join(sorted(BY_SEX))} may; narrow by occupation (isco)")
    return shape


def _declare(check: Check, kind: Kind, id: str, reads: Iterable[str], **details: Any) -> None:
    details["shape"] = _shape(id, details)
    details["standings"] = frozenset(details.get("standings", ()))
    doc = inspect.getdoc(check) or ""
    _add(Rule(id=id, kind=kind, harm=check.__name__, check=check, reads=frozenset(reads), doc=doc, **details))


def _reads(own: Iterable[str], measures: tuple[Measure, ...]) -> frozenset[str]:
    """What a rule reads with its measures: every type, which is written as none, once one of them does."""
    if any(not measure.reads and not measure.told for measure in measures):
        return frozenset()
    return frozenset(own).union(*(measure.reads for measure in measures))


def journey_rule(id: str, *, reads: Iterable[str], **details: Any) -> Callable[[J], J]:
    """Declares a rule over a journey; keyword arguments are Rule's own fields, and Shape's for its policy rows."""

    def declare(check: J) -> J:
        _declare(check, "journey", id, reads, **details)
        return check

    return declare


def sums_rule(id: str, kind: Kind, *, measures: tuple[Measure, ...], **details: Any) -> Callable[[S], S]:
    """Declares a rule over a demand, party or place; what it reads is what its measures read."""

    def declare(check: S) -> S:
        reads = _reads(details.pop("reads", ()), measures)
        _declare(check, kind, id, reads, measures=measures, **details)
        return check

    return declare


def also(id: str, kind: Kind, *, reads: Iterable[str] = (), **details: Any) -> Callable[[S], S]:
    """The same rule over another kind of dossier, in the same file: all else is as first declared but what is given."""

    def declare(check: S) -> S:
        first = next(rule for rule in _declared.values() if rule.id == id)
        found = _reads(reads, details.get("measures", ()))
        _add(replace(first, kind=kind, check=check, reads=found, **{"measures": (), **details}))
        return check

    return declare


@cache
def catalogue() -> Catalogue:
    """Every rule, by id and kind. Imports each module of this folder once: a new rule is its own file and nothing else."""
    package = import_module("streams.rules")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"streams.rules.{module.name}")
    return Catalogue(_declared[key] for key in sorted(_declared))
