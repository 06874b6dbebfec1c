"""Policy rows, and which one is in force: dated, narrowed by selectors, the most special first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

# What a row may be narrowed by. A corridor is origin and destination together; `isco` (occupation) and `isic` (sector) match as
# prefixes.
SELECTORS = ("origin", "destination", "jurisdiction", "isco", "isic", "sex", "role", "severity")
# What a row has beside its rule's parameters.
FRAME = ("id", "rule", "source", "from", "until", *SELECTORS)
PREFIXES = frozenset({"isco", "isic"})
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


class PolicyError(ValueError):
    """A policy that cannot be used. `problems` has every one found: each names file, row and key, and how to mend it."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One row. Its parameters are read by type, so that a wrong one fails with the row's name; `where` is its file and number."""

    id: str
    rule: str
    source: str
    valid_from: str
    valid_until: str
    selectors: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    where: str = ""

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What a rule works out of the row once and asks for often."""
        return {}

    @property
    def rank(self) -> tuple[int, int]:
        """How special it is: more selectors first, then longer prefixes."""
        return len(self.selectors), sum(len(value) for name, value in self.selectors if name in PREFIXES)

    def matches(self, day: str, context: Mapping[str, str]) -> bool:
        """Whether the row holds on an ISO date for a context; an unknown selector value never matches."""
        return self.holds(day) and self.selects(context)

    def holds(self, day: str) -> bool:
        """Whether the row is in force on an ISO date."""
        return self.valid_from <= day <= self.valid_until

    def selects(self, context: Mapping[str, str]) -> bool:
        """Whether the row is for a context, whatever the day."""
        return all(
            context.get(name, "").startswith(value) if name in PREFIXES else context.get(name, "") == value
            for name, value in self.selectors
        )

    def may_select(self, context: Mapping[str, str]) -> bool:
        """Whether the row may be for a context of which occupation or sector are not known, or not to the last digit."""
        return all(
            value.startswith(said) or said.startswith(value) if name in PREFIXES else said == value
            for name, value in self.selectors
            for said in (context.get(name, ""),)
        )

    def has(self, key: str) -> bool:
        """Whether the row states a parameter that it need not."""
        return key in self.values

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

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers (steps, tiers); empty when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, int) and not isinstance(item, bool) for item in value):
            raise PolicyError(f"policy row {self.id}: {key} must be a list of whole numbers, it is {value!r}")
        return tuple(value)

    def records(self, key: str) -> tuple[Mapping[str, Any], ...]:
        """A list of tables, each with its own keys; empty when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise PolicyError(f"policy row {self.id}: {key} must be a list of tables, it is {value!r}")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """A yes-or-no parameter. Raises PolicyError."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise PolicyError(f"policy row {self.id}: {key} must be true or false, it is {value!r}")
        return value


class Policy:
    """All rows, by rule; the most special first, then the latest begun."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[row.rule].append(row)
        for listed in self._rows.values():
            listed.sort(key=lambda row: (*(-each for each in row.rank), [-ord(c) for c in row.valid_from], row.id))
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

    def possible(self, rule: str, day: date | str, **context: str) -> tuple[Row, ...]:
        """The rows of which one is in force, where `isco` or `isic` in the context is "" or too coarse to tell: '91' may be 9111.

        The last is the one that `row` gives; there are others before it only where a row asks for more than is known.
        """
        when = day if isinstance(day, str) else day.isoformat()
        found: list[Row] = []
        for row in self._rows.get(rule, ()):
            if row.holds(when) and row.may_select(context):
                found.append(row)
                if row.selects(context):
                    break
        return tuple(found)

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
