"""Policy as data: dated rows per jurisdiction, corridor, sector and occupation, in TOML, each with its source.

A row: `id`, `rule` (a T- id), `source`, optional selectors (below) and `from` / `until` dates (whole days), and the
rule's own parameters. The row valid when the event happened is read, the one with most selectors first.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

# What a row may be narrowed by; `isco` and `isic` match as prefixes.
SELECTORS = ("origin", "destination", "jurisdiction", "isco", "isic", "sex", "role", "severity")
_FRAME = frozenset({"id", "rule", "source", "from", "until", *SELECTORS})
_PREFIX = frozenset({"isco", "isic"})


class PolicyError(ValueError):
    """A policy file that cannot be used: names file, row and key, and how to mend it."""


@dataclass(frozen=True)
class Row:
    """One row in force. Parameters are read by type, so that a wrong one fails with the row's name."""

    id: str
    rule: str
    source: str
    valid_from: str
    valid_until: str
    selectors: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]

    def matches(self, day: str, context: Mapping[str, str]) -> bool:
        """Whether the row holds on an ISO date for a context; an unknown selector value never matches."""
        return self.holds(day) and self.selects(context)

    def holds(self, day: str) -> bool:
        """Whether the row is in force on an ISO date."""
        return self.valid_from <= day <= self.valid_until

    def selects(self, context: Mapping[str, str]) -> bool:
        """Whether the row is for a context, whatever the day."""
        return all(
            context.get(name, "").startswith(value) if name in _PREFIX else context.get(name, "") == value
            for name, value in self.selectors
        )

    def number(self, key: str) -> float:
        """A numeric parameter. Raises PolicyError."""
        value = self.values.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise PolicyError(f"policy row {self.id}: {key} must be a number, it is {value!r}")
        return value

    def whole(self, key: str) -> int:
        """A whole-number parameter (days, counts, minor units). Raises PolicyError."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise PolicyError(f"policy row {self.id}: {key} must be a whole number, it is {value!r}")
        return value

    def text(self, key: str) -> str:
        """A text parameter. Raises PolicyError."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise PolicyError(f"policy row {self.id}: {key} must be text, it is {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise PolicyError(f"policy row {self.id}: {key} must be a list of texts, it is {value!r}")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """A yes-or-no parameter. Raises PolicyError."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise PolicyError(f"policy row {self.id}: {key} must be true or false, it is {value!r}")
        return value


class Policy:
    """All rows, by rule; the most specific first, then the latest begun."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[row.rule].append(row)
        for listed in self._rows.values():
            listed.sort(key=lambda row: (-len(row.selectors), [-ord(c) for c in row.valid_from], row.id))
        self._selected = lru_cache(maxsize=4_096)(self._select)

    def _select(self, rule: str, context: tuple[tuple[str, str], ...]) -> tuple[Row, ...]:
        """The rows of a rule that a context selects, whatever the day."""
        named = dict(context)
        return tuple(row for row in self._rows.get(rule, ()) if row.selects(named))

    def row(self, rule: str, day: date | str, **context: str) -> Row | None:
        """The row of `rule` in force on a local day for a context (`origin="NP"`, ...); None when there is none."""
        when = day if isinstance(day, str) else day.isoformat()
        for row in self._selected(rule, tuple(context.items())):
            if row.valid_from <= when <= row.valid_until:
                return row
        return None

    def require(self, rule: str, day: date | str, **context: str) -> Row:
        """As `row`; raises PolicyError when no row applies, for rules whose default row always should."""
        found = self.row(rule, day, **context)
        if found is None:
            raise PolicyError(f"no policy row of {rule} applies on {day} for {context}; add a default row")
        return found

    def rows(self, rule: str) -> tuple[Row, ...]:
        """Every row of a rule, for the catalogue."""
        return tuple(self._rows.get(rule, ()))

    def all(self) -> tuple[Row, ...]:
        """Every row of every rule."""
        return tuple(row for rule in sorted(self._rows) for row in self._rows[rule])


def _date(value: Any, where: str, default: str) -> str:
    if value is None:
        return default
    if not isinstance(value, date):
        raise PolicyError(f"{where}: must be a date such as 2024-06-10, without quotes; it is {value!r}")
    return value.isoformat()


def _row(raw: Mapping[str, Any], file: Path, number: int) -> Row:
    where = f"{file.name}, row {number}" + (f" ({raw['id']})" if "id" in raw else "")
    for key in ("id", "rule", "source"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            raise PolicyError(f"{where}: {key} is missing; every row has id, rule and source")
    for name in SELECTORS:
        if name in raw and not isinstance(raw[name], str):
            raise PolicyError(f"{where}: {name} must be text, it is {raw[name]!r}")
    valid_from = _date(raw.get("from"), f"{where}: from", "0001-01-01")
    valid_until = _date(raw.get("until"), f"{where}: until", "9999-12-31")
    if valid_until < valid_from:
        raise PolicyError(f"{where}: until {valid_until} is before from {valid_from}")
    selectors = tuple((name, raw[name]) for name in SELECTORS if name in raw)
    values = {key: value for key, value in raw.items() if key not in _FRAME}
    return Row(raw["id"], raw["rule"], raw["source"], valid_from, valid_until, selectors, values)


def _contradictions(rows: list[Row]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        if row.id in seen:
            raise PolicyError(f"policy row {row.id} is there twice; ids are unique")
        seen[row.id] = row
    same: dict[tuple[str, tuple[tuple[str, str], ...]], list[Row]] = defaultdict(list)
    for row in rows:
        same[row.rule, row.selectors].append(row)
    for listed in same.values():
        listed.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(listed):
            if later.valid_from <= earlier.valid_until:
                raise PolicyError(f"policy rows {earlier.id} and {later.id} overlap from {later.valid_from}; end one")


def load(*paths: Path) -> Policy:
    """Policy from TOML files (or folders of them). Raises PolicyError with file, row and key."""
    files = [f for path in paths for f in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    rows: list[Row] = []
    for file in files:
        try:
            document = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            raise PolicyError(f"{file.name}: cannot be read: {problem}") from problem
        if unknown := set(document) - {"row"}:
            raise PolicyError(f"{file.name}: unknown key {min(unknown)!r}; a file holds [[row]] tables only")
        rows += [_row(raw, file, number) for number, raw in enumerate(document.get("row", []), 1)]
    _contradictions(rows)
    return Policy(rows)


@cache
def default() -> Policy:
    """The policy that ships with the rules."""
    return load(Path(__file__).parent / "policies")
