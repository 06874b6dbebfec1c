"""What rules read of a simulated run: every journey as linked whole, every demand and party, and the registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import msgspec

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.places import home, kind
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.linking.home import link
from streams.rules.evaluation import evaluate
from streams.rules.policy import default
from streams.rules.registry import Rule, catalogue
from tests.support.builders import sums
from tests.support.published import Watching
from tests.support.simulated import simulated


@dataclass(frozen=True)
class Dossier:
    """A subject with all facts that are known of it."""

    id: str
    facts: tuple[Fact, ...]
    person: str = ""

    def view(self, facts: Iterable[Fact]) -> JourneyView | SumsView:
        """As a rule would read it with these facts instead."""
        if kind(self.id) == "journey":
            return JourneyView(id=self.id, known=tuple(sorted(facts, key=lambda fact: fact.key)), person=self.person)
        measures = {each.name: each for rule in catalogue() if rule.kind == kind(self.id) for each in rule.measures}
        return sums(self.id, measures.values(), *facts)


@dataclass(frozen=True)
class Dossiers:
    """Those of a run at its end."""

    all: tuple[Dossier, ...]
    standings: Standings
    as_of: Instant

    def outcomes(
        self, dossier: Dossier, facts: Iterable[Fact], rules: Iterable[Rule], standings: Standings | None = None
    ) -> dict[str, Outcome]:
        """What these rules, of one id, say of a dossier with these facts instead of its own, by issue."""
        found = evaluate(dossier.view(facts), self.standings if standings is None else standings, default(), self.as_of, rules)
        return {each.outcome.issue: each.outcome for each in found.judged}


@cache
def dossiers(workers: int = 120, seed: str = "7", per_rule: int = 3) -> Dossiers:
    """Of a run with every rule's abuses and look-alikes, once a process."""
    run = simulated(workers, seed, per_rule)
    watching = Watching(run.as_of)
    watching.add(event for event in run.sealed() if event["type"] != "oversight.office_heartbeat")
    by_home: dict[str, list[Fact]] = defaultdict(list)
    by_subject: dict[str, list[Fact]] = defaultdict(list)
    for place, fact in watching.published.facts:
        by_home[place].append(fact)
        for subject in {*fact.subjects, *(fact.was.subjects if fact.was else ())}:
            if home(subject) == place:
                by_subject[subject].append(fact)
    found = [Dossier(journey.id, tuple(journey.facts), person.id)
             for place in sorted(by_home) for person in link(place, by_home[place]).people for journey in person.journeys]  # fmt: skip
    found += [Dossier(subject, tuple(facts)) for subject, facts in sorted(by_subject.items()) if ":office:" not in subject]
    return Dossiers(tuple(found), watching._context.standings, run.as_of)


def blank(fact: Fact, *fields: str) -> Fact:
    """The fact without these fields, as an office that left them out would have published it."""
    return msgspec.structs.replace(fact, body={name: value for name, value in fact.body.items() if name not in fields})
