"""Corrections passed on: the root's home tells every home that the root or a correction of it ever named (design.md, "Events").

A correction carries where the event it corrects was (`was`), and nothing of what other corrections said in between. Only the
root's home sees the whole group, so it alone can let a home hear that what it was told no longer holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from streams.domain.facts import Fact
from streams.intake import withheld

Passed = tuple[str, Fact]  # the home to tell, and the copy that it may read


def passed_on(home: str, root: str, group: Sequence[Fact]) -> list[Passed]:
    """Corrections of a group that other homes have not been given; nothing where `home` is not the root's.

    Told again whenever the group grows: a home that knows a fact takes it no second time.
    """
    if not any(fact.event_id == root and _kept_at(fact) in ("", home) for fact in group):
        return []
    everywhere = sorted({home}.union(*(fact.homes for fact in group)))
    return [
        (other, withheld(fact))
        for fact in group if fact.corrects is not None
        for other in everywhere if other != home and other not in fact.homes
    ]  # fmt: skip


def _kept_at(fact: Fact) -> str:
    """The home of the worker, else the first that the event named; '' where only one has it."""
    return (fact.worker.origin if fact.worker else "") or (fact.homes[0] if fact.homes else "")
