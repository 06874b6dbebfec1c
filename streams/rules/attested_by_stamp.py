"""T-ATT-02: a mission stamped the demand of an employer that it does not know, or that is known to be a high risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.names import subject_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings, valid_at
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import flag
from streams.rules.policy import Policy
from streams.rules.registry import also, sums_rule

SUBMITTED, ATTESTED, ASSESSED = "recruitment.demand_submitted", "oversight.demand_attested", "licensing.party_risk_assessed"
STAMP = "stamp"
_SUMMARIES = {
    "stamped_for_a_new_employer": "The demand of an employer without any earlier one was attested by a stamp alone.",
    "stamped_at_high_risk": "The demand of a party at high risk was attested by a stamp alone.",
}


def _attested(fact: Fact, subject: str) -> Iterator[Key]:
    """(when, demand, depth, agency, origin of the mission) of an attestation that names the employer."""
    if fact.names("employer", subject) and not fact.implausible:
        yield _of(fact)


def _of(fact: Fact) -> tuple[str | int, ...]:
    return fact.time, fact.text("demand") or "", fact.text("depth") or "", fact.text("agency") or "", fact.jurisdiction


def _submitted(fact: Fact, subject: str) -> Iterator[Key]:
    """(when, demand) of what the employer asked for."""
    if fact.names("employer", subject) and fact.refs.demand and not fact.implausible:
        yield fact.time, fact.refs.demand


def _nameless(fact: Fact, subject: str) -> Iterator[Key]:
    if subject == f"demand:{fact.text('demand')}" and fact.text("employer") is None and not fact.implausible:
        yield _of(fact)


def _employers(fact: Fact, subject: str) -> Iterator[Key]:
    employer = fact.text("employer")
    if employer and subject == f"demand:{fact.refs.demand}" and not fact.implausible:
        yield (subject_key(f"party:{employer}"),)


GIVEN = Measure("attestation.depth", frozenset({ATTESTED}), _attested, told=True)
ORDERS = Measure("attestation.orders", frozenset({SUBMITTED}), _submitted)
NAMELESS = Measure("attestation.nameless", frozenset({ATTESTED}), _nameless)
EMPLOYERS = Measure("attestation.employers", frozenset({SUBMITTED}), _employers)


def tell_employer(view: SumsView) -> Iterator[tuple[str, str, Key, tuple[str, ...]]]:
    """A demand's dossier tells its employer of attestations that name none."""
    if view.kind == "demand":
        for key in view.sums.keys(NAMELESS.name):
            for (employer,) in view.sums.keys(EMPLOYERS.name):
                yield str(employer), GIVEN.name, key, view.sums.evidence(NAMELESS.name, key)


@dataclass(frozen=True)
class Attested:
    """One attestation of a demand; `key` is its key in the measure."""

    key: Key
    time: Instant
    demand: str
    depth: str
    agency: str
    mission: str


@sums_rule(
    "T-ATT-02", "party", version=1, measures=(GIVEN, ORDERS), audience=("focal-office",), severity="P3", action="verify",
    recommendations=("A7", "B1"), indicators=(), standings=(ASSESSED,),
    next_step="Ask the mission to visit the employer, or to call it, before workers are cleared for the demand.",
    basis="Demands attested as seen at the embassy alone (Nepal, S12b)",
    parameters={"register_published": flag()}, selectors=("jurisdiction",),
)  # fmt: skip
def attested_by_stamp(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A demand was attested by a stamp alone, of an employer that had none before, or where employer or agency was a high risk.

    An employer is new when no earlier demand of it was submitted or attested and the policy row says that its country's register
    is published whole into this system: else the absence of an earlier one tells nothing. The risk is what the authority's latest
    assessment of employer or agency by then says, while it holds. A look at the papers, a call or a visit, also a later one, ends
    it. One issue per demand, judged by its first stamp. Whether it is new and what its risk is, where that decides, is Insufficient.
    """
    given = [Attested(key, int(key[0]), *(str(part) for part in key[1:])) for key in view.happened(GIVEN)]
    known = [(each.time, each.demand) for each in given] + [(int(key[0]), str(key[1])) for key in view.happened(ORDERS)]
    for demand in sorted({each.demand for each in given}):
        mine = [each for each in given if each.demand == demand]
        if all(each.depth == STAMP for each in mine):
            earlier = any(time < mine[0].time and other != demand for time, other in known)
            yield _judge(view, standings, policy, mine[0], earlier)
        else:
            yield Clear(issue=demand, evidence=_shown(view, *mine))


@also("T-ATT-02", "demand", measures=(NAMELESS, EMPLOYERS), tells=tell_employer)
def stamped_for_nobody(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A demand of which nobody said whose it is: its employer's dossier judges all others."""
    given = view.happened(NAMELESS)
    if given and all(key[2] == STAMP for key in given) and view.sums.first(EMPLOYERS.name) is None:
        yield Insufficient(missing="the demand's employer", evidence=view.sums.evidence(NAMELESS.name, given[0]))


def _judge(view: SumsView, standings: Standings, policy: Policy, stamp: Attested, earlier: bool) -> Outcome:
    row = policy.require("T-ATT-02", local_day(stamp.time, view.home), jurisdiction=view.home)
    assessed = [found for party in (view.name, stamp.agency) if party and (found := _risk(standings, party, stamp.time)) is not None]
    high = [fact for fact in assessed if fact.text("risk") == "high"]
    new = not earlier and row.flag("register_published")
    if high or new:
        return _finding(view, stamp, row.id, "stamped_at_high_risk" if high else "stamped_for_a_new_employer", high)
    if not earlier:
        return Insufficient(issue=stamp.demand, missing="whether the employer is new", evidence=_shown(view, stamp))
    if not any(fact.names("party", view.id) for fact in assessed):
        return Insufficient(issue=stamp.demand, missing="the employer's risk", evidence=_shown(view, stamp))
    return Clear(issue=stamp.demand, evidence=_shown(view, stamp))


def _risk(standings: Standings, party: str, instant: Instant) -> Fact | None:
    """The latest assessment of a party by an instant that still held then."""
    subject = subject_key(f"party:{party}")
    said = [fact for fact in standings.of(subject, ASSESSED) if fact.names("party", subject) and fact.time <= instant]
    return said[-1] if said and valid_at(said[-1], instant, said[-1].jurisdiction) else None


def _shown(view: SumsView, *given: Attested) -> tuple[str, ...]:
    return tuple(sorted({event for each in given for event in view.sums.evidence(GIVEN.name, each.key)}))


def _finding(view: SumsView, stamp: Attested, row: str, reason: str, high: list[Fact]) -> Finding:
    origin = stamp.mission if stamp.mission != view.home else home(f"demand:{stamp.demand}")
    return Finding(
        issue=stamp.demand, reason=reason, summary=_SUMMARIES[reason], policy_rows=(row,), since=stamp.time,
        evidence=tuple(sorted({*_shown(view, stamp), *(fact.event_id for fact in high)})),
        due_at=answer_by(stamp.time, "P3", origin), origin=origin, destination=view.home,
        parties=tuple(sorted({view.name, stamp.agency} - {""})),
    )  # fmt: skip
