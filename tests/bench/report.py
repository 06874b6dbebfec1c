"""A run's results: as JSON, as a table in Markdown beside the last kept run, and in the README between its marks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.bench.measure import Aim, Curve, Figure

FIRST, LAST = "<!-- bench: written by make bench KEEP=1 -->", "<!-- bench: end -->"


@dataclass
class Results:
    """Figures and curves of a run, what failed and why, and what it ran on."""

    machine: Mapping[str, str]
    figures: list[Figure] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, found: Figure | Curve) -> None:
        """One more."""
        if isinstance(found, Figure):
            self.figures.append(found)
        else:
            self.curves.append(found)

    def as_json(self) -> str:
        """The same again from `read`."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> Results:
    """Results as `as_json` wrote them."""
    found: dict[str, Any] = json.loads(text)
    figures = [Figure(**{**each, "aim": Aim(**each["aim"]) if each["aim"] else None}) for each in found["figures"]]
    curves = [Curve(**{**each, "points": tuple((x, y) for x, y in each["points"])}) for each in found["curves"]]
    return Results(found["machine"], figures, curves, found["failed"], found["seconds"])


def values(figures: Iterable[Figure]) -> dict[str, float]:
    """Figure -> value, of those that have one."""
    return {each.name: each.value for each in figures if each.value is not None}


def ratio(value: float | None, other: float | None) -> str:
    """How many times the other; '' where there is nothing to compare."""
    return f"{value / other:.2f}" if value is not None and other else ""


def number(value: float | None) -> str:
    """Three digits that count; '-' for none."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def verdict(figure: Figure) -> str:
    """The aim, and whether it is met."""
    if figure.aim is None:
        return ""
    if figure.value is None:
        return f"{figure.aim}: not measured"
    return f"{figure.aim}: {'met' if figure.aim.met(figure.value) else '**not met**'}"


def table(results: Results, kept: Results | None) -> str:
    """The table in Markdown, with the machine above it and what failed below."""
    mine, before = values(results.figures), values(kept.figures) if kept is not None else {}
    lines = [_heading(results, kept), "", "| measure | figure | unit | aim | to the plain loop | to the last kept run | |",
             "|---|---:|---|---|---:|---:|---|"]  # fmt: skip
    for each in results.figures:
        cells = (each.what, number(each.value), each.unit, verdict(each), ratio(each.value, mine.get(each.beside)),
                 ratio(each.value, before.get(each.name)), each.note)  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    lines += [f"| {name} | **failed** | | | | | {why.replace('|', '/')} |" for name, why in results.failed.items()]
    return "\n".join(lines)


def brief(results: Results) -> Results:
    """What the README shows: figures with an aim or beside the plain loop, and the profile; the whole is in `docs`."""
    shown = [each for each in results.figures if each.aim is not None or each.beside or each.name.startswith(("plain", "stage."))]
    return replace(results, figures=shown)


def _heading(results: Results, kept: Results | None) -> str:
    told = ", ".join(f"{name} {value}" for name, value in results.machine.items() if name != "commit")
    compared = f" The last kept run is of {kept.machine.get('commit', 'unknown')}." if kept is not None else " No run was kept before."
    return f"Commit {results.machine.get('commit', 'unknown')}; {told}; {results.seconds:.0f} s in all.{compared}"


def placed(page: str, text: str) -> str:
    """A page with a text between its marks. Raises ValueError when it has none."""
    before, first, rest = page.partition(FIRST)
    _, last, after = rest.partition(LAST)
    if not first or not last:
        raise ValueError(f"the page has no marks: {FIRST} and {LAST}")
    return f"{before}{FIRST}\n\n{text}\n\n{LAST}{after}"


def load(path: Path) -> Results | None:
    """The run kept there, if one was."""
    return read(path.read_text("utf-8")) if path.exists() else None
