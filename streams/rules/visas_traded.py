"""T-VIS-01: an employer gets more visas than it can employ workers, or gets them and shows no sign of employing anyone."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from streams.domain.employers import ARRIVALS, BLOCKS, ISSUED, PAID, SIGNS, VISA, tell_employer
from streams.domain.employment import AMENDED, ARRIVED, CONTRACTS, TRANSFERRED, WORKSITE
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day, start_of_day
from streams.domain.names import is_person
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.views import JourneyView, SumsView
from streams.rules.deadlines import answer_by, due_after
from streams.rules.parameters import count, days, percent
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule

CAPACITY = "licensing.employer_capacity_declared"
OVER, GHOST = "capacity", "ghost"


@dataclass
class Day:
    """Visas of one day: in blocks, and to workers; for workers of which origins."""

    blocks: int = 0
    issued: int = 0
    origins: frozenset[str] = frozenset()


@sums_rule(
    "T-VIS-01", "party", version=1, measures=(BLOCKS, ISSUED, ARRIVALS, SIGNS), reads=(CAPACITY,),
    audience=("labour-inspectorate", "embassy"), severity="P2", action="inspect", recommendations=("B1", "B4", "B16"),
    indicators=("deception",), standings=(CAPACITY,),
    next_step="Visit the premises before more visas are used, and see where those who arrived work and live.",
    basis="Visa trading (S71); capacity evidence (Bahrain, S28b); workers without work on arrival (Malaysia, S26e)",
    parameters={"over_percent": percent(), "window_days": days(1), "visas": count("visas"), "days": days()}, selectors=("jurisdiction",),
)  # fmt: skip
def visas_traded(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """An employer got more visas within a year than its declared capacity and a tenth; or 20 and more, and shows no sign of work.

    Capacity: visas in blocks and to workers are not added up, since workers' visas are taken from blocks; the greater counts, over
    the days of the policy row. They are held against the capacity last declared by that day, or else the first declared later;
    without any it is Insufficient, of firms. Exactly a tenth more is within it. No sign of work: no wage paid, no work site that it
    directs or supplies, no activity on its premises, however late or early, 60 days after the first arrival of its workers; that
    day is in time. Late evidence ends it. With so many visas and nobody arrived, it is Insufficient. What offices note of a worker
    without naming the employer, the journey tells its employer of record. One issue per origin of the workers, so that each
    embassy hears.
    """
    visas = _visas(view)
    if not visas:
        return
    yield from _over(view, standings, policy, visas)
    yield from _ghost(view, policy, visas, as_of)


@also("T-VIS-01", "journey", reads=(VISA, ARRIVED, PAID, WORKSITE, *CONTRACTS, AMENDED, TRANSFERRED), tells=tell_employer)
def who_came(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A journey says nothing of visas itself: it tells its employer of record what offices noted without naming one."""
    return iter(())


def _visas(view: SumsView) -> dict[str, Day]:
    found: defaultdict[str, Day] = defaultdict(Day)
    for key in view.happened(BLOCKS):
        each = found[str(key[0])]
        each.blocks += int(key[1]) * view.sums.count(BLOCKS.name, key)
        each.origins |= {str(key[2])} - {""}
    for key in view.happened(ISSUED):
        each = found[str(key[0])]
        each.issued += view.sums.count(ISSUED.name, key)
        each.origins |= {str(key[1])} - {""}
    return dict(sorted(found.items()))


def _many(of: Iterator[Day]) -> int:
    listed = list(of)
    return max(sum(each.blocks for each in listed), sum(each.issued for each in listed))


def _over(view: SumsView, standings: Standings, policy: Policy, visas: dict[str, Day]) -> Iterator[Outcome]:
    declared = [fact for fact in standings.of(view.id, CAPACITY) if fact.names("employer", view.id)]
    if not declared:
        if not is_person(view.name):
            yield Insufficient(issue=OVER, missing="its declared capacity", evidence=_shown(view, list(visas)[-1:]))
        return
    fewest = min(int(fact.number("capacity") or 0) for fact in declared)
    for on, within in _windows(visas, view, policy) if _many(iter(visas.values())) > fewest else ():
        row = policy.require("T-VIS-01", on, jurisdiction=view.home)
        fact = _capacity(declared, end_of_day(on, view.home))
        many, capacity = within.many, int(fact.number("capacity") or 0)
        if many * 100 > capacity * (100 + row.number("over_percent")):
            summary = f"{many} visas were issued to an employer that declared to employ {capacity} workers."
            on_days = list(visas)[within.first : within.last]
            yield from _findings(view, OVER, "more_than_capacity", summary, start_of_day(on, view.home), on_days, visas, row, fact)
            return
    yield Clear(issue=OVER, evidence=(declared[-1].event_id,))


