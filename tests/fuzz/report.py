"""A run's table, at 80 columns, and as the page that `make fuzz PAGE=1` writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fuzz.running import SECONDS, Tally
from tests.fuzz.target import ACCEPTED
from tests.fuzz.targets import named

MACHINE = ("processor", "cores", "memory", "Python", "load before")
_HEAD = f"{'target':<10}{'inputs':>11}{'accepted':>11}{'refused':>11}{'findings':>10}{'CPU s':>8}{'MB':>7}"


def refused(tally: Tally) -> Counter[str]:
    """Refusals by the error's type, those of each reason together."""
    found: Counter[str] = Counter()
    for verdict, number in tally.verdicts.items():
        if verdict not in (ACCEPTED, "finding"):
            found[verdict.partition(" ")[0]] += number
    return found


def _numbers(tally: Tally) -> tuple[int, int, int, int, float, int]:
    return (tally.inputs, tally.accepted, refused(tally).total(), len(tally.findings), tally.seconds, tally.memory >> 20)


def text(tallies: Sequence[Tally]) -> str:
    """The table, and each finding."""
    lines = [_HEAD]
    for each in tallies:
        inputs, accepted, refusals, findings, seconds, memory = _numbers(each)
        lines.append(f"{each.target:<10}{inputs:>11,}{accepted:>11,}{refusals:>11,}{findings:>10}{seconds:>8.0f}{memory:>7}")
    lines.append(f"{'all':<10}{sum(each.inputs for each in tallies):>11,}")
    for each in tallies:
        lines += [f"\nFINDING {each.target} {found.key}: {found.data[:300]!r}\n{found.why[-1_500:]}" for found in each.findings.values()]
    return "\n".join(lines)


def page(tallies: Sequence[Tally], command: str, seed: int, machine: Mapping[str, str]) -> str:
    """The same in Markdown, with what made it (`tests.bench.machine`)."""
    rows = [f"| {each.target} | {inputs:,} | {accepted:,} | {refusals:,} | {findings} | {seconds:.0f} | {memory} |"
            for each in tallies for inputs, accepted, refusals, findings, seconds, memory in [_numbers(each)]]  # fmt: skip
    total, findings = sum(each.inputs for each in tallies), sum(len(each.findings) for each in tallies)
    said = [f"| {each.target} | {named(each.target).what} | {_told(refused(each))} | {len(each.verdicts)} |" for each in tallies]
    return "\n".join((
        f"# What {total:,} bad inputs did", "",
        f"Made by `{command}` at commit {machine['commit']}, seed {seed}; {', '.join(f'{what} {machine[what]}' for what in MACHINE)}.",
        "What the targets are, and what one input may end as, is in [the README](README.md).", "",
        f"{total:,} inputs, {findings} findings: no crash, no hang, no error that is not ours." if not findings else
        f"**{findings} findings.**", "",
        "| target | inputs | accepted | refused | findings | CPU s | MB at most |", "|---|---:|---:|---:|---:|---:|---:|", *rows, "",
        f"An input may take {SECONDS:g} s of CPU. MB is the whole process's, with the harness and what it imports.", "",
        "| target | reads | refused, by the error | endings told apart |", "|---|---|---|---:|", *said, "",
    ))  # fmt: skip


def _told(refusals: Counter[str]) -> str:
    return "; ".join(f"{error} {number:,}" for error, number in refusals.most_common())


def as_json(tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    """The same for machines, with every ending."""
    return [{"target": each.target, "inputs": each.inputs, "accepted": each.accepted, "refused": dict(refused(each)),
             "verdicts": dict(each.verdicts.most_common()), "findings": sorted(each.findings), "cpu_seconds": round(each.seconds, 1),
             "memory_mb": each.memory >> 20} for each in tallies]  # fmt: skip
