"""What of the released contracts a registry has, and what is wrong with it. Pure: it is told what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.registry.client import Version
from schemas.codec import fingerprint
from schemas.compatibility import breaks, conflicts
from schemas.composition import OUTGOING, RELEASES, contracts, present, releases

Release = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """A contract under its name in a registry, and the least compatibility that our own guard holds it to."""

    name: str
    contract: str
    level: str


@dataclass(frozen=True)
class Problem:
    """Why a subject is not as it should be: `version` the registry's, 0 for one that is not there yet."""

    version: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class Compared:
    """A subject's releases: those that are there by number, those that are missing, and how many later ones a newer build registered."""

    there: tuple[int, ...]
    missing: tuple[Release, ...]
    later: int
    problem: Problem | None


def subject(contract: str) -> Subject:
    """Public topics by topic, as Confluent's serializers ask for them; what goes out, whose topics are many, by its record's name.

    Later versions of a topic's schema read what earlier ones wrote; who reads what goes out has the version of their day.
    """
    if contract in OUTGOING:
        schema = present(contract)
        return Subject(f"{schema['namespace']}.{schema['name']}", contract, "FULL_TRANSITIVE")
    return Subject(f"{contract}-value", contract, "BACKWARD_TRANSITIVE")


def subjects() -> tuple[Subject, ...]:
    """One a contract."""
    return tuple(subject(each) for each in contracts())


def compared(contract: str, there: Sequence[Version], folder: Path = RELEASES) -> Compared:
    """What is in a registry under a contract's name against its releases: the same, in their order, then what later builds released."""
    ours = releases(contract, folder)
    for version, (number, schema) in zip(there, ours, strict=False):
        if not alike(schema, version.schema):
            return Compared((), (), 0, Problem(version.number, f"is not release {number} of {contract}", _FOREIGN))
    numbers = tuple(number for number, _ in ours[: len(there)])
    for version in there[len(ours) :]:
        if why := refusal(contract, version.schema, ours[-1][1]):
            says = f"is no release of this build, and cannot follow release {ours[-1][0]}: {why}"
            return Compared(numbers, (), 0, Problem(version.number, says, _FOREIGN))
    return Compared(numbers, tuple(ours[len(there) :]), max(0, len(there) - len(ours)), None)


_FOREIGN = "contracts are registered by this command alone: delete that version there, or name another registry"


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two schemas are one contract, however a registry writes it: the same records, read to the same meaning."""
    try:
        return fingerprint(one) == fingerprint(other) and not breaks(one, other) and not breaks(other, one)
    except Exception:  # noqa: BLE001 - a registry may hold anything, and what is no schema of ours raises many types
        return False


def refusal(contract: str, later: Mapping[str, Any], earlier: Mapping[str, Any]) -> str:
    """Why our own guard would not release one schema after the other; '' when it would."""
    try:
        return next(iter(conflicts(contract, later, earlier)), "")
    except Exception as problem:  # noqa: BLE001 - the same
        return f"it is no contract as ours are ({type(problem).__name__})"


def strictest(one: str, other: str) -> str:
    """The least compatibility that holds both, of two of Confluent's levels; '' and NONE hold nothing.

    Of whoever set a subject's compatibility nothing is taken away.
    """
    levels = [each for each in (one, other) if each.startswith(("BACKWARD", "FORWARD", "FULL"))]
    back, forward = (any(each.startswith((way, "FULL")) for each in levels) for way in ("BACKWARD", "FORWARD"))
    name = "FULL" if back and forward else "BACKWARD" if back else "FORWARD" if forward else "NONE"
    return f"{name}_TRANSITIVE" if any(each.endswith("_TRANSITIVE") for each in levels) else name
