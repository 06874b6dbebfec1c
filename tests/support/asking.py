"""Rules that look up standings of subjects which their dossiers do not name: a corridor, a related party, another's employer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.licences import LINKED, linked_at
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Measure
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules.policy import Policy
from streams.rules.registry import Rule

DEPARTED, SUBMITTED, RENEWED = "deployment.departed", "recruitment.demand_submitted", "licensing.agency_renewed"
SHARED, BLA, FOCAL, ATTESTED = ("licensing.intelligence_shared", "oversight.bla_signed", "oversight.focal_designated",
                                "oversight.demand_attested")  # fmt: skip


def _said(found: tuple[Fact, ...], reason: str) -> Outcome:
    return Finding(reason=reason, summary="s", evidence=evidence(found)) if found else Clear()


def by_the_corridor(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What was agreed on the corridor, and who is the contact at the other end."""
    yield _said((*standings.of(f"place:{view.origin}-{view.destination}", BLA), *standings.of(f"place:{view.destination}", FOCAL)), "place")


def by_the_related(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What the register says of those for whom this party is a sub-agent, and of those behind them: names that only standings have."""
    reached, open_ends = set[str](), [view.name]
    while open_ends:
        party = open_ends.pop()
        for link in linked_at(standings, party, "NP", as_of):
            principal = link.text("principal") or ""
            open_ends += [principal] if principal not in reached else []
            reached.add(principal)
    yield _said(tuple(f for party in sorted(reached) for f in standings.of(f"party:{party}", RENEWED, SHARED)), "related")


def by_the_firm(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What was attested for an employer that another office alone has told of."""
    yield _said(standings.of("party:QA:cr:9", ATTESTED), "attested")


NOTHING = Measure("nothing", frozenset({SUBMITTED, LINKED}), lambda fact, subject: ())
PLAIN: dict[str, Any] = {"version": 1, "audience": ("embassy",), "action": "verify", "next_step": "n", "severity": "P3", "basis": "b",
                         "recommendations": ()}  # fmt: skip
ASKING = (
    Rule(id="T-A", harm="a", kind="journey", check=by_the_corridor, reads=frozenset({DEPARTED}), **PLAIN),
    Rule(id="T-B", harm="b", kind="party", check=by_the_related, reads=NOTHING.reads, measures=(NOTHING,), **PLAIN),
    Rule(id="T-C", harm="c", kind="demand", check=by_the_firm, reads=NOTHING.reads, measures=(NOTHING,), **PLAIN),
)
