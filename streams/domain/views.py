"""What rules read: a journey as its facts in force, and a demand, party, place or case as sums."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from itertools import chain
from operator import itemgetter
from typing import Any, Concatenate, ParamSpec, TypeVar

from streams.domain.corrections import Root, groups, of_groups
from streams.domain.facts import Fact, by_key
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.outcomes import Finding
from streams.domain.places import home, kind
from streams.domain.sums import Key, Measure, Sums

# Where a journey's destination is read, the most telling first; each names the body field that holds an ISO2.
DESTINATION_FIELDS = (
    ("oversight.contract_authenticated_destination", "country"), ("oversight.contract_acknowledged_origin", "country"),
    ("oversight.contract_registered_origin", "country"), ("recruitment.contract_offered", "country"),
    ("deployment.arrived", "country"), ("deployment.departed", "country"), ("visa.clearance_issued", "country"),
)  # fmt: skip


Found = tuple[str, Finding]  # rule id, and what it found


@dataclass(frozen=True, order=True)
class Review:
    """Something about identity that a person must decide (T-DQ-01): `reason` is a code, `evidence` sorted event ids.

    `token` says which identifier scheme it concerns ('passport:NP'), never the identifier.
    """

    reason: str
    token: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class JourneyView:
    """One migration of one worker.

    `known` is every fact about it, corrected and implausible ones included, sorted; `reviews` what linking could not
    decide. `person` groups a worker's journeys. A weak-only event has a view of its own with `person` "". `until` is the
    instant of which it is the view: what is dated later has not happened yet; None takes everything as happened. `found` is
    what the other rules found, for those that combine findings.
    """

    id: str
    known: tuple[Fact, ...]
    reviews: tuple[Review, ...] = ()
    person: str = ""
    until: Instant | None = None
    found: tuple[Found, ...] = ()

    def having(self, found: tuple[Found, ...]) -> JourneyView:
        """The same view with what the other rules found, for those that combine findings."""
        view = replace(self, found=found)
        vars(view).update({name: kept for name, kept in vars(self).items() if name not in vars(view)})
        return view

    @cached_property
    def home(self) -> str:
        """The worker's origin, ISO2."""
        return home(self.id)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Facts in force, plausible and happened, sorted by (time, id): what rules reason on."""
        until, found = self.until, self._plausible
        if until is None or not found or found[-1].time <= until:
            return found
        return tuple(fact for fact in found if fact.time <= until)

    def at(self, instant: Instant) -> JourneyView:
        """The same view as of an instant: what does not depend on it is worked out once for both."""
        view = replace(self, until=instant)
        vars(view).update(groups=self.groups, in_force=self.in_force, _plausible=self._plausible)
        return view

    @cached_property
    def groups(self) -> dict[Root, list[Fact]]:
        """Every known fact by the root that it is, or corrects."""
        return groups(self.known)

    @cached_property
    def in_force(self) -> tuple[Fact, ...]:
        """Facts in force, implausible ones and those to come included, sorted by (time, id)."""
        return of_groups(self.groups)

    @cached_property
    def _plausible(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.in_force if not fact.implausible)

    @property
    def next_fact(self) -> Instant | None:
        """When the next fact that is dated after `until` will have happened."""
        happened = len(self.facts)
        return self._plausible[happened].time if happened < len(self._plausible) else None

    @cached_property
    def _roots(self) -> dict[str, str]:
        return {fact.id: event_id for (_, event_id), members in self.groups.items() for fact in members}

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What `once_a_view` keeps of this view."""
        return {}

    def root(self, fact: Fact) -> str:
        """The id of the event that a fact is, or corrects: it stays the same through corrections."""
        return self._roots[fact.id]

    @cached_property
    def _by_type(self) -> dict[str, tuple[Fact, ...]]:
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            found[fact.type].append(fact)
        return {name: tuple(facts) for name, facts in found.items()}

    @cached_property
    def types(self) -> frozenset[str]:
        """Event types that the journey has, in force or not: a rule that reads none of them does not run."""
        return frozenset(fact.type for fact in self.known)

    def of(self, *types: str) -> tuple[Fact, ...]:
        """Facts in force of these types, sorted by (time, id)."""
        found = [facts for name in types if (facts := self._by_type.get(name)) is not None]
        if len(found) <= 1:
            return found[0] if found else ()
        return tuple(sorted(chain.from_iterable(found), key=by_key))

    def first(self, *types: str) -> Fact | None:
        """The earliest fact in force of these types."""
        found = self.of(*types)
        return found[0] if found else None

    def last(self, *types: str) -> Fact | None:
        """The latest fact in force of these types."""
        found = self.of(*types)
        return found[-1] if found else None

    def last_known(self, types: Collection[str], otherwise: Instant) -> Instant:
        """When the latest fact of these types is dated, in force or not, happened or not; `otherwise` where there is none."""
        return next((fact.time for fact in reversed(self.known) if fact.type in types), otherwise)

    @property
    def origin(self) -> str:
        """The worker's origin, ISO2."""
        return self.home

    def is_home(self, country: str | None) -> bool:
        """Whether a country is the worker's origin. Whose origin is not stated has a dossier where the event was handled, and no home."""
        return bool(self.person) and country == self.home

    @cached_property
    def destination(self) -> str:
        """ISO2 of the destination as the most telling fact names it; '' when no fact does. Nobody's destination is home."""
        for event_type, field in DESTINATION_FIELDS:
            for fact in reversed(self.of(event_type)):
                if (country := fact.text(field)) and not self.is_home(country):
                    return country
        return ""


