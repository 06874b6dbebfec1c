"""T-BLA-01: workers leave in a corridor for which their governments have agreed on nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from streams.domain.agreements import AGREEMENTS, EXPIRED, GOVERNMENTS, UNKNOWN, Agreement, agreements, next_boundary
from streams.domain.corridors import DEPARTURES, PERIODS, Departures, last_departure, shown_on, tell_corridor
from streams.domain.instants import Instant, local_day, months_after, start_of_day
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.places import place_kind
from streams.domain.standings import Standings
from streams.domain.travel import DEPARTED
from streams.domain.views import JourneyView, SumsView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, months
from streams.rules.policy import Policy, Row
from streams.rules.registry import also, sums_rule


@sums_rule(
    "T-BLA-01", "place", version=1, measures=(DEPARTURES, PERIODS), standings=AGREEMENTS,
    audience=("focal-office", "tripartite-committee"), severity="P3", action="notify", recommendations=("A9", "B10"), indicators=(),
    next_step="Take up negotiations on an agreement for this corridor; departures go on meanwhile.",
    basis="Bilateral agreements on labour migration (A/70/310, A9); C181 Art. 8(2)",
    parameters={"departures": count("departures"), "months": months(1)}, selectors=("origin", "destination"),
)  # fmt: skip
def no_agreement(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """In 12 months 1,000 workers or more left in a corridor without an agreement between its governments in force now.

    A bilateral labour agreement counts, and so does a memorandum between governments; agreements with employers or between
    unions do not. Of a memorandum that does not say between whom it is, it is Insufficient. Departures are those that journeys
    tell, once each, or those that an office reported for periods, whichever is more. The months are calendar months before
    the day that it is at the origin.
    """
    if place_kind(view.id) != "corridor":
        return
    if not (last := last_departure(view)):
        return
    row = policy.require("T-BLA-01", last, origin=view.name[:2], destination=view.name[3:])
    today = local_day(as_of, view.home)
    left = Departures(view, months_after(today, -row.whole("months")).isoformat())
    signed = agreements(standings, view.id)
    boundary = next_boundary(signed, as_of)
    if _in_months(left, today, row) < row.whole("departures"):
        yield Clear(next_at=boundary)
        return
    held = [each for each in signed if each.in_force(as_of) and each.parties in (GOVERNMENTS, UNKNOWN)]
    ends = _falls_below(left, today, row, view.home)
    next_at = min(at for at in (ends, boundary) if at is not None)
    if any(each.parties == GOVERNMENTS for each in held):
        yield Clear(next_at=next_at, evidence=evidence(fact for each in held for fact in each.facts))
    elif held:
        shown = evidence(fact for each in held for fact in each.facts)
        yield Insufficient(missing="whether a memorandum is between governments", evidence=shown, next_at=next_at)
    else:
        yield _finding(view, signed, row, today, as_of, next_at)


@also("T-BLA-01", "journey", reads=(DEPARTED,), tells=tell_corridor)
def who_leaves(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A journey says nothing of agreements itself: it tells its corridor that someone left."""
    return iter(())


def _in_months(left: Departures, day: date, row: Row) -> int:
    return left.between(months_after(day, -row.whole("months")), day)


def _falls_below(left: Departures, today: date, row: Row, country: str) -> Instant:
    """The beginning of the first day on which too few departures are within the months, if nobody leaves any more."""
    day = today
    while _in_months(left, day, row) >= row.whole("departures"):
        day += timedelta(days=1)
    return start_of_day(day.isoformat(), country)


def _reached(left: Departures, today: date, row: Row) -> date:
    """The first day of those in a row, up to today, with as many departures within the months."""
    day, first = today, left.first or today
    while day > first and _in_months(left, day - timedelta(days=1), row) >= row.whole("departures"):
        day -= timedelta(days=1)
    return day


def _finding(
    view: SumsView, signed: tuple[Agreement, ...], row: Row, today: date, as_of: Instant, next_at: Instant
) -> Finding:  # fmt: skip
    reached = _reached(Departures(view), today, row)
    lapsed = [(end, each) for each in signed if each.parties == GOVERNMENTS for _, end in each.spans if end <= as_of]
    since = max([start_of_day(reached.isoformat(), view.home), *(end for end, _ in lapsed)])
    ended = evidence(fact for _, each in lapsed for fact in each.facts if fact.type == EXPIRED)
    return Finding(
        reason="agreement_lapsed" if lapsed else "no_agreement", evidence=tuple(sorted({*shown_on(view, reached), *ended})),
        policy_rows=(row.id,), since=since,
        summary=f"{row.whole('departures')} or more workers left in the corridor {view.name} within {row.whole('months')} months, "
        "and no agreement between its governments is in force.",
        due_at=answer_by(since, "P3", view.home), next_at=next_at,
    )  # fmt: skip
