"""`fairpassage evaluate --policy`: what another policy would find, beside what today's does, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from infra.cli.tables import MOST_SHOWN, many, rejections, shown, table
from streams.comparing import Comparison, Difference
from streams.domain.instants import text
from streams.domain.outputs import Published

_INSTANTS = ("since", "due_at")
_HEADS = {"now": "now", "then": "then", "only_now": "only now", "only_then": "only then", "changed": "changed"}


def report(found: Comparison, as_of: int, rejected: list[dict[str, Any]]) -> dict[str, Any]:
    """What `--json` prints: counts by rule, findings of one side alone, and what differs of the others."""
    return {
        "as_of": text(as_of),
        "counts": [{"rule": rule, **counts} for rule, counts in found.counts()],
        "only_now": [_finding(each) for each in found.only_now],
        "only_then": [_finding(each) for each in found.only_then],
        "changed": [{**_about(each), "now": _fields(each.now, each.changed), "then": _fields(each.then, each.changed)}
                    for each in found.changed],
        "insufficient": {"now": len(found.now.insufficient()), "then": len(found.then.insufficient())},
        "rejected": rejected,
    }  # fmt: skip


def show(found: Comparison, as_of: int, rejected: list[dict[str, Any]]) -> None:
    """Prints the counts of each rule that finds something, and each difference."""
    console = Console(highlight=False, markup=False, emoji=False)
    now, then = len(found.now.findings()), len(found.then.findings())
    missing = [len(each.insufficient()) for each in (found.now, found.then)]
    console.print(f"As of {text(as_of)}: {many(now, 'finding')} now, {then} under the other policy; "
                  f"{many(missing[0], 'outcome')} for which facts are missing now, {missing[1]} then.")  # fmt: skip
    if counts := found.counts():
        rows = [(rule, *(str(each[name]) for name in _HEADS)) for rule, each in counts]
        console.print(table(("rule", *_HEADS.values()), rows))
    differences = [*found.only_now, *found.only_then, *found.changed]
    if differences:
        told = [(each.finding.rule, each.subject, _said(each)) for each in differences]
        console.print(table(("rule", "subject", "what differs"), told[:MOST_SHOWN]))
    else:
        console.print("Nothing differs.")
    if len(differences) > MOST_SHOWN:
        console.print(f"... and {len(differences) - MOST_SHOWN} more; --json shows all.")
    rejections(console, rejected)


def _said(each: Difference) -> str:
    issue = f" [{each.finding.issue}]" if each.finding.issue else ""
    if each.then is None:
        return f"Only now{issue}: {each.finding.summary}"
    if each.now is None:
        return f"Only then{issue}: {each.finding.summary}"
    return f"Changed{issue}: {'; '.join(_changes(each, each.now, each.then))}"


def _changes(each: Difference, now: Published, then: Published) -> Iterator[str]:
    for name in each.changed:
        before, after = (_plain(name, getattr(side, name)) for side in (now, then))
        yield f"{name.replace('_', ' ')} {before} -> {after}"


def _plain(name: str, value: Any) -> str:
    if name in _INSTANTS:
        return "none" if value is None else text(value)
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)


def _about(each: Difference) -> dict[str, str]:
    rule, _, version = each.finding.rule.partition("@")
    return {"rule": rule, "version": version, "subject": each.subject, "issue": each.finding.issue, "alert": each.finding.alert}


def _finding(each: Difference) -> dict[str, Any]:
    return shown(each.subject, each.finding)


def _fields(side: Published | None, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(side, name) for name in names}
    return found | {name: text(found[name]) for name in _INSTANTS if found.get(name) is not None}
