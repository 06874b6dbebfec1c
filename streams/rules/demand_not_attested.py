"""T-ATT-01: workers were cleared for an employer's demand that no mission had attested, where the origin requires it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import structs

from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import home
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums, told
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, flag, when
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
    """Whether this dossier judges or passes on the fact: its employer's, or its demand's. One dated ahead moves no clock."""
    return not fact.implausible and (subject == f"demand:{_named(fact)}" or fact.names("employer", subject))


def _demands(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        jobs = fact.number("jobs")
        stated = UNKNOWN if jobs is None else int(jobs)
        yield _named(fact), fact.time, stated, fact.text("isco") or "", fact.text("sex") or "", fact.text("employer") or ""


def _attested(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        yield _named(fact), fact.time, fact.text("employer") or ""


def _origin(fact: Fact) -> str:
    """Whose national was cleared, where the worker may not be known here: the destination's own office clears another state's.

    Of the homes that have the event, the one besides the destination is then the worker's, else the one that keeps the demand.
    """
    if fact.worker is not None and fact.worker.origin:
        return fact.worker.origin
    country = fact.text("country")
    if fact.jurisdiction != country:
        return fact.jurisdiction
    others, keeper = set(fact.homes) - {country}, home(f"demand:{_named(fact)}")
    return min(others) if len(others) == 1 else keeper or fact.jurisdiction


def _cleared(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        origin = _origin(fact)
        day = local_day(fact.time, origin).isoformat()
        yield _named(fact), day, origin, fact.text("country") or "", fact.text("isco") or "", fact.text("employer") or ""


def _used(fact: Fact, subject: str) -> Iterator[Key]:
    if _about(fact, subject):
        yield (_named(fact),)


DEMANDS = Measure("attestation_demands", frozenset({SUBMITTED}), _demands)
GIVEN = Measure("attestation_given_at", frozenset({ATTESTED}), _attested)
CLEARANCES = Measure("attestation_clearances", frozenset({CLEARED}), _cleared)
USED = Measure("attestation_used", frozenset({CLEARED}), _used)  # which demands have clearances: few keys to look through
# Only told: a demand that this employer's clearances use is another employer's, whose dossier judges it.
ELSEWHERE = told("attestation_elsewhere")


def tell_employer(view: SumsView) -> Iterator[tuple[str, str, Key, tuple[str, ...]]]:
    """A demand's dossier tells its employer what names the demand alone, or another employer; that other one, whose it is."""
    if view.kind != "demand":
        return
    cleared = _employers(view.sums, CLEARANCES)
    judges = _employers(view.sums, DEMANDS) or cleared
    for measure in (GIVEN.name, CLEARANCES.name):
        for key in view.sums.keys(measure):
            for own, employer in sorted(judges.items()):
                if own != party_key(str(key[-1])):
                    shown = view.sums.evidence(measure, key)
                    yield f"party:{own}", measure, (*key[:-1], employer), shown
                    if measure == CLEARANCES.name:
                        yield f"party:{own}", USED.name, (key[0],), shown
    for other in sorted(cleared.keys() - judges.keys()):
        for key in view.sums.keys(USED.name):
            yield f"party:{other}", ELSEWHERE.name, key, view.sums.evidence(USED.name, key)


def _employers(sums: Sums, measure: Measure) -> dict[str, str]:
    """The least spelling of each employer, by what is the same for all."""
    spelled = sorted({str(key[-1]) for key in sums.keys(measure.name)} - {""}, reverse=True)
    return {party_key(each): each for each in spelled}


@dataclass
class _Demand:
    """One demand as the employer's dossier knows it. `sizes` are (submitted at, jobs)."""

    sizes: list[tuple[Instant, int]] = field(default_factory=list)
    isco: str = ""
    sex: str = ""
    keys: list[Key] = field(default_factory=list)


