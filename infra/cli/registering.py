"""`fairpassage schema register`: the released contracts into a schema registry, and what it said of each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from infra.registry.client import Refused, connect
from infra.registry.registering import NotReleased, Outcome, register
from infra.settings import load

_MARGIN = " " * 4


def registering(*, dry_run: bool, as_json: bool) -> None:
    """Registers, prints, and ends with status 1 where anything was refused. Raises click.ClickException."""
    registry = connect(load())
    try:
        found = register(registry, dry_run=dry_run)
    except NotReleased as problem:
        told = "\n".join(problem.found[:5])
        raise click.ClickException(f"nothing was registered, since the releases are not in order:\n{told}") from problem
    except Refused as problem:
        raise click.ClickException(f"the schema registry at {registry.url} refuses: {problem}") from problem
    click.echo(json.dumps(as_object(found, registry.url, dry_run)) if as_json else "\n".join(as_text(found, dry_run)))
    sys.exit(1 if any(each.problem for each in found) else 0)


def as_object(found: Iterable[Outcome], url: str, dry_run: bool) -> dict[str, Any]:
    """What `--json` prints; `version` of a problem is the registry's, 0 for one that is not there yet."""
    return {
        "dry_run": dry_run, "registry": url,
        "subjects": [
            {"subject": each.subject.name, "contract": each.subject.contract, "added": list(each.added), "there": list(each.there),
             "later": each.later, "compatibility": {"was": each.was or None, "is": each.level or None},
             "problem": each.problem and {"version": each.problem.version, "reason": each.problem.reason, "remedy": each.problem.remedy}}
            for each in found
        ],
    }  # fmt: skip


def as_text(found: Iterable[Outcome], dry_run: bool) -> Iterable[str]:
    """A line a subject that changed or is refused, and how many there are of each."""
    added = there = refused = 0
    for each in found:
        added, there, refused = added + len(each.added), there + len(each.there), refused + (each.problem is not None)
        yield from _lines(each, dry_run)
    yield f"{added} {'missing' if dry_run else 'registered'}, {there} were there, {refused} refused."


def _lines(each: Outcome, dry_run: bool) -> Iterable[str]:
    name = each.subject.name
    for number in each.added:
        yield f"{'would register' if dry_run else 'registered'} {name}: {each.subject.contract} {number}"
    if each.problem is not None:
        yield f"refused {name}{f', version {each.problem.version} there' if each.problem.version else ''}: {each.problem.reason}"
        yield f"{_MARGIN}{each.problem.remedy}"
    elif each.was and each.was != each.level:
        yield f"{'would hold' if dry_run else 'now holds'} {name} to {each.level}, not {each.was}"
    if each.later:
        yield f"{name}: {each.later} later, of a newer build"
