"""T-OUT-01: a worker works for another employer than the contract's, and nobody permitted it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streams.domain.employment import (
    ARRIVED,
    CLOSING,
    CONTRACTS,
    FOREVER,
    TRANSFERRED,
    WORKSITE,
    Assignment,
    Span,
    assignments,
    contracts,
    employed,
    outside,
)
from streams.domain.facts import Fact
from streams.domain.instants import DAY, Instant, local_day
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.permits import ANY, SECONDED, lawful_spans, permits
from streams.domain.standings import Standings
from streams.domain.travel import arrivals
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import days
from streams.rules.policy import Policy, Row
from streams.rules.registry import journey_rule


@dataclass(frozen=True)
class Gap:
    """A time without permit at one employer; `mended` when a permit or transfer ended it, `since` the whole stretch's beginning."""

    span: Span
    key: str
    mended: bool
    since: Instant = 0


@journey_rule(
    "T-OUT-01", version=1, reads=(WORKSITE, TRANSFERRED, SECONDED, ARRIVED, *CONTRACTS, *CLOSING),
    audience=("labour-inspectorate", "embassy"), severity="P2", action="inspect", recommendations=("B4",),
    indicators=("deception",), standings=(SECONDED,),
    next_step="Ask both employers for the secondment or transfer permit; see who pays and houses the worker.",
    basis="C181 Art. 1(1)(b), 11 and 12; Qatar: a secondment needs the ministry's approval (38,381 requests in Q4 2024)",
    parameters={"grace_days": days()}, selectors=("origin", "destination"),
)  # fmt: skip
def outsourced_without_permit(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """For more than 7 days the work is directed by another employer than the contract's, with no secondment or transfer valid.

    A secondment of this worker counts, and one of the contract employer's workers; a transfer makes the new employer the
    contract's. A permit that comes late ends the finding; one that ends while the work goes on begins the days of grace
    again. Moving on to a third employer does not. One issue per employer that directs the work, however spelled.
    """
    everywhere = assignments(view)
    if not everywhere:
        if arrived := arrivals(view):
            yield Insufficient(missing="the work site", evidence=evidence(arrived))
        return
    if unknown := [each for each in everywhere if each.employer is None]:
        yield Insufficient(missing="who directs the work", evidence=evidence(each.fact for each in unknown))
    known = [each for each in everywhere if each.employer is not None]
    record = employed(view)
    if not record:
        for key in sorted({each.key for each in known}):
            shown = evidence(each.fact for each in known if each.key == key)
            yield Insufficient(issue=key, missing="the contract's employer", evidence=shown)
        return
    allowed = permits(view, standings)
    gaps = _stretches(_joined([gap for each in known for gap in _gaps(view, each, record, allowed)]))
    for key in sorted({each.key for each in known}):
        facts = [each.fact for each in known if each.key == key]
        last = contracts(view, "employer")[-1]
        mine = [gap for gap in gaps if gap.key == key]
        papers = [last, *(fact for name, _, fact in record if party_key(name) == key), *allowed.get(key, ()), *allowed.get(ANY, ())]
        papers += _led_to(mine, gaps, known)
        yield _judge(view, policy, as_of, key, mine, facts, papers, record)


def _gaps(
    view: JourneyView, each: Assignment, record: tuple[tuple[str, Span, Fact], ...], allowed: dict[str, tuple[Fact, ...]]
) -> Iterator[Gap]:
    """The parts of an assignment in which neither contract, transfer nor permit covers its employer."""
    for span in outside(each.span, lawful_spans(view, each, record, allowed)):
        yield Gap(span, each.key, span[1] < each.span[1])


def _joined(gaps: list[Gap]) -> list[Gap]:
    """From one site of an employer to its next is one gap: the permit that ends the second part ends both."""
    found: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.key, gap.span)):
        before = found[-1] if found else None
        if before is None or before.key != gap.key or before.span[1] < gap.span[0]:
            found.append(gap)
            continue
        end, mended = max((before.span[1], before.mended), (gap.span[1], gap.mended))
        found[-1] = Gap((before.span[0], end), gap.key, mended)
    return found


def _stretches(gaps: list[Gap]) -> list[Gap]:
    """Gaps that follow one another without a break share the beginning of the first."""
    found: list[Gap] = []
    start, reached = 0, -FOREVER
    for gap in sorted(gaps, key=lambda gap: (gap.span, gap.key)):
        start = start if gap.span[0] <= reached else gap.span[0]
        reached = max(reached, gap.span[1])
        found.append(Gap(gap.span, gap.key, gap.mended, start))
    return found


def _led_to(mine: list[Gap], gaps: list[Gap], known: list[Assignment]) -> list[Fact]:
    """The earlier assignments, to other employers, from which the days of grace have run: without them they would begin later."""
    before = {gap.key for gap in gaps for own in mine if gap.since == own.since and gap.span < own.span and gap.key != own.key}
    return [each.fact for each in known if each.key in before]


def _judge(
    view: JourneyView, policy: Policy, as_of: Instant, issue: str, gaps: list[Gap], facts: list[Fact], papers: list[Fact],
    record: tuple[tuple[str, Span, Fact], ...],
) -> Outcome:  # fmt: skip
    country = facts[-1].text("country") or view.destination
    row = policy.require("T-OUT-01", local_day(facts[-1].time, country or view.origin), destination=country, origin=view.origin)
    grace = row.whole("grace_days") * DAY
    waiting: list[Instant] = []
    wrong: list[Gap] = []
    for gap in gaps:
        begins, ends = gap.span
        if gap.mended and ends <= as_of:
            continue
        if begins <= as_of and min(ends, as_of) > gap.since + grace:
            wrong.append(gap)
            waiting += [ends] if gap.mended else []
        elif ends > max(begins, gap.since + grace):
            waiting.append(max(begins, gap.since + grace + 1))
    next_at = min((instant for instant in waiting if instant > as_of), default=None)
    shown = evidence((*facts, *papers))
    if wrong:
        names = {fact.text("employer") or "" for fact in facts}
        return _finding(issue, names, wrong[0], grace, row, shown, country, record, next_at)
    return Clear(issue=issue, evidence=shown, next_at=next_at)


def _finding(
    issue: str, names: set[str], gap: Gap, grace: Instant, row: Row, shown: tuple[str, ...], country: str,
    record: tuple[tuple[str, Span, Fact], ...], next_at: Instant | None,
) -> Finding:  # fmt: skip
    begins = gap.span[0]
    own = next((name for name, (start, end), _ in record if start <= begins < end), record[-1][0])
    return Finding(
        issue=issue, reason="no_permit", evidence=shown, policy_rows=(row.id,), since=begins, next_at=next_at,
        summary="The work is directed by another employer than the contract's, without a valid secondment or transfer.",
        due_at=answer_by(max(begins, gap.since + grace), "P2"), destination=country, parties=tuple(sorted({own, *names})),
    )  # fmt: skip