@dataclass(frozen=True)
class Window:
    """Places of the first day within, and of the first one after; and how many visas there are on them."""

    first: int
    last: int
    many: int


def _windows(visas: dict[str, Day], view: SumsView, policy: Policy) -> Iterator[tuple[str, Window]]:
    """Each day with visas, and those of the days of its policy row up to it."""
    on_days = list(visas)
    blocks = [0, *accumulate(each.blocks for each in visas.values())]
    issued = [0, *accumulate(each.issued for each in visas.values())]
    for last, on in enumerate(on_days, 1):
        row = policy.require("T-VIS-01", on, jurisdiction=view.home)
        before = (date.fromisoformat(on) - timedelta(days=row.whole("window_days"))).isoformat()
        first = bisect_right(on_days, before)
        yield on, Window(first, last, max(blocks[last] - blocks[first], issued[last] - issued[first]))


def _capacity(declared: list[Fact], by: Instant) -> Fact:
    """What was declared last before an instant, else first."""
    before = [fact for fact in declared if fact.time < by]
    return before[-1] if before else declared[0]


def _ghost(view: SumsView, policy: Policy, visas: dict[str, Day], as_of: Instant) -> Iterator[Outcome]:
    first = view.sums.first(ARRIVALS.name)
    came = int(first[0]) if first is not None and int(first[0]) <= as_of else None
    row = policy.require("T-VIS-01", local_day(came, view.home) if came is not None else list(visas)[-1], jurisdiction=view.home)
    many = _many(iter(visas.values()))
    if many < row.whole("visas"):
        return
    sign = next(iter(view.happened(SIGNS)), None)
    if sign is not None:
        yield Clear(issue=GHOST, evidence=view.sums.evidence(SIGNS.name, sign))
    elif came is None:
        yield Insufficient(issue=GHOST, missing="whether anyone has arrived", evidence=_shown(view, list(visas)[-1:]),
                           next_at=int(first[0]) if first is not None else None)  # fmt: skip
    elif as_of <= (due := due_after(came, row.whole("days"), view.home)):
        yield Clear(issue=GHOST, next_at=due + 1, evidence=_shown(view, list(visas)[-1:]))
    else:
        summary = f"{many} visas were issued to an employer, its first workers came, and nothing shows that it employs anyone."
        yield from _findings(view, GHOST, "no_sign_of_work", summary, due, list(visas), visas, row, None)


def _findings(
    view: SumsView, issue: str, reason: str, summary: str, since: Instant, within: list[str], visas: dict[str, Day], row: Row,
    declared: Fact | None,
) -> Iterator[Finding]:  # fmt: skip
    """The same for each origin of the workers concerned; once where none is known."""
    origins = frozenset().union(*(visas[each].origins for each in within))
    if reason == "no_sign_of_work":
        origins |= {str(key[1]) for key in view.sums.keys(ARRIVALS.name)} - {""}
    shown = {*_shown(view, within[-3:]), *((declared.event_id,) if declared is not None else ())}
    shown |= set(_first_arrival(view)) if declared is None else set()
    for origin in sorted(origins) or [""]:
        yield Finding(
            issue=f"{issue} {origin}".strip(), reason=reason, summary=summary, evidence=tuple(sorted(shown)), policy_rows=(row.id,),
            since=since, due_at=answer_by(since, "P2"), origin=origin, destination=view.home, parties=(view.name,),
        )  # fmt: skip


def _first_arrival(view: SumsView) -> tuple[str, ...]:
    first = view.sums.first(ARRIVALS.name)
    return view.sums.evidence(ARRIVALS.name, first, 1) if first is not None else ()


def _shown(view: SumsView, on: list[str]) -> tuple[str, ...]:
    """The least visas of these days, sorted."""
    keys = [(measure.name, key) for measure in (BLOCKS, ISSUED) for each in on for key in view.sums.keys(measure.name, (each,))]
    return tuple(sorted({event for measure, key in keys for event in view.sums.evidence(measure, key, 1)}))
