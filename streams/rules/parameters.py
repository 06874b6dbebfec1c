"""What a rule's policy rows hold: each parameter's type, unit and bounds, declared with the rule and checked when a policy is loaded.

`parameters={"days": days(), "law": one_of("licensed", "silent"), "complete": when(flag(), "law", "licensed")}`
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import pairwise
from typing import Any

from schemas.codes import countries, currencies, isco_problem, isic_problem
from streams.domain.calendars import WEEKDAYS


@dataclass(frozen=True)
class Parameter:
    """One parameter. `find` yields what is wrong with a value as (key below it, what it must be, the value)."""

    type: str
    unit: str
    find: Callable[[Any], Iterator[tuple[str, str, Any]]]
    optional: bool = False
    condition: tuple[str, tuple[Any, ...]] | None = None
    more_than: str = ""
    bounds: tuple[float, float] | None = None

    @property
    def asked(self) -> str:
        """When it is there, in words; '' when always."""
        if self.condition is None:
            return "may be left out" if self.optional else ""
        name, values = self.condition
        only = f"only with {name}" + (f" = {' or '.join(map(as_toml, values))}" if values else "")
        return f"{only}, and may be left out" if self.optional else only

    def described(self) -> dict[str, str]:
        """For the catalogue: type, unit, bounds, and when a row has it; without what it has not."""
        bounds = f"{self.bounds[0]:,.15g} to {self.bounds[1]:,.15g}" if self.bounds is not None else ""
        more = f"more than {self.more_than}" if self.more_than else ""
        found = {"type": self.type, "unit": self.unit, "bounds": ", ".join(filter(None, (bounds, more))), "asked": self.asked}
        return {name: value for name, value in found.items() if value}

    def wanted(self, values: Mapping[str, Any]) -> bool | None:
        """Whether a row with these values has it: True must, False must not, None may."""
        if self.condition is not None:
            name, those = self.condition
            if name not in values or (those and values[name] not in those):
                return False
        return None if self.optional else True


Parameters = Mapping[str, Parameter]


@dataclass(frozen=True)
class Shape:
    """What the rows of a rule or watch are like; a rule without parameters has none.

    `parameters` each row has; `selectors` are those that the rule looks rows up by: a row narrowed by another would never
    apply. `roles` are the values of the selector role. `default_row`: a row without selectors is always in force; False where
    no row applying is an answer too.
    """

    parameters: Parameters = field(default_factory=dict)
    selectors: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    default_row: bool = True


def optional(parameter: Parameter) -> Parameter:
    """A parameter that a row may leave out: ask `row.has(key)` first."""
    return replace(parameter, optional=True)


def when(parameter: Parameter, name: str, *values: Any) -> Parameter:
    """A parameter that a row has only if it has the parameter `name` (with one of `values`, where there are some)."""
    return replace(parameter, condition=(name, values))


def more_than(name: str, parameter: Parameter) -> Parameter:
    """A numeric parameter that is greater than the row's parameter `name`, where it has that."""
    return replace(parameter, more_than=name)


def days(least: int = 0, most: int = 36_500) -> Parameter:
    """Days of the calendar, of 24 hours."""
    return _whole("days", least, most)


def working_days(least: int = 0, most: int = 250) -> Parameter:
    """Working days of a country: without its weekend and holidays."""
    return _whole("working days", least, most)


def hours(least: int = 0, most: int = 87_600) -> Parameter:
    """Hours."""
    return _whole("hours", least, most)


def months(least: int = 0, most: int = 1_200) -> Parameter:
    """Months of the calendar."""
    return _whole("months", least, most)


def count(unit: str, least: int = 1, most: int = 10**9) -> Parameter:
    """So many of something: agencies, firms, times."""
    return _whole(unit, least, most)


def minor(least: int = 0, most: int = 10**15) -> Parameter:
    """An amount in minor units of the currency that the row, or the fact it is compared with, names."""
    return _whole("minor units of the currency", least, most)


def number(unit: str, least: float = 0, most: float = 1e9) -> Parameter:
    """A number that need not be whole."""

    def find(value: Any) -> Iterator[tuple[str, str, Any]]:
        right = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not right or not least <= value <= most:
            yield "", f"a number ({unit}) from {least:g} to {most:g}", value

    return Parameter("number", unit, find, bounds=(least, most))


def percent(least: float = 0, most: float = 100) -> Parameter:
    """Hundredths of something: 20 is 20 %."""
    return number("%", least, most)


def flag() -> Parameter:
    """true or false."""
    return _simple("true or false", "", lambda value: isinstance(value, bool))


def one_of(*codes: str) -> Parameter:
    """One of some words."""
    return _simple("one of " + ", ".join(codes), "", lambda value: isinstance(value, str) and value in codes)


def text() -> Parameter:
    """Text that is not empty."""
    return _simple("text", "", lambda value: isinstance(value, str) and bool(value.strip()))


def currency() -> Parameter:
    """An ISO 4217 code."""
    return _simple("currency code", "ISO 4217", lambda value: isinstance(value, str) and value in currencies())


def country() -> Parameter:
    """An ISO 3166-1 alpha-2 code."""
    return _simple("country code", "ISO 3166-1 alpha-2", lambda value: isinstance(value, str) and value in countries())


