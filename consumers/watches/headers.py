"""A watch's file: SQL with a header in comments that says what it is, when it runs and what it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from consumers.watches.sql import FOLDER, composed
from streams.domain.instants import DAY, HOUR, Instant

Every = Literal["hour", "day"]
Subject = Literal["party", "demand", "place"]
_LINE = re.compile(r"-- (?P<key>[a-z ]+?)(?: (?P<name>[a-z_0-9]+))?: (?P<text>.+)")
_MORE = re.compile(r"--  +(?P<text>.+)")
_PARAMETER = re.compile(r"(?P<type>[A-Z]\w+(?:\(\w+\))?) = (?P<default>.+?) \((?P<source>.+)\)")
_ONCE = ("id", "version", "every", "subject", "publishes", "window", "denominator", "control", "reads")
_PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+):[^{}]+\}")
UNTIL = "until"  # given to every watch: the end of its window, in ms; what is dated then or later is not read


class HeaderError(ValueError):
    """A watch's file that cannot be used: names the file and what to write."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its ClickHouse type, the value of the policy row that ships, as text, and where that comes from."""

    type: str
    default: str
    source: str


@dataclass(frozen=True)
class Watch:
    """One watch. `publishes` is alerts, or figures alone, which no event tells; `length` names the parameter with its window's days."""

    id: str
    version: int
    harm: str
    every: Every
    subject: tuple[Subject, ...]
    publishes: str
    window: str
    length: str
    denominator: str
    control: str
    reads: tuple[str, ...]
    parameters: dict[str, Parameter] = field(compare=False)
    sql: str

    @property
    def ref(self) -> str:
        """'T-DTH-01@1', as alerts name it."""
        return f"{self.id}@{self.version}"

    def until(self, instant: Instant) -> Instant:
        """The end of the last whole window at an instant: an hour or a day in UTC, so that a run some minutes late says the same."""
        return instant - instant % (HOUR if self.every == "hour" else DAY)


@cache
def watches(folder: Path = FOLDER) -> tuple[Watch, ...]:
    """Every watch of a folder, by id and file. Raises HeaderError."""
    return tuple(sorted(map(read, folder.glob("*.sql")), key=lambda each: (each.id, each.harm)))


def read(path: Path) -> Watch:
    """The watch in a file, its SQL composed. Raises HeaderError."""
    text = path.read_text("utf-8")
    said, parameters = _header(path, text)
    for key in _ONCE:
        if key not in said:
            raise HeaderError(f"{path.name}: the header has no {key!r}; write a line `-- {key}: ...`")
    subject = tuple(said["subject"].split(", "))
    if said["every"] not in get_args(Every) or not set(subject) <= set(get_args(Subject)) or not said["version"].isdigit():
        raise HeaderError(f"{path.name}: every is hour or day, subject party, demand or place, version a number")
    length = re.match(r"\{(\w+)\} days", said["window"])
    watch = Watch(
        said["id"], int(said["version"]), path.stem, cast("Every", said["every"]), cast("tuple[Subject, ...]", subject),
        said["publishes"], said["window"], length[1] if length else "", said["denominator"], said["control"],
        tuple(said["reads"].split(", ")), parameters, composed(text, path.parent),
    )  # fmt: skip
    used = set(_PLACEHOLDER.findall(watch.sql)) - {UNTIL}
    if used != set(parameters):
        raise HeaderError(f"{path.name}: declares {sorted(parameters)} and uses {sorted(used)}; a line `-- parameter NAME: ...` for each")
    return watch


def _header(path: Path, text: str) -> tuple[dict[str, str], dict[str, Parameter]]:
    """What the lines of the header say, each with its continuation; parameters apart."""
    lines: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if (found := _LINE.fullmatch(line)) is not None:
            lines.append([found["key"], found["name"] or "", found["text"]])
        elif (more := _MORE.fullmatch(line)) is not None and lines:
            lines[-1][2] += " " + more["text"]
        else:
            raise HeaderError(f"{path.name}: {line!r} is no line of a header; write `-- key: text`")
    said = {key: told for key, name, told in lines if not name}
    return said, {name: _parameter(path, name, told) for key, name, told in lines if key == "parameter"}


def _parameter(path: Path, name: str, text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise HeaderError(f"{path.name}: parameter {name}: write `Type = default (source)`; it is {text!r}")
    return Parameter(found["type"], found["default"], found["source"])
