"""T-CHN-06: a job order held by one agency, whose workers others process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from streams.domain.chain import DECLARED, link
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day, start_of_day
from streams.domain.names import is_person, party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule

SUBMITTED = "recruitment.demand_submitted"
ATTESTED = "oversight.demand_attested"
# What an agency does for one worker of a job order.
PROCESSED = frozenset({"recruitment.worker_registered", "visa.clearance_issued", "recruitment.contract_offered",
                       "oversight.contract_registered_origin", "oversight.contract_acknowledged_origin"})  # fmt: skip
_OFFICIAL = frozenset({"employer", "office"})


def _held(fact: Fact, subject: str) -> Iterable[Key]:
    """(agency's key, agency, destination) of who holds a job order."""
    agency = fact.text("agency")
    if agency and not fact.implausible:
        yield party_key(agency), agency, fact.text("country") or ""


def _partners(fact: Fact, subject: str) -> Iterable[Key]:
    """(agency's key,) of recruiters that the employer or an office declared on the job order."""
    each = link(fact)
    if each is None or fact.implausible or fact.worker is not None or fact.text("declared_by") not in _OFFICIAL:
        return
    for agency in sorted({each.target, each.works_for} - {""}):
        if not is_person(agency):
            yield (party_key(agency),)


def _processed(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, agency's key, agency) for each agency that processed a worker; '' where the fact does not name it."""
    agency = fact.text("agency")
    if not fact.implausible and (agency or fact.type == "visa.clearance_issued"):
        yield local_day(fact.time, home(subject)).isoformat(), party_key(agency) if agency else "", agency or ""


Done = tuple[str, str, str]  # day (ISO), the agency's key, the agency

HELD = Measure("order.held", frozenset({SUBMITTED, ATTESTED}), _held)
PARTNERS = Measure("order.partners", frozenset({DECLARED}), _partners)
DONE = Measure("order.processed", PROCESSED, _processed)


@sums_rule(
    "T-CHN-06", "demand", version=1, measures=(HELD, PARTNERS, DONE), audience=("licensing-authority", "embassy"), severity="P2",
    action="license_review", recommendations=("B1", "B4"), indicators=("deception",),
    next_step="Ask the holder of the job order by what agreement the others process its workers, and who answers to them.",
    basis="Job-order farming [S22h]; A/70/310 p. 15: agencies formally establish relations with subcontractors",
)  # fmt: skip
def job_order_farmed_out(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Two or more agencies that are no party to a job order register, contract or clear its workers.

    Party to it is who holds it (as submitted or attested) and whom its employer or an office declared on it; spelling
    variants are one agency. With the holder unknown, or clearances that name no agency, it is Insufficient.
    """
    today = local_day(as_of, view.home).isoformat()
    done = [(str(day), str(key), str(agency)) for day, key, agency in view.sums.keys(DONE.name)]
    later = [day for day, _, _ in done if day > today]
    next_at = start_of_day(min(later), view.home) if later else None
    happened = [each for each in done if each[0] <= today]
    if not happened:
        if later:
            yield Clear(next_at=next_at)
        return
    holders = list(view.sums.keys(HELD.name))
    partners = {str(key[0]) for key in (*holders, *view.sums.keys(PARTNERS.name))}
    others = [each for each in happened if each[1] and each[1] not in partners]
    shown = _shown(view, others or happened)
    row = policy.require("T-CHN-06", happened[-1][0], jurisdiction=view.home)
    many = len({key for _, key, _ in others})
    if not holders:
        yield Insufficient(missing="the agency that holds the job order", next_at=next_at, evidence=shown)
    elif many >= row.whole("agencies"):
        yield _finding(view, holders, others, row, next_at)
    elif many + sum(not key for _, key, _ in happened) >= row.whole("agencies"):
        yield Insufficient(missing="the agencies that processed the workers", next_at=next_at, evidence=shown)
    else:
        yield Clear(next_at=next_at, evidence=shown)


def _shown(view: SumsView, done: list[Done]) -> tuple[str, ...]:
    """The least event of each agency, and those that say who holds the order, sorted."""
    first = {key: (day, key, agency) for day, key, agency in reversed(done)}
    held = {event for key in view.sums.keys(HELD.name) for event in view.sums.evidence(HELD.name, key, 1)}
    return tuple(sorted(held.union(*(view.sums.evidence(DONE.name, key, 1) for key in first.values()))))


def _finding(view: SumsView, holders: list[Key], others: list[Done], row: Row, next_at: Instant | None) -> Finding:
    firsts = sorted({key: day for day, key, _ in reversed(others)}.values())
    began = start_of_day(firsts[row.whole("agencies") - 1], view.home)
    country = str(holders[0][1])[:2]
    return Finding(
        reason="processed_by_others", evidence=_shown(view, others), policy_rows=(row.id,), since=began, next_at=next_at,
        summary=f"{len(firsts)} agencies that are no party to the job order process its workers.",
        due_at=answer_by(began, "P2"), origin=country, authority=country,
        destination=next((str(key[2]) for key in holders if key[2]), ""),
        parties=tuple(sorted({str(key[1]) for key in holders} | {agency for _, _, agency in others})),
    )  # fmt: skip
