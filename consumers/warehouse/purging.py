"""What rows of an erasure replace, as conditions to delete by. Pure.

A ReplacingMergeTree forgets a row that was replaced when it next merges, which may be never: an erased one is deleted. Rows of
a partition are stored in its order, so that all there was of an erased fact, alert or journey is stored before the row that
says so; deleting again, after a crash, deletes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from consumers.warehouse.native import Row
from consumers.warehouse.tables import COLUMNS

ERASED = "erased"
MOST = 200  # of one deletion
Purge = tuple[str, str, dict[str, str | int]]  # table, condition, the values that it names

# By table: the column and value that say so, what names the row, and the condition on a row that it replaces.
_SAYS: dict[str, tuple[str, str | int, tuple[str, ...], str]] = {
    "facts": ("erased", 1, ("home", "id"), "erased = 0"),
    "journeys": ("status", ERASED, ("id", "revision"), "revision < "),
    "alerts": ("reason", ERASED, ("audience", "id", "revision"), "revision < "),
}
_ALSO = {"alerts": ("alert_history",)}  # made of it


def purges(table: str, rows: Iterable[Row]) -> Iterator[Purge]:
    """The deletions that rows of a table ask for; none where nothing of it is erased."""
    if table not in _SAYS:
        return
    column, value, names, replaces = _SAYS[table]
    places = {name: place for place, name in enumerate(COLUMNS[table])}
    erased = iter([[made[places[name]] for name in names] for made in rows if made[places[column]] == value])
    while some := list(islice(erased, MOST)):
        where, values = _condition(names, replaces, some)
        for each in (table, *_ALSO.get(table, ())):
            yield each, where, values


def _condition(names: Sequence[str], replaces: str, keys: Sequence[Sequence[str | int]]) -> tuple[str, dict[str, str | int]]:
    parts, values = list[str](), dict[str, str | int]()
    for number, key in enumerate(keys):
        given = {f"{name}_{number}": value for name, value in zip(names, key, strict=True)}
        equal = [f"{name} = %({name}_{number})s" for name in names if name != "revision"]
        older = f"{replaces}%(revision_{number})s" if "revision" in names else replaces
        parts.append(f"({' AND '.join([*equal, older])})")
        values |= given
    return " OR ".join(parts), values
