"""T-HRS-01: a worker works far too many hours week after week, or without a day of rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from streams.domain.employment import ARRIVED, CLOSING, CONTRACTS, told
from streams.domain.facts import Fact
from streams.domain.instants import Instant, end_of_day, local_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import arrival
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days, number
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

RECORDED = "deployment.hours_recorded"
HOURS, REST = "hours", "rest"
_WEEK = timedelta(days=7)
_SUMMARIES = {
    HOURS: "The worker worked far more than a week's hours, several weeks running.",
    REST: "The worker worked two weeks or more without a day of rest.",
}


@dataclass(frozen=True)
class Week:
    """Seven days from `start`; `facts` are its records, none where nobody recorded it."""

    start: date
    facts: tuple[Fact, ...] = ()

    def ends(self, country: str) -> Instant:
        """The first instant after it."""
        return end_of_day((self.start + timedelta(days=6)).isoformat(), country)


@journey_rule(
    "T-HRS-01", version=1, reads=(RECORDED, ARRIVED, *CLOSING, *CONTRACTS), audience=("labour-inspectorate",), severity="P2",
    action="inspect", recommendations=("B14", "B16"), indicators=("excessive overtime",),
    next_step="See the attendance records at the place of work, and hear workers where no employer can hear.",
    basis="C1, C30 and C14: limits of weekly hours, and a day of rest in every seven (mean and share in 24 corridors: S66)",
    parameters={"week_hours": number("hours"), "weeks": count("weeks"), "days_without_rest": days(least=7)}, selectors=("destination",),
)  # fmt: skip
def hours_excessive(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """More than the limit (60 hours) in each of four weeks running, or two weeks running without any rest (14 days).

    Two issues, "hours" and "rest"; each names the first weeks that show it, and stands: what was worked stays worked. Exactly the
    limit is within it. A week begins where the record says; the next one seven days later. A week that nobody recorded, or two
    records of which one is over and one is not, may be over: where that would make the harm it is Insufficient. Weeks before
    arrival and after the contract's end or the return are not worked. Rest counts however short; a week of no hours is rest.
    """
    found = [fact for fact in view.of(RECORDED) if fact.text("week_start")]
    if not found:
        return
    country = view.destination or found[0].jurisdiction
    row = policy.require("T-HRS-01", local_day(found[-1].time, country), destination=country)
    for issue, many, over in (
        (HOURS, row.whole("weeks"), lambda fact: _long(fact, row)),
        (REST, -(-row.whole("days_without_rest") // 7), _restless),
    ):
        weeks, next_at = _weeks(found, many, country, as_of)
        yield _judge(view, issue, weeks, many, over, row, country, next_at)


def _long(fact: Fact, row: Row) -> bool | None:
    hours = fact.number("hours")
    return None if hours is None else hours > row.number("week_hours")


def _restless(fact: Fact) -> bool | None:
    rest = fact.number("rest_days")
    if fact.number("hours") == 0:
        return False
    return None if rest is None else rest == 0


def _weeks(found: Sequence[Fact], many: int, country: str, as_of: Instant) -> tuple[list[Week], Instant | None]:
    """The weeks recorded, those between that nobody recorded, and as many around them as could matter; when the next one is over."""
    by_start: dict[date, list[Fact]] = defaultdict(list)
    for fact in found:
        by_start[date.fromisoformat(fact.text("week_start") or "")].append(fact)
    starts = sorted(by_start)
    weeks = [Week(starts[0] - _WEEK * before) for before in range(many - 1, 0, -1)]
    for start, after in pairwise([*starts, None]):
        assert start is not None
        weeks.append(Week(start, tuple(by_start[start])))
        if after is not None and after - start != _WEEK:  # also where weeks overlap: they are not two weeks running
            weeks += [Week(start + _WEEK * (1 + gap)) for gap in range(max(1, -(-(after - start).days // 7) - 1))]
    later = [Week(starts[-1] + _WEEK * number) for number in range(1, many)]
    past = [week for week in later if week.ends(country) <= as_of]
    return weeks + past, later[len(past)].ends(country) if len(past) < len(later) else None


def _judge(
    view: JourneyView, issue: str, weeks: Sequence[Week], many: int, over: Callable[[Fact], bool | None], row: Row, country: str,
    next_at: Instant | None,
) -> Outcome:  # fmt: skip
    verdicts = [_verdict(view, week, over, country) for week in weeks]
    windows = [range(first, first + many) for first in range(len(weeks) - many + 1)]
    for window in windows:
        if all(verdicts[number] for number in window):
            return _finding(view, issue, [weeks[number] for number in window], row, country)
    shown = evidence(fact for week in weeks for fact in week.facts)
    if any(all(verdicts[number] is not False for number in window) for window in windows):
        return Insufficient(issue=issue, missing=f"{issue} of every week", evidence=shown, next_at=next_at)
    return Clear(issue=issue, evidence=shown, next_at=next_at)


def _verdict(view: JourneyView, week: Week, over: Callable[[Fact], bool | None], country: str) -> bool | None:
    """Whether a week is over; None where no record tells, or they contradict one another."""
    if not week.facts:
        return None if _employed(view, week, country) else False
    said = {over(fact) for fact in week.facts}
    return said.pop() if len(said) == 1 else None


def _employed(view: JourneyView, week: Week, country: str) -> bool:
    """Whether any of a week lies between arrival and the end, as far as they are known."""
    arrived, closed = arrival(view), view.first(*CLOSING)
    if arrived is not None and week.ends(country) <= arrived.time:
        return False
    return closed is None or week.start <= local_day(closed.time, country)


def _finding(view: JourneyView, issue: str, weeks: Sequence[Week], row: Row, country: str) -> Finding:
    facts = [fact for week in weeks for fact in week.facts]
    since = max(fact.time for fact in facts)
    employer = told(view, "employer")
    return Finding(
        issue=issue, reason="hours_far_too_long" if issue == HOURS else "no_day_of_rest", summary=_SUMMARIES[issue],
        evidence=evidence(facts), policy_rows=(row.id,), since=since, due_at=answer_by(since, "P2"), destination=country,
        parties=(employer,) if employer else (),
    )  # fmt: skip
