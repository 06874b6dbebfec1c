"""T-CHN-06: a job order held by one agency, whose workers others process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from streams.domain.chain import DECLARED, link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, start_of_day
from streams.domain.names import UNREGISTERED, is_person, party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule

SUBMITTED = "recruitment.demand_submitted"
ATTESTED = "oversight.demand_attested"
CLEARED = "visa.clearance_issued"
# What an agency does for one worker of a job order.
PROCESSED = frozenset({"recruitment.worker_registered", CLEARED, "recruitment.contract_offered",
                       "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin"})  # fmt: skip
_OFFICIAL = frozenset({"employer", "office"})


def _held(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key, agency, destination) of who holds a job order."""
    agency = fact.text("agency")
    if agency and not is_person(agency) and not fact.implausible:
        yield fact.day(subject), party_key(agency), agency, fact.text("country") or ""


def _partners(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key) of recruiters that the employer or an office declared on the job order."""
    each = link(fact)
    if each is None or each.loop or fact.implausible or fact.about_worker or fact.text("declared_by") not in _OFFICIAL:
        return
    for agency in sorted({each.source, each.target, each.works_for} - {""}):
        if not is_person(agency):
            yield fact.day(subject), party_key(agency)


def _processed(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key, agency) of who processed a worker; '' for a clearance that names nobody. A person is no agency."""
    agency = fact.text("agency") or ""
    if not fact.implausible and not is_person(agency) and (agency or fact.type == CLEARED):
        yield fact.day(subject), party_key(agency) if agency else "", agency


Done = tuple[str, str, str]  # day (ISO), the agency's key, the agency

HELD = Measure("order.held", frozenset({SUBMITTED, ATTESTED}), _held)
PARTNERS = Measure("order.partners", frozenset({DECLARED}), _partners)
DONE = Measure("order.processed", PROCESSED, _processed)


@sums_rule(
    "T-CHN-06", "demand", version=1, measures=(HELD, PARTNERS, DONE), audience=("licensing-authority", "embassy"), severity="P2",
    action="license_review", recommendations=("B1", "B4"), indicators=("deception",),
    next_step="Ask the holder of the job order by what agreement the others process its workers, and who answers to them.",
    basis="Job-order farming [S22h]; A/70/310 p. 15: agencies formally establish relations with subcontractors",
    parameters={"agencies": count("agencies")}, selectors=("jurisdiction",),
)  # fmt: skip
def job_order_farmed_out(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Two or more agencies that are no party to a job order register, contract or clear its workers.

    Party to it is who holds it (as submitted or attested) and whom its employer or an office declared on it; spelling
    variants are one agency. With the holder unknown, clearances that name no agency, or a party
    known by its name alone, where they decide, it is Insufficient.
    """
    done = [(str(day), str(key), str(agency)) for day, key, agency in view.happened(DONE)]
    holders = list(view.happened(HELD))
    known = {str(key[1]) for key in (*holders, *view.happened(PARTNERS))}
    if done:
        yield _judge(view, policy, done, holders, known)
    elif view.sums.first(DONE.name) is not None:
        yield Clear()


def _judge(view: SumsView, policy: Policy, happened: list[Done], holders: list[Key], known: set[str]) -> Outcome:
    """`known` are the keys of the agencies that are party to the order."""
    others = [each for each in happened if each[1] and each[1] not in known]
    shown = _shown(view, others or happened, holders)
    row = policy.require("T-CHN-06", happened[-1][0], jurisdiction=view.home)
    many, unnamed = len({key for _, key, _ in others}), sum(view.sums.count(DONE.name, each) for each in happened if not each[1])
    if not holders:
        return Insufficient(missing="the agency that holds the job order", evidence=shown)
    doubtful = sum(key.startswith(UNREGISTERED) for key in known)  # party by name alone: any of the others may be that one
    if many - doubtful >= row.whole("agencies"):
        return _finding(view, holders, others, row, shown)
    if many + unnamed >= row.whole("agencies"):
        return Insufficient(missing="which agencies processed the workers, and which are party to the order", evidence=shown)
    return Clear(evidence=shown)


def _shown(view: SumsView, done: list[Done], holders: list[Key]) -> tuple[str, ...]:
    """The least event of each agency, and those that say who holds the order, sorted."""
    first = {key: (day, key, agency) for day, key, agency in reversed(done)}
    held = {event for key in holders for event in view.sums.evidence(HELD.name, key, 1)}
    return tuple(sorted(held.union(*(view.sums.evidence(DONE.name, key, 1) for key in first.values()))))


def _finding(view: SumsView, holders: list[Key], others: list[Done], row: Row, shown: tuple[str, ...]) -> Finding:
    firsts = sorted({key: day for day, key, _ in reversed(others)}.values())
    began = start_of_day(firsts[row.whole("agencies") - 1], view.home)
    country = min(str(key[2]) for key in holders)[:2]
    return Finding(
        reason="processed_by_others", evidence=shown, policy_rows=(row.id,), since=began,
        summary=f"{len(firsts)} agencies that are no party to the job order process its workers.",
        due_at=answer_by(began, "P2"), origin=country, authority=country,
        destination=next((str(key[3]) for key in holders if key[3]), ""),
        parties=tuple(sorted({str(key[2]) for key in holders} | {agency for _, _, agency in others})),
    )  # fmt: skip
