"""T-INS-02: nobody inspects a sector in which migrants work, domestic work included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from streams.domain.employment import ARRIVED, CLOSING, CONTRACTS, EMPLOYER_REGISTERED, WORKSITE
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, told
from streams.domain.views import JourneyView, SumsView
from streams.domain.workplaces import HOUSEHOLDS, SUPPLY, Told, division, tell_sectors
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule

INSPECTED = "oversight.inspection_done"
STOCK_REPORTED = "oversight.stock_reported"


def _visited(fact: Fact, subject: str) -> Iterable[Key]:
    if not fact.implausible and subject == f"place:{fact.text('sector')}":
        yield (fact.day(subject),)


def _counted(fact: Fact, subject: str) -> Iterable[Key]:
    """(day, ISIC as reported, workers)."""
    workers = fact.number("workers")
    if not fact.implausible and workers is not None:
        yield fact.day(subject), subject.partition("/")[2], int(workers)


def _visited_employer(fact: Fact, subject: str) -> Iterable[Key]:
    """An inspection that names its sector is told by the sector itself."""
    if not fact.implausible and not fact.text("sector") and fact.names("employer", subject):
        yield (fact.day(subject),)


def _sector(fact: Fact, subject: str) -> Iterable[Key]:
    """The division of an employer's sector, as its register, its contracts or its work sites tell it."""
    if not fact.names("employer", subject):
        return
    isic = fact.text("isic") or fact.text("employer_isic") or (HOUSEHOLDS if fact.flag("household") else "")
    if isic and not isic.startswith(SUPPLY):
        yield (division(isic),)


BEGUN = told("sector.begun")  # (day,)
ENDED = told("sector.ended")
VISITS = Measure("sector.inspections", frozenset({INSPECTED}), _visited, told=True)
STOCK = Measure("sector.stock", frozenset({STOCK_REPORTED}), _counted, told=True)
OF_EMPLOYER = Measure("employer.inspections", frozenset({INSPECTED}), _visited_employer)
SECTORS = Measure("employer.divisions", frozenset({EMPLOYER_REGISTERED, WORKSITE, *CONTRACTS}), _sector)


def tell_division(view: SumsView) -> Iterator[Told]:
    """A sector told more precisely than by its division tells the division what it heard; an employer, that it was inspected."""
    if view.kind == "place" and place_kind(view.id) == "sector" and len(isic := view.name[3:]) > 2:
        for measure in (VISITS, STOCK):
            for key in view.sums.keys(measure.name):
                yield f"place:{view.home}/{division(isic)}", measure.name, key, view.sums.evidence(measure.name, key, 1)
    elif view.kind == "party":
        days_of = list(view.sums.keys(OF_EMPLOYER.name))
        divisions = list(view.sums.keys(SECTORS.name)) if days_of else []
        for key in days_of if len(divisions) == 1 else ():  # of an employer in several sectors nobody knows which was inspected
            yield f"place:{view.home}/{divisions[0][0]}", VISITS.name, key, view.sums.evidence(OF_EMPLOYER.name, key, 1)


def tell_sector(view: JourneyView) -> Iterator[Told]:
    """What a journey tells the sector that its worker is in."""
    return tell_sectors(view, BEGUN.name, ENDED.name)


