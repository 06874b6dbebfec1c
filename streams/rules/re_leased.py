"""T-OUT-03: contractors lease a worker on to one another, and the wage gets lost on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from streams.domain.employment import ARRIVED, CLOSING, CONTRACTS, TRANSFERRED, WORKSITE, Assignment, assignments, employed
from streams.domain.instants import Instant, local_day
from streams.domain.names import party_key
from streams.domain.outcomes import Clear, Finding, Insufficient, Outcome
from streams.domain.standings import Standings
from streams.domain.travel import arrivals
from streams.domain.views import JourneyView, evidence
from streams.rules.deadlines import answer_by
from streams.rules.parameters import count
from streams.rules.policy import Policy
from streams.rules.registry import journey_rule


@journey_rule(
    "T-OUT-03", version=1, reads=(WORKSITE, TRANSFERRED, ARRIVED, *CONTRACTS, *CLOSING),
    audience=("labour-inspectorate", "embassy"), severity="P2", action="inspect", recommendations=("B4",),
    indicators=("withholding of wages",),
    next_step="Ask every contractor of the line what it is paid for the work, and see that the wage reaches the worker.",
    basis="Joint liability for wages along a chain of contractors [S93]; C181 Art. 11 and 12",
    parameters={"depth": count("contractors")}, selectors=("origin", "destination"),
)  # fmt: skip
def re_leased(view: JourneyView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """Two or more contractors stand between the contract's employer and who directs the work; permits do not excuse it.

    The number that an office declared counts, or the line that the assignments themselves show (who supplies the worker to
    whom, as far as it has happened), whichever is more. The line begins at the contract's employer of that time. One issue per
    employer that directs the work; a number that nobody tells is Insufficient.
    """
    everywhere = assignments(view)
    if not everywhere:
        if arrived := arrivals(view):
            yield Insufficient(missing="the work site", evidence=evidence(arrived))
        return
    by_employer: dict[str, list[Assignment]] = defaultdict(list)
    for each in everywhere:
        by_employer[each.key].append(each)
    begun = [each for each in everywhere if each.span[0] <= as_of]
    supplies = {(party_key(supplier), each.key) for each in begun if each.key and (supplier := each.fact.text("contractor"))}
    next_at = min((each.span[0] for each in everywhere if each.span[0] > as_of), default=None)
    for found in by_employer.values():
        yield _judge(view, policy, as_of, found, supplies, next_at)


def _own(view: JourneyView, each: Assignment, as_of: Instant) -> frozenset[str]:
    """Who the contract's employer was, by contract or transfer, at an assignment's end or now."""
    moment = max(each.span[0], min(each.span[1] - 1, as_of))
    return frozenset(party_key(name) for name, (start, end), _ in employed(view) if start <= moment < end)


def _judge(
    view: JourneyView, policy: Policy, as_of: Instant, found: list[Assignment], supplies: set[tuple[str, str]], next_at: Instant | None
) -> Outcome:
    issue = min((each.employer for each in found if each.employer), default="")
    country = found[-1].country or view.destination
    day = local_day(found[-1].fact.time, country or view.origin)
    row = policy.require("T-OUT-03", day, destination=country, origin=view.origin)
    begun = [each for each in found if each.span[0] <= as_of]
    shown = evidence(each.fact for each in found)
    depths = [(_depth(each, _own(view, each, as_of), supplies), each) for each in begun]
    deep = [each for (depth, _), each in depths if depth >= row.whole("depth")]
    if deep:
        since = deep[0].span[0]
        suppliers = {supplier for each in deep if (supplier := each.fact.text("contractor"))}
        return Finding(
            issue=issue, reason="re_leased", evidence=shown, policy_rows=(row.id,), since=since, next_at=next_at,
            summary=f"{max(depth for (depth, _), _ in depths)} contractors stand between the contract's employer and the work.",
            due_at=answer_by(since, "P2"), destination=country, parties=tuple(sorted({issue, *suppliers} - {""})),
        )  # fmt: skip
    if begun and all(known for (_, known), _ in depths):
        return Clear(issue=issue, evidence=shown, next_at=next_at)
    return Insufficient(issue=issue, missing="the contractors between employer and work", evidence=shown, next_at=next_at)


def _depth(each: Assignment, own: frozenset[str], supplies: set[tuple[str, str]]) -> tuple[int, bool]:
    """(contractors between the contract's employer and the work, whether that is all of them)."""
    declared, supplier = each.fact.number("depth"), each.fact.text("contractor")
    line: int | None = None
    if each.key and each.key in own:
        line = 0
    elif supplier and own:
        above = _between(party_key(supplier), own, supplies)
        line = above + 1 if above is not None else None
    least = line if line is not None else int(bool(supplier and own))
    return max(int(declared or 0), least), declared is not None or line is not None


def _between(key: str, own: frozenset[str], supplies: set[tuple[str, str]]) -> int | None:
    """Contractors on the shortest line of supply from a contract employer to `key`, -1 for itself; None when no line leads there."""
    found, edge, many = set(own), set(own), -1
    while edge:
        if key in edge:
            return many
        edge = {user for supplier, user in supplies if supplier in edge} - found
        found |= edge
        many += 1
    return None
