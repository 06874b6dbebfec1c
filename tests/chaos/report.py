"""A run's table, at 80 columns, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.chaos.running import Outcome, Row

MACHINE = ("processor", "cores", "memory", "Python", "Kafka", "load before")
HEAD = f"{'fault':<28}{'times':>7}{'lost':>8}{'duplicated':>12}{'takeover s':>12}{'longest':>10}"


def text(outcome: Outcome) -> str:
    """The table, the totals, and what differs."""
    lines = [HEAD, *map(_line, outcome.rows), ""]
    lines += [f"{what:<28}{number:>12,}" for what, number in outcome.totals.items()]
    lines += ["", *(f"DIFFERS  {each.what}: {each.number:,}\n         {each.example[:70]}" for each in outcome.differences)]
    lines += [f"STUCK    {each[:70]}" for each in outcome.problems]
    if outcome.whole:
        lines.append("nothing lost, findings equal, dead letters exact, every history legal")
    return "\n".join(lines)


def _line(row: Row) -> str:
    usual, longest = _seconds(row)
    return f"{row.fault:<28}{row.times:>7}{row.lost:>8,}{row.duplicated:>12,}{usual:>12}{longest:>10}"


def _seconds(row: Row) -> tuple[str, str]:
    return (f"{row.usual:.1f}", f"{max(row.takeovers):.1f}") if row.usual is not None else ("-", "-")


def page(outcome: Outcome, command: str, machine: Mapping[str, str]) -> str:
    """The table as a page in Markdown, with what made it (`tests.bench.machine`)."""
    plan, whole = outcome.plan, "nothing lost, findings equal, dead letters exact, every history legal"
    found = [whole] if outcome.whole else [f"**{each.what}: {each.number:,}**" for each in outcome.differences]
    rows = [f"| {row.fault} | {row.times} | {row.lost:,} | {row.duplicated:,} | {usual} | {longest} |"
            for row in outcome.rows for usual, longest in [_seconds(row)]]  # fmt: skip
    return "\n".join((
        f"# What {plan.minutes:g} minutes of faults did", "",
        f"Made by `{command}` at commit {machine['commit']}; {', '.join(f'{what} {machine[what]}' for what in MACHINE)}.",
        "What each fault is, and what is compared, is in [the README](README.md).", "",
        *(f"{each.capitalize()}." for each in (*found, *outcome.problems)), "",
        "| fault | times | lost | duplicated | takeover s, median | longest |", "|---|---:|---:|---:|---:|---:|", *rows, "",
        "| of all | |", "|---|---:|", *(f"| {what} | {number:,} |" for what, number in outcome.totals.items()), "",
    ))  # fmt: skip


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same for machines."""
    return {
        "minutes": outcome.plan.minutes, "seed": outcome.plan.seed, "build": outcome.plan.build, "whole": outcome.whole,
        "faults": [{"fault": row.fault, "times": row.times, "lost": row.lost, "duplicated": row.duplicated,
                    "takeover_seconds": [round(each, 1) for each in row.takeovers]} for row in outcome.rows],
        "totals": outcome.totals,
        "differences": [{"what": each.what, "number": each.number, "example": each.example} for each in outcome.differences],
        "problems": outcome.problems,
    }  # fmt: skip
