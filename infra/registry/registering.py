"""The released contracts into a registry: in the order of their releases, each once, refused by our guard and by the registry's.

What is there is never changed or deleted, so that a run that was cut short is run again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from infra.registry.client import Refused, Registry
from infra.registry.contracts import Problem, Release, Subject, compared, strictest, subjects
from schemas.compatibility import problems
from schemas.composition import RELEASES


@dataclass(frozen=True)
class Outcome:
    """One subject: releases that were there, and those that were or would be added; versions that a later build registered; its
    compatibility before ('' for none of its own) and now."""

    subject: Subject
    there: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    later: int = 0
    was: str = ""
    level: str = ""
    problem: Problem | None = None


class NotReleased(Exception):
    """Our own guard refuses: what is wrong with the releases, each with its remedy."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(found[0])
        self.found = found


def guarded(folder: Path = RELEASES) -> None:
    """Raises NotReleased where the releases are not what the guard of the contracts lets pass."""
    if found := problems(folder):
        raise NotReleased(found)


def looked(registry: Registry, folder: Path = RELEASES) -> list[Outcome]:
    """What `register` would add to each subject and set for it; nothing is changed, and what the registry would refuse is not asked.

    Raises Away.
    """
    return [_looked(registry, each, folder)[0] for each in subjects()]


def _looked(registry: Registry, subject: Subject, folder: Path) -> tuple[Outcome, tuple[Release, ...]]:
    """A subject as it is, and the releases that it lacks."""
    versions = registry.versions(subject.name)
    found = compared(subject.contract, versions, folder)
    was = registry.level(subject.name) if versions else ""
    level = was if found.problem else strictest(was, subject.level)
    missing = tuple(number for number, _ in found.missing)
    return Outcome(subject, found.there, missing, found.later, was, level, found.problem), found.missing


def register(registry: Registry, *, dry_run: bool = False, folder: Path = RELEASES) -> list[Outcome]:
    """Registers what is missing, one subject after the other; one that is refused keeps what it had, and the others go on.

    With `dry_run` nothing is changed. Raises NotReleased, and Away: then what was registered until there stays.
    """
    guarded(folder)
    return [_registered(registry, each, dry_run=dry_run, folder=folder) for each in subjects()]


def _registered(registry: Registry, subject: Subject, *, dry_run: bool, folder: Path) -> Outcome:
    seen, missing = _looked(registry, subject, folder)
    if seen.problem is not None:
        return seen
    _hold(registry, seen, really=bool(seen.there) and not dry_run)
    added: list[int] = []
    for number, schema in missing:
        known = bool(seen.there) or (bool(added) and not dry_run)  # of a subject that is not there yet nothing can be asked
        try:
            if known:
                registry.check(subject.name, schema)
            if not dry_run:
                registry.add(subject.name, schema)
        except Refused as problem:
            return replace(seen, added=tuple(added), problem=_refused(number, seen.was if dry_run else seen.level, problem))
        _hold(registry, seen, really=not known and not dry_run)
        added.append(number)
    return seen


def _hold(registry: Registry, seen: Outcome, *, really: bool) -> None:
    """Sets a subject's compatibility, which a registry lets be set only of a subject that is there."""
    if really and seen.was != seen.level:
        registry.set_level(seen.subject.name, seen.level)


def _refused(number: int, level: str, problem: Refused) -> Problem:
    return Problem(0, f"the registry, which holds it to {level or 'its default'}, refuses release {number}: {problem}",
                   "what was released does not change: release another version that both take, or name another registry")  # fmt: skip
