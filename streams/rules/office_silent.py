"""T-OFF-01: an office fell silent. Its silence is never read as nothing to report."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from streams.domain.facts import Fact
from streams.domain.instants import HOUR, Instant, local_day, text
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.sums import Key, Measure, Sums
from streams.domain.views import SumsView
from streams.rules.deadlines import answer_by
from streams.rules.policy import Policy
from streams.rules.registry import sums_rule

_BLOCK = 240  # hours in a block of keys: ten days, so that a busy office's recent past is one or two short scans
_ENOUGH = 200  # active hours that tell what is usual
_BLOCKS = 110  # how far back a slow office's past is read: three years


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
    if ":office:" not in view.id or view.sums.last(HOURS.name) is None:
        return
    hours, ahead = _recent(view.sums, as_of)
    visible = ahead * HOUR if ahead is not None else None
    if not hours:
        yield Insufficient(missing="a plausible record of the office", next_at=visible)
        return
    last = _end(view.sums, hours[-1])
    row = policy.require("T-OFF-01", local_day(last, view.home), jurisdiction=view.home)
    usual = _usual(view.sums, hours)
    silent_from = last + max(row.whole("min_hours") * HOUR, round(row.number("factor") * usual))
    shown = view.sums.evidence(INSTANTS.name, (hours[-1], last))
    if as_of <= silent_from:
        yield Clear(evidence=shown, next_at=min(at for at in (silent_from + 1, visible) if at is not None))
        return
    yield Finding(
        reason="office_silent", summary=f"The office has recorded nothing since {text(last)}.", evidence=shown,
        policy_rows=(row.id,), since=silent_from, due_at=answer_by(silent_from, "P3"), next_at=visible,
        origin=view.home, parties=(view.name,),
    )  # fmt: skip


def _recent(sums: Sums, as_of: Instant) -> tuple[list[int], int | None]:
    """The latest active hours that have begun, ascending, and the first one that has not."""
    horizon = as_of // HOUR
    last = sums.last(HOURS.name)
    assert last is not None
    newest = int(last[0])
    ahead: int | None = None
    if int(last[1]) > horizon:  # rare: an office's clock is wrong, or it is judged as of an earlier day
        every = [(int(block), int(hour)) for block, hour in sums.keys(HOURS.name)]
        ahead = min(hour for _, hour in every if hour > horizon)
        newest = max((block for block, hour in every if hour <= horizon), default=-1)
    found: list[int] = []
    for block in range(newest, max(newest - _BLOCKS, -1), -1):
        found = [int(hour) for _, hour in sums.keys(HOURS.name, (block,)) if int(hour) <= horizon] + found
        if len(found) >= _ENOUGH:
            break
    return found, ahead


def _usual(sums: Sums, hours: list[int]) -> Instant:
    """The 95th percentile (nearest rank) of the intervals between active hours; 0 when there is none."""
    gaps = sorted(_gap(sums, earlier, later) for earlier, later in pairwise(hours))
    return gaps[ceil(0.95 * len(gaps)) - 1] if gaps else 0


def _gap(sums: Sums, earlier: int, later: int) -> Instant:
    """From the last record of one hour to the first of another; below a day the hour is near enough: 48 hours is the least."""
    if later - earlier < 24:
        return (later - earlier) * HOUR
    first = next(iter(sums.keys(INSTANTS.name, (later,))))
    return int(first[1]) - _end(sums, earlier)


def _end(sums: Sums, hour: int) -> Instant:
    last = sums.last(INSTANTS.name, (hour,))
    assert last is not None
    return int(last[1])
