"""T-OFF-01: an office fell silent. Its silence is never read as nothing to report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant, local_day, text
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy, Row
from streams.rules.registry import sums_rule

_BLOCK = 240  # hours in a block of keys: ten days, so that a busy office's recent past is one or two short scans
_ENOUGH = 200  # active hours that tell what is usual
_BLOCKS = 110  # how far back a slow office's past is read: three years
_NEAR = 24  # hours: an interval below is told by its hours alone
_LOOKED_UP = 8  # records that are read in a row in the time that one hour's take to be found


def _records(fact: Fact, subject: str) -> bool:
    """Signs of life: what the office itself published, in force or not. What is dated implausibly moves no clock."""
    return subject == f"party:{fact.office}" and not fact.implausible


def _hours(fact: Fact, subject: str) -> Iterator[Key]:
    if _records(fact, subject):
        hour = fact.recorded // HOUR
        yield hour // _BLOCK, hour


def _instants(fact: Fact, subject: str) -> Iterator[Key]:
    if _records(fact, subject):
        yield fact.recorded // HOUR, fact.recorded


# The hours in which an office recorded something are few whatever it publishes; instants are only looked up at a gap's ends.
HOURS = Measure("office_hours", frozenset(), _hours, every=True)
INSTANTS = Measure("office_instants", frozenset(), _instants, every=True)


@sums_rule(
    "T-OFF-01", "party", version=1, measures=(HOURS, INSTANTS), audience=("focal-office", "oversight"), severity="P3", action="notify",
    recommendations=("A7",), indicators=(),
    next_step="Ask the office what happened, and have it publish what it holds; until then its corridors are incomplete.",
    basis="Satellite offices keep registers and report (A/70/310, A7); their outages stop protection (S13)",
)  # fmt: skip
def office_silent(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """The office has recorded nothing for more than twice its usual interval, and for more than 48 hours.

    Its usual interval is the 95th percentile of its own, by record time; records within one hour are one sign of life,
    so that publishing in bursts makes no office look quick. An office of which one record is known has the 48 hours. An
    event dated more than 24 hours ahead moves no clock, and no record does before the hour in which it was made: neither
    what ends a silence later nor a wrong clock hides it now. With nothing else known it is Insufficient.
    """
    newest = view.sums.last(HOURS.name) if ":office:" in view.id else None
    if newest is None:
        return
    recent = _recent(view.sums, newest, as_of)
    visible = recent.ahead * HOUR if recent.ahead is not None else None
    if not recent.hours:
        yield Insufficient(missing="a plausible record of the office", next_at=visible)
        return
    last = _end(view.sums, recent.hours[-1])
    row = policy.require("T-OFF-01", local_day(last, view.home), jurisdiction=view.home)
    usual = _usual(view.sums, recent, row)
    silent_from = last + max(row.whole("min_hours") * HOUR, round(row.number("factor") * usual))
    shown = view.sums.evidence(INSTANTS.name, (recent.hours[-1], last))
    if as_of <= silent_from:
        yield Clear(evidence=shown, next_at=min(at for at in (silent_from + 1, visible) if at is not None))
        return
    yield Finding(
        reason="office_silent", summary=f"The office has recorded nothing since {text(last)}.", evidence=shown,
        policy_rows=(row.id,), since=silent_from, due_at=answer_by(silent_from, "P3"), next_at=visible,
        origin=view.home, parties=(view.name,),
    )  # fmt: skip


@dataclass(frozen=True)
class _Recent:
    """The latest active hours that have begun, ascending, how many records each has, and the first hour that has not begun."""

    hours: list[int]
    records: dict[int, int]
    ahead: int | None


def _recent(sums: Sums, last: Key, as_of: Instant) -> _Recent:
    horizon = as_of // HOUR
    newest = int(last[0])
    ahead: int | None = None
    if int(last[1]) > horizon:  # rare: an office's clock is wrong, or it is judged as of an earlier day
        every = [(int(block), int(hour)) for block, hour in sums.keys(HOURS.name)]
        ahead = min(hour for _, hour in every if hour > horizon)
        newest = max((block for block, hour in every if hour <= horizon), default=-1)
    records = _latest(sums, newest, horizon)
    return _Recent(list(records), records, ahead)


def _latest(sums: Sums, newest: int, horizon: int) -> dict[int, int]:
    """The active hours up to `horizon`, with their records, of so many of the latest blocks as hold enough; ascending."""
    blocks = 2
    while True:
        found = sums.since(HOURS.name, (max(newest - blocks, -1) + 1,))
        begun = [(int(key[1]), many) for key, many in found if int(key[1]) <= horizon]
        if len(begun) >= _ENOUGH:
            oldest = begun[-_ENOUGH][0] // _BLOCK
            return {hour: many for hour, many in begun if hour // _BLOCK >= oldest}
        if blocks == _BLOCKS:
            return dict(begun)
        blocks = min(max(2 * blocks, blocks * _ENOUGH // max(len(begun), 1) + 2), _BLOCKS)


def _usual(sums: Sums, recent: _Recent, row: Row) -> Instant:
    """The 95th percentile (nearest rank) of the intervals between active hours; 0 when there is none.

    An interval is within an hour of the difference of its hours: only those that may be the percentile are looked up,
    and none where the row's least hours count whichever they are.
    """
    rough = sorted(later - earlier for earlier, later in pairwise(recent.hours))
    if not rough:
        return 0
    rank = ceil(0.95 * len(rough)) - 1
    least, most = _least(rough[rank]), _most(rough[rank])
    if least == most or round(row.number("factor") * most) <= row.whole("min_hours") * HOUR:
        return least
    below = sum(_most(gap) < least for gap in rough)
    near = [(earlier, later) for earlier, later in pairwise(recent.hours)
            if _most(later - earlier) >= least and _least(later - earlier) <= most]  # fmt: skip
    return sorted(_gaps(sums, recent, near))[rank - below]


def _least(hours: int) -> Instant:
    """The least interval between two records whose hours are so far apart; below a day the hours are near enough."""
    return (hours - 1) * HOUR if hours >= _NEAR else hours * HOUR


def _most(hours: int) -> Instant:
    return (hours + 1) * HOUR if hours >= _NEAR else hours * HOUR


def _gaps(sums: Sums, recent: _Recent, pairs: list[tuple[int, int]]) -> Iterator[Instant]:
    """From the last record of one hour to the first of another; below a day the hour is near enough: 48 hours is the least."""
    far = [pair for pair in pairs if pair[1] - pair[0] >= _NEAR]
    ends = _ends(sums, recent, far)
    for earlier, later in pairs:
        yield ends[later][0] - ends[earlier][1] if later - earlier >= _NEAR else (later - earlier) * HOUR


def _ends(sums: Sums, recent: _Recent, pairs: list[tuple[int, int]]) -> dict[int, tuple[Instant, Instant]]:
    """The first and the last record of each hour: read as one range where little lies between, else hour by hour."""
    wanted = dict.fromkeys(hour for pair in pairs for hour in pair)
    between = sum(recent.records[hour] for hour in recent.hours if hour >= pairs[0][0]) if pairs else 0
    if between > _LOOKED_UP * len(wanted):
        return {hour: (_instant(sums.first(INSTANTS.name, (hour,))), _end(sums, hour)) for hour in wanted}
    found: dict[int, tuple[Instant, Instant]] = {}
    for (hour, at), _ in sums.since(INSTANTS.name, (pairs[0][0],)) if pairs else ():
        found[int(hour)] = found.get(int(hour), (int(at), 0))[0], int(at)
    return found


def _end(sums: Sums, hour: int) -> Instant:
    return _instant(sums.last(INSTANTS.name, (hour,)))


def _instant(key: Key | None) -> Instant:
    assert key is not None
    return int(key[1])
