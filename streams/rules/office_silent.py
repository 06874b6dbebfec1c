"""T-OFF-01: an office fell silent. Its silence is never read as nothing to report."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil
from operator import sub
from typing import cast

from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant, local_day, text
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.parameters import hours, number
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule
from streams.rules.watch_reports import REPORTED

_BLOCK = 240  # hours in a block of keys: ten days, so that a busy office's recent past is one or two short scans
_ENOUGH = 200  # active hours that tell what is usual
_BLOCKS = 110  # how far back a slow office's past is read: three years
_NEAR = 24  # hours: an interval below is told by its hours alone
_LOOKED_UP = 16  # records that are read in a row in the time that those of one interval take to be found


def _records(fact: Fact, subject: str) -> bool:
    """Signs of life: what the office itself published, in force or not. What is dated implausibly moves no clock.

    Watches say only what is new: that they say nothing is no silence.
    """
    return ":office:" in subject and subject == f"party:{fact.office}" and not fact.implausible and fact.type != REPORTED


def _hours(fact: Fact, subject: str) -> Iterable[Key]:
    hour = fact.recorded // HOUR
    return ((hour // _BLOCK, hour),) if _records(fact, subject) else ()


def _instants(fact: Fact, subject: str) -> Iterable[Key]:
    return ((fact.recorded // HOUR, fact.recorded),) if _records(fact, subject) else ()


# The hours in which an office recorded something are few whatever it publishes; instants are only looked up at a gap's ends.
HOURS = Measure("office_hours", frozenset(), _hours, every=True)
INSTANTS = Measure("office_instants", frozenset(), _instants, every=True)


@sums_rule(
    "T-OFF-01", "party", version=1, measures=(HOURS, INSTANTS), audience=("focal-office", "oversight"), severity="P3", action="notify",
    recommendations=("A7",), indicators=(),
    next_step="Ask the office what happened, and have it publish what it holds; until then its corridors are incomplete.",
    basis="Satellite offices keep registers and report (A/70/310, A7); their outages stop protection (S13)",
    parameters={"min_hours": hours(1), "factor": number("times the usual interval", 1)}, selectors=("jurisdiction",),
)  # fmt: skip
def office_silent(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The office has recorded nothing for more than twice its usual interval, and for more than 48 hours.

    Its usual interval is the 95th percentile of its own, by record time; records within one hour are one sign of life,
    so that publishing in bursts makes no office look quick. An office of which one record is known has the 48 hours. An
    event dated more than 24 hours ahead moves no clock, and no record does before the hour in which it was made: neither
    what ends a silence later nor a wrong clock hides it now. With nothing else known it is Insufficient.
    """
    if ":office:" not in view.id or view.sums.last(HOURS.name) is None:
        return
    hours, ahead = _recent(view.sums, as_of)
    visible = ahead * HOUR if ahead is not None else None
    if not hours:
        yield Insufficient(missing="a plausible record of the office", next_at=visible)
        return
    last = _instant(view.sums.last(INSTANTS.name, (hours[-1],)))
    row = policy.require("T-OFF-01", local_day(last, view.home), jurisdiction=view.home)
    usual = _usual(view.sums, hours, row)
    silent_from = last + max(row.whole("min_hours") * HOUR, round(row.number("factor") * usual))
    shown = view.sums.evidence(INSTANTS.name, (hours[-1], last))
    if as_of <= silent_from:
        yield Clear(evidence=shown, next_at=min(at for at in (silent_from + 1, visible) if at is not None))
        return
    yield Finding(
        reason="office_silent", summary=f"The office has recorded nothing since {text(last)}.", evidence=shown,
        policy_rows=(row.id,), since=silent_from, due_at=answer_by(silent_from, "P3", view.home), next_at=visible,
        origin=view.home, parties=(view.name,),
    )  # fmt: skip


def _recent(sums: Sums, as_of: Instant) -> tuple[list[int], int | None]:
    """The active hours that have begun, of so many of the latest blocks as hold enough, ascending, and the first that has not begun."""
    horizon, latest = as_of // HOUR, sums.latest(HOURS.name, _ENOUGH)
    ahead: int | None = None
    if int(latest[-1][1]) > horizon:  # rare: an office's clock is wrong, or it is judged as of an earlier day
        every = list(sums.keys(HOURS.name))
        ahead = min(int(hour) for _, hour in every if int(hour) > horizon)
        latest = [key for key in every if int(key[1]) <= horizon][-_ENOUGH:]
    if not latest:
        return [], ahead
    oldest = max(int(latest[0][0]), int(latest[-1][0]) - _BLOCKS + 1, 0)
    hours = [hour for _, hour in _numbers(sums.since(HOURS.name, (oldest,)))]
    return hours[: bisect_right(hours, horizon)], ahead


def _usual(sums: Sums, hours: list[int], row: Row) -> Instant:
    """The 95th percentile (nearest rank) of the intervals between active hours; 0 when there is none.

    An interval is within an hour of the difference of its hours: only those that may be the percentile are looked up,
    and none where the row's least hours count whichever they are.
    """
    rough = sorted(map(sub, hours[1:], hours))
    if not rough:
        return 0
    rank = ceil(0.95 * len(rough)) - 1
    least, most = _least(rough[rank]), _most(rough[rank])
    if least == most or round(row.number("factor") * most) <= row.whole("min_hours") * HOUR:
        return least
    below = bisect_left(rough, least, key=_most)
    low, high = rough[below], rough[bisect_right(rough, most, key=_least) - 1]
    near = [(earlier, later) for earlier, later in pairwise(hours) if low <= later - earlier <= high]
    return sorted(_gaps(sums, near))[rank - below]


def _least(hours: int) -> Instant:
    """The least interval between two records whose hours are so far apart; below a day the hours are near enough."""
    return (hours - 1) * HOUR if hours >= _NEAR else hours * HOUR


def _most(hours: int) -> Instant:
    return (hours + 1) * HOUR if hours >= _NEAR else hours * HOUR


def _gaps(sums: Sums, pairs: list[tuple[int, int]]) -> list[Instant]:
    """From the last record of one hour to the first of another; below a day the hour is near enough: 48 hours is the least."""
    far = [(earlier, later) for earlier, later in pairs if later - earlier >= _NEAR]
    first, last = _ends(sums, far) if far else ({}, {})
    near = [(later - earlier) * HOUR for earlier, later in pairs if later - earlier < _NEAR]
    return near + [first[later] - last[earlier] for earlier, later in far]


def _ends(sums: Sums, pairs: list[tuple[int, int]]) -> tuple[dict[int, Instant], dict[int, Instant]]:
    """The first and the last record of each hour: read in a row where few lie between, else hour by hour."""
    most = _LOOKED_UP * len(pairs)
    listed = _numbers(sums.since(INSTANTS.name, (pairs[0][0],), most + 1))
    if len(listed) <= most:
        return dict(reversed(listed)), dict(listed)
    return ({hour: _instant(sums.first(INSTANTS.name, (hour,))) for _, hour in pairs},
            {hour: _instant(sums.last(INSTANTS.name, (hour,))) for hour, _ in pairs})  # fmt: skip


def _numbers(keys: Sequence[Key]) -> Sequence[tuple[int, int]]:
    """The keys of both measures are pairs of numbers."""
    return cast("Sequence[tuple[int, int]]", keys)


def _instant(key: Key | None) -> Instant:
    assert key is not None
    return int(key[1])
