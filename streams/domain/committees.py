"""Tripartite committees: who was at their meetings, and what they agreed to do. Meetings are standings of the committee's country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.places import home
from streams.domain.standings import Standings

MET = "oversight.committee_met"
ITEM_DONE = "oversight.action_item_done"
PARTIES = ("government", "workers", "employers")
_DUE = re.compile(r"due (\d{4}-\d{2}-\d{2})", re.ASCII)


def absent(meeting: Fact) -> tuple[str, ...]:
    """Which of the three parties were not there."""
    return tuple(party for party in PARTIES if meeting.flag(party) is not True)


def counts(meeting: Fact) -> bool:
    """Whether it was a meeting at all: one without the workers' side is none (domain.md 4.3, B2)."""
    return meeting.flag("workers") is True


def meetings(standings: Standings, place: str) -> Mapping[str, tuple[Fact, ...]]:
    """The meetings of each committee of a country ('place:QA') by its reference, by (time, id)."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in standings.of(place, MET):
        found[fact.text("committee") or ""].append(fact)
    return {reference: tuple(facts) for reference, facts in sorted(found.items())}


def watching(standings: Standings, corridor: str, agreement: str, body: str) -> tuple[Fact, ...]:
    """Meetings of whoever watches over an agreement of a corridor ('place:NP-QA'), in either country, by (time, id)."""
    places = (corridor, f"place:{home(corridor)}", f"place:{corridor[-2:]}")
    found = {fact.id: fact for place in places for fact in standings.of(place, MET)
             if fact.text("agreement") == agreement or (body and fact.text("committee") == body)}  # fmt: skip
    return tuple(sorted(found.values(), key=lambda fact: fact.key))


@dataclass
class Item:
    """One action item: the meetings that agreed on it, when it is due as last stated (ISO day), and what shows that it was done."""

    agreed: list[Fact] = field(default_factory=list)
    due: str = ""
    done: list[Fact] = field(default_factory=list)

    @property
    def since(self) -> Instant:
        """When it was first agreed on."""
        return self.agreed[0].time


def items(standings: Standings, place: str) -> Mapping[tuple[str, str], Item]:
    """The action items of a country's committees by (committee, item)."""
    found: dict[tuple[str, str], Item] = defaultdict(Item)
    for fact in standings.of(place, MET, ITEM_DONE):
        committee = fact.text("committee") or ""
        for line in fact.texts("action_items"):
            reference, due = parsed(line)
            item = found[committee, reference]
            item.agreed.append(fact)
            item.due = due or item.due
        for reference in (*fact.texts("done_items"), *filter(None, [fact.text("item")])):
            found[committee, reference.strip()].done.append(fact)
    return {name: item for name, item in sorted(found.items()) if item.agreed}


def parsed(line: str) -> tuple[str, str]:
    """'A-7 | due 2025-03-01 | what is to be done' -> ('A-7', '2025-03-01'); the day is '' where none is stated."""
    reference, *rest = (part.strip() for part in line.split("|"))
    return reference, next((found[1] for part in rest if (found := _DUE.fullmatch(part))), "")
