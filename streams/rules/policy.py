"""Policy as data: dated rows per jurisdiction, corridor, sector and occupation, in TOML, each with its source.

A row: `id`, `rule` (a T- id), `source`, optional selectors and `from` / `until` dates (whole days, both included), and the
parameters that its rule declares. The row valid when the event happened is read, the most special first (`rows.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from streams.rules.contradictions import contradictions
from streams.rules.parameters import Shape
from streams.rules.registry import catalogue
from streams.rules.rowreading import read_row
from streams.rules.rows import Policy, PolicyError, Row

__all__ = ["Policy", "PolicyError", "Row", "default", "load", "shapes"]

_PLACE = re.compile(r"at line (\d+)")


@cache
def shapes() -> Mapping[str, Shape]:
    """What the rows of each rule and watch are like, by id."""
    found: dict[str, Shape] = {}
    for rule in catalogue():
        if rule.id not in found or not found[rule.id].parameters:
            found[rule.id] = rule.shape
    return found


def load(*paths: Path, base: Policy | None = None) -> Policy:
    """Policy from TOML files (or folders of them). Raises PolicyError with every problem of every file: file, row, key, remedy.

    With a `base`, a rule that these files do not name keeps the base's rows; of one that they name, they have all.
    """
    rows: list[Row] = []
    problems: list[str] = []
    for file in _files(paths, problems):
        for number, raw in enumerate(_tables(file, problems), 1):
            row, found = read_row(raw, f"{file.name}, row {number}", shapes())
            problems += found
            rows += [row] if row is not None else []
    if problems:  # what contradicts what can only be told of rows that are right
        raise PolicyError(*problems)
    named = {row.rule for row in rows}
    rows = [row for row in (base.all() if base is not None else ()) if row.rule not in named] + rows
    if found := list(contradictions(rows, shapes())):
        raise PolicyError(*found)
    return Policy(rows)


@cache
def default() -> Policy:
    """The policy that ships with the rules."""
    return load(Path(__file__).parent / "policies")


def _files(paths: tuple[Path, ...], problems: list[str]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        listed = sorted(path.glob("*.toml"))
        if not listed:
            problems.append(f"{path.name}: holds no .toml file; name a folder of policy files, or one file")
        yield from listed


def _tables(file: Path, problems: list[str]) -> list[dict[str, Any]]:
    """The [[row]] tables of a file; none where it cannot be read."""
    try:
        text = file.read_text("utf-8-sig")  # some editors begin a file with a byte order mark
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        problems.append(f"{file.name}{_near(text, str(problem))}: is no TOML: {problem}")
        return []
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(f"{file.name}: cannot be read: {problem}")
        return []
    problems += [f"{file.name}: unknown key {key!r}; a file holds [[row]] tables only" for key in sorted(document.keys() - {"row"})]
    found = document.get("row", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        problems.append(f"{file.name}: row must be tables that each begin with [[row]]; write both brackets twice")
        return []
    if not found:
        problems.append(f"{file.name}: holds no row; each begins with [[row]]")
    return found


def _near(text: str, problem: str) -> str:
    """Which row and key a TOML error is at, as far as its line tells."""
    place = _PLACE.search(problem)
    before = text.splitlines()[: int(place[1])] if place else []
    number = sum(line.strip() == "[[row]]" for line in before)
    key = before[-1].partition("=")[0].strip() if before and "=" in before[-1] else ""
    return (f", row {number}" if number else "") + (f", {key}" if key else "")