@dataclass(frozen=True)
class SumsView:
    """A demand, party, place or case: its measures, not its facts. `types` are the event types it ever had.

    `until` is the instant of which it is the view, as of a journey's; None takes everything as happened.
    """

    id: str
    sums: Sums
    types: frozenset[str] = frozenset()
    until: Instant | None = None
    found: tuple[Found, ...] = ()

    def having(self, found: tuple[Found, ...]) -> SumsView:
        """The same view with what the other rules found, for those that combine findings."""
        return replace(self, found=found)

    def at(self, instant: Instant) -> SumsView:
        """The same view as of an instant."""
        return replace(self, until=instant)

    def happened(self, measure: Measure, since: str | Instant = "") -> Sequence[Key]:
        """The keys that have happened, ascending, of a measure whose keys begin with when: an ISO day at home, or an instant.

        `since` leaves out those before it. The evaluation is due again when the next one will have happened.
        """
        keys = self.sums.since(measure.name, (since,)) if since != "" else list(self.sums.keys(measure.name))
        if self.until is None or not keys:
            return keys
        by_day = isinstance(keys[0][0], str)
        now: str | Instant = local_day(self.until, self.home).isoformat() if by_day else self.until
        if keys[-1][0] <= now:  # type: ignore[operator]  # parts at one position are of one type
            return keys
        many = bisect_right(keys, now, key=itemgetter(0))
        self._ahead.append(start_of_day(str(keys[many][0]), self.home) if by_day else int(keys[many][0]))
        return keys[:many]

    @cached_property
    def _ahead(self) -> list[Instant]:
        return []

    def next_key(self) -> Instant | None:
        """When the next of the keys that `happened` left out since this was asked last will have happened."""
        if not self._ahead:
            return None
        found = min(self._ahead)
        self._ahead.clear()
        return found

    @property
    def home(self) -> str:
        """ISO2 that keeps the subject."""
        return home(self.id)

    @property
    def kind(self) -> str:
        """demand | party | place | case."""
        return kind(self.id)

    @property
    def name(self) -> str:
        """The id without its kind: 'NP:dofe:12', 'NP-QA', 'QA/9700'."""
        return self.id.partition(":")[2]


P = ParamSpec("P")
T = TypeVar("T")


def once_a_view(read: Callable[Concatenate[JourneyView, P], T]) -> Callable[Concatenate[JourneyView, P], T]:
    """For a pure function of a journey's view that several rules ask: worked out once, and kept with the view itself."""

    @wraps(read)
    def told(view: JourneyView, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known, asked = view.worked_out, (read, *args, *kwargs.items())
        if asked not in known:
            known[asked] = read(view, *args, **kwargs)
        found: T = known[asked]
        return found

    return told


def evidence(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Sorted event ids of facts, for an outcome."""
    return tuple(sorted({fact.event_id for fact in facts}))
