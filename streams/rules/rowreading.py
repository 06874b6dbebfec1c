"""One [[row]] of a policy file to a Row, or all that is wrong with it: each with the file, the row, the key and a remedy."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from schemas.codes import country_problem, isco_problem, isic_problem
from streams.rules.parameters import Shape, as_toml, told, wrong
from streams.rules.registry import BY_SEX, catalogue
from streams.rules.rows import FIRST_DAY, FRAME, LAST_DAY, SELECTORS, Row

_NAMED = ("id", "rule", "source")
_CODES: Mapping[str, Callable[[str], str]] = {
    "origin": country_problem, "destination": country_problem, "jurisdiction": country_problem,
    "isco": isco_problem, "isic": isic_problem,
}  # fmt: skip
_VALUES = {"severity": ("P1", "P2", "P3"), "sex": ("female", "male")}


def read_row(raw: Mapping[str, Any], where: str, shapes: Mapping[str, Shape]) -> tuple[Row | None, list[str]]:
    """(the row, its problems); no row where it has any. `where` is "fees.toml, row 3"."""
    if isinstance(raw.get("id"), str) and raw["id"]:
        where = f"{where} ({raw['id']})"
    found = list(_problems(raw, shapes))
    if found:
        return None, [f"{where}: {problem}" for problem in found]
    selectors = tuple((name, raw[name]) for name in SELECTORS if name in raw)
    values = {key: value for key, value in raw.items() if key not in FRAME}
    first, last = _day(raw, "from", FIRST_DAY), _day(raw, "until", LAST_DAY)
    return Row(raw["id"], raw["rule"], raw["source"], first, last, selectors, values, where), []


def _problems(raw: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Iterator[str]:
    yield from _frame(raw)
    rule = raw.get("rule")
    if not isinstance(rule, str) or not rule:
        return
    if rule not in shapes:
        known = next((each.id for each in catalogue() if rule in each.aliases), "")
        near = difflib.get_close_matches(rule.upper(), shapes, n=1)
        hint = f"it is {known} here" if known else f"did you mean {near[0]}?" if near else "`fairpassage rules` lists them"
        yield f"rule {rule!r} is not in the catalogue; {hint}"
        return
    shape = shapes[rule]
    yield from _selectors(raw, rule, shape)
    if not shape.parameters:
        yield f"rule {rule} declares no parameter, so it has no rows; leave this one out, or declare them with the rule"
        return
    values = {key: value for key, value in raw.items() if key not in FRAME}
    yield from (told(*each) for each in wrong(values, shape.parameters))


def _frame(raw: Mapping[str, Any]) -> Iterator[str]:
    for key in _NAMED:
        if key not in raw:
            yield f"{key} is missing; every row has id, rule and source"
        elif not isinstance(raw[key], str) or not raw[key].strip():
            yield f"{key} must be text that is not empty; it is {as_toml(raw[key])}"
    dates = [key for key in ("from", "until") if key in raw]
    wrong_days = [key for key in dates if not isinstance(raw[key], date) or isinstance(raw[key], datetime)]
    yield from (f"{key} must be a day such as 2024-06-10, without quotes or a time; it is {as_toml(raw[key])}" for key in wrong_days)
    if len(dates) == 2 and not wrong_days and raw["until"] < raw["from"]:
        yield f"until {raw['until']} is before from {raw['from']}; until is the last day on which the row holds"


def _selectors(raw: Mapping[str, Any], rule: str, shape: Shape) -> Iterator[str]:
    for name in (name for name in SELECTORS if name in raw):
        value = raw[name]
        if name == "sex" and rule not in BY_SEX:
            yield (f"sex must be left out: what protects women may not restrict them, so only rows of {', '.join(sorted(BY_SEX))} "
                   "are narrowed by sex; narrow by occupation (isco)")  # fmt: skip
        elif name not in shape.selectors:
            yield f"{name} must be left out: {rule} looks rows up by {', '.join(shape.selectors) or 'nothing'}"
        elif not isinstance(value, str):
            yield f"{name} must be text, in quotes; it is {as_toml(value)}"
        elif name in _CODES and (problem := _CODES[name](value)):
            yield f"{name} {value!r} is none; {problem}"
        elif (those := shape.roles if name == "role" else _VALUES.get(name)) and value not in those:
            yield f"{name} must be one of {', '.join(those)}; it is {as_toml(value)}"


def _day(raw: Mapping[str, Any], key: str, default: str) -> str:
    day: date | None = raw.get(key)
    return default if day is None else day.isoformat()
