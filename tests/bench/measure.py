"""What a measurement is: a name, a unit, an aim, and a run that gives figures and curves as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench.bench import Bench


@dataclass(frozen=True)
class Aim:
    """What a figure should be: at least, or at most, so much."""

    limit: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether a value is as it should be."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'under'} {self.limit:,g}"


def at_least(limit: float) -> Aim:
    """More is better."""
    return Aim(limit, at_least=True)


def under(limit: float) -> Aim:
    """Less is better."""
    return Aim(limit, at_least=False)


@dataclass(frozen=True)
class Figure:
    """One row of the table. `name` is how the next run finds it; no value: it was not to be had, and `note` says why.

    `beside` names the figure that it is put in relation to: the plain loop's.
    """

    name: str
    what: str
    value: float | None
    unit: str
    aim: Aim | None = None
    note: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Curve:
    """Points (x, y) of one line in a plot; curves of one `plot` are drawn together. `log` names the axes with powers of ten."""

    plot: str
    title: str
    x: str
    y: str
    label: str
    points: tuple[tuple[float, float], ...]
    log: str = ""


Found = Iterator[Figure | Curve]


@dataclass(frozen=True)
class Measure:
    """One measurement, for `make bench ONLY=name`. What `run` gave before it failed is kept."""

    name: str
    what: str
    unit: str
    aim: Aim | None
    run: Callable[[Bench], Found]
