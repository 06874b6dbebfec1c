"""What is wrong with policy rows that are right one by one: two of one id, two at once, days that no row has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from streams.rules.parameters import Shape
from streams.rules.rows import FIRST_DAY, LAST_DAY, PREFIXES, Row

Selectors = Mapping[str, str]


def contradictions(rows: Sequence[Row], shapes: Mapping[str, Shape]) -> Iterator[str]:
    """Every one, with both rows and the remedy.

    Of two rows that apply at once, the one with more selectors is read; of two with the same selectors, the one with the
    longer prefix. Where as many selectors are others, no order of ours decides: a row with all of them has to say what holds.
    """
    yield from _twice(rows)
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
    for rule, listed in sorted(by_rule.items()):
        for one, other in combinations(listed, 2):
            yield from _same(one, other) if one.selectors == other.selectors else _ambiguous(one, other, listed)
        shape = shapes.get(rule, Shape())
        if shape.default_row:
            yield from _default(rule, listed)


def joint(one: Row, other: Row) -> dict[str, str] | None:
    """The selectors of a context for which both rows are; None when there is none."""
    found = dict(one.selectors)
    for name, value in other.selectors:
        mine = found.get(name, value)
        if name in PREFIXES and (mine.startswith(value) or value.startswith(mine)):
            found[name] = max(mine, value, key=len)
        elif mine == value:
            found[name] = value
        else:
            return None
    return found


def _twice(rows: Sequence[Row]) -> Iterator[str]:
    seen: dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(row.id, row)
        if first is not row:
            yield f"{row.where}: id is there twice, first in {first.where}; ids are unique"


def _same(one: Row, other: Row) -> Iterator[str]:
    earlier, later = sorted((one, other), key=lambda row: (row.valid_from, row.id))
    if later.valid_from <= earlier.valid_until:
        yield (f"{later.where}: from {later.valid_from} overlaps {earlier.id}, which has the same selectors and holds "
               f"until {earlier.valid_until}; end one with `until` before the other begins")  # fmt: skip


def _ambiguous(one: Row, other: Row, listed: Sequence[Row]) -> Iterator[str]:
    both, first, last = joint(one, other), max(one.valid_from, other.valid_from), min(one.valid_until, other.valid_until)
    if len(one.selectors) != len(other.selectors) or both is None or first > last or both in (dict(one.selectors), dict(other.selectors)):
        return
    deciding = [row for row in listed if row.rank > max(one.rank, other.rank) and row.selects(both)]
    open_days = uncovered(deciding, first, last)
    if open_days is not None:
        needed = ", ".join(f'{name} = "{value}"' for name, value in both.items())
        yield (f"{other.where}: applies together with {one.id} {_span(*open_days)}, and neither is the more special; "
               f"add a row with {needed}, or end one")  # fmt: skip


def _default(rule: str, listed: Sequence[Row]) -> Iterator[str]:
    plain = [row for row in listed if not row.selectors]
    open_days = uncovered(plain, FIRST_DAY, LAST_DAY)
    if open_days is not None:
        missing = "has no default row" if not plain else f"has no default row {_span(*open_days)}"
        yield f"{listed[0].where}: rule {rule} {missing}; add one without selectors, for where no other row applies"


def uncovered(rows: Iterable[Row], first: str, last: str) -> tuple[str, str] | None:
    """The first days from `first` to `last` on which none of the rows holds; None when there is no such day."""
    begins = first
    for row in sorted(rows, key=lambda row: row.valid_from):
        if row.valid_from > begins:
            return begins, min(last, _near(row.valid_from, -1))
        if row.valid_until >= last:
            return None
        begins = max(begins, _near(row.valid_until, 1))
    return begins, last


def _near(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _span(first: str, last: str) -> str:
    parts = [f"from {first}"] if first != FIRST_DAY else []
    parts += [f"until {last}"] if last != LAST_DAY else []
    return " ".join(parts) or "on any day"
