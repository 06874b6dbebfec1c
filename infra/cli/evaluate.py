"""`fairpassage evaluate`: what would be found in these files, with no broker, and under another policy."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console

from infra.cli import comparison
from infra.cli.tables import MOST_SHOWN, many, rejections, shown, table
from infra.cli.wiring import policy_from, policy_of
from infra.settings import load
from schemas.topicfiles import declared
from streams.comparing import Comparison, evaluate_both
from streams.domain.instants import parse, text
from streams.evaluate import Evaluated, Evaluator
from streams.publishers.reading import Ready, Refused, read

MOST_EVENTS = 3


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--as-of", "as_of", default=None, help="The instant to judge from (RFC 3339). Default: now.")
@click.option("--policy", type=click.Path(exists=True, path_type=Path), default=None,
              help="A policy file or folder to compare with today's: all rows of the rules that it names.")  # fmt: skip
@click.option("--alone", is_flag=True, help="Only what --policy finds, without today's beside it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
def evaluate(files: tuple[Path, ...], as_of: str | None, policy: Path | None, alone: bool, as_json: bool) -> None:
    """Runs the same linking, fold and rules as the workers on FILES (JSON lines; - for standard input).

    With --policy it says what that policy would find and today's does not, and the other way round.
    """
    now = round(time.time() * 1_000)
    try:
        instant = parse(as_of) if as_of else now
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--as-of") from problem
    if alone and policy is None:
        raise click.UsageError("--alone shows one policy without today's: name it with --policy.")
    today = policy_of(load())
    rejected: list[dict[str, Any]] = []
    events = _events(files, max(now, instant), rejected)
    if policy is not None and not alone:
        _compare(evaluate_both(events, today, policy_from(policy, today), instant, declared), instant, rejected, as_json)
    else:
        evaluator = Evaluator(policy_from(policy, today), instant, declared)
        evaluator.add(events)
        _one(evaluator.finish(), instant, rejected, as_json)
    if rejected:
        sys.exit(1)


def _one(found: Evaluated, as_of: int, rejected: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report(found, as_of, rejected), indent=1))
    else:
        _show(found, as_of, rejected)


def _compare(found: Comparison, as_of: int, rejected: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(comparison.report(found, as_of, rejected), indent=1))
    else:
        comparison.show(found, as_of, rejected)


def _events(files: tuple[Path, ...], now: int, rejected: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        opened = [(path, stack.enter_context(_twice(path))) for path in files]
        key = _key([lines for _, lines in opened])
        for path, lines in opened:
            for row in read(lines, key, now, 1 << 20):
                if isinstance(row, Ready):
                    yield row.event
                else:
                    rejected += _problems(path, row)


@contextmanager
def _twice(path: Path) -> Iterator[IO[bytes]]:
    """A file to read two times; standard input is kept meanwhile."""
    with click.open_file(str(path), "rb") as lines:
        if lines.seekable():
            yield lines
            return
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(lines, kept)
            kept.seek(0)
            yield kept


def _key(opened: Iterable[IO[bytes]]) -> bytes:
    """The key of this evaluation's digests, which nobody without these lines can make.

    The same lines, in any order and as often as they come, give the same: events of one instant are told apart by their
    digests, and with another key one file would be linked in another order each time.
    """
    found: set[bytes] = set()
    for lines in opened:
        found |= {hashlib.blake2b(line.strip(), digest_size=16).digest() for line in lines if line.strip()}
        lines.seek(0)
    return hashlib.sha256(b"".join(sorted(found))).digest()


def _problems(path: Path, row: Refused) -> list[dict[str, Any]]:
    return [{"file": str(path), "line": row.line, "field": p.field, "reason": p.reason, "remedy": p.remedy} for p in row.problems]


def report(found: Evaluated, as_of: int, rejected: list[dict[str, Any]]) -> dict[str, Any]:
    """What `--json` prints: instants as RFC 3339."""
    findings = [shown(subject, each) for subject, each in found.findings()]
    insufficient = [{"subject": s, "rule": r, "issue": i, "missing": m} for s, r, i, m in found.insufficient()]
    journeys = [{"id": j.id, "destination": j.destination, "status": j.status, "missing": j.missing, "identities": j.identities,
                 "steps": [[kind, text(at), event] for kind, at, event in j.steps], "replaced_by": j.replaced_by}
                for j in sorted(found.journeys.values(), key=lambda each: each.id)]  # fmt: skip
    return {"as_of": text(as_of), "findings": findings, "insufficient": insufficient, "journeys": journeys, "rejected": rejected}


def _show(found: Evaluated, as_of: int, rejected: list[dict[str, Any]]) -> None:
    console = Console(highlight=False, markup=False, emoji=False)  # an office may name its events in brackets
    findings, missing = found.findings(), found.insufficient()
    counts = Counter(each.rule for _, each in findings)
    journeys = sum(j.status != "replaced" for j in found.journeys.values())
    console.print(f"As of {text(as_of)}: {many(journeys, 'journey')}, {many(len(findings), 'finding')}, "
                  f"{many(len(missing), 'outcome')} for which facts are missing.")  # fmt: skip
    if findings:
        rows = [(each.rule, subject, each.summary, _events_of(each.evidence)) for subject, each in findings[:MOST_SHOWN]]
        console.print(table(("rule", "subject", "what", "evidence"), rows))
    if len(findings) > MOST_SHOWN:
        console.print(f"... and {len(findings) - MOST_SHOWN} more; --json shows all. By rule: {dict(sorted(counts.items()))}")
    if missing:
        told = [(rule, subject, f"Not known: {what}.") for subject, rule, _, what in missing]
        console.print(table(("rule", "subject", "what is missing"), list(dict.fromkeys(told))[:MOST_SHOWN]))
    if len(missing) > MOST_SHOWN:
        console.print("--json shows all that is missing.")
    rejections(console, rejected)


def _events_of(evidence: Sequence[str]) -> str:
    more = len(evidence) - MOST_EVENTS
    return ", ".join(evidence[:MOST_EVENTS]) + (f" and {more} more" if more > 0 else "")
