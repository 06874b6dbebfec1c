"""What a worker was promised and what came after: the employment of the origin's contract, and one for each lawful transfer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from streams.domain.employment import (
    ACKNOWLEDGED,
    AMENDED,
    AUTHENTICATED,
    REGISTERED,
    TRANSFERRED,
)
from streams.domain.facts import Fact
from streams.domain.instants import Instant
from streams.domain.names import party_key
from streams.domain.travel import arrival, departure
from streams.domain.views import JourneyView, once_a_view


@dataclass(frozen=True)
class Employment:
    """`promised` and the `papers` that came after, by (time, id): the later decides; from `begins` until the next one (None: none).

    `at_origin` says that the origin's papers promise it; else the first paper after a transfer does.
    """

    promised: tuple[Fact, ...]
    papers: tuple[Fact, ...]
    begins: Instant
    until: Instant | None = None
    at_origin: bool = False


@once_a_view
def employments(view: JourneyView) -> tuple[Employment, ...]:
    """The first is promised by the papers of the origin that were there at departure, or where none was, by the first made up later.

    A lawful transfer to another employer begins the next: its first paper promises, those after it are compared with that.
    Without any paper of the origin there is none.
    """
    left = departure(view) or arrival(view) or view.first(AUTHENTICATED)
    origin = view.of(REGISTERED, ACKNOWLEDGED)
    promised = tuple(fact for fact in origin if left is None or fact.time <= left.time) or origin[:1]
    if not promised:
        return ()
    own = {party_key(name) for fact in promised if (name := fact.text("employer"))}
    moves = [fact for fact in view.of(TRANSFERRED) if party_key(fact.text("to_employer") or "") not in own]
    groups: list[list[Fact]] = [[] for _ in range(len(moves) + 1)]
    for fact in view.of(AUTHENTICATED, AMENDED):
        if fact.type == AUTHENTICATED or fact.key > promised[-1].key or (left is not None and fact.time >= left.time):
            groups[_which(fact, moves)].append(fact)
    starts = [promised[-1].time, *(move.time for move in moves)]
    ends = [*starts[1:], None]
    found = [Employment(promised, tuple(groups[0]), starts[0], ends[0], at_origin=True)]
    for papers, start, end in zip(groups[1:], starts[1:], ends[1:], strict=True):
        if papers:
            found.append(Employment(tuple(papers[:1]), tuple(papers[1:]), start, end))
    return tuple(found)


def _which(paper: Fact, moves: Sequence[Fact]) -> int:
    """0 for the employment promised at origin, else the number of the transfer whose employer the paper names, or that it follows."""
    name = paper.text("employer")
    if name is None:
        return sum(move.time <= paper.time for move in moves)
    return max((number for number, move in enumerate(moves, 1) if party_key(move.text("to_employer") or "") == party_key(name)), default=0)
