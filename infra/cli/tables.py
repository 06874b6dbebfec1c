"""How `evaluate` shows findings: tables of which nothing is cut short, and a finding as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from streams.domain.instants import text
from streams.domain.outputs import Published

MOST_SHOWN = 50


def shown(subject: str, found: Published) -> dict[str, Any]:
    """A finding as `--json` prints it: instants as RFC 3339."""
    fields = msgspec.structs.asdict(found)
    fields |= {name: text(fields[name]) for name in ("raised_at", "changed_at", "since", "due_at") if fields[name] is not None}
    rule, _, version = found.rule.partition("@")
    return {"subject": subject, **fields, "rule": rule, "version": version}


def many(count: int, what: str) -> str:
    """'1 finding', '2 findings'."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """What is too wide for its column goes on in the next line: an id that is cut short finds nothing."""
    made = Table()
    for head in heads:
        made.add_column(head, overflow="fold", no_wrap=head == "rule")
    for row in rows:
        made.add_row(*row)
    return made


def rejections(console: Console, rejected: Sequence[dict[str, Any]]) -> None:
    """The lines that were refused, each with its reason and remedy."""
    for problem in rejected[:MOST_SHOWN]:
        console.print(f"{problem['file']}, line {problem['line']}, {problem['field'] or 'line'}: {problem['reason']}. {problem['remedy']}")
    if len(rejected) > MOST_SHOWN:
        console.print(f"... and {len(rejected) - MOST_SHOWN} more problems; --json shows all.")
