"""What linking can't decide and a person must (T-DQ-01): each with the facts it concerns, so that their journeys show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from streams.domain.corrections import groups, winners
from streams.domain.facts import Fact
from streams.domain.views import Review, evidence

TWO_NATIONAL_IDS = "two_national_ids"  # a join that would unite two national ids of one country was refused
IGNORED = "identifier_of_too_many"  # an identifier has too many neighbours to be one person's
SAME_ID = "same_id_other_content"  # two contents under one event id; both are kept
TOO_MANY = "too_many_identifiers"  # one person with more identifiers than a life has
NO_ORIGIN = "origin_unknown"  # the worker's origin isn't known: nothing can be linked


@dataclass(frozen=True)
class Concern:
    """A review and the ids of the facts it is about; event ids alone aren't unique among offices."""

    review: Review
    facts: frozenset[str]


def concern(reason: str, scheme: str, facts: Iterable[Fact]) -> Concern:
    """A review of facts; `scheme` names the identifier's kind and country ('passport:NP'), never the identifier."""
    about = list(facts)
    return Concern(Review(reason, scheme, evidence(about)), frozenset(fact.id for fact in about))


def of_group(group: Iterable[Fact]) -> list[Concern]:
    """What is odd about one root and its corrections by itself, whoever it is about; a later correction settles it."""
    members = list(group)
    if len(members) == 1 and (members[0].worker is None or members[0].worker.origin):
        return []
    now = winners(members)
    same = [[fact for fact in members if fact.event_id == event_id] for event_id in {fact.event_id for fact in now}]
    found = [concern(SAME_ID, "", contents) for contents in same if len(contents) > 1]
    unknown = [fact for fact in now if fact.worker is not None and not fact.worker.origin]
    return found + ([concern(NO_ORIGIN, "", unknown)] if unknown else [])


def reviews(concerns: Iterable[Concern]) -> tuple[Review, ...]:
    """Sorted, each once."""
    return tuple(sorted({each.review for each in concerns}))


def own_reviews(facts: Iterable[Fact]) -> tuple[Review, ...]:
    """What goes to review in an own dossier."""
    return reviews(each for members in groups(facts).values() for each in of_group(members))
