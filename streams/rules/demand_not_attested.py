"""T-ATT-01: workers were cleared for an employer's demand that no mission had attested, where the origin requires it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule

SUBMITTED = "recruitment.demand_submitted"
ATTESTED = "oversight.demand_attested"
CLEARED = "visa.clearance_issued"
UNKNOWN = -1  # jobs that nobody stated


def _named(fact: Fact) -> str:
    """The demand a fact is about; '' when it names none."""
    return fact.text("demand") or fact.refs.demand or ""


def _about(fact: Fact, subject: str) -> bool:
    """Whether this dossier judges or passes on the fact: its employer's, or its demand's."""
    return subject in (f"party:{fact.text('employer')}", f"demand:{_named(fact)}")


def _demands(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        jobs = fact.number("jobs")
        stated = UNKNOWN if jobs is None else int(jobs)
        yield _named(fact), fact.time, stated, fact.text("isco") or "", fact.text("sex") or "", fact.text("employer") or ""


def _attested(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        yield _named(fact), fact.text("employer") or ""


def _cleared(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        origin = fact.worker.origin if fact.worker is not None and fact.worker.origin else fact.jurisdiction
        day = local_day(fact.time, origin).isoformat()
        yield _named(fact), day, origin, fact.text("country") or "", fact.text("isco") or "", fact.text("employer") or ""


def _used(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        yield (_named(fact),)


DEMANDS = Measure("attestation_demands", frozenset({SUBMITTED}), _demands)
GIVEN = Measure("attestation_given", frozenset({ATTESTED}), _attested)
CLEARANCES = Measure("attestation_clearances", frozenset({CLEARED}), _cleared)
USED = Measure("attestation_used", frozenset({CLEARED}), _used)  # which demands have clearances: few keys to look through


# Only told: a demand that this employer's clearances use is another employer's, whose dossier judges it.
ELSEWHERE = Measure("attestation_elsewhere", frozenset({SUBMITTED}), lambda fact, subject: ())


def tell_employer(view: SumsView) -> Iterator[tuple[str, str, Key, tuple[str, ...]]]:
    """A demand's dossier tells its employer what names the demand alone, or another employer; that other one, whose it is."""
    if view.kind != "demand":
        return
    submitted, cleared = _employers(view.sums, DEMANDS), _employers(view.sums, CLEARANCES)
    for measure in (GIVEN.name, CLEARANCES.name):
        for key in view.sums.keys(measure):
            for employer in sorted((submitted or cleared) - {str(key[-1])}):
                shown = view.sums.evidence(measure, key)
                yield f"party:{employer}", measure, (*key[:-1], employer), shown
                if measure == CLEARANCES.name:
                    yield f"party:{employer}", USED.name, (key[0],), shown
    for employer in sorted(cleared - submitted) if submitted else ():
        for key in view.sums.keys(USED.name):
            yield f"party:{employer}", ELSEWHERE.name, key, view.sums.evidence(USED.name, key)


def _employers(sums: Sums, measure: Measure) -> set[str]:
    return {str(key[-1]) for key in sums.keys(measure.name)} - {""}


@dataclass
class _Demand:
    """One demand as the employer's dossier knows it. `sizes` are (submitted at, jobs)."""

    sizes: list[tuple[Instant, int]] = field(default_factory=list)
    isco: str = ""
    sex: str = ""
    keys: list[Key] = field(default_factory=list)


