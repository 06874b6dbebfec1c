"""T-LIC-02: an agency that one country has blacklisted holds a licence in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streams.domain.employment import FOREVER
from streams.domain.instants import Instant, local_day
from streams.domain.intelligence import (
    GRADES,
    INTELLIGENCE,
    behind,
    decided_soundly,
    next_lapse,
)
from streams.domain.licences import LICENSING, Phase, phases
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView, evidence
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import days, listed, one_of
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule

_ANY = frozenset({"agency", "destination_agency", "subagent", "employer"})


@dataclass(frozen=True)
class Register:
    """What one country's register says of the party now, and whether it has blacklisted it or will."""

    country: str
    now: Phase
    lists: bool

    @property
    def state(self) -> str:
        return self.now.licence.state


@sums_rule(
    "T-LIC-02", "party", version=1, measures=(), reads=LICENSING | INTELLIGENCE,
    audience=("licensing-authority", "regional-network", "oversight"), severity="P3", action="license_review",
    recommendations=("A11",), indicators=(), standings=LICENSING | INTELLIGENCE,
    next_step="Ask the other authority for its decision and the party for its reply, and review the licence here.",
    basis="A/70/310 p. 20: what one authority finds is shared with those that license; C181 Art. 8(2)",
    parameters={"days": days(), "named_grades": listed(one_of(*GRADES), 1)}, selectors=("jurisdiction",),
)  # fmt: skip
def licence_asymmetry(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A party is blacklisted in one jurisdiction while its licence in another is in force.

    The other authority has the days of the policy row, from when both are so; 0 is the end of that local day. A release, the end
    of either, or a decision there (suspended, cancelled, blacklisted) ends the finding. A licence that has ended is no licence in
    force: who goes on without one is T-LIC-01's. One issue per pair. A blacklisted party of which no other register says anything
    is Insufficient. The regional network reads who it is only where the decision is documented and, if it rests on intelligence,
    that is graded as the row says, the party was heard, and it has not lapsed; else it reads that there is such a party.
    """
    registers = [_register(view, standings, country, as_of) for country in _countries(view, standings)]
    if not any(each.lists for each in registers):
        return
    turn = min((each.now.ends for each in registers if each.now.ends < FOREVER), default=None)
    listings = [each for each in registers if each.state == "blacklisted"]
    if not listings:
        yield Clear(next_at=turn)
    for listing in listings:
        others = [each for each in registers if each is not listing and each.state != "unknown"]
        for other in others:
            yield _judge(view, standings, policy, as_of, listing, other, turn)
        if not others:
            yield Insufficient(issue=listing.country, missing="what the registers of other countries say of it", next_at=turn,
                               evidence=evidence(listing.now.licence.shown))  # fmt: skip


def _countries(view: SumsView, standings: Standings) -> list[str]:
    said = standings.of(view.id, *LICENSING)
    return sorted({country for fact in said if fact.names("holder", view.id) and (country := fact.text("jurisdiction"))})


def _register(view: SumsView, standings: Standings, country: str, as_of: Instant) -> Register:
    found = [phase for phase in phases(standings, view.name, country, _ANY) if as_of < phase.ends]
    return Register(country, found[0], any(phase.licence.state == "blacklisted" for phase in found))


def _judge(
    view: SumsView, standings: Standings, policy: Policy, as_of: Instant, listing: Register, other: Register, turn: Instant | None
) -> Outcome:  # fmt: skip
    issue, shown = f"{listing.country} {other.country}", evidence((*listing.now.licence.shown, *other.now.licence.shown))
    if other.state != "valid":
        return Clear(issue=issue, evidence=shown, next_at=turn)
    began = max(listing.now.begins, other.now.begins)
    row = policy.require("T-LIC-02", local_day(began, other.country), jurisdiction=other.country)
    due = due_after(began, row.whole("days"), other.country)
    if as_of <= due:
        return Clear(issue=issue, evidence=shown, next_at=due + 1 if turn is None else min(due + 1, turn))
    lapses = [next_lapse(behind(fact, standings, view.name), as_of) for fact in listing.now.licence.shown]
    return Finding(
        issue=issue, reason="blacklisted_elsewhere", evidence=shown, policy_rows=(row.id,), since=due,
        summary=f"A party that is blacklisted in {listing.country} holds a licence in {other.country}.",
        due_at=answer_by(due, "P3", other.country), next_at=min((each for each in (turn, *lapses) if each is not None), default=None),
        authority=other.country, parties=(view.name,), unnamed=not _sound(view, standings, as_of, listing, row),
    )  # fmt: skip


def _sound(view: SumsView, standings: Standings, as_of: Instant, listing: Register, row: Row) -> bool:
    papers, grades = listing.now.licence.shown, row.texts("named_grades")
    return any(decided_soundly(fact, standings, view.name, grades, as_of) for fact in papers)
