"""T-DQ-01: data that cannot be so. The office that published it is asked to correct it; nobody's compliance is read from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from operator import itemgetter

from msgspec import structs

from streams.domain.agreements import AGREEMENTS, EXPIRED, UNKNOWN, Agreement, agreements
from streams.domain.cases import AGREED, FILED, RESTRICTED, WITHDRAWN
from streams.domain.chain import link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.money import Money
from streams.domain.outcomes import Clear, Finding, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.travel import arrival, departure
from streams.domain.views import JourneyView, Review, SumsView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, currency, minor, optional, when
from streams.rules.policy import Policy
from streams.rules.registry import also, journey_rule
from streams.rules.wage_units import beyond_usual, contracts, contradicting, month_wage

EDGE = "recruitment.recruiter_declared"
DEMAND = "recruitment.demand_submitted"
HEARTBEAT = "oversight.office_heartbeat"
NOTIFIED = ("deployment.death_notified", "deployment.injury_notified")

_SUMMARIES = {
    "dated_ahead": "An event is dated more than 24 hours after it was recorded; it moves no clock.",
    "self_loop": "A link of the recruitment chain leads from a party to itself.",
    "arrived_before_departure": "The arrival is dated before the departure.",
    "wage_unit": "A wage is so far from what is usual that its unit or currency must be wrong.",
    "origin_unknown": "The worker's origin is not stated; nothing can be linked until it is.",
    "same_id_other_content": "One event id was published with two contents; both are kept.",
    "two_national_ids": "One identifier is shown by two people with different national ids; they are kept apart.",
    "identifier_of_too_many": "An identifier is shown by too many people to be anybody's; it is ignored.",
    "consent_order": "A consent was withdrawn before it was given; the withdrawal is kept, and takes nothing back.",
    "employer_unknown": "A death or an injury was notified, and not of which employer; it counts for none until that is known.",
    "agreements_overlap": "Two agreements between the same sides of one corridor are in force at the same time; both are kept.",
    "too_many_identifiers": "One person is shown with more identifiers than anybody has.",
}


@journey_rule(
    "T-DQ-01", version=1, reads=(), audience=("satellite-office",), severity="P3", action="verify", weak=True,
    recommendations=("A7", "A12"), indicators=(),
    next_step="Check the record against its paper, and publish a correction that names the event.",
    basis="Data must be right before anything is concluded from it (ICAO 9303, domain.md 4.6)",
    parameters={
        "ratio": count("times", 2), "currency": optional(currency()), "usual_minor": when(minor(1), "currency"),
        "factor": when(count("times", 2), "currency"),
    },
    selectors=("destination",),
)  # fmt: skip
def data_implausible(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """What cannot be so: dated over 24 hours ahead, a party that passed a worker to itself, arrival before departure, a wage
    a hundred times off, one identifier with two people, one event id with two contents, an origin that is not stated,
    a consent withdrawn before it was given; and a death or an injury of which nobody says at whose work: T-DTH-01 counts it for
    no employer, whatever a contract may say. One in the worker's own country need have none.

    One issue per event or identifier scheme. A correction ends the finding. What is shown by complaints is told to restricted
    oversight alone, which asks the office.
    """
    found = [*_reviewed(view), *_dated_ahead(view), *_loops(view), *_order(view), *_wages(view, policy), *_consents(view), *_nobodys(view)]
    yield from found
    if not found:
        yield Clear()


def _finding(view: JourneyView, reason: str, issue: str, facts: Iterable[Fact], row: str = "", events: Iterable[str] = ()) -> Finding:
    """A finding about these facts of the view; `events` adds evidence from another journey."""
    about = sorted(facts, key=lambda fact: fact.key)
    away = next((fact.jurisdiction for fact in about if fact.jurisdiction != view.origin), "")
    found = _about(reason, issue, about, view.origin, view.destination or away, row)
    return structs.replace(
        found, evidence=tuple(sorted({*found.evidence, *events})),
        channel=RESTRICTED if any(fact.type.startswith("complaint.") for fact in about) else "",
    )  # fmt: skip


def _about(reason: str, issue: str, facts: list[Fact], country: str, destination: str = "", row: str = "") -> Finding:
    """What cannot be so of these facts; `country` is where those sit who are to mend it."""
    recorded = min(fact.recorded for fact in facts)
    return Finding(
        issue=f"{reason}:{issue}" if issue else reason, reason=reason, summary=_SUMMARIES[reason], evidence=evidence(facts),
        policy_rows=(row,) if row else (), since=recorded, due_at=answer_by(recorded, "P3", country), destination=destination,
        parties=tuple(sorted({fact.office for fact in facts})),
    )  # fmt: skip


def _reviewed(view: JourneyView) -> Iterator[Finding]:
    """What linking could not decide; reviews of one kind and identifier scheme are one issue."""
    same: dict[tuple[str, str], list[Review]] = defaultdict(list)
    for review in view.reviews:
        same[review.reason, review.token or review.evidence[0]].append(review)
    for (reason, issue), reviews in sorted(same.items()):
        events = {event_id for review in reviews for event_id in review.evidence}
        mine = [fact for fact in view.known if fact.event_id in events]
        if mine:
            yield _finding(view, reason, issue, mine, events=events)


def _dated_ahead(view: JourneyView) -> Iterator[Finding]:
    for fact in view.in_force:
        if fact.implausible:
            yield _finding(view, "dated_ahead", view.root(fact), [fact])


def _loops(view: JourneyView) -> Iterator[Finding]:
    for fact in view.of(EDGE):
        if _is_loop(fact):
            yield _finding(view, "self_loop", view.root(fact), [fact])


def _is_loop(fact: Fact) -> bool:
    each = link(fact)
    return each is not None and each.loop


def _order(view: JourneyView) -> Iterator[Finding]:
    departed, arrived = departure(view), arrival(view)
    if departed is not None and arrived is not None and arrived.time < departed.time:
        yield _finding(view, "arrived_before_departure", "", [departed, arrived])


def _consents(view: JourneyView) -> Iterator[Finding]:
    """To the embassy the complaint itself is consent; an employer's is no worker's."""
    if not (withdrawn := view.of(WITHDRAWN)):
        return
    given = [fact for fact in view.of(AGREED, FILED) if fact.type == AGREED or fact.text("complainant_role") not in ("employer", "agency")]
    for taken in withdrawn:
        scope, case = taken.text("scope"), taken.refs.case
        before = [fact for fact in given if fact.time <= taken.time and (case is None or fact.refs.case in (None, case))]
        if not any(fact.text("scope") == scope or (fact.type == FILED and scope == "embassy") for fact in before):
            yield _finding(view, "consent_order", view.root(taken), [taken])


def _nobodys(view: JourneyView) -> Iterator[Finding]:
    for fact in view.of(*NOTIFIED):
        if fact.text("employer") is None and fact.text("country") != view.origin:
            yield _finding(view, "employer_unknown", view.root(fact), [fact])


def _wages(view: JourneyView, policy: Policy) -> Iterator[Finding]:
    facts, country = contracts(view), view.destination
    beyond = list(_beyond(view, policy, facts))
    yield from beyond
    if facts and not beyond:
        day = local_day(facts[0].time, view.origin).isoformat()
        row, pair = contradicting(policy, facts, day, country)
        if row is not None:
            yield _finding(view, "wage_unit", "contracts", pair, row.id)


def _beyond(view: JourneyView, policy: Policy, facts: Iterable[Fact]) -> Iterator[Finding]:
    for fact in facts:
        wage, country = month_wage(fact), fact.text("country") or view.destination
        day = local_day(fact.time, view.origin).isoformat()
        row = beyond_usual(policy, wage, day, country, fact.text("isco") or "") if wage is not None else None
        if row is not None:
            yield _finding(view, "wage_unit", view.root(fact), [fact], row.id)


# The same for facts that are about no worker: in the dossier of the demand, the party or else the office that they name.

_WORKERLESS = frozenset({*NOTIFIED, DEMAND, "oversight.demand_attested", "oversight.demand_rejected", HEARTBEAT,
                         "visa.visa_block_issued", "oversight.inspection_done", "oversight.spot_check_done"})  # fmt: skip


def _may_be_workerless(event_type: str) -> bool:
    return event_type in _WORKERLESS or event_type == EDGE or event_type.startswith("licensing.")


def _shown(fact: Fact, subject: str) -> bool:
    """Whether this dossier is the one that shows a fact: it is about no worker, and the subject is what it is about."""
    if fact.about_worker or not _may_be_workerless(fact.type):
        return False
    office = f"party:{fact.office}"
    rank = {"demand": 0, "party": 1}
    named = [each for each in fact.subjects if each.partition(":")[0] in rank]
    return subject == min(named, key=lambda each: (each == office, rank[each.partition(":")[0]], each), default="")


def _ahead_keys(fact: Fact, subject: str) -> Iterable[Key]:
    return ((fact.corrects or fact.event_id, fact.office, fact.recorded),) if fact.implausible and _shown(fact, subject) else ()


def _loop_keys(fact: Fact, subject: str) -> Iterator[Key]:
    if _is_loop(fact) and _shown(fact, subject):
        yield fact.corrects or fact.event_id, fact.office, fact.recorded


def _id_keys(fact: Fact, subject: str) -> Iterable[Key]:
    """Contents in force by event id; an office's signs of life and a party's links are too many to be looked through."""
    if fact.type == HEARTBEAT or (fact.type == EDGE and subject.startswith("party:")) or not _shown(fact, subject):
        return ()
    return ((fact.event_id, fact.office, fact.recorded, fact.id),)


def _wage_keys(fact: Fact, subject: str) -> Iterator[Key]:
    wage = month_wage(fact)
    if wage is not None and subject.startswith("demand:"):
        country, isco = fact.text("country") or "", fact.text("isco") or ""
        yield fact.corrects or fact.event_id, fact.office, fact.recorded, country, isco, wage.currency, wage.minor


def _nobodys_keys(fact: Fact, subject: str) -> Iterable[Key]:
    nobodys = fact.text("employer") is None and _shown(fact, subject)
    return ((fact.corrects or fact.event_id, fact.office, fact.recorded),) if nobodys else ()


AHEAD = Measure("dated_ahead", frozenset(), _ahead_keys)
LOOPS = Measure("self_loops", frozenset({EDGE}), _loop_keys)
IDS = Measure("same_ids", frozenset(), _id_keys)
NOBODYS = Measure("employer_unknown", frozenset(NOTIFIED), _nobodys_keys)
WAGES = Measure("demand_wages", frozenset({DEMAND}), _wage_keys)


def _plain(view: SumsView, reason: str, measure: Measure, key: Key, row: str = "") -> Finding:
    event_id, office, recorded = str(key[0]), str(key[1]), int(key[2])
    place = office[:2]
    return Finding(
        issue=f"{reason}:{event_id}", reason=reason, summary=_SUMMARIES[reason], evidence=view.sums.evidence(measure.name, key),
        policy_rows=(row,) if row else (), since=recorded, due_at=answer_by(recorded, "P3", view.home),
        origin=view.home, destination=str(key[3]) if measure is WAGES else place if place != view.home else "", parties=(office,),
    )  # fmt: skip


def _odd(view: SumsView) -> Iterator[Finding]:
    """What a demand and a party have in common. Nothing is looked through of which no fact came that could be in it."""
    if not any(map(_may_be_workerless, view.types)):
        return
    for measure, reason in ((AHEAD, "dated_ahead"), (LOOPS, "self_loop")):
        for key in view.sums.keys(measure.name) if measure is AHEAD or EDGE in view.types else ():
            yield _plain(view, reason, measure, key)
    for _, contents in groupby(view.sums.keys(IDS.name), key=itemgetter(0, 1)):
        first, *others = contents
        if others:
            yield _plain(view, "same_id_other_content", IDS, first)


@also("T-DQ-01", "demand", measures=(AHEAD, LOOPS, IDS, WAGES))
def demand_implausible(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """On a demand: dated ahead, passed by a recruiter to itself, one id with two contents, an offered wage in a wrong unit."""
    yield from _odd(view)
    for key in view.sums.keys(WAGES.name) if DEMAND in view.types else ():
        day = local_day(int(key[2]), view.home).isoformat()
        row = beyond_usual(policy, Money(str(key[5]), int(key[6])), day, str(key[3]), str(key[4]))
        if row is not None:
            yield _plain(view, "wage_unit", WAGES, key, row.id)


@also("T-DQ-01", "party", measures=(AHEAD, LOOPS, IDS, NOBODYS))
def party_implausible(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """On a party or an office: dated ahead, a link of a party to itself, one id with two contents, a notice of nobody's employer."""
    yield from _odd(view)
    for key in view.sums.keys(NOBODYS.name) if not view.types.isdisjoint(NOTIFIED) else ():
        yield _plain(view, "employer_unknown", NOBODYS, key)


@also("T-DQ-01", "place", reads=AGREEMENTS, standings=AGREEMENTS)
def agreements_implausible(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """On a corridor: two agreements between the same sides whose terms overlap. Which of them holds, whoever signed must say.

    Both are kept, and either is an agreement in force. One that begins where another ends does not overlap; nor do an agreement of
    governments and one of unions, or terms under one reference. A memorandum that does not say between whom it is, is left out.
    """
    for first, second in combinations(agreements(standings, view.id), 2):
        if first.parties == second.parties != UNKNOWN and _overlap(first, second):
            facts = [fact for each in (first, second) for fact in each.facts if fact.type != EXPIRED]
            yield _about("agreements_overlap", f"{first.reference}|{second.reference}", facts, view.home)


def _overlap(first: Agreement, second: Agreement) -> bool:
    return any(max(begins, other) < min(ends, end) for begins, ends in first.spans for other, end in second.spans)