@sums_rule(
    "T-ATT-01", "party", version=1, measures=(DEMANDS, GIVEN, CLEARANCES, USED, ELSEWHERE), audience=("embassy", "satellite-office"),
    severity="P3", action="verify", recommendations=("A7", "B1"), indicators=("deception",),
    next_step="Ask the employer for the demand's papers, visit the work site, and attest the demand or refuse it.",
    basis="Attestation of demands by the mission at destination, where the law of the origin requires it (Bangladesh, S15)",
)  # fmt: skip
def demand_not_attested(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker was cleared for a demand without attestation, where the policy row of the clearance day requires it.

    The day is the origin's local day. An employer's demands submitted by that day are added up against the row's size,
    so that none is split below it; a row may be narrowed by sex and occupation. Attested later, the finding ends. One
    issue per demand. A size that nobody stated, where it decides, is Insufficient; so is a clearance without a demand.
    """
    demands = _by_demand(view.sums)
    for key in view.sums.keys(USED.name):
        if not view.sums.count(ELSEWHERE.name, key):
            yield _judge(view, policy, as_of, str(key[0]), demands)


@also("T-ATT-01", "demand", measures=(DEMANDS, GIVEN, CLEARANCES, USED), tells=tell_employer)
def demand_of_nobody(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Clearances of a demand whose employer nobody stated: the employer's dossier cannot judge them."""
    cleared = list(view.sums.keys(CLEARANCES.name))
    stated = any(key[-1] for measure in (DEMANDS, CLEARANCES) for key in view.sums.keys(measure.name))
    if not cleared or stated or next(iter(view.sums.keys(GIVEN.name)), None) is not None:
        return
    if any(_required(row) for key in cleared if (row := _row(policy, key, "", "")) is not None):
        yield Insufficient(missing="the demand's employer and size", evidence=view.sums.evidence(CLEARANCES.name, cleared[0]))


def _by_demand(sums: Sums) -> dict[str, _Demand]:
    found: dict[str, _Demand] = defaultdict(_Demand)
    for key in sums.keys(DEMANDS.name):
        demand = found[str(key[0])]
        demand.sizes.append((int(key[1]), int(key[2])))
        demand.isco, demand.sex = str(key[3]) or demand.isco, str(key[4]) or demand.sex
        demand.keys.append(key)
    return dict(found)


def _row(policy: Policy, clearance: Key, isco: str, sex: str) -> Row | None:
    _, day, origin, destination, cleared_for, _ = (str(part) for part in clearance)
    return policy.row("T-ATT-01", day, origin=origin, destination=destination, isco=cleared_for or isco, sex=sex)


def _required(row: Row | None) -> bool:
    return row is not None and row.flag("required")


def _judge(
    view: SumsView, policy: Policy, as_of: Instant, name: str, demands: dict[str, _Demand]
) -> Outcome:
    given = [key for key in view.sums.keys(GIVEN.name, (name,)) if name]
    if given:
        return Clear(issue=name, evidence=view.sums.evidence(GIVEN.name, given[0]))
    demand, doubt, waiting = demands.get(name, _Demand()), False, None
    for key in view.sums.keys(CLEARANCES.name, (name,)):
        row = _row(policy, key, demand.isco, demand.sex)
        if row is None or not _required(row):
            continue
        day, origin = str(key[1]), str(key[2])
        if (begins := start_of_day(day, origin)) > as_of:
            waiting = begins if waiting is None else min(waiting, begins)
            continue
        reached = _exceeds(row.whole("above"), _sizes(demands, name, day, origin, view.home))
        if reached and name:
            return _finding(view, name, demand, key, row)
        doubt = doubt or reached is not False
    if doubt:
        missing = "the demand's size" if name else "the demand that a clearance uses"
        return Insufficient(issue=name, missing=missing, evidence=view.sums.evidence(USED.name, (name,)), next_at=waiting)
    return Clear(issue=name, next_at=waiting)


def _sizes(demands: dict[str, _Demand], used: str, day: str, origin: str, destination: str) -> Iterable[int]:
    """Jobs of the employer's demands submitted by a local day and of the one used; those of another origin's are left out."""
    latest = end_of_day(day, origin)
    for name, demand in demands.items():
        stated = [jobs for submitted, jobs in demand.sizes if submitted < latest or name == used]
        if stated and (name == used or home(f"demand:{name}") in (origin, destination)):
            yield max(stated)


def _exceeds(above: int, sizes: Iterable[int]) -> bool | None:
    """Whether the sizes add up to more than `above`; None when those unknown could decide. A clearance is one job at least."""
    if above <= 0:
        return True
    listed = list(sizes)
    if sum(jobs for jobs in listed if jobs != UNKNOWN) > above:
        return True
    return None if UNKNOWN in listed or not listed else False


def _finding(view: SumsView, name: str, demand: _Demand, clearance: Key, row: Row) -> Finding:
    _, day, origin, destination, _, _ = (str(part) for part in clearance)
    began = start_of_day(day, origin)
    shown = {event for key in demand.keys for event in view.sums.evidence(DEMANDS.name, key)}
    return Finding(
        issue=name,
        reason="cleared_without_attestation",
        summary=f"A worker was cleared on {day} for demand {name}, which no mission has attested.",
        evidence=tuple(sorted(shown | set(view.sums.evidence(CLEARANCES.name, clearance)))),
        policy_rows=(row.id,),
        since=began,
        due_at=answer_by(began, "P3"),
        origin=origin,
        destination=destination or view.home,
        authority=origin,
        parties=(view.name,),
    )
