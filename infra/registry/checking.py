"""What `fairpassage doctor` says of the schema registry."""

from __future__ import annotations

from collections.abc import Iterator

import click

from infra.checking import Deployment, Result
from infra.registry.client import connect
from infra.registry.registering import Outcome, looked

_CHECK, _REGISTER = "schemas", "`fairpassage schema register`"


def published(what: Deployment) -> Iterator[Result]:
    """Where a registry is set: whether it has the contracts as they were released. Nothing of ours stops without it."""
    if not what.settings.schema_registry_url:
        return
    try:
        registry = connect(what.settings, retries=0)
        found = looked(registry)
    except click.ClickException as problem:
        yield Result(_CHECK, "wrong", problem.message, "see that it runs, and that address and credentials are right; until then a record "
                     "that only it could explain is a dead letter")  # fmt: skip
        return
    wrong = list(_wrong(found))
    yield from wrong
    if newer := [each.subject.name for each in found if each.later]:
        yield Result(_CHECK, "note", f"{_count(newer)} of a newer build", "bring this one up to date")
    if not wrong:
        yield Result(_CHECK, "ok", f"{len(found)} contracts at {registry.url} as released")


def _wrong(found: list[Outcome]) -> Iterator[Result]:
    for each in found:
        if each.problem is not None:
            says = f"{each.subject.name}: version {each.problem.version} there {each.problem.reason}"
            yield Result(_CHECK, "wrong", says, each.problem.remedy)
    if missing := [each.subject.name for each in found if each.added]:
        yield Result(_CHECK, "wrong", f"{_count(missing)} not registered as released", _REGISTER)
    if loose := [each.subject.name for each in found if each.there and each.was != each.level]:
        yield Result(_CHECK, "wrong", f"{_count(loose)} not held to the compatibility that our guard holds to", _REGISTER)


def _count(names: list[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{len(names)} subjects, first {names[0]}, are"