@sums_rule(
    "T-INS-02", "place", version=1, measures=(BEGUN, ENDED, VISITS, STOCK), tells=tell_division,
    audience=("labour-inspectorate", "tripartite-committee", "oversight"), severity="P3", action="inspect",
    recommendations=("A4",), indicators=(),
    next_step="Inspect this sector, and speak with workers; enter a home with consent or by a judge's leave alone.",
    basis="C81 Art. 16; domestic work: C189 Art. 17, with respect for privacy",
    parameters={"workers": count("workers"), "days": days(1)}, selectors=("jurisdiction", "isic"),
)  # fmt: skip
def sector_uncovered(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A sector of the destination has 50 migrant workers or more and was not inspected for 365 days.

    A sector is an ISIC division: what is told of a class (4100) counts for its division (41). Domestic work is judged from the
    first worker on, because so few of them are known. Workers are those whom journeys tell, from the day they began to the day
    they left or moved, or those whom an office counted, whichever is more. An inspection counts for the sector that it names,
    else for its employer's, where that has one sector only; spot checks and visits of missions are no inspections. Never
    inspected, the days run from the day on which the first worker is known; within them it is Insufficient.
    """
    if place_kind(view.id) == "sector" and len(view.name[3:]) == 2:
        stock = _Stock(view)
        if stock.first:
            yield _judge(view, policy, as_of, stock)


@also("T-INS-02", "party", measures=(OF_EMPLOYER, SECTORS), tells=tell_division)
def inspected_employer(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An employer says nothing itself: it tells its sector that it was inspected."""
    return iter(())


@also("T-INS-02", "journey", reads=(ARRIVED, WORKSITE, *CONTRACTS, *CLOSING), tells=tell_sector)
def who_works_there(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A journey says nothing itself: it tells its sector when someone began there, and when they left."""
    return iter(())


class _Stock:
    """How many workers a sector had from each day on, as far as it has happened; `first` is the first of these days, '' for none."""

    def __init__(self, view: SumsView) -> None:
        moves: defaultdict[str, int] = defaultdict(int)
        for measure, sign in ((BEGUN, 1), (ENDED, -1)):
            for key in view.happened(measure):
                moves[str(key[0])] += sign * view.sums.count(measure.name, key)
        reports: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for day, isic, workers in view.happened(STOCK):
            reports[str(day)][str(isic)] = int(workers)
        self.days = sorted({*moves, *reports})
        self.first = self.days[0] if self.days else ""
        self.many: list[int] = []
        told, latest = 0, dict[str, int]()
        for day in self.days:
            told += moves[day]
            latest.update(reports[day])
            own = latest.get(view.name[3:])
            classes = sum(workers for isic, workers in latest.items() if len(isic) > 2)
            self.many.append(max(told, classes if own is None else own))

    def reached(self, limit: int) -> str:
        """The day since which there have been so many without a break up to now; '' when there are fewer now."""
        found = ""
        for day, many in zip(reversed(self.days), reversed(self.many), strict=True):
            if many < limit:
                break
            found = day
        return found


def _judge(view: SumsView, policy: Policy, as_of: Instant, stock: _Stock) -> Outcome:
    visits = [str(key[0]) for key in view.happened(VISITS)]
    last = visits[-1] if visits else ""
    row = policy.require("T-INS-02", last or stock.first, jurisdiction=view.home, isic=view.name[3:])
    reached = stock.reached(row.whole("workers"))
    if not reached:
        return Clear()
    until = (date.fromisoformat(last or stock.first) + timedelta(days=row.whole("days"))).isoformat()
    due = end_of_day(until, view.home)
    shown = view.sums.evidence(VISITS.name, (last,)) if last else _began(view, stock.first)
    if as_of < due:
        return Clear(evidence=shown, next_at=due) if last else Insufficient(
            missing="an inspection, of a sector that is known for too short a time to say that there is none", evidence=shown, next_at=due
        )  # fmt: skip
    return _finding(view, row, last, max(due, start_of_day(reached, view.home)), shown)


def _began(view: SumsView, day: str) -> tuple[str, ...]:
    told = view.sums.evidence(BEGUN.name, (day,))
    return told or tuple(event for key in view.happened(STOCK, day)[:1] for event in view.sums.evidence(STOCK.name, key, 1))


def _finding(view: SumsView, row: Row, last: str, since: Instant, shown: tuple[str, ...]) -> Finding:
    many = f"{row.whole('workers')} or more migrants work" if row.whole("workers") > 1 else "Migrants work"
    said = f"was last inspected on {last}" if last else "has not been inspected that is known"
    return Finding(
        reason="sector_uncovered", evidence=shown, policy_rows=(row.id,), since=since, due_at=answer_by(since, "P3", view.home),
        summary=f"{many} in sector {view.name[3:]} of {view.home}, which {said}.",
    )  # fmt: skip