@sums_rule(
    "T-ATT-01", "party", version=1, measures=(DEMANDS, GIVEN, CLEARANCES, USED, ELSEWHERE),
    audience=("embassy", "satellite-office"), severity="P3", action="verify", recommendations=("A7", "B1"), indicators=("deception",),
    next_step="Ask the employer for the demand's papers, visit the work site, and attest the demand or refuse it.",
    basis="Attestation of demands by the mission at destination, where the law of the origin requires it (Bangladesh, S15)",
    parameters={"required": flag(), "above": when(count("jobs", 0), "required", True)},
    selectors=("origin", "destination", "isco", "sex"),
)  # fmt: skip
def demand_not_attested(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A worker was cleared for a demand without attestation, where the policy row of the clearance day requires it.

    The day is the origin's local day. An employer's demands submitted by that day are added up against the row's size,
    so that none is split below it; a row may be narrowed by sex and occupation. Attested later, the finding ends. One
    issue per demand. A size that nobody stated, where it decides, is Insufficient; so is a clearance without a demand.
    """
    used = [key for key in view.sums.keys(USED.name) if not view.sums.count(ELSEWHERE.name, key)]
    demands, later = _by_demand(view.sums, as_of) if used else ({}, [])
    for key in used:
        yield _judge(view, policy, as_of, str(key[0]), demands, later)


@also("T-ATT-01", "demand", measures=(DEMANDS, GIVEN, CLEARANCES, USED), tells=tell_employer)
def demand_of_nobody(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Clearances of a demand whose employer nobody stated: the employer's dossier cannot judge them."""
    cleared = list(view.sums.keys(CLEARANCES.name))
    if not cleared or any(key[-1] for measure in (DEMANDS, CLEARANCES) for key in view.sums.keys(measure.name)):
        return
    given, began, next_at = _clocks(list(view.sums.keys(GIVEN.name)), cleared, as_of)
    doubtful = next((key for key in began if not given and _required(_row(policy, key, "", ""))), None)
    if doubtful is not None:
        shown = view.sums.evidence(CLEARANCES.name, doubtful)
        yield Insufficient(missing="the demand's employer and size", evidence=shown, next_at=next_at)
    elif next_at is not None:
        yield Clear(next_at=next_at)


def _by_demand(sums: Sums, as_of: Instant) -> tuple[dict[str, _Demand], list[Instant]]:
    """The demands submitted by now, and the instants at which others will be."""
    found: dict[str, _Demand] = defaultdict(_Demand)
    later: list[Instant] = []
    for key in sums.keys(DEMANDS.name):
        submitted = int(key[1])
        if submitted > as_of:
            later.append(submitted)
            continue
        demand = found[str(key[0])]
        demand.sizes.append((submitted, int(key[2])))
        demand.isco, demand.sex = str(key[3]) or demand.isco, str(key[4]) or demand.sex
        demand.keys.append(key)
    return dict(found), later


def _clocks(given: list[Key], cleared: list[Key], as_of: Instant) -> tuple[list[Key], list[Key], Instant | None]:
    """The attestations given and the clearances whose day has begun by now, and when the next will be."""
    starts = {key: start_of_day(str(key[1]), str(key[2])) for key in cleared}
    later = [instant for instant in (*starts.values(), *(int(key[1]) for key in given)) if instant > as_of]
    return ([key for key in given if int(key[1]) <= as_of], [key for key in cleared if starts[key] <= as_of],
            min(later, default=None))  # fmt: skip


def _row(policy: Policy, clearance: Key, isco: str, sex: str) -> Row | None:
    _, day, origin, destination, cleared_for, _ = (str(part) for part in clearance)
    return policy.row("T-ATT-01", day, origin=origin, destination=destination, isco=cleared_for or isco, sex=sex)


def _required(row: Row | None) -> bool:
    return row is not None and row.flag("required")


def _judge(
    view: SumsView, policy: Policy, as_of: Instant, name: str, demands: dict[str, _Demand], later: list[Instant]
) -> Outcome:  # fmt: skip
    attested = [key for key in view.sums.keys(GIVEN.name, (name,)) if name]
    given, began, next_at = _clocks(attested, list(view.sums.keys(CLEARANCES.name, (name,))), as_of)
    if given:
        return Clear(issue=name, evidence=view.sums.evidence(GIVEN.name, given[0]))
    next_at = min((*later, *(() if next_at is None else (next_at,))), default=None)
    return structs.replace(_weigh(view, policy, name, demands, began), next_at=next_at)


def _weigh(view: SumsView, policy: Policy, name: str, demands: dict[str, _Demand], cleared: list[Key]) -> Outcome:
    """The outcome of these clearances of a demand that nobody attested."""
    demand, doubt = demands.get(name, _Demand()), False
    for key in cleared:
        row = _row(policy, key, demand.isco, demand.sex)
        if row is None or not _required(row):
            continue
        sizes = _sizes(demands, name, key, view.home)
        reached = _exceeds(row.whole("above"), sizes.values())
        if reached and name:
            keys = [each for added in _enough(row.whole("above"), sizes) for each in demands.get(added, _Demand()).keys]
            return _finding(view, name, keys, key, row)
        doubt = doubt or reached is not False
    if doubt:
        missing = "the demand's size" if name else "the demand that a clearance uses"
        return Insufficient(issue=name, missing=missing, evidence=view.sums.evidence(USED.name, (name,)))
    return Clear(issue=name)


def _sizes(demands: dict[str, _Demand], used: str, clearance: Key, employed_in: str) -> dict[str, int]:
    """Jobs of the demand that a clearance uses, and of the employer's others submitted by its day; another origin's are left out.

    The demand used may be one that nobody has submitted, or none that the clearance names: its size is unknown.
    """
    day, origin, destination = str(clearance[1]), str(clearance[2]), str(clearance[3])
    latest, near = end_of_day(day, origin), (origin, destination, employed_in)
    found = {used: max((jobs for _, jobs in demands[used].sizes), default=UNKNOWN) if used and used in demands else UNKNOWN}
    for name, demand in demands.items():
        stated = [jobs for submitted, jobs in demand.sizes if submitted < latest]
        if name != used and stated and home(f"demand:{name}") in near:
            found[name] = max(stated)
    return found


def _exceeds(above: int, sizes: Iterable[int]) -> bool | None:
    """Whether the sizes add up to more than `above`; None when those unknown could decide. A clearance is one job at least."""
    if above <= 0:
        return True
    listed = list(sizes)
    if sum(jobs for jobs in listed if jobs != UNKNOWN) > above:
        return True
    return None if UNKNOWN in listed else False


def _enough(above: int, sizes: dict[str, int]) -> Iterator[str]:
    """The demands that are more than `above` together: the one used, then the first of the others that it takes."""
    reached, needed = 0, True
    for name, jobs in sizes.items():
        if needed:
            yield name
        reached += max(jobs, 0)
        needed = 0 < above >= reached


def _finding(view: SumsView, name: str, demanded: list[Key], clearance: Key, row: Row) -> Finding:
    _, day, origin, destination, _, _ = (str(part) for part in clearance)
    began = start_of_day(day, origin)
    shown = {event for key in demanded for event in view.sums.evidence(DEMANDS.name, key)}
    return Finding(
        issue=name,
        reason="cleared_without_attestation",
        summary=f"A worker was cleared on {day} for demand {name}, which no mission has attested.",
        evidence=tuple(sorted(shown | set(view.sums.evidence(CLEARANCES.name, clearance)))),
        policy_rows=(row.id,),
        since=began,
        due_at=answer_by(began, "P3", destination or view.home),
        origin=origin,
        destination=destination or view.home,
        authority=origin,
        parties=(min({str(key[-1]) for key in (*demanded, clearance)} - {""}, default=view.name),),
    )