def isco() -> Parameter:
    """An occupation: the first one to four digits of an ISCO-08 code."""
    return _simple("occupation", "1 to 4 digits of ISCO-08", lambda value: isinstance(value, str) and not isco_problem(value))


def isic() -> Parameter:
    """A sector: the first two to four digits of an ISIC code."""
    return _simple("sector", "2 to 4 digits of ISIC rev. 4", lambda value: isinstance(value, str) and not isic_problem(value))


def day() -> Parameter:
    """A day of the calendar, as text: "2024-07-16"."""
    return _simple("day", "ISO 8601, in quotes", _is_day)


def weekday() -> Parameter:
    """A day of the week: MO, TU, WE, TH, FR, SA or SU."""
    return one_of(*WEEKDAYS)


def weekend() -> Parameter:
    """Days of the week on which nobody works, where they are not the country's own: ["FR", "SA"]."""
    return listed(weekday(), 1, 3)


def listed(each: Parameter, least: int = 0, most: int = 1_000, rising: bool = False) -> Parameter:
    """A list of `least` to `most`, each different; `rising` where each is greater than the one before (tiers)."""

    def find(value: Any) -> Iterator[tuple[str, str, Any]]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield "", f"a list of {least} to {most}: {each.type}", value
            return
        found = [(f"[{place}]{key}", must, item) for place, one in enumerate(value, 1) for key, must, item in each.find(one)]
        yield from found
        if not found and rising and any(later <= earlier for earlier, later in pairwise(value)):
            yield "", "a list in which each is greater than the one before", value
        elif not found and any(one in value[:place] for place, one in enumerate(value)):
            yield "", "a list that has each once", value

    return Parameter(f"list of {each.type}", each.unit, find)


def records(fields: Parameters, least: int = 1) -> Parameter:
    """A list of tables, each with the parameters `fields`: `tiers = [{up_to = 3000, minor = 500}, ...]`."""

    def find(value: Any) -> Iterator[tuple[str, str, Any]]:
        if not isinstance(value, list) or len(value) < least or not all(isinstance(one, dict) for one in value):
            yield "", f"a list of {least} or more tables with {', '.join(fields)}", value
            return
        for place, one in enumerate(value, 1):
            for key, must, item in wrong(one, fields):
                yield f"[{place}].{key}", must, item

    units = (f"{key} ({each.unit})" if each.unit else key for key, each in fields.items())
    return Parameter("list of tables", ", ".join(units), find)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_ABSENT = object()


def wrong(values: Mapping[str, Any], declared: Parameters) -> Iterator[tuple[str, str, Any]]:
    """What is wrong with a row's parameters: (key, what it must be, the value), in the order of the declaration."""
    meant: set[str] = set()
    for key in sorted(values.keys() - declared.keys()):
        near = difflib.get_close_matches(key, declared.keys() - values.keys(), n=1)
        meant.update(near)
        yield key, f"no parameter here ({f'did you mean {near[0]}?' if near else _those(declared)})", _ABSENT
    for key, parameter in declared.items():
        if key not in values:
            if parameter.wanted(values) and key not in meant:
                yield key, f"given: {parameter.type}{_unit(parameter)}", _ABSENT
        elif parameter.wanted(values) is False:
            yield key, f"left out: it is {parameter.asked}", _ABSENT
        else:
            found = [(f"{key}{below}", must, item) for below, must, item in parameter.find(values[key])]
            yield from found
            yield from () if found else _order(key, parameter, values)


def undeclared(declared: Parameters, reserved: Container[str]) -> Iterator[str]:
    """What is wrong with a declaration itself: a name that rows have for something else, or one that leans on none of its own."""
    for key, parameter in declared.items():
        if key in reserved:
            yield f"{key!r} is what every row may have; another name"
        for other in (parameter.more_than, parameter.condition[0] if parameter.condition else ""):
            if other and other not in declared:
                yield f"{key!r} leans on {other!r}, which is not declared"


def told(key: str, must: str, value: Any) -> str:
    """One problem of `wrong` as a sentence: the key, and how to mend it."""
    if value is not _ABSENT:
        return f"{key} must be {must}; it is {as_toml(value)}"
    return f"{key} is {must}" if must.startswith("no parameter") else f"{key} must be {must}"


def _order(key: str, parameter: Parameter, values: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    least = values.get(parameter.more_than)
    if isinstance(least, int | float) and values[key] <= least:
        yield key, f"more than {parameter.more_than}, which is {least}", values[key]


def _whole(unit: str, least: int, most: int) -> Parameter:
    def find(value: Any) -> Iterator[tuple[str, str, Any]]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield "", f"a whole number ({unit}) from {least} to {most}", value

    return Parameter("whole number", unit, find, bounds=(least, most))


def _simple(type: str, unit: str, right: Callable[[Any], bool]) -> Parameter:
    def find(value: Any) -> Iterator[tuple[str, str, Any]]:
        if not right(value):
            yield "", type + (f" ({unit})" if unit else ""), value

    return Parameter(type, unit, find)


def _unit(parameter: Parameter) -> str:
    return f" ({parameter.unit})" if parameter.unit else ""


def _those(declared: Parameters) -> str:
    return f"there are {', '.join(declared)}" if declared else "the rule has none"


def as_toml(value: Any) -> str:
    """A value about as a policy file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | time) else repr(value)
