"""`fairpassage evaluate`: what would be found in these files, with no broker, and under another policy."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from infra.cli.wiring import policy_from
from schemas.topicfiles import declared
from streams.domain.instants import parse, text
from streams.evaluate import Evaluated, Evaluator
from streams.publishers.reading import Ready, Refused, read

MOST_SHOWN = 50


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--as-of", "as_of", default=None, help="The instant to judge from (RFC 3339). Default: now.")
@click.option("--policy", type=click.Path(exists=True, path_type=Path), default=None, help="Another policy file or folder.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: findings, insufficient, journeys, rejected.")
def evaluate(files: tuple[Path, ...], as_of: str | None, policy: Path | None, as_json: bool) -> None:
    """Runs the same linking, fold and rules as the workers on FILES (JSON lines; - for standard input)."""
    now = round(time.time() * 1_000)
    try:
        instant = parse(as_of) if as_of else now
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--as-of") from problem
    rejected: list[dict[str, Any]] = []
    evaluator = Evaluator(policy_from(policy), instant, declared)
    evaluator.add(_events(files, max(now, instant), rejected))
    found = evaluator.finish()
    if as_json:
        click.echo(json.dumps(report(found, instant, rejected), indent=1))
    else:
        _show(found, instant, rejected)
    if rejected:
        sys.exit(1)


def _events(files: tuple[Path, ...], now: int, rejected: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    key = secrets.token_bytes(32)  # what is joined here is joined by digests that nobody else can make
    for path in files:
        with click.open_file(str(path), "rb") as lines:
            for row in read(lines, key, now, 1 << 20):
                if isinstance(row, Ready):
                    yield row.event
                else:
                    rejected += _problems(path, row)


def _problems(path: Path, row: Refused) -> list[dict[str, Any]]:
    return [{"file": str(path), "line": row.line, "field": p.field, "reason": p.reason, "remedy": p.remedy} for p in row.problems]


def report(found: Evaluated, as_of: int, rejected: list[dict[str, Any]]) -> dict[str, Any]:
    """What `--json` prints: instants as RFC 3339."""
    findings = []
    for subject, each in found.findings():
        fields = msgspec.structs.asdict(each)
        fields |= {name: text(fields[name]) for name in ("raised_at", "changed_at", "since", "due_at") if fields[name] is not None}
        findings.append({"subject": subject, **fields, "rule": each.rule.partition("@")[0], "version": each.rule.partition("@")[2]})
    insufficient = [{"subject": s, "rule": r, "issue": i, "missing": m} for s, r, i, m in found.insufficient()]
    journeys = [{"id": j.id, "destination": j.destination, "status": j.status, "missing": j.missing, "identities": j.identities,
                 "steps": [[kind, text(at), event] for kind, at, event in j.steps], "replaced_by": j.replaced_by}
                for j in sorted(found.journeys.values(), key=lambda each: each.id)]  # fmt: skip
    return {"as_of": text(as_of), "findings": findings, "insufficient": insufficient, "journeys": journeys, "rejected": rejected}


def _show(found: Evaluated, as_of: int, rejected: list[dict[str, Any]]) -> None:
    console = Console()
    findings = found.findings()
    counts = Counter(each.rule for _, each in findings)
    journeys = sum(j.status != "replaced" for j in found.journeys.values())
    console.print(f"As of {text(as_of)}: {journeys} journeys, {len(findings)} findings, "
                  f"{len(found.insufficient())} outcomes for which facts are missing.")  # fmt: skip
    if findings:
        table = Table("rule", "subject", "what", "evidence")
        for subject, each in findings[:MOST_SHOWN]:
            table.add_row(each.rule, subject, each.summary, ", ".join(each.evidence[:3]))
        console.print(table)
    if len(findings) > MOST_SHOWN:
        console.print(f"... and {len(findings) - MOST_SHOWN} more; --json shows all. By rule: {dict(sorted(counts.items()))}")
    for problem in rejected[:MOST_SHOWN]:
        console.print(f"{problem['file']}, line {problem['line']}, {problem['field'] or 'line'}: {problem['reason']}. {problem['remedy']}",
                      markup=False)  # fmt: skip
