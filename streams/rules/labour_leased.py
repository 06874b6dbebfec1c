"""T-OUT-02: a labour supplier's worker is passed on from firm to firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from streams.domain.employment import (
    ARRIVED,
    CLOSING,
    CONTRACTS,
    EMPLOYER_REGISTERED,
    TRANSFERRED,
    WORKSITE,
    Assignment,
    Sector,
    among,
    assignments,
    by_transfer,
    employed,
    sector,
    told,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant, local_day
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.permits import SECONDED, permitted
from streams.domain.standings import Standings
from streams.domain.travel import arrivals
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count, days, isic, listed
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule

_SUMMARIES = {
    "several_firms": "A labour supplier's worker was placed with several firms in a short time, without permits.",
    "several_moves": "A labour supplier's worker was moved again and again in a short time, without permits.",
}


_READS = (WORKSITE, TRANSFERRED, SECONDED, ARRIVED, *CONTRACTS, *CLOSING)


@journey_rule(
    "T-OUT-02", version=1, reads=_READS,
    audience=("labour-inspectorate", "embassy"), severity="P3", action="inspect", recommendations=("B4",), indicators=(),
    standings=(SECONDED, EMPLOYER_REGISTERED),
    next_step="Ask the supplier for its agreements with each firm; see who pays the wage and who answers for the worker.",
    basis="C181 Art. 1(1)(b), 11 and 12: workers employed to be made available to a user enterprise",
    parameters={"supply_isic": listed(isic(), 1), "firms": count("firms"), "moves": count("moves"), "days": days(1)},
    selectors=("origin", "destination"),
)  # fmt: skip
def labour_leased(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A contract with a labour supplier (ISIC 78), and within 90 days two user firms, or more than one move.

    The 90 days bound the firms, by the day the work there began, as well as the moves (domain.md 4.6); both days are within.
    A firm that a permit or transfer covers is not counted, one that comes late included. A move is to another employer or
    another site. The supplier itself is no user firm. Where an unknown sector, employer, contract or site could make the
    difference it is Insufficient, never Clear.
    """
    planned = assignments(view)
    everywhere = [each for each in planned if each.span[0] <= as_of]
    known, permits = sector(view, standings), permitted(view, standings, as_of)
    next_at = permits.next_at
    latest = everywhere[-1] if everywhere else None
    country = (latest.country if latest else "") or view.destination
    day = local_day(latest.fact.time if latest else view.last_known(_READS, as_of), country or view.origin)
    row = policy.require("T-OUT-02", day, destination=country, origin=view.origin)
    supplies = among(known.isic, row.texts("supply_isic"))
    if supplies is False:
        yield Clear(evidence=evidence(known.shown), next_at=next_at)
    elif latest is not None:
        own = frozenset(party_key(name) for name, _, fact in employed(view) if not by_transfer(name, fact))
        supplier = told(view, "employer") if supplies else None
        yield _judge(everywhere, own, permits.lawful, known, supplier, row, country, next_at)
    elif arrived := arrivals(view):
        yield Insufficient(missing="the work site", evidence=evidence(arrived), next_at=next_at)
    elif planned:
        yield Clear(evidence=evidence(each.fact for each in planned), next_at=next_at)


def _judge(
    everywhere: list[Assignment], own: frozenset[str], lawful: frozenset[str], known: Sector, supplier: str | None, row: Row,
    country: str, next_at: Instant | None,
) -> Outcome:  # fmt: skip
    counted = [each for each in everywhere if each.fact.id not in lawful]
    facts = [*(each.fact for each in everywhere), *known.shown]
    firms = _together([each for each in counted if each.key and each.key not in own], row, country)
    moves = [(after, moved) for before, after in pairwise(everywhere) if after in counted and (moved := _moved(before, after)) is not False]
    found = firms or _within([each for each, moved in moves if moved], row, country)
    if found and known.isic is not None and supplier is not None:
        return _finding("several_firms" if firms else "several_moves", found, supplier, facts, row, country, next_at)
    doubtful = "who directs the work" if any(not each.key for each in counted) else ""
    if not doubtful and _within([each for each, _ in moves], row, country):
        doubtful = "the site of the work"
    if found or doubtful:
        doubtful = "the contract's employer" if not own else doubtful if supplier is not None else "the contract employer's sector"
        return Insufficient(missing=doubtful, evidence=evidence(facts), next_at=next_at)
    return Clear(evidence=evidence(facts), next_at=next_at)


def _moved(before: Assignment, after: Assignment) -> bool | None:
    """To another employer, or to another site; None where an unknown employer or site could hide a move."""
    sites = [party_key(site) if (site := each.fact.text("site")) else "" for each in (before, after)]
    if (before.key and after.key and before.key != after.key) or (all(sites) and sites[0] != sites[1]):
        return True
    return False if before.key and after.key and all(sites) else None


def _together(placements: Sequence[Assignment], row: Row, country: str) -> list[Assignment]:
    """The first placements within so many days that are with enough different firms."""
    for number in range(len(placements)):
        window = _days(placements[number:], row.whole("days"), country)
        firsts = list({each.key: each for each in reversed(window)}.values())
        if len(firsts) >= row.whole("firms"):
            return sorted(firsts, key=lambda each: each.span)[: row.whole("firms")]
    return []


def _within(moves: Sequence[Assignment], row: Row, country: str) -> list[Assignment]:
    """The first so many moves that lie within so many days."""
    for number in range(len(moves)):
        window = _days(moves[number:], row.whole("days"), country)
        if len(window) >= row.whole("moves"):
            return window[: row.whole("moves")]
    return []


def _days(each: Sequence[Assignment], days: int, country: str) -> list[Assignment]:
    """Those that begin at most so many local days after the first."""
    begins = [local_day(one.span[0], one.country or country) for one in each]
    return [one for one, day in zip(each, begins, strict=True) if (day - begins[0]).days <= days]


def _finding(
    reason: str, found: list[Assignment], supplier: str, facts: list[Fact], row: Row, country: str, next_at: Instant | None
) -> Finding:
    since = found[-1].span[0]
    return Finding(
        reason=reason, summary=_SUMMARIES[reason], evidence=evidence(facts), policy_rows=(row.id,), since=since,
        due_at=answer_by(since, "P3", country), next_at=next_at, destination=country,
        parties=tuple(sorted({supplier, *(each.employer for each in found if each.employer)})),
    )  # fmt: skip
